import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DescribeLogGroupsRequest,
  DescribeLogStreamsRequest,
  GetLogEventsRequest,
} from '@aws-sdk/client-cloudwatch-logs'
import type { Timeline } from '../../timeline.ts'
import { AwsFault, type LogSink } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'
import { pageOf } from './page.ts'

/** CloudWatch Logs: what containers with the driver `awslogs` print, and the calls that read it again. */
export interface Logs extends LogSink {
  /**
   * @param operation as the SDK names it, such as `GetLogEvents`
   * @throws AwsFault
   */
  call(operation: string, input: Record<string, unknown>): Record<string, unknown>
}

interface LogEvent {
  readonly timestamp: number
  readonly ingestionTime: number
  readonly message: string
}

interface Stream {
  readonly events: LogEvent[]
  readonly openedAt: number
  /** What its container had not sent yet was sent when it ended. */
  endedAt: number
}

/** By name of the stream. */
type Group = Map<string, Stream>

/** The driver sends what it has so often, counted from the first line (moby, `awslogs`: force flush interval). */
const flushMs = 5_000
/** AWS promises no time from there to the first read that shows it; some seconds are usual. */
const readableMs = 2_000

/** A sandbox may serve for days: of each stream only the latest lines are kept. */
const longestStream = 20_000

export function createLogs(parts: {
  readonly timeline: Timeline
  readonly settings: Pick<CloudSettings, 'region' | 'partition' | 'accountId'>
}): Logs {
  const { timeline, settings } = parts
  const groups = new Map<string, Group>()
  const arnOf = (group: string) =>
    `arn:${settings.partition}:logs:${settings.region}:${settings.accountId}:log-group:${group}`

  function groupOf(input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined }): Group {
    const name = input.logGroupName ?? input.logGroupIdentifier?.replace(/^arn:.*:log-group:/, '') ?? ''
    const group = groups.get(name)
    if (group === undefined) throw new AwsFault('ResourceNotFoundException', 'The specified log group does not exist.')
    return group
  }

  const operations: Readonly<Record<string, (input: never) => object>> = {
    DeleteLogGroup({ logGroupName: name = '' }: DeleteLogGroupRequest) {
      groupOf({ logGroupName: name })
      groups.delete(name)
      return {}
    },
    CreateLogGroup({ logGroupName: name = '' }: CreateLogGroupRequest) {
      if (groups.has(name)) {
        throw new AwsFault('ResourceAlreadyExistsException', 'The specified log group already exists')
      }
      groups.set(name, new Map())
      return {}
    },
    DescribeLogGroups({ logGroupNamePrefix: prefix = '' }: DescribeLogGroupsRequest) {
      const names = [...groups.keys()].filter(name => name.startsWith(prefix)).sort()
      return { logGroups: names.map(logGroupName => ({ logGroupName, arn: `${arnOf(logGroupName)}:*` })) }
    },
    DescribeLogStreams(input: DescribeLogStreamsRequest) {
      const names = [...groupOf(input).keys()].filter(name => name.startsWith(input.logStreamNamePrefix ?? '')).sort()
      return { logStreams: names.map(logStreamName => ({ logStreamName })) }
    },
    GetLogEvents(input: GetLogEventsRequest) {
      const stream = groupOf(input).get(input.logStreamName ?? '')
      if (stream === undefined) {
        throw new AwsFault('ResourceNotFoundException', 'The specified log stream does not exist.')
      }
      return pageOf(readable(stream, timeline.now()), input)
    },
  }
  return {
    hasGroup: group => groups.has(group),
    createGroup(group) {
      if (!groups.has(group)) groups.set(group, new Map())
    },
    write(group, stream, message) {
      const streams = groups.get(group)
      if (streams === undefined) return
      const now = Math.round(timeline.now())
      const { events } = streams.get(stream) ?? opened(streams, stream, now)
      events.push({ timestamp: now, ingestionTime: now, message })
      if (events.length > 2 * longestStream) events.splice(0, events.length - longestStream)
    },
    end(group, stream) {
      const ended = groups.get(group)?.get(stream)
      if (ended !== undefined) ended.endedAt = Math.round(timeline.now())
    },
    call(operation, input) {
      const act = Object.hasOwn(operations, operation) ? operations[operation] : undefined
      if (act === undefined) throw new AwsFault('UnknownOperationException', `Unknown operation ${operation}.`)
      return { ...act(input as never) }
    },
  }
}

function opened(streams: Group, name: string, now: number): Stream {
  const stream = { events: [], openedAt: now, endedAt: Number.POSITIVE_INFINITY }
  streams.set(name, stream)
  return stream
}

/** What has arrived by now. Later lines never arrive before earlier ones. */
function readable({ events, openedAt, endedAt }: Stream, now: number): readonly LogEvent[] {
  const sentAt = (at: number) => Math.min(endedAt, openedAt + (Math.floor((at - openedAt) / flushMs) + 1) * flushMs)
  const late = events.findIndex(event => sentAt(event.timestamp) + readableMs > now)
  return late < 0 ? events : events.slice(0, late)
}
