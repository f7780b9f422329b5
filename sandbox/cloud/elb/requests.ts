import type { Route } from '../ports.ts'
import { Distribution } from './distribution.ts'
import type { History, Statistic } from './history.ts'

/** Alarms look back one day at most. */
const KEPT_MINUTES = 24 * 60

interface Minute {
  readonly from: number
  readonly counts: Map<string, number>
  readonly times: Distribution
}

/** What became of requests, minute by minute. */
export class RequestHistory implements History {
  readonly #minutes: Minute[] = []
  #current: Minute | undefined

  record(now: number, kind: Route['kind'], status: number, durationMs: number, byNode: boolean): void {
    const minute = this.#minuteOf(now)
    switch (kind) {
      case 'fixed':
        count(minute, 'HTTP_Fixed_Response_Count')
        return
      case 'redirect':
        count(minute, 'HTTP_Redirect_Count')
        return
      case 'unavailable':
        countOwnError(minute, status)
        return
      case 'forward':
        count(minute, 'RequestCount')
        if (byNode) {
          countOwnError(minute, status)
          return
        }
        count(minute, TARGET_CODES[Math.floor(status / 100)] ?? 'HTTPCode_Target_5XX_Count')
        minute.times.add(durationMs / 1000)
        return
      default:
        kind satisfies never
    }
  }

  value(metricName: string, from: number, to: number, statistic: Statistic): number | undefined {
    const minutes = this.#minutes.filter(minute => minute.from >= from && minute.from < to)
    if (metricName === 'TargetResponseTime') {
      return Distribution.of(minutes.map(minute => minute.times)).value(statistic)
    }
    const total = minutes.reduce((sum, minute) => sum + (minute.counts.get(metricName) ?? 0), 0)
    if (total === 0) return undefined
    // Every request is one sample of the value 1.
    return statistic === 'Sum' || statistic === 'SampleCount' ? total : 1
  }

  #minuteOf(now: number): Minute {
    const current = this.#current
    if (current !== undefined && now < current.from + 60_000) return current
    const made: Minute = { from: Math.floor(now / 60_000) * 60_000, counts: new Map(), times: new Distribution() }
    this.#current = made
    this.#minutes.push(made)
    if (this.#minutes.length > KEPT_MINUTES) this.#minutes.shift()
    return made
  }
}

const TARGET_CODES: readonly (string | undefined)[] = [
  undefined,
  undefined,
  'HTTPCode_Target_2XX_Count',
  'HTTPCode_Target_3XX_Count',
  'HTTPCode_Target_4XX_Count',
  'HTTPCode_Target_5XX_Count',
]

function count(minute: Minute, metricName: string): void {
  minute.counts.set(metricName, (minute.counts.get(metricName) ?? 0) + 1)
}

function countOwnError(minute: Minute, status: number): void {
  if (status < 500) {
    count(minute, 'HTTPCode_ELB_4XX_Count')
    return
  }
  count(minute, 'HTTPCode_ELB_5XX_Count')
  if (status === 500 || (status >= 502 && status <= 504)) count(minute, `HTTPCode_ELB_${status}_Count`)
}
