import type { StateValue } from '@aws-sdk/client-cloudwatch'
import type { Metrics } from '../elb/metrics.ts'
import type { Comparison, Watch } from './alarms.ts'

/** CloudWatch looks at a few more periods than the alarm asks for, to be able to skip missing values. Their number is not published. */
const EXTRA_PERIODS = 2

export interface Verdict {
  readonly value: StateValue
  readonly reason: string
}

/** The values of the evaluation range that ends at `end`, newest first; undefined where there was no data. */
export function readValues(metrics: Metrics, watch: Watch, end: number): readonly (number | undefined)[] {
  const values: (number | undefined)[] = []
  for (let index = 0; index < watch.evaluationPeriods + EXTRA_PERIODS; index++) {
    const to = end - index * watch.periodMs
    values.push(metrics.value({ ...watch, from: to - watch.periodMs, to }))
  }
  return values
}

/**
 * One evaluation, as the user guide describes it: with enough values the missing ones do not matter, otherwise they
 * count as `missing` says.
 * @returns undefined to stay as it is
 */
export function evaluate(watch: Watch, values: readonly (number | undefined)[]): Verdict | undefined {
  const real = values.filter(value => value !== undefined).slice(0, watch.evaluationPeriods)
  const breaching = real.filter(value => crosses(value, watch)).length
  const unknown = watch.evaluationPeriods - real.length
  const filled = watch.missing === 'breaching' ? unknown : 0
  if (breaching + filled >= watch.datapointsToAlarm) return crossed('ALARM', watch, real, breaching + filled)
  if (unknown === 0 || watch.missing === 'breaching' || watch.missing === 'notBreaching') {
    return crossed('OK', watch, real, watch.evaluationPeriods - breaching - filled)
  }
  if (watch.missing === 'ignore') {
    // It can only be told when no value that may come would raise the alarm.
    return breaching + unknown < watch.datapointsToAlarm
      ? crossed('OK', watch, real, real.length - breaching)
      : undefined
  }
  if (real.length === 0) {
    const noun = unknown === 1 ? 'datapoint was' : 'datapoints were'
    return { value: 'INSUFFICIENT_DATA', reason: `Insufficient Data: ${unknown} ${noun} unknown.` }
  }
  if (breaching < real.length) return crossed('OK', watch, real, real.length - breaching)
  // Only bad values, and too few of them: an alarm once the oldest is old enough, as nothing better came since.
  const oldest = values.findLastIndex(value => value !== undefined)
  return oldest + 1 >= watch.datapointsToAlarm ? crossed('ALARM', watch, real, breaching) : undefined
}

function crosses(value: number, { comparison, threshold }: Watch): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold
    case 'GreaterThanThreshold':
      return value > threshold
    case 'LessThanThreshold':
      return value < threshold
    case 'LessThanOrEqualToThreshold':
      return value <= threshold
    default:
      return comparison satisfies never
  }
}

const WORDS: Readonly<Record<Comparison, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
}

function crossed(value: 'OK' | 'ALARM', watch: Watch, real: readonly number[], count: number): Verdict {
  const not = value === 'OK' ? 'not ' : ''
  const listed = real.map(each => String(each)).join(', ')
  const noun = watch.evaluationPeriods === 1 ? 'datapoint' : 'datapoints'
  return {
    value,
    reason: `Threshold Crossed: ${count} out of the last ${watch.evaluationPeriods} ${noun} [${listed}] was ${not}${WORDS[watch.comparison]} the threshold (${watch.threshold}).`,
  }
}
