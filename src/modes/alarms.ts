import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { AlarmView } from '../model/alarm.ts'
import { durationText } from '../model/duration.ts'
import { Refusal } from '../model/outcome.ts'
import type { DeployGoal } from '../plan/goal.ts'
import { unknownLimitMs } from '../plan/judge.ts'

/** What an alarm of other alarms is taken for: the shortest period of the metrics of load balancers. */
const usualPeriodMs = 60_000

/**
 * The alarms of `alarm-names`, read before anything is written: an alarm that does not exist watches nothing, and one that is in
 * ALARM already cannot tell whether the new version is well. No call without `alarm-names`.
 *
 * @throws Refusal
 */
export async function alarmGoal(inputs: Inputs, world: World): Promise<Pick<DeployGoal, 'alarms'>> {
  if (world.describeAlarms === undefined) return {}
  const alarms = await world.describeAlarms()
  const missing = inputs.alarmNames.filter(name => !alarms.some(alarm => alarm.name === name))
  if (missing.length > 0) {
    throw new Refusal({
      code: 'ALARM_NOT_FOUND',
      headline: `There is no alarm ${missing.join(', and none ')} in this account and Region.`,
      details: ['Check `alarm-names`: names are case-sensitive. Nothing was written.'],
    })
  }
  const raised = alarms.filter(alarm => alarm.state === 'ALARM')
  if (raised.length > 0 && inputs.alarmsAtStart === 'refuse') throw alarmedAtStart(raised)
  for (const { name } of raised)
    world.log.warn(`The alarm ${name} is in ALARM already: it is ignored until it has left it.`)
  for (const { name, state } of alarms) {
    const unknown = state === 'INSUFFICIENT_DATA' ? ', so it says nothing yet' : ''
    world.checks.note({
      section: 'Alarms',
      mark: unknown === '' ? 'OK' : 'SKIP',
      says: `${name} is ${state}${unknown}`,
    })
  }
  warnOfShortBake(inputs, world, alarms)
  const spans = alarms.map(alarm => alarm.spanMs ?? usualPeriodMs)
  return {
    alarms: {
      names: inputs.alarmNames,
      ignored: Object.fromEntries(raised.map(alarm => [alarm.name, alarm.since])),
      unknownLimitMs: Math.max(unknownLimitMs, 2 * Math.max(...spans)),
    },
  }
}

function alarmedAtStart(raised: readonly AlarmView[]): Refusal {
  const names = raised.map(alarm => alarm.name).join(' and ')
  return new Refusal({
    code: 'ALARM_AT_START',
    headline: `${names} ${raised.length === 1 ? 'is' : 'are'} in ALARM before the deploy: whether the new version is well could not be told.`,
    details: [
      ...raised.map(alarm => `${alarm.name}: ${alarm.reason}`),
      'Nothing was written. Wait until it is OK; or set `alarms-at-start: ignore` when this deploy is to mend it.',
    ],
  })
}

/** A metric of the last minutes says nothing about a version that has served for less. */
function warnOfShortBake(inputs: Inputs, world: World, alarms: readonly AlarmView[]): void {
  const periodMs = Math.max(...alarms.map(alarm => alarm.periodMs ?? usualPeriodMs))
  if (inputs.bakeMs >= 2 * periodMs) return
  world.log.warn(
    `bake-time is ${durationText(inputs.bakeMs)}, but the alarms look at periods of ${durationText(periodMs)}: in less than two of them, ${durationText(2 * periodMs)}, they can hardly go off.`,
  )
}
