import type { RuleSeen } from '../model/clone.ts'
import { type Failure, Refusal } from '../model/outcome.ts'
import type {
  PreviewGoal,
  PreviewOrigin,
  PreviewPart,
  PreviewProgress,
  PreviewSeen,
  PreviewStep,
} from '../model/preview.ts'
import type { ServiceView } from '../model/service.ts'
import { serviceRequest } from '../plan/clone.ts'
import { ruleOf } from '../plan/preview-rule.ts'
import { refusedPauseMs } from '../plan/preview-service.ts'
import { stepText } from '../plan/preview-text.ts'
import type { PreviewRegistration } from './preview-register.ts'
import type { World } from './world.ts'

/** A write without an answer is looked up after a pause, and so often at most. */
const unansweredPauseMs = 1_000
const lostLimit = 6

export interface PreviewActed {
  readonly progress: PreviewProgress
  /** What the step may have changed. */
  readonly look: readonly PreviewPart[]
}

/** Does one step. What it has changed is looked at again: nothing is concluded from having done it. */
export async function actOnPreview(
  step: PreviewStep,
  world: World,
  goal: PreviewGoal,
  origin: PreviewOrigin,
  registration: PreviewRegistration,
  progress: PreviewProgress,
  seen: PreviewSeen,
): Promise<PreviewActed> {
  const { elb, ecs } = world.clone()
  const changed = { ...progress, changed: true }
  if (step.kind !== 'register' && step.kind !== 'create-service') world.log.info(stepText(step))
  switch (step.kind) {
    case 'create-group':
      await elb.createGroup(step.name, step.settings, step.tags)
      return { progress: changed, look: ['group'] }
    case 'modify-group':
      await elb.modifyGroup(step.group.arn, step.settings)
      return { progress: changed, look: ['group'] }
    case 'modify-attributes':
      await elb.modifyAttributes(step.group.arn, step.attributes)
      return { progress: changed, look: ['group'] }
    case 'create-rule':
      return createRule(step, world, changed)
    case 'modify-rule':
      await elb.modifyRule(step.rule, ruleOf(step.rule.listenerArn, 0, step.place, step.group.arn))
      return { progress: changed, look: ['rules'] }
    case 'delete-rule':
      if (step.why === 'moved') return leaveListener(step.rule, world, changed)
      await elb.deleteRule(step.rule.arn)
      return { progress: changed, look: ['rules'] }
    case 'register': {
      const candidate = await registration.make()
      return { progress: { ...progress, candidate }, look: [] }
    }
    case 'create-service':
      return createService(step, world, goal, origin, progress)
    case 'update-service': {
      const before = seen.service.value?.view.events.map(event => event.id) ?? []
      const { name: service, taskDefinition, desired, force, settings } = step
      const view = await world.ecs.updateService({ service, taskDefinition, desired, force, settings })
      return { progress: staged(changed, goal, view, world.clock.now(), before), look: ['service'] }
    }
    case 'tag':
      await elb.tagAll([step.group, ...step.rules], step.tags)
      if (step.service !== undefined) await ecs.tag(step.service, step.tags)
      // Whoever deletes it stops when he reads these tags. Only a service that is on its way can still be tagged.
      return { progress: { ...progress, taggedAt: world.clock.now() }, look: ['service'] }
    case 'delete-service':
      await ecs.remove(step.service.name)
      return { progress: changed, look: ['service'] }
    case 'delete-group': {
      if ((await elb.deleteGroup(step.group.arn)) === 'in-use') {
        world.log.warn(`${step.group.name} stays: somebody uses it by now. \`mode: preview-destroy\` takes it away`)
      }
      return {
        progress: { ...progress, ...(step.failure && { noRoom: step.failure }), tookBack: true },
        look: ['group'],
      }
    }
    case 'deregister':
    case 'delete-revisions':
      throw new Error(`a preview that is made has no step ${step.kind}`)
    default:
      return step satisfies never
  }
}

/** The preview is well where it is now: a role that may do nothing at the other listener is no reason to fail. */
async function leaveListener(rule: RuleSeen, world: World, progress: PreviewProgress): Promise<PreviewActed> {
  try {
    await world.clone().elb.deleteRule(rule.arn)
    return { progress, look: ['elsewhere'] }
  } catch (error) {
    if (!(error instanceof Refusal) || error.failure.code !== 'ACCESS_DENIED') throw error
    world.log.warn(`The rule of this preview at its listener of before stays. ${error.failure.headline}`)
    return { progress: { ...progress, keepsOthers: true }, look: [] }
  }
}

/** AWS makes a second rule when it is asked twice: so it is asked once, and whatever comes of it is looked up. */
async function createRule(
  step: Extract<PreviewStep, { kind: 'create-rule' }>,
  world: World,
  progress: PreviewProgress,
): Promise<PreviewActed> {
  const rule = ruleOf(step.listener.arn, step.priority, step.place, step.group.arn)
  const written = await world.clone().elb.createRule(rule, step.tags).catch(noRoomOr)
  const look = ['rules'] as const
  // Another run has taken the last place since they were counted.
  if (typeof written === 'object') return { progress: { ...progress, noRoom: written }, look }
  switch (written) {
    case 'applied':
      return { progress, look }
    case 'priority-in-use':
      world.log.info(`Priority ${step.priority} was taken in this moment: look again, and take another`)
      return { progress: { ...progress, takenPriorities: [...progress.takenPriorities, step.priority] }, look }
    case 'unanswered':
    case 'throttled': {
      const lostRules = (progress.lostRules ?? 0) + 1
      if (lostRules >= lostLimit) {
        throw new Refusal({
          code: written === 'throttled' ? 'THROTTLED' : 'AWS_ERROR',
          headline: `The rule of the preview could not be made: ${lostLimit} calls in a row got no answer, or were throttled.`,
          details: ['Run again: it goes on from here.'],
        })
      }
      world.log.info('No answer to the new rule: look whether it was made')
      await world.clock.sleep(unansweredPauseMs * 2 ** (lostRules - 1), world.signal)
      return { progress: { ...progress, lostRules }, look }
    }
    default:
      return written satisfies never
  }
}

function noRoomOr(error: unknown): Failure {
  if (error instanceof Refusal && error.failure.code === 'QUOTA_EXCEEDED') return error.failure
  throw error
}

async function createService(
  step: Extract<PreviewStep, { kind: 'create-service' }>,
  world: World,
  goal: PreviewGoal,
  origin: PreviewOrigin,
  progress: PreviewProgress,
): Promise<PreviewActed> {
  if (progress.refusedSince === undefined) world.log.info(stepText(step))
  const { containerName, containerPort, described } = origin
  const request = serviceRequest(described, {
    name: step.name,
    taskDefinition: step.taskDefinition,
    desired: goal.desired,
    targetGroupArn: step.group.arn,
    containerName,
    containerPort,
    tags: goal.tags,
  })
  const made = await world.clone().ecs.create(request)
  const now = world.clock.now()
  if (made.kind === 'created') {
    const { refusedSince: _, refusedBecause: __, ...rest } = progress
    return { progress: staged({ ...rest, changed: true }, goal, made.view, now, []), look: ['service'] }
  }
  if (progress.refusedSince === undefined) world.log.info(`ECS does not take it yet: ${made.said}`)
  await world.clock.sleep(refusedPauseMs, world.signal)
  const refused = { refusedSince: progress.refusedSince ?? now, refusedBecause: made.said }
  // Once is usual. From then on, the rule that ECS misses may have been deleted meanwhile.
  const look: readonly PreviewPart[] = progress.refusedSince === undefined ? ['service'] : ['rules', 'service']
  return { progress: { ...progress, ...refused }, look }
}

/** The answer says which deployment is ours: only that one may be proven. */
function staged(
  progress: PreviewProgress,
  goal: PreviewGoal,
  view: ServiceView,
  at: number,
  eventsBefore: readonly string[],
): PreviewProgress {
  const [primary] = view.deployments
  if (primary === undefined) return progress
  return { ...progress, staged: { at, deploymentId: primary.id, desired: goal.desired, eventsBefore } }
}
