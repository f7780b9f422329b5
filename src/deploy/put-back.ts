import { Refusal } from '../model/outcome.ts'
import type { ServiceView } from '../model/service.ts'
import type { Step } from '../model/step.ts'
import { copyOf, nameOf } from './revisions.ts'
import type { World } from './world.ts'

/**
 * Gives the idle service its former revision and count. Somebody may have deregistered that revision, and then ECS starts nothing new from
 * it: a copy takes its place, so that the way back stays open.
 *
 * @throws Refusal
 */
export async function updateBack(step: Extract<Step, { kind: 'put-back' }>, world: World): Promise<ServiceView> {
  const { service, taskDefinition, desired } = step
  try {
    return await world.ecs.updateService({ service, taskDefinition, desired, force: false })
  } catch (error) {
    if (!(error instanceof Refusal) || error.failure.code !== 'UPDATE_REFUSED') throw error
    const copy = await copyOf(world, taskDefinition)
    if (copy === undefined) throw error
    world.log.info(
      `${nameOf(taskDefinition)} is deregistered, and ECS starts nothing new from it: ${service} gets the copy ${nameOf(copy)}`,
    )
    return world.ecs.updateService({ service, taskDefinition: copy, desired, force: false })
  }
}
