import { type FailureCode, Refusal } from '../model/outcome.ts'
import type { SetupPart, SetupProgress, SetupStep } from '../model/setup.ts'
import { refusedPauseMs } from '../plan/preview-service.ts'
import { setupStepText } from '../plan/setup-text.ts'
import type { World } from './world.ts'

/** A write that was not confirmed is looked up after a pause, and so often at most. */
const unconfirmedPauseMs = 1_000
const unconfirmedLimit = 6

export interface SetupActed {
  readonly progress: SetupProgress
  /** What the step may have changed. */
  readonly look: readonly SetupPart[]
}

/** Does one step. What it has changed is looked at again: nothing is concluded from having done it. */
export async function actOnSetup(step: SetupStep, world: World, before: SetupProgress): Promise<SetupActed> {
  const { elb } = world.clone()
  const says = setupStepText(step)
  const known = before.steps.includes(says)
  const progress = known ? before : { ...before, steps: [...before.steps, says] }
  if (!known) world.log.info(says)
  switch (step.kind) {
    case 'create-group':
      await elb.createGroup(step.name, step.settings, step.tags)
      return { progress, look: ['groups'] }
    case 'modify-group':
      await elb.modifyGroup(step.group.arn, step.settings)
      return { progress, look: ['groups'] }
    case 'modify-attributes':
      await elb.modifyAttributes(step.group.arn, step.attributes)
      return { progress, look: ['groups'] }
    case 'attach':
      return attach(step, world, before, progress, known)
    case 'create-test-rule':
      return createRule(step, world, progress)
    case 'delete-test-rule':
      await elb.deleteRule(step.rule.arn)
      return { progress, look: ['routes'] }
    case 'create-service':
      return createService(step, world, before, progress)
    default:
      return step satisfies never
  }
}

/** AWS has no write that depends on what was read: so it is read once more right before, and again after. */
async function attach(
  { route, actions }: Extract<SetupStep, { kind: 'attach' }>,
  world: World,
  before: SetupProgress,
  progress: SetupProgress,
  again: boolean,
): Promise<SetupActed> {
  const look = ['routes'] as const
  const [now] = await world.elb.describeRoutes([route.arn])
  if (now === undefined || JSON.stringify(now.actions) !== JSON.stringify(route.actions)) {
    world.log.info(`Somebody has changed ${route.label} in this moment: nothing was written, look again`)
    return { progress: await unconfirmed(world, before, 'TRAFFIC_MOVED', `${route.label} changes all the time`), look }
  }
  const written = await world.elb.writeRoute(route, actions)
  if (written === 'applied') {
    if (!again) return { progress, look }
    const what = `Somebody takes back what was written to ${route.label}`
    return { progress: await unconfirmed(world, progress, 'WRITE_NOT_CONFIRMED', what), look }
  }
  const code = written === 'throttled' ? 'THROTTLED' : 'AWS_ERROR'
  return { progress: await unconfirmed(world, progress, code, `${route.label} could not be changed`), look }
}

/** AWS makes a second rule when it is asked twice: so it is asked once, and whatever comes of it is looked up. */
async function createRule(
  { rule, tags }: Extract<SetupStep, { kind: 'create-test-rule' }>,
  world: World,
  progress: SetupProgress,
): Promise<SetupActed> {
  const look = ['routes'] as const
  const written = await world.clone().elb.createRule(rule, tags)
  switch (written) {
    case 'applied':
      return { progress, look }
    case 'priority-in-use':
      world.log.info(`Priority ${rule.priority} was taken in this moment: look again, and take another`)
      return { progress: { ...progress, takenPriorities: [...progress.takenPriorities, rule.priority] }, look }
    case 'throttled':
      return { progress: await unconfirmed(world, progress, 'THROTTLED', 'The rule could not be made'), look }
    case 'unanswered':
      return { progress: await unconfirmed(world, progress, 'AWS_ERROR', 'The rule could not be made'), look }
    default:
      return written satisfies never
  }
}

async function unconfirmed(
  world: World,
  progress: SetupProgress,
  code: FailureCode,
  what: string,
): Promise<SetupProgress> {
  const times = progress.unconfirmed + 1
  if (times >= unconfirmedLimit) {
    throw new Refusal({
      code,
      headline: `${what}: ${times} attempts, and none was confirmed.`,
      details: ['All of the traffic is where it was. Run again: it goes on from what is there.'],
    })
  }
  await world.clock.sleep(unconfirmedPauseMs * 2 ** (times - 1), world.signal)
  return { ...progress, unconfirmed: times }
}

async function createService(
  step: Extract<SetupStep, { kind: 'create-service' }>,
  world: World,
  before: SetupProgress,
  progress: SetupProgress,
): Promise<SetupActed> {
  const made = await world.clone().ecs.create(step.request)
  const now = world.clock.now()
  const look = ['services'] as const
  if (made.kind === 'created') {
    const { refusedSince: _, refusedBecause: __, ...rest } = progress
    return { progress: { ...rest, serviceMadeAt: now }, look }
  }
  if (before.refusedSince === undefined) world.log.info(`ECS does not take it yet: ${made.said}`)
  await world.clock.sleep(refusedPauseMs, world.signal)
  const refused = { refusedSince: before.refusedSince ?? now, refusedBecause: made.said }
  return { progress: { ...progress, ...refused }, look }
}
