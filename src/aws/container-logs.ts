import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { LogPlace } from '../model/container-log.ts'
import { errorName, explain } from './errors.ts'
import type { ContainerLogs } from './ports.ts'

/** CloudWatch Logs through the SDK, which is loaded when the first line is asked for. */
export function containerLogs(
  client: (region: string) => Promise<CloudWatchLogsClient>,
  signal: AbortSignal,
): ContainerLogs {
  async function page(place: LogPlace, how: { limit?: number; startFromHead: boolean; nextToken?: string }) {
    const { GetLogEventsCommand } = await import(/* webpackIgnore: true */ '#logs')
    const logs = await client(place.region)
    const input = { logGroupName: place.group, logStreamName: place.stream, ...how }
    try {
      const answer = await logs.send(new GetLogEventsCommand(input), { abortSignal: signal })
      const lines = (answer.events ?? []).map(event => event.message ?? '')
      return { lines, ...(answer.nextForwardToken === undefined ? {} : { next: answer.nextForwardToken }) }
    } catch (error) {
      // The stream begins with the first line: until then the container has said nothing.
      const silent = errorName(error) === 'ResourceNotFound' && error instanceof Error && /stream/i.test(error.message)
      if (silent) return { lines: [] }
      const what = `read the log stream ${place.stream} of ${place.group}`
      throw explain(error, { what, action: 'logs:GetLogEvents', resource: place.arn })
    }
  }

  return {
    tail: async (place, limit) => (await page(place, { limit, startFromHead: false })).lines,
    follow: (place, from) => page(place, { startFromHead: true, ...(from === undefined ? {} : { nextToken: from }) }),
  }
}
