import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { LogPlace } from '../model/container-log.ts'
import { errorName, explain } from './errors.ts'
import type { ContainerLogs } from './ports.ts'

/** The end of a stream may lie behind pages that are not full, or even empty. Then this many are asked for. */
const mostTailPages = 20

interface Page {
  readonly lines: readonly string[]
  readonly next?: string | undefined
  readonly before?: string | undefined
}

/** CloudWatch Logs through the SDK, which is loaded when the first line is asked for. */
export function containerLogs(
  client: (region: string) => Promise<CloudWatchLogsClient>,
  signal: AbortSignal,
): ContainerLogs {
  async function page(
    place: LogPlace,
    how: { limit?: number; startFromHead: boolean; nextToken?: string },
  ): Promise<Page> {
    const input = { logGroupName: place.group, logStreamName: place.stream, ...how }
    try {
      const { GetLogEventsCommand } = await import(/* webpackIgnore: true */ '#logs')
      const logs = await client(place.region)
      const answer = await logs.send(new GetLogEventsCommand(input), { abortSignal: signal })
      const lines = (answer.events ?? []).map(event => event.message ?? '')
      return { lines, next: answer.nextForwardToken, before: answer.nextBackwardToken }
    } catch (error) {
      // The stream begins with the first line: until then the container has said nothing.
      const silent = errorName(error) === 'ResourceNotFound' && error instanceof Error && /stream/i.test(error.message)
      if (silent) return { lines: [] }
      const what = `read the log stream ${place.stream} of ${place.group}`
      throw explain(error, { what, action: 'logs:GetLogEvents', resource: place.arn })
    }
  }

  return {
    async tail(place, limit) {
      let lines: readonly string[] = []
      let from: string | undefined
      for (let pages = 0; pages < mostTailPages && lines.length < limit; pages++) {
        const how = { limit: limit - lines.length, startFromHead: false }
        const { lines: older, before } = await page(place, from === undefined ? how : { ...how, nextToken: from })
        lines = [...older, ...lines]
        // The token that was given comes back when there is nothing before it.
        if (before === undefined || before === from) break
        from = before
      }
      return lines
    },
    async follow(place, from) {
      const how = { startFromHead: true }
      const { lines, next } = await page(place, from === undefined ? how : { ...how, nextToken: from })
      return next === undefined ? { lines } : { lines, next }
    },
  }
}
