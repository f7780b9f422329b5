import type { CloudWatchClient, CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch'
import type { AlarmView } from '../model/alarm.ts'
import { explain } from './errors.ts'

/** DescribeAlarms takes no more names. */
const namesPerCall = 100

/**
 * The alarms with these names, of metrics and of other alarms; a name that does not exist is simply not among them. One call for
 * each hundred.
 *
 * @throws Refusal
 */
export async function describeAlarms(
  client: () => Promise<CloudWatchClient>,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly AlarmView[]> {
  const cloudWatch = await client()
  const { DescribeAlarmsCommand } = await import(/* webpackIgnore: true */ '#cloudwatch')
  const found: AlarmView[] = []
  for (let at = 0; at < names.length; at += namesPerCall) {
    const AlarmNames = names.slice(at, at + namesPerCall)
    try {
      const answer = await cloudWatch.send(
        // Without the types only alarms of metrics are told.
        new DescribeAlarmsCommand({
          AlarmNames,
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          MaxRecords: namesPerCall,
        }),
        { abortSignal: signal },
      )
      found.push(...[...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].map(alarmView))
    } catch (error) {
      const what = `describe the alarms ${AlarmNames.join(' and ')}`
      throw explain(error, { what, action: 'cloudwatch:DescribeAlarms', resource: '*' })
    }
  }
  return found
}

function alarmView(alarm: MetricAlarm & CompositeAlarm): AlarmView {
  const { Period: period, EvaluationPeriods: periods = 1 } = alarm
  return {
    name: alarm.AlarmName ?? '',
    state: alarm.StateValue ?? 'unknown',
    reason: alarm.StateReason ?? 'no reason given',
    since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime() ?? 0,
    ...(period === undefined ? {} : { periodMs: period * 1_000, spanMs: period * periods * 1_000 }),
  }
}
