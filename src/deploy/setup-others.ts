import type { SetupOthers, SetupSeen } from '../model/setup.ts'
import { strangeTargets, weightlessGroups } from '../plan/setup-shared.ts'
import type { World } from './world.ts'

/** What else is behind the target group, and behind the places that production comes through. */
export async function lookAtOthers(world: World, seen: SetupSeen): Promise<SetupOthers> {
  return { targets: await targetsOfOthers(world, seen), services: await servicesOfOthers(world, seen) }
}

/** Targets first: a task that begins meanwhile has none among them. One that ends meanwhile is asked for only where it matters. */
async function targetsOfOthers(world: World, { services, groups }: SetupSeen): Promise<readonly string[]> {
  const { name } = services.blue.view
  const targets = await world.elb.describeTargets(groups.blue.view.arn)
  const strange = strangeTargets(targets, await world.ecs.describeTasks(name, 'RUNNING'))
  if (strange.length === 0) return []
  const stopped = (await world.ecs.describeTasks(name, 'STOPPED')).flatMap(({ addresses }) => addresses)
  return strange.filter(address => !stopped.includes(address))
}

/** Only where a route names target groups that are neither half of the pair: most have none. */
async function servicesOfOthers(world: World, seen: SetupSeen): Promise<SetupOthers['services']> {
  const groups = weightlessGroups(seen)
  if (groups.length === 0) return []
  const { ecs } = world.clone()
  const found = await ecs.describe(await ecs.list())
  return found.flatMap(({ view }) =>
    view.loadBalancers
      .filter(({ targetGroupArn }) => view.status === 'ACTIVE' && groups.includes(targetGroupArn ?? ''))
      .map(({ targetGroupArn = '' }) => ({ name: view.name, group: targetGroupArn })),
  )
}
