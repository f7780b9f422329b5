import type { Timeline } from '../../timeline.ts'
import type { Metrics } from '../elb/metrics.ts'
import type { CloudSettings } from '../settings.ts'

/** CloudWatch alarms over the load balancers' metrics. */
export interface CloudWatch {
  /**
   * @param operation as the SDK names it, such as `DescribeAlarms`
   * @returns the SDK's output members; timestamps are `Date`
   * @throws AwsFault
   */
  call(operation: string, input: Record<string, unknown>): Record<string, unknown>
}

export interface CloudWatchParts {
  readonly timeline: Timeline
  readonly settings: Pick<CloudSettings, 'region' | 'partition' | 'accountId'>
  readonly metrics: Metrics
}

export declare function createCloudWatch(parts: CloudWatchParts): CloudWatch
