import type { Color } from '../model/color.ts'
import { counted } from '../model/count.ts'
import { Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { RouteView, TagChange } from '../model/routing.ts'
import type { ServiceView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Step } from '../model/step.ts'
import { forgotten } from '../plan/noted.ts'
import { runsWhatFailed } from '../plan/put-back.ts'
import { describeWeights, keepClientSecrets, readWeights, withWeights } from '../plan/weights.ts'
import { deregister, isAfterwards, park, pointTestersBack } from './act-after.ts'
import { askTestUrl, runTask, stopTask, testCommand, testersPointed } from './act-tests.ts'
import type { Acted } from './acted.ts'
import { advisory } from './advisory.ts'
import { updateBack } from './put-back.ts'
import { register } from './register.ts'
import { nameOf } from './revisions.ts'
import { holdAgain, resumeScaling } from './scaling.ts'
import { updateIdle } from './update-idle.ts'
import type { World } from './world.ts'

/** A write is tried so often, with pauses of 1, 2, 4 and 8 s between. */
const unansweredLimit = 5
const unansweredPauseMs = 1_000

/** Does one step, and says what is known after it. */
export async function act(step: Step, world: World, progress: Progress, seen: Snapshot): Promise<Acted> {
  switch (step.kind) {
    case 'register':
      return { progress: await register(step, world, progress, seen), seen, look: [] }
    case 'stage':
      return stage(step, world, progress, seen)
    case 'put-back':
      return putBack(step, world, progress, seen)
    case 'route':
      return isAfterwards(step, progress)
        ? pointTestersBack(step, world, progress, seen, () => route(step, world, progress, seen))
        : route(step, world, progress, seen)
    case 'park':
      return park(step, world, progress, seen)
    case 'deregister':
      return deregister(step, world, progress, seen)
    case 'resume-scaling':
      return resumeScaling(step, world, progress, seen)
    case 'tag':
      world.log.info(`Note on both target groups that ${progress.to} is production`)
      return tag(step.changes, world, progress, seen)
    case 'note': {
      world.log.info(noteText(step.change))
      const noted = await tag([step.change], world, progress, seen)
      return { ...noted, progress: { ...progress, notedAt: world.clock.now() } }
    }
    case 'run-task':
      return runTask(step, world, progress, seen)
    case 'stop-task':
      return stopTask(step, world, progress, seen)
    case 'ask-test-url':
      return askTestUrl(step, world, progress, seen)
    case 'test-command':
      return testCommand(step, world, progress, seen)
    case 'watch':
      world.log.info('Begin to ask production-url, so that the switch itself is measured')
      world.probe?.start()
      return { progress: { ...progress, watchingSince: world.clock.now() }, seen, look: [] }
    default:
      return step satisfies never
  }
}

async function stage(
  step: Extract<Step, { kind: 'stage' }>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  world.log.info(`Update ${step.service} to ${nameOf(step.taskDefinition)} with ${counted(step.desired, 'task')}`)
  const before = seen.services.value[step.color]
  const service = await updateIdle(step, world, before)
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
      idleBefore: progress.idleBefore ?? {
        service: before.name,
        taskDefinition: before.taskDefinition,
        desired: before.desired,
      },
    },
    seen: withAnswer(seen, step.color, service, at),
    look: [],
  }
}

async function putBack(
  step: Extract<Step, { kind: 'put-back' }>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  world.log.info(`Put ${step.service} back to ${nameOf(step.taskDefinition)} with ${counted(step.desired, 'task')}`)
  if (step.desired > (progress.idleBefore?.desired ?? step.desired)) {
    world.log.warn(
      `${step.service} keeps ${counted(step.desired, 'task')}, and not the ${progress.idleBefore?.desired} of before: cookies of target group stickiness still lead clients there. Give it its count when they have expired, or let the next deploy do so by \`idle-desired-count\`.`,
    )
  }
  await holdAgain(world, progress, seen, step.color, step.desired)
  const service = await updateBack(step, world)
  if (runsWhatFailed(progress, step.taskDefinition) && progress.idleWas?.digest === undefined) {
    await advisory(world, () => world.elb.writeTags(seen.targetGroups[step.color].arn, forgotten))
  }
  const { idleBefore: _, ...rest } = progress
  const { name, taskDefinition, desired } = service
  return {
    progress: { ...rest, idleBack: { service: name, taskDefinition, desired } },
    seen: withAnswer(seen, step.color, service, world.clock.now()),
    look: [],
  }
}

/** The answer to an update is as good as a look at the service. */
function withAnswer(seen: Snapshot, color: Color, service: ServiceView, at: number): Snapshot {
  return { ...seen, services: { at, value: { ...seen.services.value, [color]: service } } }
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
  const answers = world.probe?.look()
  const isFirst = step.why === 'shift' && progress.provenAt === undefined
  if (isFirst && progress.watchingSince !== undefined && answers?.versions.length === 0) {
    world.log.warn(
      `production-url tells no version before the switch (${answers.lastFailure ?? 'there is no answer'}), and production changes all the same.`,
    )
  }
  const actions = keepClientSecrets(withWeights(step.route.actions, seen.targetGroups, step.shares))
  const written = await world.elb.writeRoute(step.route, actions)
  const { [step.route.arn]: lost = 0, ...others } = progress.unanswered
  if (written !== 'applied') await unanswered(step.route, written, lost, world)
  return {
    progress: {
      ...progress,
      unanswered: written === 'applied' ? others : { ...others, [step.route.arn]: lost + 1 },
      ...(step.why === 'reference' ? { referenced: [...progress.referenced, step.route.arn] } : {}),
      ...(step.why === 'restore' ? { restoringSince: progress.restoringSince ?? now } : {}),
      ...(step.why === 'test' ? testersPointed(progress, world) : {}),
      ...(isFirst ? { provenAt: now } : {}),
    },
    seen,
    look: ['routes'],
  }
}

/** A write without an answer is looked up before it is tried again: somebody else may have written in between. */
async function unanswered(
  route: RouteView,
  written: 'throttled' | 'unanswered',
  lost: number,
  world: World,
): Promise<void> {
  const action = `elasticloadbalancing:${route.kind === 'rule' ? 'ModifyRule' : 'ModifyListener'}`
  if (lost + 1 >= unansweredLimit) {
    throw new Refusal({
      code: written === 'throttled' ? 'THROTTLED' : 'AWS_ERROR',
      headline: `${route.label} could not be changed: ${unansweredLimit} writes in a row got no answer, or were throttled.`,
      details: [
        written === 'throttled'
          ? `AWS throttled ${action}, the last time too. Other jobs of this account call the same API: spread them out, then run again.`
          : `AWS did not answer ${action}: run again.`,
        route.arn,
      ],
    })
  }
  world.log.info(`No answer to the change of ${route.label}: look whether it was applied`)
  await world.clock.sleep(unansweredPauseMs * 2 ** lost, world.signal)
}

/** Neither has the traffic because of it: `promote` and the next rollback read what is noted here. */
function noteText({ color, tags }: TagChange): string {
  return tags.Staged
    ? `Note on ${color} what is staged there`
    : tags.RolledBack
      ? `Note on ${color} that production is taken back from there`
      : `Take the note off ${color} that production was taken back from there`
}

async function tag(changes: readonly TagChange[], world: World, progress: Progress, seen: Snapshot): Promise<Acted> {
  // The bake is over, and every node has obeyed: what customers get from now on is no part of the switch.
  await world.probe?.stop()
  for (const change of changes) {
    await advisory(world, () => world.elb.writeTags(change.targetGroupArn, change.tags))
  }
  return { progress: { ...progress, taggedAt: world.clock.now() }, seen, look: [] }
}
