import type { ByColor, Color } from './color.ts'

/** The load balancer as one look saw it, in our words. */

/**
 * One action of a listener or rule, exactly as it was read: every member that we do not know survives a write.
 * Member names are the API's, because this is what goes back to it.
 */
export interface RoutingAction {
  readonly Type?: string | undefined
  readonly TargetGroupArn?: string | undefined
  readonly ForwardConfig?: ForwardConfig | undefined
  readonly [member: string]: unknown
}

export interface ForwardConfig {
  readonly TargetGroups?: readonly WeightedTargetGroup[] | undefined
  readonly TargetGroupStickinessConfig?:
    | { readonly Enabled?: boolean | undefined; readonly DurationSeconds?: number | undefined }
    | undefined
}

export interface WeightedTargetGroup {
  readonly TargetGroupArn?: string | undefined
  readonly Weight?: number | undefined
}

/** A listener's default action or a rule: one place that sends customers (or testers) to the colors. */
export interface RouteView {
  readonly arn: string
  readonly kind: 'listener' | 'rule'
  /** For people: `HTTPS:443`, or `HTTPS:443 rule 10`. */
  readonly label: string
  readonly loadBalancerArn: string
  readonly actions: readonly RoutingAction[]
}

/** Share of each color at one route; a color that the route does not name has no entry. */
export type Weights = Partial<ByColor<number>>

export interface RouteWeights {
  readonly route: RouteView
  readonly weights: Weights
  /** Target groups with weight that belong to neither color. */
  readonly strangers: readonly string[]
  /** Seconds that a group-stickiness cookie keeps a client on its color; absent when stickiness is off. */
  readonly stickySeconds?: number
}

export interface TargetGroupView {
  readonly arn: string
  readonly name: string
  readonly targetType: string
  readonly vpcId: string
  /** ARNs of the load balancers that name it; empty means its targets are never checked. */
  readonly loadBalancerArns: readonly string[]
  readonly healthCheck: HealthCheckView
  /** Absent when this role may not read them. */
  readonly attributes?: TargetGroupAttributes
}

export interface TargetGroupAttributes {
  /** How long requests in flight may take to end, before a target that leaves is cut off. */
  readonly deregistrationMs: number
  /** 0 when a new target gets its full share at once. */
  readonly slowStartMs: number
  /** Whether clients stay with their target by a cookie. */
  readonly sticky: boolean
}

export interface HealthCheckView {
  /** `HTTP` or `HTTPS`. */
  readonly protocol: string
  /** Status codes that pass: `200`, `200-299`, `200,202`. */
  readonly matcher: string
  readonly path: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
}

export interface TargetView {
  /** An address for `ip` targets, an EC2 instance for `instance` targets. */
  readonly id: string
  readonly port: number
  /** `initial`, `healthy`, `unhealthy`, `unused`, `draining`, `unavailable`, `unhealthy.draining`. */
  readonly state: string
  /** AWS's code, such as `Target.ResponseCodeMismatch`. */
  readonly reason?: string
  readonly description?: string
}

export interface TagChange {
  readonly color: Color
  readonly targetGroupArn: string
  readonly tags: Readonly<Record<string, string>>
}
