import type {
  CreateTargetGroupInput,
  DeleteTargetGroupInput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  ModifyTargetGroupInput,
  TargetGroup as ShownGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { targetGroupAttributes } from './attributes.ts'
import { type Core, loadBalancer, targetGroup } from './core.ts'
import { invalid, refused, required } from './faults.ts'
import { changeHealthCheck, readHealthCheck } from './health-check.ts'
import { page } from './paging.ts'
import { inUse, loadBalancerOf, type TargetGroup } from './state.ts'
import { readTags } from './tags.ts'
import { announceGone } from './targets.ts'

const TARGET_GROUPS_PER_REGION = 3000

/** Idempotent: the same name with the same settings answers with the group that is there. */
export function createTargetGroup(core: Core, input: CreateTargetGroupInput): DescribeTargetGroupsOutput {
  const name = readName(input.Name, 'target group')
  const made = read(core, name, input)
  const existing = [...core.state.targetGroups.values()].find(group => group.name === name)
  if (existing !== undefined) {
    if (settingsOf(existing) === settingsOf(made)) return { TargetGroups: [show(existing)] }
    throw refused(
      'DuplicateTargetGroupName',
      `A target group with the same name '${name}' exists, but with different settings`,
    )
  }
  if (core.state.targetGroups.size >= TARGET_GROUPS_PER_REGION) {
    throw refused('TooManyTargetGroups', `The maximum number of target groups is ${TARGET_GROUPS_PER_REGION}`)
  }
  core.state.targetGroups.set(made.arn, made)
  return { TargetGroups: [show(made)] }
}

export function describeTargetGroups(core: Core, input: DescribeTargetGroupsInput): DescribeTargetGroupsOutput {
  if (input.TargetGroupArns !== undefined && input.TargetGroupArns.length > 0) {
    return { TargetGroups: input.TargetGroupArns.map(arn => show(targetGroup(core, arn))) }
  }
  const all = [...core.state.targetGroups.values()]
  if (input.Names !== undefined && input.Names.length > 0) {
    const found = input.Names.map(name => all.find(group => group.name === name))
    if (found.includes(undefined)) throw refused('TargetGroupNotFound', 'One or more target groups not found')
    return { TargetGroups: found.filter(group => group !== undefined).map(show) }
  }
  const owner = input.LoadBalancerArn === undefined ? undefined : loadBalancer(core, input.LoadBalancerArn)
  const { items, ...more } = page(
    owner === undefined ? all : all.filter(group => loadBalancerOf(group) === owner),
    input,
  )
  return { TargetGroups: items.map(show), ...more }
}

export function modifyTargetGroup(core: Core, input: ModifyTargetGroupInput): DescribeTargetGroupsOutput {
  const group = targetGroup(core, input.TargetGroupArn)
  group.healthCheck = changeHealthCheck(group.healthCheck, input)
  return { TargetGroups: [show(group)] }
}

/** Deleting what is not there is no error. */
export function deleteTargetGroup(core: Core, input: DeleteTargetGroupInput): object {
  const arn = required(input.TargetGroupArn, 'TargetGroupArn')
  core.arns.check('target group', arn)
  const group = core.state.targetGroups.get(arn)
  if (group === undefined) return {}
  if (inUse(group, core.timeline.now())) {
    throw refused('ResourceInUse', `Target group '${arn}' is currently in use by a listener or a rule`)
  }
  core.state.targetGroups.delete(arn)
  for (const registration of group.targets.values()) announceGone(core, registration)
  return {}
}

/** @throws AwsFault when it is no name for a load balancer or target group */
export function readName(given: string | undefined, of: string): string {
  const name = required(given, 'Name')
  if (name.length > 32) throw invalid(`The ${of} name '${name}' cannot be longer than '32' characters`)
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw invalid(`The ${of} name '${name}' can contain only alphanumeric characters and hyphens`)
  }
  if (/^-|-$/.test(name)) throw invalid(`The ${of} name '${name}' cannot begin or end with a hyphen`)
  return name
}

function read(core: Core, name: string, input: CreateTargetGroupInput): TargetGroup {
  const targetType = input.TargetType ?? 'instance'
  if (targetType !== 'ip' && targetType !== 'instance') {
    throw invalid(`The sandbox has no target groups of the type '${targetType}', only ip and instance`)
  }
  if (input.Protocol === undefined) throw invalid('A protocol must be specified')
  if (input.Protocol !== 'HTTP' && input.Protocol !== 'HTTPS' && input.Protocol !== 'TCP') {
    throw invalid(`The sandbox has no target groups of the protocol '${input.Protocol}', only HTTP, HTTPS and TCP`)
  }
  if (input.Port === undefined) throw invalid('A port must be specified')
  if (input.VpcId === undefined) throw invalid('A VPC ID must be specified')
  return {
    kind: 'target group',
    arn: core.arns.targetGroup(name),
    name,
    protocol: input.Protocol,
    protocolVersion: input.ProtocolVersion ?? 'HTTP1',
    port: input.Port,
    vpcId: input.VpcId,
    targetType,
    ipAddressType: input.IpAddressType ?? 'ipv4',
    healthCheck: readHealthCheck(input),
    attributes: targetGroupAttributes(),
    tags: readTags(input.Tags),
    targets: new Map(),
    holders: new Set(),
    loadBalancer: undefined,
    associatedAt: 0,
    releasedAt: 0,
  }
}

function settingsOf(group: TargetGroup): string {
  const { protocol, protocolVersion, port, vpcId, targetType, ipAddressType, healthCheck } = group
  return JSON.stringify([protocol, protocolVersion, port, vpcId, targetType, ipAddressType, healthCheck])
}

function show(group: TargetGroup): ShownGroup {
  const { healthCheck } = group
  const owner = loadBalancerOf(group)
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    Port: group.port,
    VpcId: group.vpcId,
    HealthCheckProtocol: healthCheck.protocol,
    HealthCheckPort: healthCheck.port,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    HealthCheckPath: healthCheck.path,
    Matcher: { HttpCode: healthCheck.matcher },
    LoadBalancerArns: owner === undefined ? [] : [owner.arn],
    TargetType: group.targetType,
    ProtocolVersion: group.protocolVersion,
    IpAddressType: group.ipAddressType,
  }
}
