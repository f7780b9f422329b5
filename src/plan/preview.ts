import { failed } from '../model/outcome.ts'
import type {
  PreviewDecision,
  PreviewGoal,
  PreviewOrigin,
  PreviewPart,
  PreviewProgress,
  PreviewRule,
  PreviewSeen,
} from '../model/preview.ts'
import type { TargetGroupView } from '../model/routing.ts'
import { attributeDifferences, checkDifferences, fixedDifferences } from './clone.ts'
import { noRoom } from './preview-limits.ts'
import { isOwn, tagKeys } from './preview-names.ts'
import { provePreview } from './preview-proof.ts'
import { freePriority, isAt, namesPlace, placeText, sendsTo } from './preview-rule.ts'

/** A service that was deleted drains as long as its target group says; what is looked at meanwhile costs one call. */
const drainLookMs = 5_000

/** ECS knows of a new rule within seconds; Terraform gives it two minutes. */
const refusedLimitMs = 120_000
const refusedLookMs = 3_000

/** ECS promises no read of one's own writes; it takes a second or two. */
const invisibleMs = 60_000

/**
 * What is to be done next, from what is there: a run that was killed at any call is continued by the next one.
 *
 * | there is                                   | next                                          |
 * |--------------------------------------------|-----------------------------------------------|
 * | a part of this name without our tags       | refuse, and touch nothing                     |
 * | a rule of others for the same requests     | refuse                                        |
 * | no target group                            | count, then make it                           |
 * | a target group with other checks or so     | change it                                     |
 * | no rule, two, or one for another place     | make it, delete one, change it                |
 * | no revision known                          | register or find it                           |
 * | no service, or one that is INACTIVE        | make it                                       |
 * | a service that is DRAINING                 | wait until its name is free                   |
 * | a service with another target group        | delete it; the rest follows                   |
 * | a service with another revision or size    | update it                                     |
 * | all of it                                  | prove it                                      |
 */
export function nextPreviewStep(
  goal: PreviewGoal,
  origin: PreviewOrigin,
  progress: PreviewProgress,
  seen: PreviewSeen,
  now: number,
): PreviewDecision {
  const group = seen.group.value
  return (
    refusedParts(goal, seen) ??
    refusedPlace(goal, seen) ??
    groupStep(goal, origin, seen) ??
    (group === undefined
      ? undefined
      : (ruleStep(goal, origin, progress, seen, group.view) ??
        tagStep(goal, progress, seen) ??
        (progress.candidate === undefined ? { kind: 'do', step: { kind: 'register' } } : undefined) ??
        serviceStep(goal, progress, seen, group.view, now))) ??
    provePreview(goal, progress, seen, now) ??
    done(goal, progress)
  )
}

/** Nothing without our tags is changed, whatever it is called. */
export function refusedParts({ name, owner }: Pick<PreviewGoal, 'name' | 'owner'>, seen: PreviewSeen) {
  const service = seen.service.value
  const strange = [
    ...(seen.group.value !== undefined && !isOwn(seen.group.value.tags, owner)
      ? [`the target group ${seen.group.value.view.arn}`]
      : []),
    ...(service !== undefined && service.view.status !== 'INACTIVE' && !isOwn(service.tags, owner)
      ? [`the service ${service.view.arn}`]
      : []),
  ]
  if (strange.length === 0) return undefined
  return finish(
    'PREVIEW_NAME_TAKEN',
    `${name} is the name of this preview's parts, but ${strange.join(' and ')} has not its tags: it is somebody else's, and stays as it is.`,
    `It must have the tags ${tagKeys.preview} (${owner.id}), ${tagKeys.repository} and ${tagKeys.of}. Rename or delete it, or set \`preview-id\`.`,
  )
}

function refusedPlace(goal: PreviewGoal, seen: PreviewSeen): PreviewDecision | undefined {
  const group = seen.group.value?.view.arn
  const other = seen.rules.value.find(
    rule => !(group !== undefined && sendsTo(rule, group)) && namesPlace(rule, goal.place),
  )
  if (other === undefined) return undefined
  return finish(
    'PREVIEW_SHADOWS',
    `Rule ${other.priority} already gets requests for ${placeText(goal.place)}: a rule of the preview would take some of them away, or get none.`,
    'Set `preview-domain`, `preview-path` or `preview-header` to what no other rule asks for, wildcards included; or give previews a listener of their own (`preview-listener-arn`).',
    other.arn,
  )
}

function groupStep(goal: PreviewGoal, origin: PreviewOrigin, seen: PreviewSeen): PreviewDecision | undefined {
  const group = seen.group.value
  if (group === undefined) {
    if (seen.crowd === undefined) return { kind: 'count' }
    const failure = noRoom(goal, seen.crowd)
    if (failure !== undefined) return { kind: 'finish', outcome: { status: 'failed', failure } }
    const { name, tags } = goal
    return { kind: 'do', step: { kind: 'create-group', name, settings: origin.group.settings, tags } }
  }
  const other = fixedDifferences(origin.group.settings, group.settings)
  if (other.length > 0) {
    return finish(
      'UPDATE_REFUSED',
      `The target group ${goal.name} has another ${other.join(' and ')} than ${origin.group.view.name}, and AWS cannot change that.`,
      `Run \`mode: preview-destroy\` for ${goal.owner.id}, then run again.`,
    )
  }
  const settings = checkDifferences(origin.group.settings, group.settings)
  if (settings !== undefined) return { kind: 'do', step: { kind: 'modify-group', group: group.view, settings } }
  const attributes = attributeDifferences(origin.attributes, group.attributes ?? origin.attributes)
  if (Object.keys(attributes).length === 0) return undefined
  return { kind: 'do', step: { kind: 'modify-attributes', group: group.view, attributes } }
}

/** Rules of this preview, the one that stays first. */
export function ownRules({ owner }: Pick<PreviewGoal, 'owner'>, seen: PreviewSeen): readonly PreviewRule[] {
  const group = seen.group.value?.view.arn
  return seen.rules.value
    .filter(rule => group !== undefined && sendsTo(rule, group) && isOwn(rule.tags, owner))
    .toSorted((one, two) => one.priority - two.priority)
}

function ruleStep(
  goal: PreviewGoal,
  origin: PreviewOrigin,
  progress: PreviewProgress,
  seen: PreviewSeen,
  group: TargetGroupView,
): PreviewDecision | undefined {
  const [first, double] = ownRules(goal, seen)
  // Two runs have made one each, in the same moment.
  if (double !== undefined) return { kind: 'do', step: { kind: 'delete-rule', rule: double, why: 'double' } }
  const { place, tags } = goal
  if (first !== undefined) {
    return isAt(first, place) ? undefined : { kind: 'do', step: { kind: 'modify-rule', rule: first, place, group } }
  }
  if (seen.crowd === undefined) return { kind: 'count' }
  const { rules, quotas } = seen.crowd
  if (rules >= quotas.rules) {
    return finish(
      'QUOTA_EXCEEDED',
      `The load balancer has ${rules} of ${quotas.rules} rules, which is all that AWS allows: ${goal.owner.id} has a target group, but no rule.`,
      'Close pull requests, run `mode: preview-sweep`, then run again.',
    )
  }
  const taken = new Set([...seen.rules.value.map(rule => rule.priority), ...progress.takenPriorities])
  const priority = freePriority(goal.priorities, taken, goal.seed)
  if (priority === undefined) {
    return finish(
      'QUOTA_EXCEEDED',
      `All rule priorities from ${goal.priorities.from} to ${goal.priorities.to} are taken.`,
      'Set `preview-priorities` to a longer range, or run `mode: preview-sweep`.',
    )
  }
  return { kind: 'do', step: { kind: 'create-rule', listener: origin.listener, priority, place, group, tags } }
}

/** What is there longer than this run tells of it now, so that nobody sweeps it away meanwhile. */
function tagStep(goal: PreviewGoal, progress: PreviewProgress, seen: PreviewSeen): PreviewDecision | undefined {
  const group = seen.group.value
  if (progress.updates === undefined || progress.taggedAt !== undefined || group === undefined) return undefined
  const service = seen.service.value?.view
  const { [tagKeys.created]: _, ...tags } = goal.tags
  return {
    kind: 'do',
    step: {
      kind: 'tag',
      group: group.view.arn,
      rules: ownRules(goal, seen).map(rule => rule.arn),
      ...(service?.status === 'ACTIVE' ? { service: service.arn } : {}),
      tags,
    },
  }
}

function serviceStep(
  goal: PreviewGoal,
  progress: PreviewProgress,
  seen: PreviewSeen,
  group: TargetGroupView,
  now: number,
): PreviewDecision | undefined {
  const { candidate } = progress
  const service = seen.service.value?.view
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
  const force = same && (goal.moving || service.deployments[0]?.rollout === 'FAILED')
  return {
    kind: 'do',
    step: { kind: 'update-service', name: goal.name, taskDefinition, desired: goal.desired, force },
  }
}

/** A service that is as it was asked for is only proven. Nothing else of this run's own doing is concluded from a look. */
export function noteAlready(
  goal: PreviewGoal,
  progress: PreviewProgress,
  seen: PreviewSeen,
  now: number,
): PreviewProgress {
  const { candidate, staged } = progress
  const service = seen.service.value?.view
  const [primary] = service?.deployments ?? []
  const as =
    service?.status === 'ACTIVE' &&
    service.taskDefinition === candidate?.taskDefinition &&
    service.desired === goal.desired &&
    service.loadBalancers[0]?.targetGroupArn === seen.group.value?.view.arn
  if (staged !== undefined || !as || primary === undefined || goal.moving || primary.rollout === 'FAILED') {
    return progress
  }
  return { ...progress, staged: { at: now, deploymentId: primary.id, desired: goal.desired } }
}

function done(goal: PreviewGoal, progress: PreviewProgress): PreviewDecision {
  const what = `${goal.owner.id} runs ${goal.image} at ${placeText(goal.place)}`
  return {
    kind: 'finish',
    outcome: progress.changed
      ? { status: 'succeeded', because: what }
      : { status: 'unchanged', because: `${what} already` },
  }
}

export function waitFor(until: number, look: readonly PreviewPart[], because: string): PreviewDecision {
  return { kind: 'wait', until, look, because }
}

function finish(...[code, headline, ...details]: Parameters<typeof failed>): PreviewDecision {
  return { kind: 'finish', outcome: failed(code, headline, ...details) }
}

/** How long CreateService may be refused before the next try. */
export const refusedPauseMs = refusedLookMs
