import type {
  PreviewDecision,
  PreviewGoal,
  PreviewPlace,
  PreviewProgress,
  PreviewRule,
  PreviewSeen,
} from '../model/preview.ts'
import { finish, waitFor } from './preview-decisions.ts'
import { tagKeys } from './preview-names.ts'
import { isAt, placeText } from './preview-rule.ts'

/**
 * Two previews that want one place, such as those of two repositories with one domain. AWS lets both have a rule, and the smaller number
 * gets all requests: so only one may keep its rule, and each run takes away none but its own.
 *
 * | there is a rule of another preview, and       | then                                                          |
 * |-----------------------------------------------|---------------------------------------------------------------|
 * | none of this one                              | refuse, before anything is made                               |
 * | one of this one, which is younger             | delete it, and refuse                                         |
 * | one of this one, which is older, for a minute | wait: the other run sees it, and gives way                    |
 * | … and the other is still there after that     | it has not looked any more: delete what this run made, refuse |
 */
export function rivalStep(
  goal: PreviewGoal,
  progress: Pick<PreviewProgress, 'rivalSince'>,
  ownRules: readonly PreviewRule[],
  seen: Pick<PreviewSeen, 'rules'>,
  now: number,
): PreviewDecision | undefined {
  const rivals = rivalsOf(goal, ownRules, seen)
  const [rival] = rivals
  if (rival === undefined) return undefined
  const own = ownRules.find(rule => isAt(rule, goal.place))
  if (own === undefined) return taken(goal, rival)
  const isOldest = rivals.every(other => isOlder(own, other))
  if (isOldest && now < (progress.rivalSince ?? now) + heardMs) {
    return waitFor(now + lookMs, ['rules'], `${nameOf(rival)} wants ${placeText(goal.place)} too, and came later`)
  }
  // One that was there before stays: the next run of the other preview gives way.
  if (isOldest && own.tags?.[tagKeys.run] !== goal.tags[tagKeys.run]) return taken(goal, rival)
  return { kind: 'do', step: { kind: 'delete-rule', rule: own, why: 'rival' } }
}

/** A run looks at the rules right after it has made its own. */
const heardMs = 60_000
const lookMs = 5_000

/** Whether it is the rule of a preview, at this very place. */
export function isRival(rule: PreviewRule, place: PreviewPlace): boolean {
  return rule.tags?.[tagKeys.preview] !== undefined && isAt(rule, place)
}

/** Notes since when both have had a rule. */
export function noteRival<T extends Pick<PreviewProgress, 'rivalSince'>>(
  goal: PreviewGoal,
  progress: T,
  ownRules: readonly PreviewRule[],
  seen: Pick<PreviewSeen, 'rules'>,
  now: number,
): T {
  const both = ownRules.length > 0 && rivalsOf(goal, ownRules, seen).length > 0
  return both && progress.rivalSince === undefined ? { ...progress, rivalSince: now } : progress
}

function rivalsOf({ place }: PreviewGoal, ownRules: readonly PreviewRule[], { rules }: Pick<PreviewSeen, 'rules'>) {
  return rules.value.filter(rule => isRival(rule, place) && !ownRules.includes(rule))
}

/** Both runs see the same tags, so they agree. */
function isOlder(one: PreviewRule, other: PreviewRule): boolean {
  const [mine, theirs] = [one, other].map(({ tags }) => tags?.[tagKeys.created] ?? '')
  return mine === theirs ? one.priority < other.priority : String(mine) < String(theirs)
}

function taken(goal: PreviewGoal, rival: PreviewRule): PreviewDecision {
  return finish(
    'PREVIEW_SHADOWS',
    `Rule ${rival.priority} already gets requests for ${placeText(goal.place)}: it belongs to ${nameOf(rival)}.`,
    'Give the two another `preview-domain`, `preview-path` or `preview-header`; or end the other one with `mode: preview-destroy`. The same mode takes away what there may be of this one.',
    rival.arn,
  )
}

function nameOf({ tags = {} }: PreviewRule): string {
  const { [tagKeys.preview]: id, [tagKeys.of]: of, [tagKeys.repository]: repository } = tags
  return `the preview ${id} of ${of ?? 'another service'} from ${repository ?? 'another repository'}`
}
