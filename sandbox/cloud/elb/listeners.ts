import type {
  Action,
  CreateListenerInput,
  DeleteListenerInput,
  DescribeListenersInput,
  DescribeListenersOutput,
  ModifyListenerInput,
  Listener as ShownListener,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ActionPlace } from './action-place.ts'
import { readActions } from './actions.ts'
import { listenerAttributes } from './attributes.ts'
import { type Core, listener, loadBalancer, targetGroup } from './core.ts'
import { inRange, invalid, refused, required } from './faults.ts'
import { page } from './paging.ts'
import { checkTargetGroupQuota, commit } from './references.ts'
import type { Listener, LoadBalancer } from './state.ts'
import { readTags } from './tags.ts'

const LISTENERS_PER_LOAD_BALANCER = 50
const DEFAULT_SSL_POLICY = 'ELBSecurityPolicy-2016-08'

/** Idempotent: the same port with the same settings answers with the listener that is there. */
export function createListener(core: Core, input: CreateListenerInput): DescribeListenersOutput {
  const owner = loadBalancer(core, input.LoadBalancerArn)
  const protocol = readProtocol(owner, required(input.Protocol, 'Protocol'))
  const port = required(input.Port, 'Port')
  inRange(port, 1, 65_535, 'port')
  const actions = readActions(input.DefaultActions, placeIn(core, owner, protocol, []))
  const arn = core.arns.listener(owner.arn)
  const made: Listener = {
    kind: 'listener',
    arn,
    loadBalancer: owner,
    port,
    protocol,
    certificates: readCertificates(protocol, input.Certificates),
    sslPolicy: protocol === 'HTTPS' ? (input.SslPolicy ?? DEFAULT_SSL_POLICY) : undefined,
    alpnPolicy: input.AlpnPolicy ?? [],
    mutualAuthentication: input.MutualAuthentication,
    actions,
    defaultRuleArn: core.arns.rule(arn),
    rules: new Set(),
    attributes: listenerAttributes(),
    tags: readTags(input.Tags),
  }
  const existing = [...owner.listeners].find(other => other.port === port)
  if (existing !== undefined) {
    if (settingsOf(existing) === settingsOf(made)) return { Listeners: [show(existing)] }
    throw refused('DuplicateListener', 'A listener already exists on this port for this load balancer')
  }
  if (owner.listeners.size >= LISTENERS_PER_LOAD_BALANCER) {
    throw refused(
      'TooManyListeners',
      `The maximum number of listeners per load balancer is ${LISTENERS_PER_LOAD_BALANCER}`,
    )
  }
  checkTargetGroupQuota(core, owner, undefined, actions)
  owner.listeners.add(made)
  core.state.listeners.set(arn, made)
  commit(core, made, [], actions)
  announce(core, owner)
  return { Listeners: [show(made)] }
}

export function describeListeners(core: Core, input: DescribeListenersInput): DescribeListenersOutput {
  const arns = input.ListenerArns ?? []
  if (arns.length > 0) {
    if (input.LoadBalancerArn !== undefined) {
      throw invalid('You cannot specify both listener ARNs and a load balancer ARN')
    }
    return { Listeners: arns.map(arn => show(listener(core, arn))) }
  }
  if (input.LoadBalancerArn === undefined) {
    throw invalid('You must specify either listener ARNs or a load balancer ARN')
  }
  const { items, ...more } = page([...loadBalancer(core, input.LoadBalancerArn).listeners], input)
  return { Listeners: items.map(show), ...more }
}

/** What is not given stays; lists are replaced whole. */
export function modifyListener(core: Core, input: ModifyListenerInput): DescribeListenersOutput {
  const found = listener(core, input.ListenerArn)
  const owner = found.loadBalancer
  const protocol = input.Protocol === undefined ? found.protocol : readProtocol(owner, input.Protocol)
  const certificates = readCertificates(protocol, input.Certificates ?? found.certificates)
  const port = input.Port ?? found.port
  inRange(port, 1, 65_535, 'port')
  if ([...owner.listeners].some(other => other !== found && other.port === port)) {
    throw refused('DuplicateListener', 'A listener already exists on this port for this load balancer')
  }
  const before = found.actions
  const actions =
    input.DefaultActions === undefined
      ? before
      : readActions(input.DefaultActions, placeIn(core, owner, protocol, before))
  checkTargetGroupQuota(core, owner, found, actions)
  const moved = port !== found.port
  found.port = port
  found.protocol = protocol
  found.certificates = certificates
  found.sslPolicy = protocol === 'HTTPS' ? (input.SslPolicy ?? found.sslPolicy ?? DEFAULT_SSL_POLICY) : undefined
  found.alpnPolicy = input.AlpnPolicy ?? found.alpnPolicy
  found.mutualAuthentication = input.MutualAuthentication ?? found.mutualAuthentication
  found.actions = actions
  commit(core, found, before, actions)
  if (moved) announce(core, owner)
  return { Listeners: [show(found)] }
}

export function deleteListener(core: Core, input: DeleteListenerInput): object {
  removeListener(core, listener(core, input.ListenerArn))
  return {}
}

/** Takes its rules with it. */
export function removeListener(core: Core, found: Listener): void {
  found.loadBalancer.listeners.delete(found)
  core.state.listeners.delete(found.arn)
  for (const rule of found.rules) {
    core.state.rules.delete(rule.arn)
    commit(core, rule, rule.actions, [])
  }
  commit(core, found, found.actions, [])
  announce(core, found.loadBalancer)
}

/** Where the actions of a listener, or of one of its rules, are to be put. */
export function placeIn(core: Core, owner: LoadBalancer, protocol: string, existing: readonly Action[]): ActionPlace {
  return {
    now: core.timeline.now(),
    protocol,
    loadBalancer: owner,
    existing,
    targetGroup: arn => targetGroup(core, arn),
  }
}

function announce(core: Core, owner: LoadBalancer): void {
  for (const subscriber of core.subscribers) subscriber.onListenersChanged(owner.arn)
}

function readProtocol({ type }: LoadBalancer, protocol: string): 'HTTP' | 'HTTPS' | 'TCP' {
  const known = type === 'network' ? (['TCP'] as const) : (['HTTPS', 'HTTP'] as const)
  const found = known.find(each => each === protocol)
  if (found !== undefined) return found
  throw refused('UnsupportedProtocol', `Listener protocol '${protocol}' must be one of '${known.join(', ')}'`)
}

function readCertificates(
  protocol: string,
  certificates: Listener['certificates'] | undefined,
): Listener['certificates'] {
  if (protocol !== 'HTTPS') return []
  if (certificates === undefined || certificates.length === 0) {
    throw invalid('A certificate must be specified for HTTPS listeners')
  }
  if (certificates.length > 1) throw invalid('Up to one certificate can be specified, but more were')
  return certificates.map(({ CertificateArn }) => ({ CertificateArn: required(CertificateArn, 'CertificateArn') }))
}

function settingsOf(found: Listener): string {
  const { protocol, certificates, sslPolicy, alpnPolicy, mutualAuthentication, actions } = found
  return JSON.stringify([protocol, certificates, sslPolicy, alpnPolicy, mutualAuthentication, actions])
}

/** A copy: what a caller does to it must not reach the nodes. */
function show(found: Listener): ShownListener {
  return structuredClone({
    ListenerArn: found.arn,
    LoadBalancerArn: found.loadBalancer.arn,
    Port: found.port,
    Protocol: found.protocol,
    ...(found.certificates.length === 0 ? {} : { Certificates: [...found.certificates] }),
    ...(found.sslPolicy === undefined ? {} : { SslPolicy: found.sslPolicy }),
    ...(found.alpnPolicy.length === 0 ? {} : { AlpnPolicy: [...found.alpnPolicy] }),
    ...(found.protocol === 'HTTPS' ? { MutualAuthentication: found.mutualAuthentication ?? { Mode: 'off' } } : {}),
    DefaultActions: [...found.actions],
  })
}
