import { type Outcome, Refusal } from '../model/outcome.ts'
import type { SetupGoal, SetupProgress, SetupSeen, SetupStep } from '../model/setup.ts'
import { nextSetupStep } from '../plan/setup-pair.ts'
import { setupStepText } from '../plan/setup-text.ts'
import { countRepeats } from './repeats.ts'
import { actOnSetup } from './setup-act.ts'
import { lookAtSetup, lookAtSetupCrowd } from './setup-look.ts'
import type { World } from './world.ts'

export interface SetupEnded {
  readonly outcome: Outcome
  readonly progress: SetupProgress
  readonly seen: SetupSeen
}

/** How a step is done: by calls to AWS, or only in the mind. */
export type SetupActor = (
  step: SetupStep,
  progress: SetupProgress,
  seen: SetupSeen,
) => Promise<{ readonly progress: SetupProgress; readonly seen: SetupSeen }>

/** Looks, decides, acts, and looks again, until the pair is whole or there is a reason why not. */
export async function runSetupLoop(
  world: World,
  goal: SetupGoal,
  start: SetupProgress,
  first: SetupSeen,
  act: SetupActor = realActor(world, goal),
): Promise<SetupEnded> {
  let state: SetupState = { progress: start, seen: first, said: '' }
  try {
    for (;;) {
      const next = await advance(world, goal, state, act)
      if ('outcome' in next) return next
      state = next
      world.signal.throwIfAborted()
    }
  } catch (error) {
    // What AWS throttles is tried again as a whole; whatever else ends the run, people need to know what is there by then.
    if (!(error instanceof Refusal) || world.signal.aborted || error.failure.code === 'THROTTLED') throw error
    return { outcome: { status: 'failed', failure: error.failure }, progress: state.progress, seen: state.seen }
  }
}

interface SetupState {
  readonly progress: SetupProgress
  readonly seen: SetupSeen
  /** What it has said it waits for. */
  readonly said: string
}

async function advance(
  world: World,
  goal: SetupGoal,
  state: SetupState,
  act: SetupActor,
): Promise<SetupState | SetupEnded> {
  const { progress, seen, said } = state
  const now = world.clock.now()
  const decision = nextSetupStep(goal, progress, seen, now)
  switch (decision.kind) {
    case 'finish':
      return { outcome: decision.outcome, progress, seen }
    case 'do':
      return { said, ...(await act(decision.step, progress, seen)) }
    case 'count':
      return { ...state, seen: { ...seen, crowd: await lookAtSetupCrowd(world, seen) } }
    case 'wait':
      if (decision.because !== said) world.log.info(`Wait: ${decision.because}`)
      if (decision.until > now) await world.clock.sleep(decision.until - now, world.signal)
      return { progress, said: decision.because, seen: await lookAtSetup(world, goal, seen, ['services']) }
    default:
      return decision satisfies never
  }
}

function realActor(world: World, goal: SetupGoal): SetupActor {
  const repeats = countRepeats(world)
  return async (step, before, seen) => {
    await repeats(step.kind, setupStepText(step))
    const { progress, look } = await actOnSetup(step, world, before)
    return { progress, seen: await lookAtSetup(world, goal, seen, look) }
  }
}

/** Does every step in the mind only. */
export const rehearsedActor: SetupActor = async (step, before, seen) => {
  const progress = { ...before, steps: [...before.steps, setupStepText(step)] }
  return { progress, seen: rehearsed(step, seen) }
}

function rehearsed(step: SetupStep, seen: SetupSeen): SetupSeen {
  const { blue, green } = seen.groups
  switch (step.kind) {
    case 'create-group': {
      const arn = `${blue.view.arn.split('/')[0]}/${step.name}/new`
      const view = { ...blue.view, name: step.name, arn, loadBalancerArns: [] }
      return { ...seen, groups: { blue, green: { ...blue, view, tags: step.tags } } }
    }
    case 'modify-group':
      return { ...seen, groups: { blue, ...(green && { green: { ...green, settings: blue.settings } }) } }
    case 'modify-attributes':
      return { ...seen, groups: { blue, ...(green && { green: { ...green, attributes: blue.attributes } }) } }
    case 'attach': {
      const change = <T extends { readonly arn: string }>(one: T) =>
        one.arn === step.route.arn ? { ...one, actions: step.actions } : one
      return { ...seen, listeners: seen.listeners.map(change), rules: seen.rules.map(change) }
    }
    case 'create-test-rule': {
      const arn = 'new'
      return { ...seen, rules: [...seen.rules, { ...step.rule, arn }], ownRules: [...seen.ownRules, arn] }
    }
    case 'delete-test-rule':
      return { ...seen, rules: seen.rules.filter(rule => rule.arn !== step.rule.arn) }
    case 'create-service': {
      const { blue: original } = seen.services
      const loadBalancers = original.view.loadBalancers.map(one => ({ ...one, targetGroupArn: green?.view.arn ?? '' }))
      const view = { ...original.view, name: step.name, desired: step.desired, running: 0, loadBalancers }
      return { ...seen, services: { blue: original, green: { ...original, view, tags: green?.tags ?? {} } } }
    }
    default:
      return step satisfies never
  }
}
