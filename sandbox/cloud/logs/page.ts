import type { GetLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs'
import { AwsFault } from '../ports.ts'

/** AWS answers with no more at once. */
const mostEvents = 10_000
/** No page reaches from one block into the next, and between two of them is an empty one. */
const blockSize = 100

/** A place between two events, in one of both directions; `crossed`: the empty page at the block's end was given. */
interface Place {
  readonly forward: boolean
  readonly at: number
  readonly crossed: boolean
}

/**
 * One page of `GetLogEvents`. As AWS warns, it may be partly full, or even empty, although there is more: the stream has ended where the
 * token that was given comes back.
 */
export function pageOf<Event>(stream: readonly Event[], input: GetLogEventsRequest) {
  const limit = Math.min(input.limit ?? mostEvents, mostEvents)
  const { forward, at, crossed } = placeOf(stream.length, input)
  const more = forward ? at < stream.length : at > 0
  if (input.nextToken !== undefined && more && !crossed && at % blockSize === 0) {
    const here = { events: [], nextForwardToken: `f/${at}`, nextBackwardToken: `b/${at}` }
    return forward ? { ...here, nextForwardToken: `f/${at}/on` } : { ...here, nextBackwardToken: `b/${at}/on` }
  }
  const blockStart = Math.floor((forward ? at : at - 1) / blockSize) * blockSize
  const from = forward ? at : Math.max(0, blockStart, at - limit)
  const to = forward ? Math.min(stream.length, blockStart + blockSize, at + limit) : at
  const events = stream.slice(from, to)
  const nextForwardToken = forward && !more ? (input.nextToken ?? `f/${to}`) : `f/${to}`
  return { events, nextForwardToken, nextBackwardToken: `b/${from}` }
}

function placeOf(length: number, { nextToken, startFromHead = false }: GetLogEventsRequest): Place {
  if (nextToken === undefined) return { forward: startFromHead, at: startFromHead ? 0 : length, crossed: true }
  const [, direction, at = '', on] = /^([fb])\/(\d+)(\/on)?$/.exec(nextToken) ?? []
  if (direction === undefined) {
    throw new AwsFault('InvalidParameterException', 'The specified nextToken is invalid.')
  }
  return { forward: direction === 'f', at: Number(at), crossed: on !== undefined }
}
