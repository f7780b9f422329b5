import type { Staged } from '../model/progress.ts'
import type { HealthCheckView } from '../model/routing.ts'
import type { DeploymentView, ServiceView, TaskView } from '../model/service.ts'
import { eventsSince, startedTasks, unplaced } from './events.ts'
import { causeOf } from './task-causes.ts'

/**
 * The bounds and the share of ECS's own circuit breaker (aws-facts 1.7): three failed tasks, or half of those wanted. One
 * flaky task, or a few of many, must not end a deploy that would come right.
 */
const atLeast = 3
const atMost = 200
const share = 0.5

/** Something is wrong: a task failed or had to be replaced, or could not be placed. Then it is worth calls to know why. */
export function isTroubled(staged: Staged, service: ServiceView, deployment: DeploymentView): boolean {
  const events = eventsSince(staged, service)
  return deployment.failedTasks > 0 || startedTasks(events) > deployment.desired || unplaced(events).length > 0
}

/**
 * Whether to wait any longer is pointless: enough tasks of our deployment have failed and none was ever healthy, or ECS has
 * said three times that it cannot place any. A deployment without a circuit breaker would go on for ever.
 *
 * ECS forgets failed tasks when one reaches RUNNING, so those that crash a moment later never add up there: they are
 * counted among the stopped ones as well. With a circuit breaker, ECS is left to act first.
 */
export function isHopeless(
  staged: Staged,
  service: ServiceView,
  deployment: DeploymentView,
  stopped: readonly TaskView[],
  check: HealthCheckView,
): boolean {
  const half = Math.min(atMost, Math.max(atLeast, Math.ceil(deployment.desired * share)))
  const limit = service.circuitBreaker === true ? 2 * half : half
  // What has served once may come back, unless nothing of it is left.
  if (staged.servedAt !== undefined) return deployment.running === 0 && deployment.failedTasks >= limit
  if (Math.max(deployment.failedTasks, failedTasks(staged, stopped, check).length) >= limit) return true
  return deployment.running === 0 && unplaced(eventsSince(staged, service)).length >= atLeast
}

/** Stopped tasks of our deployment that nobody stopped on purpose. */
export function failedTasks(staged: Staged, stopped: readonly TaskView[], check: HealthCheckView): readonly TaskView[] {
  return stopped.filter(task => task.startedBy === staged.deploymentId && causeOf(task, check) !== undefined)
}
