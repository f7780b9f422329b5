import type { SeenVersion } from '../model/probe.ts'
import type { FailureKind } from './connection.ts'
import { type Latency, LatencyHistogram } from './latency.ts'
import { type Boundary, Sightings, type VersionChange } from './sightings.ts'

/** Times are milliseconds since the Unix epoch. */
export interface TrafficReport {
  /** Requests that have ended: `ok` + `failed`. */
  readonly total: number
  readonly ok: number
  readonly failed: number
  readonly failedBy: Readonly<Record<FailureKind, number>>
  /** Requests whose time had come, but no connection was free before the end: the origin is slower than the rate. */
  readonly unsent: number
  /** Requests that were given up unanswered at the end; neither ok nor failed. */
  readonly abandoned: number
  readonly connectionsOpened: number
  readonly startedAt: number
  /** Of a snapshot: now. */
  readonly endedAt: number
  /** `total` over the time between the two. */
  readonly requestsPerSecond: number
  /** Of `ok` requests, in milliseconds, from when they were to be sent; see LatencyHistogram for the precision. */
  readonly latency: Latency
  /** In order of first appearance. */
  readonly versions: readonly SeenVersion[]
  /** Times that an answer was older than the one that arrived just before it. */
  readonly wentBack: number
  /** One for each version that came after another. */
  readonly boundaries: readonly Boundary[]
  /** The latest failed request in a sentence. */
  readonly lastFailure?: string
}

export interface FailedRequest {
  /** When it ended. */
  readonly at: number
  readonly sentAt: number
  readonly kind: FailureKind
  /** Of an answer that was no success. */
  readonly status?: number
  readonly message: string
}

/** How one request ended, for those who keep them all. */
export interface EndedRequest {
  /** When it ended, in milliseconds since the Unix epoch. */
  readonly at: number
  /** From when it was to be sent. */
  readonly latencyMs: number
  readonly kind: 'ok' | FailureKind
  /** Undefined without an answer. */
  readonly status: number | undefined
  /** Undefined without a version; looked for in 2xx answers only. */
  readonly version: string | undefined
  /** What went wrong; undefined for `ok`. */
  readonly message: string | undefined
}

/** What is known besides the requests that have ended. */
export interface Surplus {
  readonly endedAt: number
  readonly unsent: number
  readonly abandoned: number
  readonly connectionsOpened: number
}

/** Counts requests as they end, in memory that does not grow with their number. */
export class Tally {
  readonly #startedAt: number
  readonly #latency = new LatencyHistogram()
  readonly #sightings = new Sightings()
  readonly #failedBy: Record<FailureKind, number> = { refused: 0, reset: 0, timeout: 0, status: 0, unparsable: 0 }
  #ok = 0
  #failed = 0
  #lastFailure: string | undefined

  constructor(startedAt: number) {
    this.#startedAt = startedAt
  }

  /** False, and nothing is counted, when the answer names one version too many. */
  answered(at: number, latencyMs: number, version: string, onChange?: (change: VersionChange) => void): boolean {
    const change = this.#sightings.note(version, at)
    if (change === 'too-many') return false
    this.#ok++
    this.#latency.add(latencyMs)
    if (change !== 'same') onChange?.(change)
    return true
  }

  failed(failure: FailedRequest): void {
    this.#failed++
    this.#failedBy[failure.kind]++
    this.#lastFailure = `${failure.kind}: ${failure.message}`
  }

  report(surplus: Surplus): TrafficReport {
    const total = this.#ok + this.#failed
    const seconds = (surplus.endedAt - this.#startedAt) / 1000
    return {
      total,
      ok: this.#ok,
      failed: this.#failed,
      failedBy: { ...this.#failedBy },
      ...surplus,
      startedAt: this.#startedAt,
      requestsPerSecond: seconds > 0 ? total / seconds : 0,
      latency: this.#latency.summary(),
      versions: this.#sightings.versions(),
      wentBack: this.#sightings.wentBack,
      boundaries: this.#sightings.boundaries(),
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
    }
  }
}
