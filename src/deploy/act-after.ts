import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Step } from '../model/step.ts'
import type { Acted } from './act.ts'
import { tolerated } from './advisory.ts'
import { nameOf } from './register.ts'
import { hold } from './scaling.ts'
import type { World } from './world.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

/** ECS lets an account deregister twenty at once, then one a second (aws-facts 1.11): the rest is for the next deploys. */
const deregistrationsPerRun = 20

export async function park(step: StepOf<'park'>, world: World, progress: Progress, seen: Snapshot): Promise<Acted> {
  const before = seen.services.value[step.color]
  let services = seen.services
  const mayBeScaled = progress.scaled === undefined || (progress.scaled !== 'unread' && progress.scaled[step.color])
  if (mayBeScaled) await hold(world, seen, step.color, step.desired)
  await tolerated(world, `${step.service} keeps its ${before.desired} tasks`, async () => {
    world.log.info(`Park ${step.service}: ${before.desired} → ${step.desired} tasks`)
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
