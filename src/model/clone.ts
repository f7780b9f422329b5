import type { RoutingAction, TargetGroupView } from './routing.ts'
import type { ServiceView } from './service.ts'

/**
 * What it takes to make a service like another one, with a target group and a rule of its own. Member names inside `settings` are the
 * API's, because that is what goes back to it.
 */

export type Tags = Readonly<Record<string, string>>
export type Settings = Readonly<Record<string, unknown>>

/** What AWS has described, member by member. */
export function record(value: unknown): Settings {
  return typeof value === 'object' && value !== null ? (value as Settings) : {}
}

export interface GroupSeen {
  readonly view: TargetGroupView
  /** What CreateTargetGroup takes. */
  readonly settings: Settings
}

/** By the API's keys, such as `deregistration_delay.timeout_seconds`. */
export type Attributes = Readonly<Record<string, string>>

export interface ListenerSeen {
  readonly arn: string
  readonly loadBalancerArn: string
  readonly protocol: string
  readonly port: number
  readonly actions: readonly RoutingAction[]
}

/** A rule that is no default rule. */
export interface RuleSeen {
  readonly arn: string
  readonly listenerArn: string
  readonly priority: number
  readonly conditions: readonly RuleCondition[]
  readonly actions: readonly RoutingAction[]
  /** As the API takes them; absent for none. */
  readonly transforms?: readonly Settings[]
}

export interface RuleCondition {
  readonly Field?: string | undefined
  readonly Values?: readonly string[] | undefined
  readonly RegexValues?: readonly string[] | undefined
  readonly HostHeaderConfig?: ConditionValues | undefined
  readonly PathPatternConfig?: ConditionValues | undefined
  readonly HttpHeaderConfig?: (ConditionValues & { readonly HttpHeaderName?: string | undefined }) | undefined
}

export interface ConditionValues {
  readonly Values?: readonly string[] | undefined
  readonly RegexValues?: readonly string[] | undefined
}

/** A rule that is to be made. */
export interface NewRule {
  readonly listenerArn: string
  readonly priority: number
  readonly conditions: readonly RuleCondition[]
  readonly actions: readonly RoutingAction[]
  /** As the API takes them; empty for none. */
  readonly transforms: readonly Settings[]
}

export interface ServiceSeen {
  readonly view: ServiceView
  readonly tags: Tags
  /** As ECS described it. */
  readonly described: Settings
}

/** Quotas of the load balancer. */
export interface Quotas {
  readonly rules: number
  readonly targetGroups: number
}

/** AWS's own numbers for a load balancer (aws-facts 2.8). */
export const standardQuotas: Quotas = { rules: 100, targetGroups: 100 }
