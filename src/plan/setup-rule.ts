import type { NewRule, RuleCondition, RuleSeen } from '../model/clone.ts'
import type { RouteView, TargetGroupView } from '../model/routing.ts'
import type { SetupSeen, TestHeader } from '../model/setup.ts'
import { conditionsOf, isAt, valuesOf } from './preview-rule.ts'
import { areApart } from './rule-overlap.ts'
import { keepClientSecrets } from './weights.ts'

/** The rule by which testers reach the idle color: what production asks for, and a header. */

/** Rules are numbered up to this one, which comes last (aws-facts 2.3). */
const lastPriority = 50_000
/** Values in the conditions of one rule (aws-facts 2.8). */
export const mostValues = 5

/**
 * The largest free number before the rule that production comes through, or the last of all before a default action. A rule of others
 * on the way is overtaken only when no request could be for both: else it would lose requests that have the header.
 */
export function testPriority(
  route: RouteView,
  seen: SetupSeen,
  taken: readonly number[],
  header: TestHeader,
): number | undefined {
  const place = placeOf(route, seen)
  const conditions = [...productionConditions(route, seen), ...headerConditions(header)]
  const others = new Map(
    seen.rules.filter(rule => rule.listenerArn === place.listenerArn).map(rule => [rule.priority, rule] as const),
  )
  for (let priority = place.before - 1; priority >= 1; priority--) {
    const other = others.get(priority)
    if (other !== undefined && !areApart(conditions, other.conditions)) return undefined
    if (other === undefined && !taken.includes(priority)) return priority
  }
  return undefined
}

export function testRuleFor(
  route: RouteView,
  seen: SetupSeen,
  priority: number,
  header: TestHeader,
  group: TargetGroupView,
): NewRule {
  return {
    listenerArn: placeOf(route, seen).listenerArn,
    priority,
    conditions: [...productionConditions(route, seen), ...headerConditions(header)],
    actions: keepClientSecrets(
      route.actions.map(action => {
        if (action.Type !== 'forward') return action
        const order = action.Order === undefined ? {} : { Order: action.Order }
        return {
          Type: 'forward',
          ...order,
          ForwardConfig: { TargetGroups: [{ TargetGroupArn: group.arn, Weight: 1 }] },
        }
      }),
    ),
    transforms: seen.rules.find(one => one.arn === route.arn)?.transforms ?? [],
  }
}

/** How many values the conditions of the test rule have. */
export function testValues(route: RouteView, seen: SetupSeen): number {
  return productionConditions(route, seen).reduce((sum, condition) => sum + Math.max(1, valuesOf(condition).length), 1)
}

/** Whether a rule asks for this header, whatever else it asks for. */
export function asksForHeader(rule: RuleSeen, header: TestHeader): boolean {
  return rule.conditions.some(condition => isAt({ ...rule, conditions: [condition] }, { kind: 'header', ...header }))
}

function headerConditions(header: TestHeader): readonly RuleCondition[] {
  return conditionsOf({ kind: 'header', ...header })
}

function placeOf(route: RouteView, seen: SetupSeen): { readonly listenerArn: string; readonly before: number } {
  const rule = seen.rules.find(one => one.arn === route.arn)
  return rule === undefined
    ? { listenerArn: route.arn, before: lastPriority + 1 }
    : { listenerArn: rule.listenerArn, before: rule.priority }
}

/** AWS shows values twice, in the old form and in the new, and takes them once. */
function productionConditions(route: RouteView, seen: SetupSeen): readonly RuleCondition[] {
  const rule = seen.rules.find(one => one.arn === route.arn)
  return (rule?.conditions ?? []).map(condition => {
    if (condition.HostHeaderConfig === undefined && condition.PathPatternConfig === undefined) return condition
    const { Values: _, RegexValues: __, ...rest } = condition
    return rest
  })
}
