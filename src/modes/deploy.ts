import { type Alone, alone } from '../deploy/alone.ts'
import { withAttributes } from '../deploy/attributes.ts'
import { type Ended, runLoop } from '../deploy/loop.ts'
import { lookWhole } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { checkLines } from '../model/check.ts'
import { Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { nextDeployStep } from '../plan/deploy.ts'
import type { DeployGoal } from '../plan/goal.ts'
import { preflight } from '../plan/preflight.ts'
import { spanOf } from '../plan/span.ts'
import { stagedSize } from '../plan/stage.ts'
import { forwardConfig, type Live, readLive, readWeights } from '../plan/weights.ts'
import { alarmGoal } from './alarms.ts'
import { readWhat } from './what.ts'

/** What a deploy is going to do, and where it begins. */
export interface Prepared {
  readonly before: Snapshot
  readonly goal: DeployGoal
  readonly progress: Progress
}

export interface Deployed extends Ended {
  readonly before: Snapshot
  readonly version: string
}

/** `mode: deploy`: put the image on the idle color, prove it there, and give it the traffic. */
export function deploy(inputs: Inputs, world: World, startedAt: number): Promise<Alone<Deployed>> {
  return alone(world, startedAt, from => deployOnce(inputs, world, from))
}

async function deployOnce(inputs: Inputs, world: World, startedAt: number): Promise<Deployed> {
  const { before, goal, progress } = await prepare(inputs, world, startedAt).finally(() => {
    // Not before the first look: nothing may stand between the start and the first call.
    world.log.phase('Preflight')
    for (const line of checkLines(world.checks.all())) world.log.info(line)
  })
  world.log.phase(`Deploy ${goal.image} to ${inputs.serviceLabel} in cluster ${inputs.cluster}`)
  warnOfCookies(world, before)
  const { from, to } = progress
  world.log.info(`${from} is live: ${before.services.value[from].name}; ${to} is idle and gets ${goal.image}`)
  const ended = await runLoop(world, (now, seen, at) => nextDeployStep(goal, now, seen, at), progress, before)
  return { ...ended, before, version: goal.version }
}

/**
 * The preflight: what is there, who is live, what is to be deployed, and whether all that goes together.
 *
 * @param look the first look
 * @throws Refusal for the first thing that does not; nothing was written
 */
export async function prepare(
  inputs: Inputs,
  world: World,
  startedAt: number,
  look: () => Promise<Snapshot> = () => lookWhole(world),
): Promise<Prepared> {
  const looked = await look()
  const before = await withSettings(inputs, world, looked)
  const live = readLive(before.production.value, before.targetGroups)
  world.checks.pass('Listeners and rules', [
    () => {
      if (live.kind === 'live') return `${live.color} is live, ${live.idle} is idle`
      throw unclear(live, before)
    },
  ])
  if (live.kind === 'unclear') throw unclear(live, before)
  const progress: Progress = {
    startedAt,
    from: live.color,
    to: live.idle,
    told: {},
    unanswered: {},
    referenced: [],
    throttled: 0,
  }
  const goal = {
    ...goalOf(inputs, await world.checks.read('Task definition', () => readWhat(inputs, world, before, progress))),
    ...(await world.checks.read('Alarms', () => alarmGoal(inputs, world))),
  }
  world.checks.take(
    preflight({
      seen: before,
      to: live.idle,
      desired: stagedSize(goal, before.services.value[live.color].running),
      timeoutMs: goal.timeoutMs,
      span: spanOf(goal, before),
      now: startedAt,
      ...(world.credentialsUntil === undefined ? {} : { credentialsUntil: world.credentialsUntil }),
    }),
  )
  return { before, goal, progress }
}

/** The settings of target groups that a deploy cannot do without, or a plan has to tell. */
async function withSettings(inputs: Inputs, world: World, seen: Snapshot): Promise<Snapshot> {
  // AWS has taken weights for all others already.
  const neverWeighted = [...seen.production.value, ...seen.test.value].some(
    route => (forwardConfig(route.actions)?.TargetGroups ?? []).length < 2,
  )
  if (inputs.mode !== 'plan' && !neverWeighted) return seen
  return { ...seen, targetGroups: await withAttributes(world, seen.targetGroups) }
}

function unclear(live: Extract<Live, { kind: 'unclear' }>, before: Snapshot): Refusal {
  return new Refusal({
    code: 'LIVE_UNCLEAR',
    headline: `Which color is live is unclear: ${live.because}.`,
    details: [
      ...before.production.value.map(route => `${route.label}: ${route.arn}`),
      live.hint,
      'Nothing was written.',
    ],
  })
}

function goalOf(inputs: Inputs, what: Awaited<ReturnType<typeof readWhat>>): DeployGoal {
  return {
    ...what,
    timeoutMs: inputs.timeoutMs,
    ...(inputs.lock ? { locked: true } : {}),
    rollbackOnFailure: inputs.rollbackOnFailure,
    confirm: inputs.productionUrl !== undefined,
    strategy: inputs.strategy,
    bakeMs: inputs.bakeMs,
    ...(inputs.productionUrl !== undefined && {
      probe: { ratePerSecond: inputs.probeRate, maxFailed: inputs.maxFailedRequests },
    }),
    ...testGoal(inputs),
    ...(inputs.idleCount === undefined ? {} : { idleCount: inputs.idleCount }),
    ...(inputs.keepRevisions === undefined ? {} : { keepRevisions: inputs.keepRevisions }),
    ...(inputs.desiredCount === undefined ? {} : { desiredCount: inputs.desiredCount }),
    ...(inputs.minHealthyTargets === undefined ? {} : { minHealthyTargets: inputs.minHealthyTargets }),
    ...(inputs.pollIntervalMs === undefined ? {} : { pollIntervalMs: inputs.pollIntervalMs }),
  }
}

function testGoal(inputs: Inputs): Pick<DeployGoal, 'preDeploy' | 'tests'> {
  const {
    testUrl: url,
    testExpectedStatus: expectedStatus,
    testExpectedBody: expectedBody,
    testCommand: command,
  } = inputs
  const asked = url !== undefined || command !== undefined
  return {
    ...(inputs.preDeployCommand === undefined ? {} : { preDeploy: inputs.preDeployCommand }),
    ...(asked && {
      tests: {
        cluster: inputs.cluster,
        ...(url === undefined
          ? {}
          : { url: { url, expectedStatus, ...(expectedBody === undefined ? {} : { expectedBody }) } }),
        ...(command === undefined ? {} : { command }),
      },
    }),
  }
}

/** A cookie outweighs weights: its holders stay on the old color until it expires (aws-facts 2.4). */
function warnOfCookies(world: World, seen: Snapshot): void {
  for (const route of seen.production.value) {
    const { stickySeconds } = readWeights(route, seen.targetGroups)
    if (stickySeconds === undefined) continue
    world.log.warn(
      `${route.label} has target group stickiness of ${stickySeconds} s: clients that hold its cookie stay on the old color for as long after the switch.`,
    )
  }
}
