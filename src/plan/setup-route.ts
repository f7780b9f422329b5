import type { RuleSeen } from '../model/clone.ts'
import type { RouteView, RoutingAction, TargetGroupView } from '../model/routing.ts'
import type { SetupGoal, SetupSeen } from '../model/setup.ts'
import { inOrder } from './setup.ts'
import { forwardConfig, keepClientSecrets, withWeights } from './weights.ts'

/** Which listeners and rules the pair has, and the actions that name both of its target groups. */

/** What the only group of an action gets, which needs no weight as long as it is alone. */
const fullWeight = 100

/** The target group of the twin, by its name or because its service is behind it; undefined as long as there is none. */
export function twinGroupArn({ services, groups }: SetupSeen): string | undefined {
  const { green } = services
  const behind = green?.view.status === 'ACTIVE' ? green.view.loadBalancers[0]?.targetGroupArn : undefined
  return groups.green?.view.arn ?? behind
}

export function namesGroup({ actions }: Pick<RouteView, 'actions'>, arn: string | undefined): boolean {
  return forwardConfig(actions)?.TargetGroups?.some(group => group.TargetGroupArn === arn) ?? false
}

/** Every place of the load balancer that may send requests somewhere. */
export function allRoutes({ listeners, rules }: SetupSeen): readonly RouteView[] {
  return listeners.flatMap(({ arn, actions, protocol, port, loadBalancerArn }) => {
    const label = `${protocol}:${port}`
    return [
      { arn, kind: 'listener' as const, label, loadBalancerArn, actions },
      ...rules
        .filter(rule => rule.listenerArn === arn)
        .map(rule => ({
          arn: rule.arn,
          kind: 'rule' as const,
          label: `${label} rule ${rule.priority}`,
          loadBalancerArn,
          actions: rule.actions,
        })),
    ]
  })
}

/**
 * Those that production comes through: the ones that were named, or all that name the group of the service that was there first and
 * are not for testers. A deploy keeps both groups in each.
 *
 * @throws Refusal LISTENER_NOT_FOUND
 */
export function productionRoutes(goal: SetupGoal, seen: SetupSeen): readonly RouteView[] {
  const all = allRoutes(seen)
  if (goal.listenerArns.length > 0) return inOrder(goal.listenerArns, all)
  const blue = seen.groups.blue.view.arn
  const forTesters = [...goal.testListenerArns, ...seen.ownRules]
  const found = all.filter(route => !forTesters.includes(route.arn) && namesGroup(route, blue))
  // A deploy switches them in this order: what most people use comes first.
  return [...found.filter(isHttps), ...found.filter(route => !isHttps(route))]
}

/** None when one of `listener-arns` is not there, of which a check speaks. */
export function knownRoutes(goal: SetupGoal, seen: SetupSeen): readonly RouteView[] {
  const known = allRoutes(seen).map(route => route.arn)
  return goal.listenerArns.every(arn => known.includes(arn)) ? productionRoutes(goal, seen) : []
}

function isHttps({ label }: RouteView): boolean {
  return label.startsWith('HTTPS:')
}

/** Rules for testers that this action has made for the pair. */
export function ownTestRules({ rules, ownRules }: SetupSeen): readonly RuleSeen[] {
  return rules.filter(rule => ownRules.includes(rule.arn))
}

/**
 * The actions as they were read, with the twin's group at weight 0 beside the one that has the traffic. Nothing else changes; only
 * where one group stood alone, its weight becomes 100.
 */
export function withTwin(route: RouteView, blue: TargetGroupView, green: TargetGroupView): readonly RoutingAction[] {
  const alone = route.actions.some(action => action.Type === 'forward' && action.TargetGroupArn !== undefined)
  const own = forwardConfig(route.actions)?.TargetGroups?.find(group => group.TargetGroupArn === blue.arn)
  const weight = alone ? fullWeight : (own?.Weight ?? fullWeight)
  return keepClientSecrets(withWeights(route.actions, { blue, green }, { blue: weight, green: 0 }))
}

/** What undoes it. */
export function withoutTwin(actions: readonly RoutingAction[], twin: string): readonly RoutingAction[] {
  return keepClientSecrets(
    actions.map(action => {
      if (action.Type !== 'forward' || action.ForwardConfig === undefined) return action
      const TargetGroups = action.ForwardConfig.TargetGroups?.filter(group => group.TargetGroupArn !== twin)
      return { ...action, ForwardConfig: { ...action.ForwardConfig, TargetGroups } }
    }),
  )
}
