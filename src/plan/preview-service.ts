import type { Settings } from '../model/clone.ts'
import type { PreviewDecision, PreviewGoal, PreviewOrigin, PreviewProgress, PreviewSeen } from '../model/preview.ts'
import type { TargetGroupView } from '../model/routing.ts'
import type { ServiceView } from '../model/service.ts'
import { type Follow, followOriginal } from './clone-pace.ts'
import { finish, waitFor } from './preview-decisions.ts'

/** A service that was deleted drains as long as its target group says; what is looked at meanwhile costs one call. */
export const drainLookMs = 5_000

type Original = Pick<PreviewOrigin, 'described' | 'containerName' | 'containerPort'>

/** ECS knows of a new rule within seconds; Terraform gives it two minutes. */
export const refusedLimitMs = 120_000
const refusedLookMs = 3_000

/** ECS promises no read of one's own writes; it takes a second or two. */
export const invisibleMs = 60_000

/** How long CreateService may be refused before the next try. */
export const refusedPauseMs = refusedLookMs

export function serviceStep(
  goal: PreviewGoal,
  origin: Original,
  progress: PreviewProgress,
  seen: PreviewSeen,
  group: TargetGroupView,
  now: number,
): PreviewDecision | undefined {
  const { candidate } = progress
  const { view: service, described = {} } = seen.service.value ?? {}
  if (candidate === undefined) return undefined
  const { taskDefinition } = candidate
  const since = progress.refusedSince
  if (since !== undefined && now - since >= refusedLimitMs) {
    return finish(
      'UPDATE_REFUSED',
      `ECS does not make the service ${goal.name}: ${progress.refusedBecause ?? 'no reason given'}`,
      'Run again: it goes on from here. What stays refused, `mode: preview-destroy` takes away.',
    )
  }
  if (service === undefined && progress.staged !== undefined && now - progress.staged.at < invisibleMs) {
    return waitFor(now + refusedLookMs, ['service'], `ECS does not show ${goal.name} yet`)
  }
  if (service === undefined || service.status === 'INACTIVE') {
    return { kind: 'do', step: { kind: 'create-service', name: goal.name, taskDefinition, group } }
  }
  if (service.status !== 'ACTIVE') {
    if (now >= progress.startedAt + goal.timeoutMs) {
      return finish('SERVICE_NOT_ACTIVE', `The service ${goal.name} is still ${service.status}.`, 'Run again later.')
    }
    return waitFor(now + drainLookMs, ['service'], `${goal.name} is ${service.status}: its name is not free yet`)
  }
  if (service.loadBalancers[0]?.targetGroupArn !== group.arn) {
    return { kind: 'do', step: { kind: 'delete-service', service } }
  }
  if (progress.staged !== undefined) return undefined
  const same = service.taskDefinition === taskDefinition
  const { settings, needsTasks } = whatToFollow(goal, origin, service, described)
  const force = same && (goal.moving || needsTasks || service.deployments[0]?.rollout === 'FAILED')
  return {
    kind: 'do',
    step: { kind: 'update-service', name: goal.name, taskDefinition, desired: goal.desired, force, settings },
  }
}

/** Whoever renames a container, or moves it to another port, tells so to the service that is behind a load balancer. */
function whatToFollow(
  { desired }: Pick<PreviewGoal, 'desired'>,
  { described, containerName, containerPort }: Original,
  { loadBalancers: [behind] }: Pick<ServiceView, 'loadBalancers'>,
  copy: Settings,
): Follow {
  const follow = followOriginal(described, copy, desired)
  if (behind?.containerName === containerName && behind.containerPort === containerPort) return follow
  const { targetGroupArn } = behind ?? {}
  return {
    ...follow,
    settings: { ...follow.settings, loadBalancers: [{ targetGroupArn, containerName, containerPort }] },
  }
}

/** A service that is as it was asked for is only proven. Nothing else of this run's own doing is concluded from a look. */
export function noteAlready(
  goal: PreviewGoal,
  origin: Original,
  progress: PreviewProgress,
  seen: PreviewSeen,
  now: number,
): PreviewProgress {
  const { candidate, staged } = progress
  const { view: service, described = {} } = seen.service.value ?? {}
  const [primary] = service?.deployments ?? []
  const as =
    service?.status === 'ACTIVE' &&
    service.taskDefinition === candidate?.taskDefinition &&
    service.desired === goal.desired &&
    Object.keys(whatToFollow(goal, origin, service, described).settings).length === 0 &&
    service.loadBalancers[0]?.targetGroupArn === seen.group.value?.view.arn
  if (staged !== undefined || !as || primary === undefined || goal.moving || primary.rollout === 'FAILED') {
    return progress
  }
  return { ...progress, staged: { at: now, deploymentId: primary.id, desired: goal.desired } }
}
