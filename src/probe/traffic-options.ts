import type { VersionSource } from '../model/probe.ts'
import type { ConnectionMode } from './destination.ts'
import type { VersionChange } from './sightings.ts'
import type { EndedRequest, FailedRequest, TrafficReport } from './tally.ts'

export interface TrafficOptions {
  /** http or https, without user and password. Redirects are not followed: they count as `status`. */
  readonly url: string
  /**
   * Requests per second, due at even intervals whatever the origin does, and sent over whichever connection is free.
   * With none free a request goes out late, and its latency still counts from when it was due: a stalled origin
   * cannot hide the requests that it held up. A timer's lateness of up to a millisecond is therefore part of it.
   * `max`: each connection sends as soon as it has its answer, and rests for 10 ms when there was nobody to connect to.
   */
  readonly rate: number | 'max'
  readonly connections: number
  /** At a rate: as many, at the most, while none is free for a request that is due. Default: `connections`. */
  readonly mostConnections?: number
  readonly mode: ConnectionMode
  /** From sending to the last byte of the answer, connecting included. Looked at 10 to 100 ms late. */
  readonly timeoutMs: number
  /** Without it, until `stop`. Requests under way are waited for. */
  readonly durationMs?: number
  /** Sends no more than these, and ends with the last of them. */
  readonly requests?: number
  readonly versionFrom: VersionSource
  /** Hears of every request when it ends. Called as often as requests are sent: it must be fast. */
  readonly record?: (request: EndedRequest) => void
  readonly onFailure?: (failure: FailedRequest) => void
  readonly onVersionChange?: (change: VersionChange) => void
  readonly onEnd?: (report: TrafficReport) => void
}
