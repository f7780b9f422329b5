import type {
  CreateLogGroupRequest,
  DescribeLogGroupsRequest,
  DescribeLogStreamsRequest,
  GetLogEventsRequest,
} from '@aws-sdk/client-cloudwatch-logs'
import type { Timeline } from '../../timeline.ts'
import { AwsFault, type LogSink } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'

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

/** By name of the stream. */
type Group = Map<string, LogEvent[]>

/** AWS answers with no more at once. */
const mostEvents = 10_000
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
      return pageOf(stream, input)
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
      const events = streams.get(stream) ?? []
      streams.set(stream, events)
      const now = Math.round(timeline.now())
      events.push({ timestamp: now, ingestionTime: now, message })
      if (events.length > 2 * longestStream) events.splice(0, events.length - longestStream)
    },
    call(operation, input) {
      const act = Object.hasOwn(operations, operation) ? operations[operation] : undefined
      if (act === undefined) throw new AwsFault('UnknownOperationException', `Unknown operation ${operation}.`)
      return { ...act(input as never) }
    },
  }
}

/** A token names a place between two events; the one that was given comes back when there is nothing beyond it. */
function pageOf(stream: readonly LogEvent[], input: GetLogEventsRequest) {
  const limit = Math.min(input.limit ?? mostEvents, mostEvents)
  const [direction, place] = input.nextToken?.split('/') ?? []
  if (input.nextToken !== undefined && !/^[fb]\/\d+$/.test(input.nextToken)) {
    throw new AwsFault('InvalidParameterException', 'The specified nextToken is invalid.')
  }
  const at = Number(place ?? 0)
  const forward = direction === undefined ? input.startFromHead === true : direction === 'f'
  const from = forward ? at : Math.max(0, (direction === undefined ? stream.length : at) - limit)
  const to = forward ? Math.min(stream.length, from + limit) : direction === undefined ? stream.length : at
  return { events: stream.slice(from, to), nextForwardToken: `f/${to}`, nextBackwardToken: `b/${from}` }
}
