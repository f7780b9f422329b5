import type {
  CreateLoadBalancerInput,
  DeleteLoadBalancerInput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  LoadBalancer as ShownLoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { randomHex } from '../../random.ts'
import { loadBalancerAttributes } from './attributes.ts'
import { type Core, loadBalancer } from './core.ts'
import { invalid, refused, required } from './faults.ts'
import { removeListener } from './listeners.ts'
import { Node } from './node.ts'
import { page } from './paging.ts'
import type { Listener, LoadBalancer } from './state.ts'
import { readTags } from './tags.ts'
import { readName } from './target-groups.ts'
import { observeHosts } from './targets.ts'

const LOAD_BALANCERS_PER_REGION = 50

/** Idempotent: the same name with the same settings answers with the load balancer that is there. */
export function createLoadBalancer(core: Core, input: CreateLoadBalancerInput): DescribeLoadBalancersOutput {
  const name = readName(input.Name, 'load balancer')
  if (input.Type === 'gateway') {
    throw invalid(`The sandbox has no load balancers of the type '${input.Type}', only application and network`)
  }
  const made = read(core, name, input)
  const existing = [...core.state.loadBalancers.values()].find(other => other.name === name)
  if (existing !== undefined) {
    if (settingsOf(existing, input) === settingsOf(made, input)) return { LoadBalancers: [show(existing)] }
    throw refused(
      'DuplicateLoadBalancerName',
      `A load balancer with the same name '${name}' exists, but with different settings`,
    )
  }
  if (core.state.loadBalancers.size >= LOAD_BALANCERS_PER_REGION) {
    throw refused('TooManyLoadBalancers', `The maximum number of load balancers is ${LOAD_BALANCERS_PER_REGION}`)
  }
  core.state.loadBalancers.set(made.arn, made)
  return { LoadBalancers: [show(made)] }
}

export function describeLoadBalancers(core: Core, input: DescribeLoadBalancersInput): DescribeLoadBalancersOutput {
  if (input.LoadBalancerArns !== undefined && input.LoadBalancerArns.length > 0) {
    return { LoadBalancers: input.LoadBalancerArns.map(arn => show(loadBalancer(core, arn))) }
  }
  const all = [...core.state.loadBalancers.values()]
  if (input.Names !== undefined && input.Names.length > 0) {
    const found = input.Names.map(name => all.find(other => other.name === name))
    if (found.includes(undefined)) {
      throw refused('LoadBalancerNotFound', `Load balancers '[${input.Names.join(', ')}]' not found`)
    }
    return { LoadBalancers: found.filter(each => each !== undefined).map(show) }
  }
  const { items, ...more } = page(all, input)
  return { LoadBalancers: items.map(show), ...more }
}

/** Takes its listeners with it; target groups stay. Deleting what is not there is no error. */
export function deleteLoadBalancer(core: Core, input: DeleteLoadBalancerInput): object {
  const arn = required(input.LoadBalancerArn, 'LoadBalancerArn')
  core.arns.check('load balancer', arn)
  const found = core.state.loadBalancers.get(arn)
  if (found === undefined) return {}
  if (found.attributes.get('deletion_protection.enabled') === 'true') {
    throw refused(
      'OperationNotPermitted',
      `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
    )
  }
  for (const listener of [...found.listeners]) removeListener(core, listener)
  core.state.loadBalancers.delete(arn)
  return {}
}

function read(core: Core, name: string, input: CreateLoadBalancerInput): LoadBalancer {
  const { random, settings, timeline, state } = core
  const type = input.Type === 'network' ? 'network' : 'application'
  const arn = core.arns.loadBalancer(name, type)
  const subnets = readSubnets(core, input)
  const parts = { ...core, onHealthChanged: (group: Parameters<typeof observeHosts>[1]) => observeHosts(core, group) }
  const metrics = core.metrics.forLoadBalancer(arn)
  const nodes = subnets.map(
    ({ zone }) => new Node(`${name}/${zone}`, parts, metrics, group => state.targetGroups.get(group)),
  )
  const listeners = new Set<Listener>()
  return {
    kind: 'load balancer',
    type,
    arn,
    name,
    dnsName: `${name}-${Math.floor(random() * 1e10)}.${settings.region}.elb.amazonaws.com`,
    createdAt: timeline.now(),
    scheme: input.Scheme ?? 'internet-facing',
    vpcId: `vpc-${randomHex(random, 17)}`,
    ipAddressType: input.IpAddressType ?? 'ipv4',
    securityGroups: [...(input.SecurityGroups ?? [])],
    subnets,
    attributes: loadBalancerAttributes(),
    tags: readTags(input.Tags),
    listeners,
    nodes,
    view: {
      arn,
      nodes,
      listenerPorts: () => (type === 'network' ? [] : [...listeners].map(listener => listener.port)),
      isEncrypted: port => [...listeners].some(listener => listener.port === port && listener.protocol === 'HTTPS'),
    },
  }
}

/** One subnet in each zone of the sandbox. Those that are not given are made up. */
function readSubnets(core: Core, input: CreateLoadBalancerInput): LoadBalancer['subnets'] {
  const given = input.Subnets ?? input.SubnetMappings?.flatMap(({ SubnetId }) => SubnetId ?? []) ?? []
  const { zones } = core.settings
  if (given.length === 1) {
    throw invalid('At least two subnets in two different Availability Zones must be specified')
  }
  if (given.length > zones.length || new Set(given).size < given.length) {
    throw refused(
      'InvalidConfigurationRequest',
      'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
    )
  }
  return (given.length === 0 ? zones : zones.slice(0, given.length)).map((zone, index) => ({
    zone,
    subnetId: given[index] ?? `subnet-${randomHex(core.random, 17)}`,
  }))
}

function settingsOf(loadBalancer: LoadBalancer, input: CreateLoadBalancerInput): string {
  const { type, scheme, ipAddressType, securityGroups, subnets } = loadBalancer
  const named = input.Subnets !== undefined || input.SubnetMappings !== undefined
  return JSON.stringify([type, scheme, ipAddressType, securityGroups, named ? subnets : subnets.length])
}

function show(loadBalancer: LoadBalancer): ShownLoadBalancer {
  return {
    LoadBalancerArn: loadBalancer.arn,
    DNSName: loadBalancer.dnsName,
    CanonicalHostedZoneId: 'Z215JYRZR1TBD5',
    CreatedTime: new Date(loadBalancer.createdAt),
    LoadBalancerName: loadBalancer.name,
    Scheme: loadBalancer.scheme,
    VpcId: loadBalancer.vpcId,
    State: { Code: 'active' },
    Type: loadBalancer.type,
    AvailabilityZones: loadBalancer.subnets.map(({ zone, subnetId }) => ({
      ZoneName: zone,
      SubnetId: subnetId,
      LoadBalancerAddresses: [],
    })),
    SecurityGroups: [...loadBalancer.securityGroups],
    IpAddressType: loadBalancer.ipAddressType,
  }
}
