import type { PutCompositeAlarmInput, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch'
import type { Statistic } from '../elb/history.ts'
import { AwsFault } from '../ports.ts'
import type { Comparison, MetricAlarm, Watch } from './alarms.ts'

const COMPARISONS: readonly string[] = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] satisfies Comparison[]
const STATISTICS: readonly string[] = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'] satisfies Statistic[]
const MISSING: readonly string[] = ['missing', 'ignore', 'breaching', 'notBreaching'] satisfies Watch['missing'][]
const DAY_S = 86_400

export function invalid(message: string): AwsFault {
  return new AwsFault('ValidationError', message)
}

/** @throws AwsFault */
export function readName(name: string | undefined): string {
  if (name === undefined || name === '' || name.length > 255) throw invalid('AlarmName must have 1 to 255 characters')
  return name
}

/** @throws AwsFault; also for metric math, which the sandbox does not have */
export function readWatch(input: PutMetricAlarmInput): Watch {
  if (input.Metrics !== undefined && input.Metrics.length > 0) {
    throw invalid('The sandbox has no metric math: give Namespace, MetricName, Dimensions and Statistic')
  }
  const evaluationPeriods = whole(input.EvaluationPeriods, 'EvaluationPeriods')
  const datapointsToAlarm = whole(input.DatapointsToAlarm ?? evaluationPeriods, 'DatapointsToAlarm')
  if (datapointsToAlarm > evaluationPeriods) {
    throw invalid('DatapointsToAlarm must be less than or equal to EvaluationPeriods')
  }
  const period = readPeriod(input.Period)
  if (period * evaluationPeriods > DAY_S) {
    throw invalid('Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).')
  }
  if (typeof input.Threshold !== 'number') throw invalid('Threshold is required for an alarm on a metric')
  return {
    namespace: present(input.Namespace, 'Namespace'),
    metricName: present(input.MetricName, 'MetricName'),
    dimensions: Object.fromEntries((input.Dimensions ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? ''])),
    statistic: readStatistic(input),
    periodMs: period * 1000,
    evaluationPeriods,
    datapointsToAlarm,
    threshold: input.Threshold,
    comparison: oneOf(input.ComparisonOperator, COMPARISONS, 'ComparisonOperator') as Comparison,
    missing: oneOf(input.TreatMissingData ?? 'missing', MISSING, 'TreatMissingData') as Watch['missing'],
  }
}

/** What the API shows of a metric alarm besides its state. */
export function shownSettings(input: PutMetricAlarmInput): MetricAlarm['given'] {
  const { Tags, ...given } = input
  return structuredClone({ ...actions(input), ...defined(given), Dimensions: given.Dimensions ?? [] })
}

export function shownComposite(input: PutCompositeAlarmInput): object {
  const { Tags, ...given } = input
  return structuredClone({ ...actions(input), ...defined(given) })
}

function actions(input: PutMetricAlarmInput | PutCompositeAlarmInput) {
  return {
    ActionsEnabled: input.ActionsEnabled ?? true,
    OKActions: input.OKActions ?? [],
    AlarmActions: input.AlarmActions ?? [],
    InsufficientDataActions: input.InsufficientDataActions ?? [],
  }
}

function defined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T
}

function readPeriod(period: number | undefined): number {
  if (period !== undefined && (period === 10 || period === 20 || period === 30 || period % 60 === 0) && period > 0) {
    return period
  }
  throw invalid(`Period must be 10, 20, 30 or a multiple of 60: ${period}`)
}

function readStatistic({ Statistic: plain, ExtendedStatistic: extended }: PutMetricAlarmInput): Statistic {
  if ((plain === undefined) === (extended === undefined)) {
    throw invalid('Exactly one of Statistic and ExtendedStatistic must be specified')
  }
  if (extended === undefined) return oneOf(plain, STATISTICS, 'Statistic') as Statistic
  if (!/^p(\d{1,2}(\.\d+)?|100)$/.test(extended)) throw invalid(`ExtendedStatistic '${extended}' must be a percentile`)
  return extended as Statistic
}

function whole(value: number | undefined, parameter: string): number {
  if (value === undefined || !Number.isInteger(value) || value < 1) throw invalid(`${parameter} must be at least 1`)
  return value
}

function present(value: string | undefined, parameter: string): string {
  if (value === undefined || value === '') throw invalid(`${parameter} is required for an alarm on a metric`)
  return value
}

function oneOf(value: string | undefined, allowed: readonly string[], parameter: string): string {
  if (value !== undefined && allowed.includes(value)) return value
  throw invalid(`${parameter} '${value}' must be one of: ${allowed.join(', ')}`)
}
