import { foresee } from '../deploy/foresee.ts'
import { runLoop } from '../deploy/loop.ts'
import { rehearse } from '../deploy/rehearsal.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type ByColor, colors } from '../model/color.ts'
import type { LockView } from '../model/journal.ts'
import { type Failure, type Outcome, Refusal } from '../model/outcome.ts'
import type { DeployPlan } from '../model/plan.ts'
import type { RunningVersion } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Described, TaskDefinition } from '../model/task-definition.ts'
import { rolesOf } from '../plan/check-definition.ts'
import { definitionDiff } from '../plan/definition-diff.ts'
import { nextDeployStep } from '../plan/deploy.ts'
import { logPlace } from '../plan/log-tails.ts'
import { deployPolicy } from '../plan/permissions.ts'
import { stagedSize } from '../plan/stage.ts'
import { registrationOf } from '../plan/task-definition.ts'
import { prepare } from './deploy.ts'
import { mayRead } from './may-read.ts'
import { checkScaling } from './scaling.ts'
import { runningVersions } from './status.ts'

export interface Planned {
  readonly before: Snapshot
  /** Who holds the lock of the two services; absent when nobody does. */
  readonly lock?: LockView
  readonly running: ByColor<RunningVersion>
  readonly outcome: Outcome
  /** Absent when the deploy would fail. */
  readonly plan?: DeployPlan
}

/**
 * `mode: plan`: the preflight, then the whole deploy tried out against what was read, without one write.
 *
 * @throws Refusal when the preflight says no
 */
export async function plan(inputs: Inputs, world: World, startedAt: number): Promise<Planned> {
  try {
    return await planned(inputs, world, startedAt)
  } catch (error) {
    if (error instanceof Refusal) noteUntold(world, error.failure)
    throw error
  }
}

/** Whatever ends a plan is NG: the tree must not look fine above a failure. */
function noteUntold(world: World, failure: Failure): void {
  if (world.checks.all().some(check => check.mark === 'NG')) return
  world.checks.note({ section: 'Services', mark: 'NG', says: failure.headline, failure })
}

async function planned(inputs: Inputs, world: World, startedAt: number): Promise<Planned> {
  const found = await foresee(world)
  // What is told about production is what is so, not what a deploy would make of it first.
  const standing = { before: found.seen, ...(found.lock === undefined ? {} : { lock: found.lock }) }
  const prepared = await prepare(inputs, world, startedAt, async () => ({ seen: found.whole }))
  await mayRead(prepared, world)
  const { before, goal, progress } = prepared
  const scaling = await checkScaling(
    world,
    before,
    progress.to,
    stagedSize(goal, before.services.value[progress.from].running),
  )
  const rehearsal = rehearse({ ...world, scaling: { ...world.scaling, ...scaling } }, before, goal)
  const decide: Parameters<typeof runLoop>[1] = (now, seen, at) => nextDeployStep(goal, now, seen, at)
  const ended = await runLoop(rehearsal.world, decide, progress, before)
  const running = await runningVersions(before, world)
  if ('failure' in ended.outcome) {
    noteUntold(world, ended.outcome.failure)
    return { ...standing, running, outcome: ended.outcome }
  }
  const steps = [...found.steps, ...rehearsal.steps()]
  const live = await world.ecs.describeTaskDefinition(before.services.value[progress.from].taskDefinition)
  const wanted = rehearsal.registration()
  const parks = inputs.idleCount !== undefined || Object.keys(ended.progress.held ?? {}).length > 0
  const candidate = ended.progress.candidate?.taskDefinition ?? ''
  const next = wanted ?? registrationOf(await world.ecs.describeTaskDefinition(candidate))
  return {
    ...standing,
    running,
    outcome: {
      status: 'unchanged',
      because:
        steps.length === 0
          ? `There is nothing to do: ${ended.outcome.because}`
          : `A deploy would take ${steps.length === 1 ? 'one step' : `${steps.length} steps`}; nothing was written`,
    },
    plan: {
      steps,
      definition: {
        from: before.services.value[progress.from].taskDefinition,
        ...(wanted === undefined ? { reused: candidate } : {}),
        changes: definitionDiff(registrationOf(live), next),
      },
      policy: policyOf(inputs, before, live, next, parks, world.lock.enabled ? world.lock.nameOf(before) : undefined),
    },
  }
}

function policyOf(
  inputs: Inputs,
  seen: Snapshot,
  live: Described,
  next: Readonly<Record<string, unknown>>,
  parks: boolean,
  lock: string | undefined,
) {
  const services = seen.services.value
  const [, arn = '', cluster = ''] = /^(arn:[^/]+):service\/([^/]+)\//.exec(services.blue.arn) ?? []
  return deployPolicy({
    clusterArn: `${arn}:cluster/${cluster}`,
    services: colors.map(color => services[color].arn),
    targetGroups: colors.map(color => seen.targetGroups[color].arn),
    routes: [...seen.production.value, ...seen.test.value].map(route => route.arn),
    // A failed deploy is put back to what the idle service had: its roles are those of the live revision, as a rule.
    roles: [...new Set([...rolesOf(next as TaskDefinition), ...rolesOf(live.definition)])],
    family: String(next.family ?? ''),
    ...(lock === undefined ? {} : { lock }),
    tagged: Array.isArray(next.tags),
    parks,
    keepsRevisions: inputs.keepRevisions !== undefined,
    logs: logArns(next as TaskDefinition, services.blue.arn),
    alarms: inputs.alarmNames.length > 0,
    oneOffTask: inputs.preDeployCommand !== undefined,
  })
}

/** Where the containers log to, as far as it is CloudWatch Logs. */
function logArns(definition: TaskDefinition, serviceArn: string): readonly string[] {
  const places = (definition.containerDefinitions ?? []).map(({ name = '' }) => logPlace(definition, name, serviceArn))
  return [...new Set(places.flatMap(place => (typeof place === 'string' ? [] : place.arn)))]
}
