import type { RouteView, RoutingAction } from '../model/routing.ts'
import type { SetupGoal, SetupSeen } from '../model/setup.ts'
import { isPairOfOthers } from './setup-checks.ts'
import { baseNameOf } from './setup-names.ts'
import { allRoutes, namesGroup, ownTestRules, productionRoutes, twinGroupArn, withoutTwin } from './setup-route.ts'
import { keepClientSecrets, readWeights } from './weights.ts'

/** What people need once a pair is whole: the inputs of their deploys, and the way back. */

/** Inputs of a deploy, by name. */
export function deployInputs(goal: SetupGoal, cluster: string, seen: SetupSeen): Readonly<Record<string, string>> {
  const { blue, green } = goal.names
  const service = baseNameOf(goal.names)
  const tests = [...goal.testListenerArns, ...ownTestRules(seen).map(rule => rule.arn)]
  return {
    cluster,
    ...(service === undefined ? { 'blue-service': blue, 'green-service': green } : { service }),
    'listener-arns': productionRoutes(goal, seen)
      .map(route => route.arn)
      .join(','),
    ...(tests.length === 0 ? {} : { 'test-listener-arns': tests.join(',') }),
  }
}

/** What the pair is made of: what it is, and its name. */
export function partsOf(goal: SetupGoal, seen: SetupSeen): readonly (readonly [string, string])[] {
  const twin = twinGroupArn(seen)
  const { green } = seen.services
  const routes = productionRoutes(goal, seen).filter(route => twin !== undefined && namesGroup(route, twin))
  return [
    ['blue service', goal.names.blue],
    ...(green?.view.status === 'ACTIVE' ? [['green service', goal.names.green] as const] : []),
    ['blue target group', seen.groups.blue.view.name],
    ...(twin === undefined ? [] : [['green target group', nameOf(twin)] as const]),
    ...routes.map(route => ['production', `${route.label}: ${route.arn}`] as const),
    ...ownTestRules(seen).map(rule => ['for testers', `rule ${rule.priority}: ${rule.arn}`] as const),
  ]
}

/**
 * Commands of the AWS CLI that take away what was made, in an order in which AWS takes them. None for a pair of others, and none while
 * the twin has traffic: they would take it from production.
 */
export function undoCommands(goal: SetupGoal, cluster: string, seen: SetupSeen): readonly string[] {
  const twin = seen.groups.green?.view.arn
  if (twin === undefined || isPairOfOthers(goal, seen)) return []
  const routes = productionRoutes(goal, seen).filter(route => namesGroup(route, twin))
  const groups = { blue: seen.groups.blue.view, green: { arn: twin } }
  if (routes.some(route => (readWeights(route, groups).weights.green ?? 0) > 0)) {
    return [
      `# ${goal.names.green} has traffic. Roll back first (mode: rollback), then run setup again for the commands.`,
    ]
  }
  const { green } = seen.services
  const at = `--cluster ${cluster} --service`
  return [
    `# Only as long as ${goal.names.blue} has all of the traffic.`,
    ...ownTestRules(seen).map(rule => `aws elbv2 delete-rule --rule-arn ${rule.arn}`),
    ...routes.map(route => withoutCommand(route, withoutTwin(route.actions, twin))),
    ...testersOf(seen, routes, twin).map(route => withoutCommand(route, pointedAt(route, groups.blue.arn))),
    ...(green?.view.status === 'ACTIVE'
      ? [
          `aws ecs delete-service ${at} ${goal.names.green} --force`,
          `aws ecs wait services-inactive --cluster ${cluster} --services ${goal.names.green}`,
        ]
      : []),
    `aws elbv2 delete-target-group --target-group-arn ${twin}`,
  ]
}

/** Listeners and rules for testers that others have made: a deploy has pointed them at the idle color, and AWS deletes no group in use. */
function testersOf(seen: SetupSeen, routes: readonly RouteView[], twin: string): readonly RouteView[] {
  const known = [...routes, ...ownTestRules(seen)].map(({ arn }) => arn)
  return allRoutes(seen).filter(route => namesGroup(route, twin) && !known.includes(route.arn))
}

function pointedAt({ actions }: RouteView, group: string): readonly RoutingAction[] {
  const TargetGroups = [{ TargetGroupArn: group, Weight: 1 }]
  return keepClientSecrets(
    actions.map(action => {
      if (action.Type !== 'forward') return action
      const { TargetGroupArn: _, ...rest } = action
      return { ...rest, ForwardConfig: { TargetGroups } }
    }),
  )
}

function withoutCommand(route: RouteView, after: readonly RoutingAction[]): string {
  const actions = quoted(JSON.stringify(after))
  return route.kind === 'rule'
    ? `aws elbv2 modify-rule --rule-arn ${route.arn} --actions ${actions}`
    : `aws elbv2 modify-listener --listener-arn ${route.arn} --default-actions ${actions}`
}

/** One word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function nameOf(groupArn: string): string {
  return groupArn.split('/')[1] ?? groupArn
}
