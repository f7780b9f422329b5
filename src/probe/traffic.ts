import type { Clock } from '../deploy/clock.ts'
import type { VersionSource } from '../model/probe.ts'
import type { ConnectionMode } from './destination.ts'
import { Generator } from './generator.ts'
import type { VersionChange } from './sightings.ts'
import type { EndedRequest, FailedRequest, TrafficReport } from './tally.ts'

export type { FailureKind } from './connection.ts'
export type { ConnectionMode } from './destination.ts'
export type { Boundary, VersionChange } from './sightings.ts'
export type { EndedRequest, FailedRequest, TrafficReport } from './tally.ts'
export type VersionFrom = VersionSource

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
  readonly mode: ConnectionMode
  /** From sending to the last byte of the answer, connecting included. Looked at 10 to 100 ms late. */
  readonly timeoutMs: number
  /** Without it, until `stop`. Requests under way are waited for. */
  readonly durationMs?: number
  /** Sends no more than these, and ends with the last of them. */
  readonly requests?: number
  readonly versionFrom: VersionFrom
  /** Hears of every request when it ends. Called as often as requests are sent: it must be fast. */
  readonly record?: (request: EndedRequest) => void
  readonly onFailure?: (failure: FailedRequest) => void
  readonly onVersionChange?: (change: VersionChange) => void
  readonly onEnd?: (report: TrafficReport) => void
}

export interface Traffic {
  snapshot(): TrafficReport
  /**
   * Sends nothing more, waits for what is under way, and closes every connection.
   * @param graceMs what is unanswered after this is given up, as `abandoned`; by default the timeout decides
   */
  stop(graceMs?: number): Promise<TrafficReport>
  /** Resolves at the end, whoever caused it. */
  readonly ended: Promise<TrafficReport>
}

/**
 * Begins at once to send GET requests. Each is counted when it ends: ok (2xx, with a version) or failed by kind.
 * @throws TypeError when the URL is not http or https
 * @throws RangeError when a number in the options makes no sense
 */
export function startTraffic(options: TrafficOptions, clock: Clock): Traffic {
  const { rate, connections, timeoutMs, requests } = options
  if (rate !== 'max' && !(rate > 0 && rate <= 1e6)) throw new RangeError(`not a rate: ${rate}`)
  if (!Number.isInteger(connections) || connections < 1)
    throw new RangeError(`not a number of connections: ${connections}`)
  if (requests !== undefined && (!Number.isInteger(requests) || requests < 1))
    throw new RangeError(`not a number of requests: ${requests}`)
  if (!(timeoutMs > 0)) throw new RangeError(`not a timeout: ${timeoutMs}`)
  return new Generator(options, clock)
}
