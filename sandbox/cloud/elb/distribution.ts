import type { Statistic } from './history.ts'

/** Buckets per doubling: percentiles are right to about 5 %. */
const PER_OCTAVE = 16
/** The first bucket is 2^-14 s, about 0.06 ms; the last one 2^10 s. */
const LOWEST = -14
const BUCKETS = (10 - LOWEST) * PER_OCTAVE

/** Values in seconds: exact sums and extremes, percentiles from a histogram with logarithmic buckets. */
export class Distribution {
  #samples = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  readonly #buckets = new Uint32Array(BUCKETS)

  static of(parts: readonly Distribution[]): Distribution {
    const whole = new Distribution()
    for (const part of parts) {
      whole.#samples += part.#samples
      whole.#sum += part.#sum
      whole.#min = Math.min(whole.#min, part.#min)
      whole.#max = Math.max(whole.#max, part.#max)
      for (let index = 0; index < BUCKETS; index++) {
        whole.#buckets[index] = (whole.#buckets[index] ?? 0) + (part.#buckets[index] ?? 0)
      }
    }
    return whole
  }

  add(seconds: number): void {
    this.#samples++
    this.#sum += seconds
    if (seconds < this.#min) this.#min = seconds
    if (seconds > this.#max) this.#max = seconds
    const index = Math.floor((Math.log2(Math.max(seconds, 2 ** LOWEST)) - LOWEST) * PER_OCTAVE)
    const bucket = Math.min(BUCKETS - 1, index)
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
  }

  /** Undefined without samples. */
  value(statistic: Statistic): number | undefined {
    if (this.#samples === 0) return undefined
    switch (statistic) {
      case 'Average':
        return this.#sum / this.#samples
      case 'Sum':
        return this.#sum
      case 'Minimum':
        return this.#min
      case 'Maximum':
        return this.#max
      case 'SampleCount':
        return this.#samples
      default:
        return this.#percentile(Number(statistic.slice(1)))
    }
  }

  #percentile(percent: number): number {
    const wanted = (percent / 100) * this.#samples
    let seen = 0
    for (let index = 0; index < BUCKETS; index++) {
      seen += this.#buckets[index] ?? 0
      if (seen >= wanted && seen > 0) {
        const middle = 2 ** (LOWEST + (index + 0.5) / PER_OCTAVE)
        return Math.min(this.#max, Math.max(this.#min, middle))
      }
    }
    return this.#max
  }
}
