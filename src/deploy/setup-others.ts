import type { SetupOthers, SetupSeen } from '../model/setup.ts'
import { strangeTargets, weightlessGroups } from '../plan/setup-shared.ts'
import type { World } from './world.ts'

/** Services that are held at a time: as many as one call describes. */
const keptAtOnce = 10

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

/** All of the cluster's: one without tasks has registered nothing, and is behind its target group all the same. */
async function servicesOfOthers(world: World, seen: SetupSeen): Promise<SetupOthers['services']> {
  const groups = [seen.groups.blue.view.arn, ...weightlessGroups(seen)]
  const { ecs } = world.clone()
  const { name: own } = seen.services.blue.view
  const names = (await ecs.list()).filter(name => name !== own)
  const found: SetupOthers['services'][number][] = []
  // A service comes with its last hundred events: of clusters with hundreds of them, only what matters is kept.
  for (let at = 0; at < names.length; at += keptAtOnce) {
    for (const { view } of await ecs.describe(names.slice(at, at + keptAtOnce))) {
      if (view.status !== 'ACTIVE') continue
      for (const { targetGroupArn: group } of view.loadBalancers) {
        if (groups.includes(group)) found.push({ name: view.name, group })
      }
    }
  }
  return found
}
