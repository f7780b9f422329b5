import type { Random } from '../../random.ts'
import type { Timeline } from '../../timeline.ts'
import type { DataPlaneEvents, LoadBalancerView, Runtime, TargetGroups } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'
import type { Metrics } from './metrics.ts'

/** Elastic Load Balancing v2, application load balancers only: the control plane and what each node makes of it. */
export interface Elb {
  /**
   * @param operation as the SDK names it, such as `ModifyListener`
   * @returns the SDK's output members; timestamps are `Date`
   * @throws AwsFault whose `code` is the SDK's error name, such as `PriorityInUseException`
   */
  call(operation: string, input: Record<string, unknown>): Record<string, unknown>
  /** What ECS uses; draws from no token bucket. */
  readonly targets: TargetGroups
  loadBalancers(): readonly LoadBalancerView[]
  subscribe(events: DataPlaneEvents): void
  readonly metrics: Metrics
}

export interface ElbParts {
  readonly timeline: Timeline
  readonly random: Random
  readonly settings: CloudSettings
  readonly runtime: Pick<Runtime, 'check'>
}

export declare function createElb(parts: ElbParts): Elb
