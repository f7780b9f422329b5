import { createHash } from 'node:crypto'
import { patiently } from '../deploy/patiently.ts'
import { firstSetupLook, lookAtBlue } from '../deploy/setup-look.ts'
import { rehearsedActor, runSetupLoop, type SetupEnded } from '../deploy/setup-loop.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { sections } from '../model/check.ts'
import { counted } from '../model/count.ts'
import type { LockOwner } from '../model/journal.ts'
import { type Outcome, Refusal } from '../model/outcome.ts'
import type { Policy } from '../model/plan.ts'
import type { SetupGoal, SetupProgress, SetupReport, SetupSeen } from '../model/setup.ts'
import { rolesOf } from '../plan/check-definition.ts'
import { scalingText } from '../plan/scaling.ts'
import { deployInputs, partsOf, undoCommands } from '../plan/setup-after.ts'
import { setupChecks } from '../plan/setup-checks.ts'
import { setupTags, twinGroupName } from '../plan/setup-names.ts'
import { serviceRoles, setupPolicy } from '../plan/setup-permissions.ts'
import { ownTestRules, productionRoutes } from '../plan/setup-route.ts'
import { leftOut, twinRequest } from '../plan/setup-service.ts'
import { tellChecks } from './deploy.ts'
import { endedBy } from './ended-by.ts'

export interface SetUp {
  readonly outcome: Outcome
  readonly setup: SetupReport
  readonly policy?: Policy
}

export interface SetupRun {
  readonly startedAt: number
  readonly owner: LockOwner
  /** Write nothing. */
  readonly dry: boolean
}

/**
 * `mode: setup`: gives a single service a twin, beside the traffic that it has. Whatever this run ends by, the next goes on from what
 * is there.
 */
export async function setup(inputs: Inputs, world: World, run: SetupRun): Promise<SetUp> {
  try {
    return await patiently(world, run.owner.nonce, run.startedAt + inputs.timeoutMs, attempt => {
      // What was looked at before counts no more.
      world.checks.clear()
      return attemptSetup(inputs, world, run, attempt)
    })
  } catch (error) {
    const outcome = endedBy(error, world, {
      headline: `Cancelled: all of the traffic is where it was, and what was made for ${inputs.services.blue} stays.`,
      details: ['The next run of `setup` goes on from there.'],
    })
    return { outcome, setup: { ...(run.dry ? { dry: true } : {}), steps: [], parts: [], undo: [], notes: [] } }
  }
}

async function attemptSetup(inputs: Inputs, world: World, run: SetupRun, attempt: number): Promise<SetUp> {
  const { blue, green } = inputs.services
  world.log.phase(`Make a pair of ${blue} and ${green} in cluster ${inputs.cluster}`)
  const { goal, seen } = await prepare(inputs, world, run).finally(() => tellChecks(world))
  const start: SetupProgress = {
    startedAt: run.startedAt,
    // What an attempt before has done is not known any more, only that there was something.
    steps: attempt > 1 && !run.dry ? ['Go on with what AWS has throttled'] : [],
    takenPriorities: [],
    unconfirmed: 0,
  }
  const ended = await (run.dry
    ? runSetupLoop(world, goal, start, seen, rehearsedActor)
    : runSetupLoop(world, goal, start, seen))
  const notes = leftOut(ended.seen, await scalingOfBlue(world, goal))
  for (const note of notes) world.log.warn(note)
  return run.dry ? planned(inputs, world, goal, seen, ended, notes) : done(inputs, goal, ended, notes)
}

/** @throws Refusal for all that cannot become a pair; nothing was written */
async function prepare(
  inputs: Inputs,
  world: World,
  run: SetupRun,
): Promise<{ readonly goal: SetupGoal; readonly seen: SetupSeen }> {
  const found = await lookAtBlue(world, inputs.services.blue, inputs.cluster)
  const goal = goalOf(inputs, world, run, found.group.view)
  const seen = await firstSetupLook(world, goal, found)
  const checks = setupChecks(goal, seen)
  for (const section of sections) {
    world.checks.pass(
      section,
      checks.filter(one => one.section === section).map(({ check }) => check),
    )
  }
  return { goal, seen }
}

function goalOf(
  inputs: Inputs,
  world: World,
  { owner }: SetupRun,
  group: { readonly arn: string; readonly name: string },
): SetupGoal {
  const of = `${inputs.cluster.slice(inputs.cluster.lastIndexOf('/') + 1)}/${inputs.services.blue}`
  const { testHeader } = inputs
  return {
    of,
    names: inputs.services,
    groupName: twinGroupName(group.name, createHash('sha256').update(group.arn).digest('hex')),
    tags: setupTags(of, {
      repository: owner.repository || 'local',
      id: owner.runId || 'local',
      created: new Date(world.clock.now()).toISOString(),
    }),
    desired: inputs.desiredCount ?? 0,
    listenerArns: inputs.listenerArns,
    testListenerArns: inputs.testListenerArns,
    ...(testHeader === undefined ? {} : { testHeader }),
    timeoutMs: inputs.timeoutMs,
  }
}

/** How Application Auto Scaling keeps the service whose twin it does not know; undefined when it does not, or nobody can tell. */
async function scalingOfBlue(world: World, { names: { blue, green } }: SetupGoal): Promise<string | undefined> {
  try {
    const { [blue]: own, [green]: twin } = await world.scaling.describe([blue, green])
    return own === undefined || twin !== undefined ? undefined : scalingText(own)
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    const { headline } = error.failure
    world.log.warn(`Whether Application Auto Scaling keeps ${blue} is unknown; its twin needs the same. ${headline}`)
    return undefined
  }
}

function done(
  inputs: Inputs,
  goal: SetupGoal,
  { outcome, progress, seen }: SetupEnded,
  notes: readonly string[],
): SetUp {
  return {
    outcome,
    setup: {
      steps: progress.steps,
      parts: partsOf(goal, seen),
      undo: undoCommands(goal, inputs.cluster, seen),
      notes,
      ...('failure' in outcome ? {} : { inputs: deployInputs(goal, inputs.cluster, seen) }),
    },
  }
}

async function planned(
  inputs: Inputs,
  world: World,
  goal: SetupGoal,
  before: SetupSeen,
  { outcome, progress: { steps }, seen }: SetupEnded,
  notes: readonly string[],
): Promise<SetUp> {
  const { definition } = await world.ecs.describeTaskDefinition(before.services.blue.view.taskDefinition)
  for (const step of steps) world.log.info(`Would: ${step}`)
  const would: Outcome = {
    status: 'unchanged',
    because: `Setup would take ${counted(steps.length, 'step')}; nothing was written`,
  }
  const whole = 'because' in outcome && steps.length === 0
  return {
    outcome: 'because' in outcome && steps.length > 0 ? would : outcome,
    setup: {
      dry: true,
      steps,
      parts: partsOf(goal, before),
      undo: [],
      notes,
      ...(whole ? { inputs: deployInputs(goal, inputs.cluster, before) } : {}),
    },
    policy: policyOf(goal, seen, rolesOf(definition)),
  }
}

function policyOf(goal: SetupGoal, seen: SetupSeen, taskRoles: readonly string[]): Policy {
  const { blue, green } = seen.groups
  const [rule] = ownTestRules(seen)
  return setupPolicy({
    blueArn: seen.services.blue.view.arn,
    green: goal.names.green,
    groupName: goal.groupName,
    routes: productionRoutes(goal, seen).map(route => route.arn),
    ...(rule === undefined ? {} : { testListener: rule.listenerArn }),
    taskRoles,
    serviceRoles: serviceRoles(twinRequest(goal, seen, green ?? blue)),
  })
}
