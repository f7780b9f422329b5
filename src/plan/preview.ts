import type {
  PreviewDecision,
  PreviewGoal,
  PreviewOrigin,
  PreviewProgress,
  PreviewRule,
  PreviewSeen,
  PreviewStep,
} from '../model/preview.ts'
import type { TargetGroupView } from '../model/routing.ts'
import { isLate, lateFailure } from './bounds.ts'
import { attributeDifferences, checkDifferences, fixedDifferences } from './clone.ts'
import { finish } from './preview-decisions.ts'
import { limitStep, noRoom, noRules, takeBack } from './preview-limits.ts'
import { isOwn, tagsOfPush } from './preview-names.ts'
import { provePreview } from './preview-proof.ts'
import { refusedParts, refusedPlace, shadowed } from './preview-refusals.ts'
import { rivalStep } from './preview-rivals.ts'
import { freePriority, isAt, placeIn, placeText, sendsTo } from './preview-rule.ts'
import { serviceStep } from './preview-service.ts'
import { productionsPlace } from './preview-takes.ts'
import { stepText } from './preview-text.ts'

/**
 * What is to be done next, from what is there: a run that was killed at any call is continued by the next one.
 *
 * | there is                                   | next                                          |
 * |--------------------------------------------|-----------------------------------------------|
 * | a part of this name without our tags       | refuse, and touch nothing                     |
 * | a rule of another preview for its place    | refuse; where both have one, the older stays  |
 * | a rule of others for the same requests     | delete ours, refuse; not if it is for all     |
 * | a place that is production's own           | delete our rule, refuse                       |
 * | no target group                            | count, then make it                           |
 * | … and now too many, or no room for a rule  | take it back, refuse                          |
 * | a target group with other checks or so     | change it                                     |
 * | no rule, two, or one that leads elsewhere  | make it, delete one, change it                |
 * | no revision known                          | register or find it                           |
 * | no service, or one that is INACTIVE        | make it                                       |
 * | a service that is DRAINING                 | wait until its name is free                   |
 * | a service with another target group        | delete it; the rest follows                   |
 * | a service with another revision or size    | update it                                     |
 * | all of it                                  | prove it                                      |
 * | proven, and a rule at another listener     | delete that one                               |
 */
export function nextPreviewStep(
  goal: PreviewGoal,
  origin: PreviewOrigin,
  progress: PreviewProgress,
  seen: PreviewSeen,
  now: number,
): PreviewDecision {
  const decision = wanted(goal, origin, progress, seen, now)
  const late = isLate({ startedAt: progress.startedAt, timeoutMs: goal.timeoutMs }, now)
  if (decision.kind !== 'do' || !late || givesBack(decision.step)) return decision
  const failure = lateFailure(`The preview ${goal.owner.id}`, stepText(decision.step))
  return { kind: 'finish', outcome: { status: 'failed', failure } }
}

/** What others wait for is never too late. */
function givesBack({ kind }: PreviewStep): boolean {
  return kind === 'delete-rule' || kind === 'delete-group'
}

function wanted(
  goal: PreviewGoal,
  origin: PreviewOrigin,
  progress: PreviewProgress,
  seen: PreviewSeen,
  now: number,
): PreviewDecision {
  const group = seen.group.value
  return (
    refusedParts(goal, seen) ??
    noRoomStep(progress, seen) ??
    rivalStep(goal, progress, ownRules(goal, seen), seen, now) ??
    giveBack(goal, origin, seen) ??
    refusedPlace(goal, origin, seen) ??
    productionsPlace(goal, origin, seen) ??
    groupStep(goal, origin, seen) ??
    (group === undefined
      ? undefined
      : (limitStep(goal, progress, seen, now) ??
        ruleStep(goal, origin, progress, seen, group.view) ??
        tagStep(goal, progress, seen) ??
        (progress.candidate === undefined ? { kind: 'do', step: { kind: 'register' } } : undefined) ??
        serviceStep(goal, origin, progress, seen, group.view, now))) ??
    provePreview(goal, progress, seen, now) ??
    leaveOthers(goal, progress, seen) ??
    done(goal, progress)
  )
}

function noRoomStep({ noRoom: failure, tookBack }: PreviewProgress, seen: PreviewSeen): PreviewDecision | undefined {
  if (failure === undefined) return undefined
  return tookBack ? { kind: 'finish', outcome: { status: 'failed', failure } } : takeBack(seen, failure)
}

/** Others have made a rule for the same requests since: they get none of them as long as that of the preview comes first. */
function giveBack(goal: PreviewGoal, origin: PreviewOrigin, seen: PreviewSeen): PreviewDecision | undefined {
  const other = shadowed(goal, origin, seen)
  const rule = ownRules(goal, seen).find(own => other && own.priority < other.priority && isAt(own, goal.place))
  return rule && { kind: 'do', step: { kind: 'delete-rule', rule, why: 'shadows' } }
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

/**
 * Rules of this preview, the one that stays first. One with its tags, at a place of its own, is one also when others have pointed it
 * elsewhere: nobody else would ever take it away.
 */
export function ownRules(
  { owner }: Pick<PreviewGoal, 'owner'>,
  seen: PreviewSeen,
  rules = seen.rules.value,
): readonly PreviewRule[] {
  const group = seen.group.value?.view.arn
  const serves = (rule: PreviewRule) => group !== undefined && sendsTo(rule, group)
  return rules
    .filter(rule => isOwn(rule.tags, owner) && (serves(rule) || placeIn(rule, owner.id) !== undefined))
    .toSorted((one, two) => Number(serves(two)) - Number(serves(one)) || one.priority - two.priority)
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
    const is = isAt(first, place) && sendsTo(first, group.arn)
    return is ? undefined : { kind: 'do', step: { kind: 'modify-rule', rule: first, place, group } }
  }
  if (seen.crowd === undefined) return { kind: 'count' }
  const failure = noRules(goal, seen.crowd)
  if (failure !== undefined) return takeBack(seen, failure)
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
  const service = seen.service.value
  return {
    kind: 'do',
    step: {
      kind: 'tag',
      group: group.view.arn,
      rules: ownRules(goal, seen).map(rule => rule.arn),
      ...(service?.view.status === 'ACTIVE' ? { service: service.view.arn } : {}),
      tags: tagsOfPush(goal.tags, { ...service?.tags, ...group.tags }),
    },
  }
}

/** Until now, visitors of the other listener were served. */
function leaveOthers(goal: PreviewGoal, progress: PreviewProgress, seen: PreviewSeen): PreviewDecision | undefined {
  if (progress.keepsOthers) return undefined
  const [rule] = ownRules(goal, seen, seen.elsewhere ?? [])
  return rule && { kind: 'do', step: { kind: 'delete-rule', rule, why: 'moved' } }
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
