import type {
  Action,
  Certificate,
  IpAddressType,
  LoadBalancerSchemeEnum,
  MutualAuthenticationAttributes,
  ProtocolEnum,
  RuleCondition,
  RuleTransform,
  TargetGroupIpAddressTypeEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { LoadBalancerView, TargetAddress } from '../ports.ts'
import type { ControlledNode } from './controlled-node.ts'

/** What the control plane knows: it changes at once, while the nodes hear of it later. */
export interface ElbState {
  readonly loadBalancers: Map<string, LoadBalancer>
  readonly listeners: Map<string, Listener>
  readonly rules: Map<string, Rule>
  readonly targetGroups: Map<string, TargetGroup>
}

export interface LoadBalancer {
  readonly kind: 'load balancer'
  /** A network load balancer has an API and health checks here, so that it can be refused; its ports serve nobody. */
  readonly type: 'application' | 'network'
  readonly arn: string
  readonly name: string
  readonly dnsName: string
  readonly createdAt: number
  readonly scheme: LoadBalancerSchemeEnum
  readonly vpcId: string
  readonly ipAddressType: IpAddressType
  readonly securityGroups: readonly string[]
  /** One subnet for each enabled zone, in the order of the nodes. */
  readonly subnets: readonly { readonly zone: string; readonly subnetId: string }[]
  readonly attributes: Map<string, string>
  readonly tags: Map<string, string>
  readonly listeners: Set<Listener>
  readonly nodes: readonly ControlledNode[]
  readonly view: LoadBalancerView
}

export interface Listener {
  readonly kind: 'listener'
  readonly arn: string
  readonly loadBalancer: LoadBalancer
  port: number
  protocol: ProtocolEnum
  certificates: readonly Certificate[]
  sslPolicy: string | undefined
  alpnPolicy: readonly string[]
  mutualAuthentication: MutualAuthenticationAttributes | undefined
  /** Replaced whole, never edited: nodes hold older versions. */
  actions: readonly Action[]
  /** The default rule has an ARN of its own. */
  readonly defaultRuleArn: string
  readonly rules: Set<Rule>
  readonly attributes: Map<string, string>
  readonly tags: Map<string, string>
}

export interface Rule {
  readonly kind: 'listener rule'
  readonly arn: string
  readonly listener: Listener
  priority: number
  /** Replaced whole, like `actions` and `transforms`. */
  conditions: readonly RuleCondition[]
  actions: readonly Action[]
  transforms: readonly RuleTransform[]
  readonly tags: Map<string, string>
}

export interface TargetGroup {
  readonly kind: 'target group'
  readonly arn: string
  readonly name: string
  readonly protocol: ProtocolEnum
  readonly protocolVersion: string
  readonly port: number
  readonly vpcId: string
  readonly targetType: 'ip' | 'instance' | 'lambda'
  readonly ipAddressType: TargetGroupIpAddressTypeEnum
  /** Replaced whole. */
  healthCheck: HealthCheckSettings
  readonly attributes: Map<string, string>
  readonly tags: Map<string, string>
  /** By `ip:port`, draining ones included. */
  readonly targets: Map<string, Registration>
  /** Listeners and rules that name this group, at any weight. */
  readonly holders: Set<Listener | Rule>
  /** The one load balancer of the holders; stays after the last has gone, because its nodes hear of that later. */
  loadBalancer: LoadBalancer | undefined
  /** When ECS hears that the group has a holder. */
  associatedAt: number
  /** When the last node has heard that no holder is left. */
  releasedAt: number
}

export interface HealthCheckSettings {
  readonly protocol: 'HTTP' | 'HTTPS'
  /** `traffic-port` or a number. */
  readonly port: string
  readonly path: string
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
  readonly matcher: string
}

/** One target in one group. Registering again after draining makes a new one. */
export interface Registration {
  readonly key: string
  readonly target: TargetAddress
  readonly zone: string
  draining: boolean
  /** Called when draining is over. */
  readonly onGone: (() => void)[]
}

export function targetKey(target: TargetAddress): string {
  return `${target.ip}:${target.port}`
}

/** Nodes send requests to it, or may still do so because they have not heard. */
export function inUse(group: TargetGroup, now: number): boolean {
  return group.holders.size > 0 || now < group.releasedAt
}

/** Undefined when nothing names the group. */
export function loadBalancerOf(group: TargetGroup): LoadBalancer | undefined {
  return group.holders.size > 0 ? group.loadBalancer : undefined
}

export function zoneEnabled(loadBalancer: LoadBalancer, zone: string): boolean {
  return zone === 'all' || loadBalancer.subnets.some(subnet => subnet.zone === zone)
}
