import { type Failure, Refusal } from '../model/outcome.ts'
import type { ServiceView } from '../model/service.ts'
import type { Step } from '../model/step.ts'
import type { World } from './world.ts'

/** An attempt before the last may have been applied, its answer lost. */
const perhapsApplied: readonly Failure['code'][] = ['AWS_ERROR', 'THROTTLED']

/**
 * Updates the idle service. When no attempt got an answer that counts, the service itself tells whether one was applied: then the
 * deploy goes on from there, because a candidate that nobody knows of would be put back by nobody.
 *
 * @throws Refusal
 */
export async function updateIdle(
  step: Extract<Step, { kind: 'stage' }>,
  world: World,
  before: ServiceView,
): Promise<ServiceView> {
  try {
    return await world.ecs.updateService(step)
  } catch (error) {
    if (!(error instanceof Refusal) || !perhapsApplied.includes(error.failure.code)) throw error
    world.log.info(`No answer to the update of ${step.service}: look whether it was applied`)
    const service = await lookedUp(step, world, error.failure)
    const primary = primaryOf(service)
    const isNew = !step.force || primary?.id !== primaryOf(before)?.id
    if (isNew && primary?.taskDefinition === step.taskDefinition && service.desired === step.desired) return service
    throw error
  }
}

async function lookedUp(
  { color, service }: Extract<Step, { kind: 'stage' }>,
  world: World,
  failure: Failure,
): Promise<ServiceView> {
  try {
    return (await world.ecs.describeServices(world.names))[color]
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const unknown = `Whether ${service} was updated all the same could not be looked up: see what it runs. ${error.failure.headline}`
    throw new Refusal({ ...failure, details: [...failure.details, unknown] }, { cause: error })
  }
}

function primaryOf(service: ServiceView) {
  return service.deployments.find(deployment => deployment.status === 'PRIMARY')
}
