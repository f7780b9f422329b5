import type { History, Statistic } from './history.ts'

const DAY_MS = 24 * 60 * 60_000

interface Counts {
  readonly healthy: number
  readonly unhealthy: number
}

interface Change {
  readonly time: number
  readonly counts: Counts | undefined
}

/**
 * How many targets of a group were well, as a step function: nothing has to be sampled while nobody asks, which keeps
 * long simulations cheap.
 */
export class HostHistory implements History {
  readonly #changes: Change[] = []

  note(time: number, counts: Counts | undefined): void {
    const last = this.#changes.at(-1)?.counts
    if (last?.healthy === counts?.healthy && last?.unhealthy === counts?.unhealthy) return
    this.#changes.push({ time, counts })
    while ((this.#changes[1]?.time ?? time) < time - DAY_MS) this.#changes.shift()
  }

  value(metricName: string, from: number, to: number, statistic: Statistic): number | undefined {
    const spans = this.#spans(metricName === 'HealthyHostCount' ? 'healthy' : 'unhealthy', from, to)
    if (spans.length === 0) return undefined
    const covered = spans.reduce((sum, span) => sum + span.ms, 0)
    const average = spans.reduce((sum, span) => sum + span.count * span.ms, 0) / covered
    const samples = Math.max(1, Math.round(covered / 60_000))
    switch (statistic) {
      case 'Minimum':
        return Math.min(...spans.map(span => span.count))
      case 'Sum':
        return average * samples
      case 'SampleCount':
        return samples
      case 'Average':
        return average
      // A percentile of so few samples is their maximum for every alarm that people set.
      default:
        return Math.max(...spans.map(span => span.count))
    }
  }

  #spans(of: keyof Counts, from: number, to: number): readonly { readonly count: number; readonly ms: number }[] {
    return this.#changes.flatMap((change, index) => {
      const start = Math.max(from, change.time)
      const end = Math.min(to, this.#changes[index + 1]?.time ?? to)
      return change.counts === undefined || end <= start ? [] : [{ count: change.counts[of], ms: end - start }]
    })
  }
}
