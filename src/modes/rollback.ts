import { type Alone, alone } from '../deploy/alone.ts'
import { runLoop } from '../deploy/loop.ts'
import { lookWhole } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { Color } from '../model/color.ts'
import type { Journal } from '../model/journal.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { nextDeployStep } from '../plan/deploy.ts'
import type { Sought } from '../plan/find-revision.ts'
import type { DeployGoal } from '../plan/goal.ts'
import { checkNoPreview } from '../plan/own-tags.ts'
import { stagedSize } from '../plan/stage.ts'
import { alarmGoal } from './alarms.ts'
import { begin, check, warnOfCookies } from './begin.ts'
import { type Deployed, goalOf, tellChecks } from './deploy.ts'
import { alreadyStaged, type Both, behind, bitsOf, readBoth, versionOf } from './in-place.ts'
import { finishForOther, gaveBackItself, leftToUndo, noteInterrupted, undoStaging } from './interrupted.ts'
import { allowRollback } from './rollback-amid.ts'
import { tellingWhatWas } from './so-far.ts'
import { chooseTarget, soughtBy, type Target } from './target.ts'

/**
 * A run that lost its lock may still send the write that it had verified just before (docs/adr/0008): what is seen before that tells
 * nothing.
 */
const lastWriteMs = 2_000

/**
 * `mode: rollback`: give the traffic back to the color that had it before, or to a version that is named. A deploy of what is there
 * already, with the same proofs; it takes the lock also from a run that is alive.
 */
export function rollback(inputs: Inputs, world: World, startedAt: number): Promise<Alone<Deployed>> {
  let first: Color | undefined
  const firstLive = (live: Color) => {
    first ??= live
    return first
  }
  return alone(world, startedAt, from => rollbackOnce(inputs, world, from, firstLive))
}

/** @param firstLive is told who is live, and says who was when this run looked first */
async function rollbackOnce(
  inputs: Inputs,
  world: World,
  startedAt: number,
  firstLive: (live: Color) => Color,
): Promise<Deployed> {
  if (world.lock.inherited() !== undefined) await world.lock.sleep(lastWriteMs, world.signal)
  const prepared = await prepareRollback(inputs, world, startedAt, firstLive).finally(() => tellChecks(world))
  const { before, both } = prepared
  if (prepared.kind === 'undo') return undoStaging(world, prepared.journal, both, before)
  const { goal, start, target } = prepared
  const { from, to } = both.progress
  world.log.phase(`Roll ${inputs.serviceLabel} in cluster ${inputs.cluster} back to ${goal.version}`)
  warnOfCookies(world, before)
  world.log.info(
    target.kind === 'running' && target.color === from
      ? `${from} is live with ${goal.version} already (${target.arn}): no traffic moves`
      : `${from} is live with ${both.progress.previous?.version ?? 'an unknown version'}; ${to} gets the traffic with ${goal.version}, ${targetText(target, before, to)}`,
  )
  const ended = await runLoop(world, (now, seen, at) => nextDeployStep(goal, now, seen, at), start, both.seen)
  return { ...ended, outcome: saidAgain(ended.outcome, target, prepared.gave), before, version: goal.version }
}

/** Whoever asks twice sees no traffic move: the summary has to say why, too. Traffic that was given back first has moved. */
function saidAgain(outcome: Outcome, { again }: Target, gave: Color | undefined): Outcome {
  if (outcome.status !== 'unchanged') return outcome
  const because = again === undefined ? outcome.because : `${outcome.because}. ${again}`
  if (gave === undefined) return { ...outcome, because }
  const moved = `All the traffic, which an earlier run had left between the colors, was given to ${gave}`
  return { status: 'succeeded', because: `${moved}. ${because}` }
}

type PreparedRollback = { readonly before: Snapshot; readonly both: Both } & (
  | {
      readonly kind: 'go'
      readonly goal: DeployGoal
      readonly start: Progress
      readonly target: Target
      /** Got the traffic that another run had left between the colors. */
      readonly gave?: Color
    }
  /** The traffic is back already; what the other run has staged is not. */
  | { readonly kind: 'undo'; readonly journal: Journal }
)

async function prepareRollback(
  inputs: Inputs,
  world: World,
  startedAt: number,
  firstLive: (live: Color) => Color,
): Promise<PreparedRollback> {
  const sought = soughtBy(inputs)
  let interrupted: Journal | undefined
  let goesOn = false
  let named: Color | undefined
  const undoes = (journal: Journal, live: Color) =>
    journal.from === live && (sought.kind === 'previous' ? !goesOn : named === live)
  const allowed = allowRollback(inputs, world, sought, target => {
    named = target.kind === 'running' ? target.color : undefined
  })
  const whole = await lookWhole(world, {
    ...allowed,
    async resuming(journal, seen) {
      interrupted = journal
      // Of a rollback the old version is where it goes to: to undo that would bring back what somebody is fleeing from.
      goesOn = (await noteInterrupted(world, journal, seen)) === 'rollback'
    },
    keeps: undoes,
  })
  const prepare = async (): Promise<PreparedRollback> => {
    const { before, progress } = await begin(inputs, world, startedAt, whole)
    const both = await world.checks.read('Task definition', () => readBoth(world, before, progress))
    const fled = firstLive(progress.from)
    if (interrupted !== undefined && undoes(interrupted, progress.from)) {
      return { kind: 'undo', before, both, journal: interrupted }
    }
    const itself = interrupted === undefined ? await gaveBackItself(world, before, progress.from, fled) : undefined
    if (itself !== undefined && sought.kind === 'previous') return { kind: 'undo', before, both, journal: itself }
    const { gave } = whole
    const prepared = await prepareTarget(inputs, world, before, both, sought, { interrupted, itself })
    return prepared.kind === 'go' && gave !== undefined ? { ...prepared, gave } : prepared
  }
  return tellingWhatWas(world, whole, prepare, seen => finishForOther(world, seen))
}

async function prepareTarget(
  inputs: Inputs,
  world: World,
  before: Snapshot,
  both: Both,
  sought: Sought,
  { interrupted, itself }: { readonly interrupted: Journal | undefined; readonly itself: Journal | undefined },
): Promise<PreparedRollback> {
  const { progress } = both
  const target = await chooseTarget(sought, world, both, interrupted)
  const isLive = target.kind === 'running' && target.color === progress.from
  // What served a moment ago is not refused to somebody who flees from what is live.
  if (!isLive && sought.kind !== 'previous') checkNoPreview(target.arn, target.described)
  const undone = isLive ? itself : undefined
  const journal = undone ?? (target.again === undefined ? undefined : await leftToUndo(world, both))
  if (journal !== undefined) return { kind: 'undo', before, both, journal }
  const { goal, start } = await aim(inputs, world, before, both, target)
  check({ before, goal, progress }, world)
  return { kind: 'go', before, both, goal, start, target }
}

/** From what production goes back to, to a goal as that of a deploy, and how far it has come already. */
async function aim(
  inputs: Inputs,
  world: World,
  before: Snapshot,
  both: Both,
  target: Target,
): Promise<{ readonly goal: DeployGoal; readonly start: Progress }> {
  const { from, to } = both.progress
  const services = before.services.value
  const color = target.kind === 'running' ? target.color : to
  const what = behind(target.described, before, color)
  const inPlace = target.kind === 'running'
  const wanted = inputs.desiredCount ?? sizeOf(before, both, inPlace)
  const goal: DeployGoal = {
    // The version before is live and bad as a rule: an alarm that says so must not stand in the way.
    ...goalOf(inputs, { ...what, version: versionOf(inputs, what.image, both.tags[color]) }),
    ...(await world.checks.read('Alarms', () => alarmGoal({ ...inputs, alarmsAtStart: 'ignore' }, world))),
    ...(inPlace ? {} : { base: { kind: 'revision', arn: target.arn, described: target.described }, images: {} }),
    ...(wanted === undefined ? {} : { desiredCount: wanted }),
    asIs: true,
    rollback: true,
  }
  const needed = stagedSize(goal, services[from].running)
  if (color === from) {
    const candidate = { at: before.services.at, taskDefinition: target.arn, registered: false, ...what }
    return { goal, start: { ...both.progress, candidate } }
  }
  // Who names a revision means whatever it runs as there.
  const bits = inputs.taskDefinitionArn === undefined ? bitsOf(both.progress.idleWas) : {}
  return {
    goal,
    start: inPlace ? alreadyStaged(both.progress, both.seen, { ...what, ...bits }, needed) : both.progress,
  }
}

/**
 * How many tasks it needs at least: a parked color gets back what it had. A warm color is not made to wait for more than what live runs;
 * but where the live color has lost tasks, what runs there says nothing, and what takes all the traffic is to be as many as were needed.
 */
function sizeOf(before: Snapshot, both: Both, inPlace: boolean): number | undefined {
  const { from, to } = both.progress
  const live = before.services.value[from]
  const lost = live.running < live.desired || live.running === 0
  if (inPlace && before.services.value[to].desired > 0 && !lost) return undefined
  const remembered = (inPlace ? both.notes[to].tasks : undefined) ?? 0
  return Math.max(remembered, lost ? live.desired : 0) || undefined
}

function targetText(target: Target, before: Snapshot, to: 'blue' | 'green'): string {
  if (target.kind === 'revision') return `which is put there first (${target.arn})`
  return before.services.value[to].desired === 0
    ? `which is parked there and started again first (${target.arn})`
    : `which runs there (${target.arn})`
}
