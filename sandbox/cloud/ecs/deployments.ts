import type { CreateServiceRequest } from '@aws-sdk/client-ecs'
import type { Random } from '../../random.ts'
import { note } from './events.ts'
import type { Definition, Deployment, RolloutState, Service, World } from './world.ts'

/** Rollouts: how one begins, completes, fails and rolls back. */

/** The breaker's bounds and share of the desired count. Source: Developer Guide, deployment-circuit-breaker. */
const BREAKER_MIN = 3
const BREAKER_MAX = 200
const BREAKER_SHARE = 0.5

/** Makes a new PRIMARY from the service's request as it is now; the older deployments are on their way out. */
export function startDeployment(
  world: World,
  service: Service,
  definition: Definition,
  isRollback = false,
): Deployment {
  const id = `ecs-svc/${digits(world.random, 19)}`
  const now = world.timeline.now()
  const deployment: Deployment = {
    id,
    definition,
    request: service.request,
    createdAt: now,
    isRollback,
    updatedAt: now,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    failedRounds: 0,
    launchFailure: undefined,
    notBefore: 0,
    digests: new Map(),
  }
  service.deployments.unshift(deployment)
  return deployment
}

function digits(random: Random, count: number): string {
  let text = String(1 + Math.floor(random() * 9))
  while (text.length < count) text += Math.floor(random() * 10)
  return text
}

export function complete(world: World, service: Service, deployment: Deployment): void {
  finish(world, deployment, 'COMPLETED', `ECS deployment ${deployment.id} completed.`)
  service.lastCompleted = deployment
  note(world, service, `(deployment ${deployment.id}) deployment completed.`)
}

/** Number of tasks in a row that may fail before the circuit breaker opens. */
export function breakerThreshold(desiredCount: number): number {
  return Math.min(BREAKER_MAX, Math.max(BREAKER_MIN, Math.ceil(BREAKER_SHARE * desiredCount)))
}

/** Fails the rollout when the circuit breaker is on and has seen enough, and goes back if it may and can. */
export function tripBreaker(world: World, service: Service, primary: Deployment): void {
  const breaker = service.request.deploymentConfiguration?.deploymentCircuitBreaker
  if (breaker?.enable !== true || primary.rolloutState !== 'IN_PROGRESS') return
  if (primary.failedTasks < breakerThreshold(service.desiredCount)) return
  finish(world, primary, 'FAILED', 'ECS deployment circuit breaker: tasks failed to start.')
  note(world, service, `(deployment ${primary.id}) deployment failed: tasks failed to start.`)
  const target = service.lastCompleted
  // Without a deployment that ever completed there is nowhere to go: the service stalls, as in AWS.
  if (breaker.rollback !== true || target === undefined || primary.isRollback) return
  service.request = rolledBack(service.request, target.request)
  const rollback = startDeployment(world, service, target.definition, true)
  rollback.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${target.id}.`
  note(world, service, `rolling back to deployment ${target.id}.`)
}

/** What a deployment carries comes from the old request; what does not start one (counts, percentages) stays. */
function rolledBack(now: CreateServiceRequest, then: CreateServiceRequest): CreateServiceRequest {
  return {
    ...now,
    taskDefinition: then.taskDefinition,
    networkConfiguration: then.networkConfiguration,
    platformVersion: then.platformVersion,
    loadBalancers: then.loadBalancers,
    serviceRegistries: then.serviceRegistries,
    serviceConnectConfiguration: then.serviceConnectConfiguration,
    volumeConfigurations: then.volumeConfigurations,
    vpcLatticeConfigurations: then.vpcLatticeConfigurations,
  }
}

function finish(world: World, deployment: Deployment, state: RolloutState, reason: string): void {
  deployment.rolloutState = state
  deployment.rolloutStateReason = reason
  deployment.updatedAt = world.timeline.now()
}
