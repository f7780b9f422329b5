const stepBits = 6
const steps = 1 << stepBits
/** 2^31 µs are 35 minutes: what takes longer counts as that, except in `max`. */
const longestUs = 2 ** 31 - 1

export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/**
 * Counts latencies in constant memory (13 KiB). Below 128 µs each microsecond has its own bucket; above, each power of
 * two has 64, so that a percentile is within 0.8 % of the true value. The maximum is exact.
 */
export class LatencyHistogram {
  readonly #counts = new Float64Array(index(longestUs) + 1)
  #total = 0
  #max = 0

  add(ms: number): void {
    // A clock that was set back must not make an index below 0.
    const at = index(Math.min(Math.max(Math.round(ms * 1000), 0), longestUs))
    this.#counts[at] = (this.#counts[at] as number) + 1
    this.#total++
    if (ms > this.#max) this.#max = ms
  }

  /** Milliseconds; all 0 when nothing was counted. */
  summary(): Latency {
    return {
      p50: this.percentile(50),
      p95: this.percentile(95),
      p99: this.percentile(99),
      max: this.#max,
    }
  }

  /** Milliseconds within which `percent` of what was counted stayed. */
  percentile(percent: number): number {
    const wanted = Math.ceil((this.#total * percent) / 100)
    let seen = 0
    for (let at = 0; at < this.#counts.length; at++) {
      seen += this.#counts[at] as number
      if (seen >= wanted && seen > 0) return Math.min(middle(at) / 1000, this.#max)
    }
    return 0
  }
}

function index(us: number): number {
  if (us < steps) return us
  const shift = 31 - Math.clz32(us) - stepBits
  return shift * steps + (us >>> shift)
}

/** Of the values that share a bucket, in µs. */
function middle(at: number): number {
  if (at < 2 * steps) return at
  const shift = Math.floor(at / steps) - 1
  const lowest = (at - shift * steps) * 2 ** shift
  return lowest + (2 ** shift - 1) / 2
}
