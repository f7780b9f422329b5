import { type Alone, alone } from '../deploy/alone.ts'
import { runLoop } from '../deploy/loop.ts'
import { lookWhole, type Whole } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { Refusal } from '../model/outcome.ts'
import { nextDeployStep } from '../plan/deploy.ts'
import { checkNoPreview } from '../plan/own-tags.ts'
import { isStillStaged, type Wanted } from '../plan/promote.ts'
import { stagedSize } from '../plan/stage.ts'
import { alarmGoal } from './alarms.ts'
import { begin, check, warnOfCookies } from './begin.ts'
import { type Deployed, goalOf, tellChecks } from './deploy.ts'
import { amidShift } from './expected-live.ts'
import { alreadyStaged, behind, bitsOf, readBoth, versionOf } from './in-place.ts'
import { tellingWhatWas } from './so-far.ts'

/**
 * `mode: promote`: give the traffic to the very candidate that an earlier run has staged. A deploy whose candidate is on the idle color
 * already: every proof and test is made again.
 */
export function promote(inputs: Inputs, world: World, startedAt: number): Promise<Alone<Deployed>> {
  return alone(world, startedAt, from => promoteOnce(inputs, world, from))
}

async function promoteOnce(inputs: Inputs, world: World, startedAt: number): Promise<Deployed> {
  const { before, both, color, goal, start } = await preparePromote(inputs, world, startedAt).finally(() =>
    tellChecks(world),
  )
  world.log.phase(`Promote ${goal.version} on ${color} of ${inputs.serviceLabel} in cluster ${inputs.cluster}`)
  warnOfCookies(world, before)
  const ended = await runLoop(world, (now, seen, at) => nextDeployStep(goal, now, seen, at), start, both.seen)
  return { ...ended, before, version: goal.version }
}

async function preparePromote(inputs: Inputs, world: World, startedAt: number) {
  const whole = await lookWhole(world, amidShift(inputs, world))
  return tellingWhatWas(world, whole, () => prepareFrom(inputs, world, startedAt, whole))
}

async function prepareFrom(inputs: Inputs, world: World, startedAt: number, whole: Whole) {
  const { before, progress } = await begin(inputs, world, startedAt, whole)
  const both = await world.checks.read('Task definition', () => readBoth(world, before, progress))
  const { from, to } = progress
  const wanted: Wanted = {
    ...(inputs.image === undefined ? {} : { image: inputs.image }),
    ...(inputs.taskDefinitionArn === undefined ? {} : { taskDefinition: inputs.taskDefinitionArn }),
  }
  const side = (color: 'blue' | 'green', described: typeof both.idle, was = both.progress.idleWas) => ({
    color,
    taskDefinition: before.services.value[color].taskDefinition,
    notes: both.notes[color],
    ...bitsOf(was),
    ...(described === undefined ? {} : { image: behind(described, before, color).image }),
  })
  const verdict = isStillStaged(wanted, side(from, both.live, both.progress.previous), side(to, both.idle))
  if (verdict.kind === 'no') throw new Refusal(verdict.failure)
  const color = verdict.kind === 'live' ? from : to
  if (verdict.kind !== 'live' && both.idle !== undefined)
    checkNoPreview(before.services.value[to].taskDefinition, both.idle)
  const what = behind((verdict.kind === 'live' ? both.live : both.idle) ?? both.live, before, color)
  const version = versionOf(inputs, what.image, both.tags[color])
  const goal = {
    ...goalOf(inputs, { ...what, version }),
    ...(await world.checks.read('Alarms', () => alarmGoal(inputs, world))),
    asIs: true,
  }
  check({ before, goal, progress }, world)
  const needed = stagedSize(goal, before.services.value[from].running)
  const start =
    verdict.kind === 'live'
      ? {
          ...both.progress,
          candidate: {
            at: before.services.at,
            taskDefinition: before.services.value[from].taskDefinition,
            registered: false,
            ...what,
          },
        }
      : alreadyStaged(both.progress, both.seen, { ...what, ...bitsOf(both.progress.idleWas) }, needed)
  return { before, both, color, goal, start }
}
