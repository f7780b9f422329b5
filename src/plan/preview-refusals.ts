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

export function refusedPlace(
  goal: Pick<PreviewGoal, 'place' | 'priorities'>,
  origin: Pick<PreviewOrigin, 'group'>,
  seen: Pick<PreviewSeen, 'group' | 'rules'>,
): PreviewDecision | undefined {
  const group = seen.group.value?.view.arn
  const own = ownRulesPriority(seen.rules.value, group)
  const last = own ?? goal.priorities.to
  const others = seen.rules.value.filter(
    rule => (group === undefined || !sendsTo(rule, group)) && !isRival(rule, goal.place),
  )
  const isCaught = (rule: RuleSeen) => sendsTo(rule, origin.group.view.arn) && !namesPlace(restOf(rule), goal.place)
  const other = others.find(rule => namesPlace(rule, goal.place) && !(last < rule.priority && isCaught(rule)))
  if (other === undefined) return undefined
  return finish(
    'PREVIEW_SHADOWS',
    `Rule ${other.priority} already gets requests for ${placeText(goal.place)}: a rule of the preview would take some of them away, or get none.`,
    isCaught(other)
      ? `It is production's rule for everything. Set \`preview-priorities\` to a range that ends before ${other.priority}, so that rules of previews come first${own === undefined ? '' : `, and run \`mode: preview-destroy\`: the rule that is there has ${own}`}.`
      : 'Set `preview-domain`, `preview-path` or `preview-header` to what no other rule asks for, wildcards included; or give previews a listener of their own (`preview-listener-arn`).',
    other.arn,
  )
}

/**
 * The rule without conditions that are always true. What sends all paths to the colors is production's default action by another name: a
 * rule before it takes nothing but the requests of its own place, which production does not name.
 */
function restOf(rule: RuleSeen): RuleSeen {
  return { ...rule, conditions: rule.conditions.filter(condition => !isAlwaysTrue(condition)) }
}

function isAlwaysTrue(condition: RuleCondition): boolean {
  const all = { 'path-pattern': ['*', '/*'], 'host-header': ['*'] }[condition.Field ?? ''] ?? []
  return valuesOf(condition).some(value => all.includes(value))
}
