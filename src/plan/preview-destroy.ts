import { counted } from '../model/count.ts'
import { failed } from '../model/outcome.ts'
import type { PreviewDecision, PreviewGoal, PreviewSeen } from '../model/preview.ts'
import { isLate } from './bounds.ts'
import { ownRules } from './preview.ts'
import { waitFor } from './preview-decisions.ts'
import { refusedParts } from './preview-refusals.ts'
import { sendsTo } from './preview-rule.ts'
import { stepText } from './preview-text.ts'

const lookMs = 5_000

/** DeleteTaskDefinitions takes no more. */
const deletedPerCall = 10

export interface DestroyGoal {
  readonly owner: PreviewGoal['owner']
  readonly name: string
  readonly timeoutMs: number
}

export interface DestroyProgress {
  readonly startedAt: number
  /** How much was taken away. */
  readonly removed: number
  /** Its target group is still in use, as AWS said: its nodes hear late that the rule is gone. */
  readonly inUse?: true
}

/** What is left of the revisions of its family; those without our tags are not among them. */
export interface RevisionsSeen {
  readonly active: readonly string[]
  readonly inactive: readonly string[]
  /** How many of ours stay, because services run them. */
  readonly used?: number
}

/**
 * Rule, service, target group, revisions: each can only go when what uses it has gone (aws-facts 2.9). Whatever is not there any more
 * is passed by, so a preview that is half made or half deleted is finished as well.
 */
export function nextDestroyStep(
  goal: DestroyGoal,
  progress: DestroyProgress,
  seen: PreviewSeen,
  revisions: RevisionsSeen | undefined,
  now: number,
): PreviewDecision {
  const late = isLate({ startedAt: progress.startedAt, timeoutMs: goal.timeoutMs }, now)
  const decision = wanted(goal, progress, seen, revisions, now, late)
  return decision.kind === 'do' && late ? tooLate(goal, `next would have been: ${stepText(decision.step)}`) : decision
}

function wanted(
  goal: DestroyGoal,
  progress: DestroyProgress,
  seen: PreviewSeen,
  revisions: RevisionsSeen | undefined,
  now: number,
  late: boolean,
): PreviewDecision {
  const refused = refusedParts(goal, seen)
  if (refused !== undefined) return refused
  const service = seen.service.value?.view
  const group = seen.group.value?.view
  const foreign = group && foreignRoute(goal, seen, group.arn)
  if (foreign !== undefined) return stop(goal, progress, foreign)
  const [rule] = ownRules(goal, seen)
  if (rule !== undefined) return { kind: 'do', step: { kind: 'delete-rule', rule, why: 'destroy' } }
  if (service?.status === 'ACTIVE') return { kind: 'do', step: { kind: 'delete-service', service } }
  if (service !== undefined && service.running + service.pending > 0) {
    if (late) return tooLate(goal, `its service has ${counted(service.running + service.pending, 'task')} left`)
    return waitFor(now + lookMs, ['service'], `${goal.name} stops its tasks`)
  }
  if (group !== undefined) {
    if (progress.inUse === undefined) return { kind: 'do', step: { kind: 'delete-group', group } }
    if (late) return tooLate(goal, 'AWS says that its target group is still in use')
    return waitFor(now + lookMs, ['group'], `the target group ${goal.name} is still in use`)
  }
  if (revisions === undefined) return { kind: 'count' }
  if (revisions.active.length > 0) return { kind: 'do', step: { kind: 'deregister', arns: revisions.active } }
  if (revisions.inactive.length > 0) {
    return { kind: 'do', step: { kind: 'delete-revisions', arns: revisions.inactive.slice(0, deletedPerCall) } }
  }
  return allGone(goal, progress, revisions)
}

function allGone(goal: DestroyGoal, { removed }: DestroyProgress, { used = 0 }: RevisionsSeen): PreviewDecision {
  const stay = used === 0 ? '' : `; ${counted(used, 'revision')} that services run ${used === 1 ? 'stays' : 'stay'}`
  return {
    kind: 'finish',
    outcome:
      removed === 0
        ? { status: 'unchanged', because: `Nothing is left of ${goal.owner.id}${stay}` }
        : { status: 'succeeded', because: `${goal.owner.id} is gone: ${counted(removed, 'part')} deleted${stay}` },
  }
}

function tooLate(goal: DestroyGoal, because: string): PreviewDecision {
  return {
    kind: 'finish',
    outcome: failed(
      'PREVIEW_NOT_DELETED',
      `${goal.owner.id} could not be deleted in time: ${because}.`,
      'Run again: it goes on from here. Or raise `timeout`.',
    ),
  }
}

interface Route {
  readonly what: string
  readonly arn: string
}

/** Whoever has sent requests there has a reason, and loses them with the first part that goes. */
function foreignRoute(goal: DestroyGoal, seen: PreviewSeen, groupArn: string): Route | undefined {
  const own = ownRules(goal, seen).map(rule => rule.arn)
  const rule = seen.rules.value.find(other => sendsTo(other, groupArn) && !own.includes(other.arn))
  if (rule !== undefined) {
    return { what: `Rule ${rule.priority}, which has not the tags of this preview,`, arn: rule.arn }
  }
  const listener = seen.listeners?.find(other => sendsTo(other, groupArn))
  return listener && { what: `The default action of the listener on port ${listener.port}`, arn: listener.arn }
}

function stop(goal: DestroyGoal, { removed }: DestroyProgress, { what, arn }: Route): PreviewDecision {
  return {
    kind: 'finish',
    outcome: failed(
      'PREVIEW_NOT_DELETED',
      `${what} sends requests to its target group ${goal.name}: nothing ${removed === 0 ? '' : 'more '}was deleted.`,
      'Delete that rule, or point it elsewhere, then run again.',
      arn,
    ),
  }
}
