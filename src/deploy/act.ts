import { Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { TagChange } from '../model/routing.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import type { Step } from '../model/step.ts'
import { noted } from '../plan/noted.ts'
import { type Described, imageOf, isIdentical, registrationOf } from '../plan/task-definition.ts'
import { describeWeights, keepClientSecrets, readWeights, withWeights } from '../plan/weights.ts'
import type { World } from './world.ts'

export interface Acted {
  readonly progress: Progress
  readonly seen: Snapshot
  /** What the step has made stale. */
  readonly look: readonly Part[]
}

/** Does one step, and says what is known after it. */
export async function act(step: Step, world: World, progress: Progress, seen: Snapshot): Promise<Acted> {
  switch (step.kind) {
    case 'register':
      return register(step, world, progress, seen)
    case 'stage':
      return stage(step, world, progress, seen)
    case 'put-back':
      return putBack(step, world, progress, seen)
    case 'route':
      return route(step, world, progress, seen)
    case 'tag':
      return tag(step.changes, world, progress, seen)
    case 'watch':
      world.log.info('Begin to ask production-url, so that the switch itself is measured')
      world.probe?.start()
      return { progress: { ...progress, watchingSince: world.clock.now() }, seen, look: [] }
    default:
      return step satisfies never
  }
}

async function register(
  step: Extract<Step, { kind: 'register' }>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  const live = await world.ecs.describeTaskDefinition(step.from)
  const [[container, image]] = Object.entries(step.images) as [[string, string]]
  const previousImage = imageOf(live, container)
  if (previousImage === undefined) {
    throw new Refusal({
      code: 'CONTAINER_UNCLEAR',
      headline: `The task definition ${step.from} has no container ${container}.`,
      details: [
        `It has ${(live.definition.containerDefinitions ?? []).map(one => one.name).join(', ')}.`,
        'Set `container-name` to the one whose image changes.',
      ],
    })
  }
  const targetGroup = seen.targetGroups[progress.from].arn
  const tags = await world.elb.describeTags([targetGroup])
  const previous = { ...noted(previousImage, tags[targetGroup]), taskDefinition: step.from }
  const wanted = registrationOf(live, step.images)
  const found = await reusable(step, world, live, wanted)
  const taskDefinition = found ?? (await world.ecs.registerTaskDefinition(wanted))
  world.log.info(
    found === undefined
      ? `Register ${nameOf(taskDefinition)}: ${nameOf(step.from)} with ${container} at ${image}`
      : `Reuse ${nameOf(taskDefinition)}, which already is what was asked for: ${container} at ${image}`,
  )
  return {
    progress: {
      ...progress,
      previous,
      candidate: { taskDefinition, registered: found === undefined, container, image },
    },
    seen,
    look: [],
  }
}

/** An identical revision among those in use and the family's newest: a retry must not pile up copies. */
async function reusable(
  step: Extract<Step, { kind: 'register' }>,
  world: World,
  live: Described,
  wanted: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  if (isIdentical(live, wanted)) return step.from
  const others = [step.reusable, String(live.definition.family ?? '')].filter(other => other !== step.from)
  for (const reference of new Set(others)) {
    const existing = await world.ecs.describeTaskDefinition(reference)
    if (isIdentical(existing, wanted)) return existing.definition.taskDefinitionArn
  }
  return undefined
}

async function stage(
  step: Extract<Step, { kind: 'stage' }>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  world.log.info(`Update ${step.service} to ${nameOf(step.taskDefinition)} with ${step.desired} tasks`)
  const before = seen.services.value[step.color]
  const service = await world.ecs.updateService(step)
  const at = world.clock.now()
  const primary = service.deployments.find(deployment => deployment.status === 'PRIMARY')
  if (primary?.taskDefinition !== step.taskDefinition) {
    throw new Refusal({
      code: 'CANDIDATE_SUPERSEDED',
      headline: `${step.service} was updated to ${step.taskDefinition}, but its PRIMARY deployment has ${primary?.taskDefinition ?? 'no revision'}.`,
      details: [
        before.arn,
        'Somebody else updates this service at the same time. Let one workflow own it, then run again.',
      ],
    })
  }
  return {
    progress: {
      ...progress,
      staged: {
        at,
        deploymentId: primary.id,
        desired: step.desired,
        eventsBefore: progress.staged?.eventsBefore ?? before.events.map(event => event.id),
      },
      idleBefore: { service: before.name, taskDefinition: before.taskDefinition, desired: before.desired },
    },
    seen: { ...seen, services: { at, value: { ...seen.services.value, [step.color]: service } } },
    look: [],
  }
}

async function putBack(
  step: Extract<Step, { kind: 'put-back' }>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  world.log.info(`Put ${step.service} back to ${nameOf(step.taskDefinition)} with ${step.desired} tasks`)
  const service = await world.ecs.updateService({ ...step, force: false })
  const { idleBefore: _, ...rest } = progress
  const at = world.clock.now()
  return {
    progress: rest,
    seen: { ...seen, services: { at, value: { ...seen.services.value, [step.color]: service } } },
    look: [],
  }
}

async function route(
  step: Extract<Step, { kind: 'route' }>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  const before = readWeights(step.route, seen.targetGroups).weights
  const verb = { reference: 'Add the idle color to', shift: 'Shift', test: 'Point testers at', restore: 'Give back' }[
    step.why
  ]
  world.log.info(
    `${verb} ${step.why === 'test' ? `${step.to} on ` : ''}${step.route.label}${step.why === 'shift' ? ` to ${step.to}` : ''}: ${describeWeights(before)} → ${describeWeights(step.shares)}`,
  )
  const now = world.clock.now()
  await world.elb.writeRoute(
    step.route,
    keepClientSecrets(withWeights(step.route.actions, seen.targetGroups, step.shares)),
  )
  return {
    progress: {
      ...progress,
      ...(step.why === 'reference' ? { referenced: [...progress.referenced, step.route.arn] } : {}),
      ...(step.why === 'shift' && progress.provenAt === undefined ? { provenAt: now } : {}),
    },
    seen,
    look: ['routes'],
  }
}

/** Tags are advisory: a role that may not write them must not turn a finished deploy red. */
async function tag(changes: readonly TagChange[], world: World, progress: Progress, seen: Snapshot): Promise<Acted> {
  for (const change of changes) {
    try {
      await world.elb.writeTags(change.targetGroupArn, change.tags)
    } catch (error) {
      if (!(error instanceof Refusal) || world.signal.aborted) throw error
      world.log.warn(`${error.failure.headline} The deploy goes on: these tags are only notes.`)
    }
  }
  return { progress: { ...progress, taggedAt: world.clock.now() }, seen, look: [] }
}

/** `family:revision` of a task definition's ARN. */
function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
