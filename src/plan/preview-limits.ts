import { counted } from '../model/count.ts'
import type { Failure } from '../model/outcome.ts'
import type {
  Crowd,
  PreviewDecision,
  PreviewGoal,
  PreviewProgress,
  PreviewSeen,
  PreviewStanding,
} from '../model/preview.ts'
import { waitFor } from './preview-decisions.ts'
import { sendsTo } from './preview-rule.ts'

/** So many of the oldest are named: enough to see what to close. */
const named = 5

/**
 * Whether there is room for one more preview. Asked before the first part is made: AWS says no only when the rule is made, and then the
 * target group is there already.
 */
export function noRoom(goal: PreviewGoal, crowd: Crowd): Failure | undefined {
  const { previews, quotas } = crowd
  if (goal.limit !== undefined && previews.length >= goal.limit) {
    return limited(goal, previews, `nothing was made for ${goal.owner.id}`)
  }
  const full =
    crowd.targetGroups >= quotas.targetGroups
      ? `${crowd.targetGroups} of ${quotas.targetGroups} target groups`
      : crowd.rules >= quotas.rules
        ? rulesOf(crowd)
        : undefined
  return full === undefined ? undefined : exceeded(full, crowd, `nothing was made for ${goal.owner.id}`)
}

/** For a preview that has its target group, and would get its rule now. */
export function noRules(goal: PreviewGoal, crowd: Crowd): Failure | undefined {
  if (crowd.rules < crowd.quotas.rules) return undefined
  return exceeded(rulesOf(crowd), crowd, tookBack(goal))
}

/**
 * Several that are pushed at once all find room before they make their target groups. So they are counted again after it: whoever makes
 * one later sees all that came before.
 *
 * | there are, with its own group       | then                                                            |
 * |-------------------------------------|-----------------------------------------------------------------|
 * | as many as allowed                  | go on                                                           |
 * | more, and enough of them are older  | take it back, and refuse                                        |
 * | more, but the others are younger    | wait for a minute: each of them counts, too, and gives way      |
 * | … and they are still there then     | they have counted before it was there: take it back, and refuse |
 */
export function limitStep(
  goal: PreviewGoal,
  { crowdedSince }: Pick<PreviewProgress, 'crowdedSince'>,
  seen: PreviewSeen,
  now: number,
): PreviewDecision | undefined {
  const { crowd } = seen
  if (goal.limit === undefined || !isBare(seen)) return undefined
  if (crowd?.own === undefined) return { kind: 'count' }
  if (crowd.previews.length < goal.limit) return undefined
  const isFirst = olderThan(goal, crowd.own, crowd) < goal.limit
  if (isFirst && now < (crowdedSince ?? now) + heardMs) {
    return waitFor(
      now + lookMs,
      ['group'],
      'there are more previews than `preview-limit` allows, and others came later',
    )
  }
  return takeBack(seen, limited(goal, crowd.previews, tookBack(goal)))
}

/** A run counts right after it has made its target group. */
const heardMs = 60_000
const lookMs = 5_000

/** Notes since when there have been too many. */
export function noteCrowd(
  goal: PreviewGoal,
  progress: PreviewProgress,
  { crowd }: Pick<PreviewSeen, 'crowd'>,
  now: number,
): PreviewProgress {
  const many = crowd?.own !== undefined && goal.limit !== undefined && crowd.previews.length >= goal.limit
  return many && progress.crowdedSince === undefined ? { ...progress, crowdedSince: now } : progress
}

/** Nobody uses the target group yet: what else there was of the preview would be lost with it. */
function isBare({ group, rules, service }: PreviewSeen): boolean {
  const arn = group.value?.view.arn
  const { status = 'INACTIVE' } = service.value?.view ?? {}
  return arn !== undefined && status === 'INACTIVE' && !rules.value.some(rule => sendsTo(rule, arn))
}

/** Whoever finds no room leaves nothing behind. */
export function takeBack(seen: PreviewSeen, failure: Failure): PreviewDecision {
  const group = seen.group.value?.view
  if (group !== undefined && isBare(seen)) return { kind: 'do', step: { kind: 'delete-group', group, failure } }
  return { kind: 'finish', outcome: { status: 'failed', failure } }
}

/** How many of the others came first. All runs see the same tags, so they agree. */
function olderThan(
  goal: PreviewGoal,
  { createdAt: mine = 0 }: Pick<PreviewStanding, 'createdAt'>,
  { previews }: Crowd,
): number {
  return previews.filter(({ createdAt = 0, name }) => (createdAt === mine ? name < goal.name : createdAt < mine)).length
}

function tookBack({ owner }: PreviewGoal): string {
  return `the target group of ${owner.id}, all that was made, is taken back`
}

function limited(goal: PreviewGoal, previews: readonly PreviewStanding[], so: string): Failure {
  return {
    code: 'PREVIEW_LIMIT',
    headline: `${goal.owner.of} has ${counted(previews.length, 'preview')}, and \`preview-limit\` is ${goal.limit}: ${so}.`,
    details: [...oldest(previews), 'Close pull requests, run `mode: preview-sweep`, or raise `preview-limit`.'],
  }
}

function rulesOf({ rules, quotas }: Crowd): string {
  return `${rules} of ${quotas.rules} rules`
}

function exceeded(full: string, { previews }: Crowd, so: string): Failure {
  return {
    code: 'QUOTA_EXCEEDED',
    headline: `The load balancer has ${full}, which is all that AWS allows: ${so}.`,
    details: [
      ...oldest(previews),
      'Close pull requests, run `mode: preview-sweep`, or give previews a load balancer of their own (`preview-listener-arn`). AWS raises the quota of rules on request, that of target groups never.',
    ],
  }
}

function oldest(previews: readonly PreviewStanding[]): readonly string[] {
  if (previews.length === 0) return ['None of them is a preview of this service.']
  const sorted = previews.toSorted((one, two) => (one.createdAt ?? 0) - (two.createdAt ?? 0))
  const lines = sorted.slice(0, named).map(one => `${one.owner.id} (${one.name})`)
  return [`The oldest previews of this service: ${lines.join(', ')}.`]
}
