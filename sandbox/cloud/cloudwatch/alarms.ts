import type {
  CompositeAlarm as ShownComposite,
  MetricAlarm as ShownMetric,
  StateValue,
} from '@aws-sdk/client-cloudwatch'
import type { MetricQuery } from '../elb/metrics.ts'
import type { AlarmRule } from './rule.ts'

export interface AlarmState {
  readonly value: StateValue
  readonly reason: string
  readonly reasonData?: string
  /** When value, reason or data last changed, in milliseconds. */
  readonly updatedAt: number
  /** When the value last changed. */
  readonly transitionedAt: number
}

interface AlarmBase {
  readonly name: string
  readonly arn: string
  readonly configuredAt: number
  state: AlarmState
}

export interface MetricAlarm extends AlarmBase {
  readonly kind: 'metric'
  readonly watch: Watch
  /** What the user gave, to be shown again. */
  readonly given: ShownMetric
}

export interface CompositeAlarm extends AlarmBase {
  readonly kind: 'composite'
  readonly rule: AlarmRule
  readonly given: ShownComposite
}

export type Alarm = MetricAlarm | CompositeAlarm

export type Comparison =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold'

/** When a metric alarm speaks: `datapointsToAlarm` of the last `evaluationPeriods` values are across the threshold. */
export interface Watch extends Pick<MetricQuery, 'namespace' | 'metricName' | 'dimensions' | 'statistic'> {
  readonly periodMs: number
  readonly evaluationPeriods: number
  readonly datapointsToAlarm: number
  readonly threshold: number
  readonly comparison: Comparison
  readonly missing: 'missing' | 'ignore' | 'breaching' | 'notBreaching'
}

/** @returns the state that follows; the same one when nothing has changed */
export function nextState(before: AlarmState, value: StateValue, reason: string, now: number): AlarmState {
  if (before.value === value) return before
  return { value, reason, updatedAt: now, transitionedAt: now }
}

export function show(alarm: Alarm): ShownMetric & ShownComposite {
  return {
    ...structuredClone(alarm.given),
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    StateValue: alarm.state.value,
    StateReason: alarm.state.reason,
    ...(alarm.state.reasonData === undefined ? {} : { StateReasonData: alarm.state.reasonData }),
    StateUpdatedTimestamp: new Date(alarm.state.updatedAt),
    StateTransitionedTimestamp: new Date(alarm.state.transitionedAt),
  }
}
