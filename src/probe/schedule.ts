/**
 * When requests are due: at even intervals from the start, whatever happens to them. Request `index` (from 0) is due
 * at `startedAt + index / rate`; at the rate `max`, as soon as somebody can send it.
 */
export class Schedule {
  readonly startedAt: number
  readonly endAt: number
  readonly flatOut: boolean
  /** Requests in all; infinite without an end, or flat out. */
  readonly #most: number
  readonly #intervalMs: number

  constructor(rate: number | 'max', startedAt: number, durationMs = Number.POSITIVE_INFINITY) {
    this.startedAt = startedAt
    this.endAt = startedAt + durationMs
    this.flatOut = rate === 'max'
    this.#intervalMs = rate === 'max' ? 0 : 1000 / rate
    // Reckoned from the rate: times since the epoch are too coarse to divide without being one off.
    this.#most = rate === 'max' ? Number.POSITIVE_INFINITY : Math.ceil((durationMs * rate) / 1000)
  }

  /** Infinite when there is no such request. */
  dueAt(index: number, now: number): number {
    if (this.flatOut) return now < this.endAt ? now : Number.POSITIVE_INFINITY
    return index < this.#most ? this.startedAt + index * this.#intervalMs : Number.POSITIVE_INFINITY
  }

  /** Requests that were due up to `now`, this moment included; 0 when flat out, because nothing waits for its time. */
  dueBy(now: number): number {
    if (this.flatOut) return 0
    // As exact as `dueAt` itself, which is what requests were sent by.
    let due = Math.min(Math.max(Math.floor((now - this.startedAt) / this.#intervalMs) + 2, 0), this.#most)
    while (due > 0 && this.dueAt(due - 1, now) > now) due--
    return due
  }
}
