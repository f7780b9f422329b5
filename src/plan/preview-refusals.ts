import type { RuleCondition, RuleSeen } from '../model/clone.ts'
import type { PreviewDecision, PreviewGoal, PreviewOrigin, PreviewSeen } from '../model/preview.ts'
import { finish } from './preview-decisions.ts'
import { isOwn, tagKeys } from './preview-names.ts'
import { isRival } from './preview-rivals.ts'
import { namesPlace, ownRulesPriority, placeText, sendsTo, valuesOf } from './preview-rule.ts'

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
    `It must have the tags ${tagKeys.preview} (${owner.id}), ${tagKeys.repository} and ${tagKeys.of}${owner.repositoryId === undefined ? '' : `, and no other ${tagKeys.repositoryId} than ${owner.repositoryId}`}. Rename or delete it, or set \`preview-id\`.`,
  )
}

type Place = Pick<PreviewGoal, 'place' | 'priorities'>
type From = Pick<PreviewOrigin, 'group'>
type Rules = Pick<PreviewSeen, 'group' | 'rules'>

/** A rule of others that asks for requests which the preview's would take, or which would take the preview's. */
export function shadowed(goal: Place, origin: From, seen: Rules): RuleSeen | undefined {
  const group = seen.group.value?.view.arn
  const last = ownRulesPriority(seen.rules.value, group) ?? goal.priorities.to
  const others = seen.rules.value.filter(
    rule => (group === undefined || !sendsTo(rule, group)) && !isRival(rule, goal.place),
  )
  return others.find(
    rule => namesPlace(rule, goal.place) && !(last < rule.priority && isCaught(rule, goal.place, origin)),
  )
}

export function refusedPlace(goal: Place, origin: From, seen: Rules): PreviewDecision | undefined {
  const own = ownRulesPriority(seen.rules.value, seen.group.value?.view.arn)
  const other = shadowed(goal, origin, seen)
  if (other === undefined) return undefined
  return finish(
    'PREVIEW_SHADOWS',
    `Rule ${other.priority} already gets requests for ${placeText(goal.place)}: a rule of the preview would take some of them away, or get none.`,
    isCaught(other, goal.place, origin)
      ? `It is production's rule for everything. Set \`preview-priorities\` to a range that ends before ${other.priority}, so that rules of previews come first${own === undefined ? '' : `, and run \`mode: preview-destroy\`: the rule that is there has ${own}`}.`
      : 'Set `preview-domain`, `preview-path` or `preview-header` to what no other rule asks for, wildcards included; or give previews a listener of their own (`preview-listener-arn`).',
    other.arn,
  )
}

function isCaught(rule: RuleSeen, place: PreviewGoal['place'], origin: From): boolean {
  return sendsTo(rule, origin.group.view.arn) && !namesPlace(restOf(rule), place)
}

/**
 * The rule without conditions that are always true. What sends all paths to the colors is production's default action by another name: a
 * rule before it takes nothing but the requests of its own place, which production does not name.
 */
function restOf(rule: RuleSeen): RuleSeen {
  return { ...rule, conditions: rule.conditions.filter(condition => !isAlwaysTrue(condition)) }
}

/** Whether it is a default action by another name. */
export function isForAll({ conditions }: RuleSeen): boolean {
  return conditions.every(isAlwaysTrue)
}

function isAlwaysTrue(condition: RuleCondition): boolean {
  const all = { 'path-pattern': ['*', '/*'], 'host-header': ['*'] }[condition.Field ?? ''] ?? []
  return valuesOf(condition).some(value => all.includes(value))
}
