import { type Alone, alone } from '../deploy/alone.ts'
import { type Ended, runLoop } from '../deploy/loop.ts'
import { lookWhole, type Whole } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { checkLines } from '../model/check.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { nextDeployStep } from '../plan/deploy.ts'
import type { DeployGoal } from '../plan/goal.ts'
import { alarmGoal } from './alarms.ts'
import { begin, check, type Prepared, warnOfCookies } from './begin.ts'
import { amidShift } from './expected-live.ts'
import { tellingWhatWas } from './so-far.ts'
import { readWhat } from './what.ts'

export interface Deployed extends Ended {
  readonly before: Snapshot
  readonly version: string
}

/** `mode: deploy`: put the image on the idle color, prove it there, and give it the traffic. */
export function deploy(inputs: Inputs, world: World, startedAt: number): Promise<Alone<Deployed>> {
  return alone(world, startedAt, from => deployOnce(inputs, world, from))
}

async function deployOnce(inputs: Inputs, world: World, startedAt: number): Promise<Deployed> {
  const { before, goal, progress } = await prepare(inputs, world, startedAt).finally(() => tellChecks(world))
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
 * @throws Refusal for the first thing that does not; nothing was written but what the look has
 */
export async function prepare(
  inputs: Inputs,
  world: World,
  startedAt: number,
  look: () => Promise<Whole> = () => lookWhole(world, amidShift(inputs, world)),
): Promise<Prepared> {
  const whole = await look()
  return tellingWhatWas(world, whole, () => prepareFrom(inputs, world, startedAt, whole))
}

async function prepareFrom(inputs: Inputs, world: World, startedAt: number, whole: Whole): Promise<Prepared> {
  const { before, progress } = await begin(inputs, world, startedAt, whole)
  const goal = {
    ...goalOf(inputs, await world.checks.read('Task definition', () => readWhat(inputs, world, before, progress))),
    ...(inputs.preDeployCommand === undefined ? {} : { preDeploy: inputs.preDeployCommand }),
    ...(await world.checks.read('Alarms', () => alarmGoal(inputs, world))),
    ...(inputs.autoPromote ? {} : { stageOnly: true as const }),
  }
  const prepared = { before, goal, progress }
  check(prepared, world)
  return prepared
}

/** Not before the first look: nothing may stand between the start and the first call. */
export function tellChecks(world: World): void {
  world.log.phase('Preflight')
  for (const line of checkLines(world.checks.all())) world.log.info(line)
}

/** The part of the goal that all modes that move traffic take from the same inputs. */
export function goalOf(inputs: Inputs, what: Awaited<ReturnType<typeof readWhat>>): DeployGoal {
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

function testGoal(inputs: Inputs): Pick<DeployGoal, 'tests'> {
  const {
    testUrl: url,
    testExpectedStatus: expectedStatus,
    testExpectedBody: expectedBody,
    testCommand: command,
  } = inputs
  const asked = url !== undefined || command !== undefined
  return {
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
