import type { DescribeAlarmsInput, DescribeAlarmsOutput } from '@aws-sdk/client-cloudwatch'
import { AwsFault } from '../ports.ts'
import { type Alarm, show } from './alarms.ts'
import { invalid } from './read.ts'
import { children } from './rule.ts'

const MOST = 100

/**
 * Metric alarms only unless `AlarmTypes` says otherwise. A name that does not exist is simply absent.
 * @throws AwsFault
 */
export function describeAlarms(alarms: ReadonlyMap<string, Alarm>, input: DescribeAlarmsInput): DescribeAlarmsOutput {
  const { AlarmNames: names, AlarmNamePrefix: prefix, MaxRecords: size = 50 } = input
  if (names !== undefined && prefix !== undefined) throw invalid('AlarmNames and AlarmNamePrefix exclude each other')
  if ((names?.length ?? 0) > MOST) throw invalid(`AlarmNames can have at most ${MOST} names`)
  if (!Number.isInteger(size) || size < 1 || size > MOST) throw invalid(`MaxRecords must be between 1 and ${MOST}`)
  const types = input.AlarmTypes ?? []
  const wanted = types.length === 0 ? ['MetricAlarm'] : types
  const found = [...alarms.values()]
    .filter(alarm => wanted.includes(alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm'))
    .filter(alarm => names === undefined || names.includes(alarm.name))
    .filter(alarm => prefix === undefined || alarm.name.startsWith(prefix))
    .filter(alarm => input.StateValue === undefined || alarm.state.value === input.StateValue)
    .filter(alarm => input.ActionPrefix === undefined || hasAction(alarm, input.ActionPrefix))
    .filter(alarm => related(alarms, alarm, input))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  // All names that were asked for fit into one answer; pages are for searches.
  const length = names === undefined ? size : MOST
  const start = input.NextToken === undefined ? 0 : readToken(input.NextToken)
  const shown = found.slice(start, start + length)
  return {
    MetricAlarms: shown.filter(alarm => alarm.kind === 'metric').map(show),
    CompositeAlarms: shown.filter(alarm => alarm.kind === 'composite').map(show),
    ...(start + length < found.length ? { NextToken: btoa(`from:${start + length}`) } : {}),
  }
}

function hasAction({ given }: Alarm, prefix: string): boolean {
  const all = [given.OKActions, given.AlarmActions, given.InsufficientDataActions].flatMap(actions => actions ?? [])
  return all.some(action => action.startsWith(prefix))
}

function related(alarms: ReadonlyMap<string, Alarm>, alarm: Alarm, input: DescribeAlarmsInput): boolean {
  const { ChildrenOfAlarmName: parentName, ParentsOfAlarmName: child } = input
  if (child !== undefined && !names(alarm, child)) return false
  const parent = parentName === undefined ? undefined : alarms.get(parentName)
  return parentName === undefined || (parent !== undefined && names(parent, alarm.name))
}

function names(parent: Alarm, child: string): boolean {
  return parent.kind === 'composite' && children(parent.rule).some(each => each === child || each.endsWith(`:${child}`))
}

function readToken(token: string): number {
  const match = /^from:(\d+)$/.exec(Buffer.from(token, 'base64').toString('latin1'))
  if (match === null) throw new AwsFault('InvalidNextToken', 'The next token specified is invalid.')
  return Number(match[1])
}
