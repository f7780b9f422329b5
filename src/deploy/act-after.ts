import { counted } from '../model/count.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Step } from '../model/step.ts'
import type { Acted } from './acted.ts'
import { tolerated } from './advisory.ts'
import { lookAgain } from './observe.ts'
import { nameOf } from './revisions.ts'
import { hold } from './scaling.ts'
import type { World } from './world.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

/** ECS lets an account deregister twenty at once, then one a second (aws-facts 1.11): the rest is for the next deploys. */
const deregistrationsPerRun = 20

/** Whether this write only concerns testers, and customers are served well whatever becomes of it. */
export function isAfterwards(step: StepOf<'route'>, { shiftedAt, staged }: Progress): boolean {
  return step.why === 'test' && (shiftedAt !== undefined || staged === undefined)
}

/** @param write the write itself */
export async function pointTestersBack(
  step: StepOf<'route'>,
  world: World,
  progress: Progress,
  seen: Snapshot,
  write: () => Promise<Acted>,
): Promise<Acted> {
  const { arn, label } = step.route
  // What is told is told once: a write that has failed for good is not one that waits for its answer.
  const { [arn]: _, ...unanswered } = progress.unanswered
  let done: Acted = { progress: { ...progress, unanswered }, seen, look: [] }
  const what = `Testers on ${label} are not sent to ${step.to}: run again when the cause is mended, or give ${step.to} all its weight by hand`
  await tolerated(world, what, async () => {
    const acted = await write()
    done = { ...acted, seen: await lookAgain(world, acted.seen, acted.progress.to, acted.look), look: [] }
  })
  return done
}

export async function park(step: StepOf<'park'>, world: World, progress: Progress, seen: Snapshot): Promise<Acted> {
  const before = seen.services.value[step.color]
  let services = seen.services
  const mayBeScaled = progress.scaled === undefined || (progress.scaled !== 'unread' && progress.scaled[step.color])
  if (mayBeScaled) await hold(world, seen, step.color, step.desired)
  await tolerated(world, `${step.service} keeps its ${counted(before.desired, 'task')}`, async () => {
    world.log.info(`Park ${step.service}: ${before.desired} → ${counted(step.desired, 'task')}`)
    const service = await world.ecs.resizeService(step.service, step.desired)
    services = { at: world.clock.now(), value: { ...seen.services.value, [step.color]: service } }
  })
  return { progress: { ...progress, parkedAt: world.clock.now() }, seen: { ...seen, services }, look: [] }
}

export async function deregister(
  step: StepOf<'deregister'>,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Acted> {
  await tolerated(world, `Older revisions of ${step.family} stay registered`, async () => {
    const services = await world.ecs.describeServices(world.names)
    const inUse = new Set(
      Object.values(services).flatMap(service => [
        service.taskDefinition,
        ...service.deployments.map(deployment => deployment.taskDefinition),
      ]),
    )
    const revisions = await world.ecs.listRevisions(step.family)
    const old = revisions.slice(step.keep).filter(arn => !inUse.has(arn))
    // The oldest first: should this run end early, those that are left are the newer ones.
    for (const arn of old.toReversed().slice(0, deregistrationsPerRun)) {
      world.signal.throwIfAborted()
      world.log.info(`Deregister ${nameOf(arn)}`)
      await world.ecs.deregisterTaskDefinition(arn)
    }
    const rest = old.length - deregistrationsPerRun
    if (rest > 0) world.log.info(`${rest} more old revisions of ${step.family} are left to the next deploys`)
  })
  return { progress: { ...progress, deregisteredAt: world.clock.now() }, seen, look: [] }
}
