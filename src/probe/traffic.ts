import type { Clock } from '../deploy/clock.ts'
import { Generator } from './generator.ts'
import type { TrafficReport } from './tally.ts'
import type { TrafficOptions } from './traffic-options.ts'

export type { FailureKind } from './connection.ts'
export type { ConnectionMode } from './destination.ts'
export type { Boundary, VersionChange } from './sightings.ts'
export type { EndedRequest, FailedRequest, TrafficReport } from './tally.ts'

export interface Traffic {
  snapshot(): TrafficReport
  /**
   * Sends nothing more, waits for what is under way, and closes every connection.
   * @param graceMs what is unanswered after this is given up, as `abandoned`; by default the timeout decides
   */
  stop(graceMs?: number): Promise<TrafficReport>
  /** When each request was sent that has not ended. */
  waitingSince(): readonly number[]
  /** Requests that were sent once more, because their connection had been closed while it was idle. */
  readonly askedAgain: number
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
