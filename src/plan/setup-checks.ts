import type { Section } from '../model/check.ts'
import type { RouteView } from '../model/routing.ts'
import type { SetupGoal, SetupSeen } from '../model/setup.ts'
import { fixedDifferences } from './clone.ts'
import { checkOthers, checkService, checkTargetGroup, inOrder } from './setup.ts'
import { isTwin, madeFor, setupTag } from './setup-names.ts'
import { refusal } from './setup-refusal.ts'
import { allRoutes, knownRoutes, namesGroup, productionRoutes, twinGroupArn } from './setup-route.ts'
import { checkTestRule } from './setup-rule-check.ts'
import { checkNoPair, checkSharers, checkTargets } from './setup-shared.ts'
import { forwardConfig, readWeights } from './weights.ts'

/** Whether a service can become half of a pair. Each check returns what is fine, or throws a Refusal; nothing was written then. */

/** Target groups of one action (aws-facts 2.8). */
const mostGroups = 5

export interface SetupCheck {
  readonly section: Section
  readonly check: () => string | undefined
}

export function setupChecks(goal: SetupGoal, seen: SetupSeen): readonly SetupCheck[] {
  const inSection = (section: Section, ...checks: readonly (() => string | undefined)[]) =>
    checks.map(check => ({ section, check }))
  return [
    ...inSection(
      'Services',
      () => checkBehind(seen),
      () => checkService(seen.services.blue.view),
      () => checkNoTwin(goal, seen),
      () => checkTwinService(goal, seen),
    ),
    ...inSection(
      'Target groups',
      () => checkTargetGroup(seen.services.blue.view, seen.groups.blue.view),
      () => checkTwinGroup(goal, seen),
      () => checkSharers(seen),
      () => checkTargets(seen),
    ),
    ...inSection('Listeners and rules', () => checkRoutes(goal, seen)),
    ...lackingTwin(goal, seen).flatMap(route => inSection('Listeners and rules', () => checkLacking(route, seen))),
    ...inSection('Listeners and rules', () => checkTestRule(goal, seen)),
  ]
}

/** Others, such as Terraform, have made a pair of it: all is there, and nothing of it is ours. */
export function isPairOfOthers(goal: SetupGoal, seen: SetupSeen): boolean {
  const { green } = seen.services
  const behind = green?.view.loadBalancers[0]?.targetGroupArn
  if (green?.view.status !== 'ACTIVE' || isTwin(green.tags, goal.of)) return false
  if (behind === undefined || behind === seen.groups.blue.view.arn) return false
  const routes = knownRoutes(goal, seen)
  return routes.length > 0 && routes.every(route => namesGroup(route, behind))
}

/** Production routes that do not name the twin's target group yet. */
export function lackingTwin(goal: SetupGoal, seen: SetupSeen): readonly RouteView[] {
  if (isPairOfOthers(goal, seen)) return []
  const twin = twinGroupArn(seen)
  return knownRoutes(goal, seen).filter(route => twin === undefined || !namesGroup(route, twin))
}

/** @throws Refusal when the service is not behind a load balancer at all */
export function checkBehind({ services }: Pick<SetupSeen, 'services'>): undefined {
  const { view } = services.blue
  if (view.loadBalancers.length > 0) return
  throw refusal(
    'SETUP_NOT_BALANCED',
    `The service ${view.name} is behind no target group: there is no traffic that could be moved.`,
    'Put it behind an Application Load Balancer first: a target group of type ip, and a listener or rule that forwards to it.',
    view.arn,
  )
}

function checkNoTwin(goal: SetupGoal, { services }: SetupSeen): undefined {
  const { view, tags } = services.blue
  const owner = madeFor(tags)
  if (owner === undefined) return
  throw refusal(
    'SETUP_NAME_TAKEN',
    `The service ${goal.names.blue} was made by this action itself, for ${owner}: it gets no twin of its own.`,
    'Name the service that was there first, in `service`.',
    view.arn,
  )
}

function checkTwinService(goal: SetupGoal, seen: SetupSeen): string | undefined {
  const { green } = seen.services
  if (green === undefined || green.view.status === 'INACTIVE') return undefined
  if (isPairOfOthers(goal, seen)) return `${goal.names.green}: is there, and was not made by this action`
  if (!isTwin(green.tags, goal.of)) {
    throw refusal(
      'SETUP_NAME_TAKEN',
      `The service ${green.view.name} is there already and has not the tag ${setupTag} (${goal.of}): it is somebody else's, and stays as it is.`,
      'Set `blue-service` to the service that is there and `green-service` to a free name; or delete the other one when nobody needs it.',
      green.view.arn,
    )
  }
  const behind = green.view.loadBalancers[0]?.targetGroupArn
  if (green.view.status === 'ACTIVE' && behind !== seen.groups.green?.view.arn) {
    throw refusal(
      'UPDATE_REFUSED',
      `The service ${green.view.name} was made by a run before, but is not behind the target group ${goal.groupName} any more.`,
      'Delete it when it has no traffic, then run again; or give it that target group.',
      behind ?? green.view.arn,
    )
  }
  return `${green.view.name}: is there, ${green.view.running}/${green.view.desired} tasks`
}

function checkTwinGroup(goal: SetupGoal, seen: SetupSeen): string | undefined {
  const { blue, green } = seen.groups
  if (green === undefined || isPairOfOthers(goal, seen)) return undefined
  if (!isTwin(green.tags, goal.of)) {
    throw refusal(
      'SETUP_NAME_TAKEN',
      `The target group ${goal.groupName} is there already and has not the tag ${setupTag} (${goal.of}): it is somebody else's, and stays as it is.`,
      `Delete it when nobody needs it; or give it that tag, when it is meant for ${goal.names.green}. Then run again.`,
      green.view.arn,
    )
  }
  const other = fixedDifferences(blue.settings, green.settings)
  if (other.length === 0) return `${goal.groupName}: is there`
  throw refusal(
    'UPDATE_REFUSED',
    `The target group ${goal.groupName} has another ${other.join(' and ')} than ${blue.view.name}, and AWS cannot change that.`,
    'Delete it, then run again.',
    green.view.arn,
  )
}

function checkRoutes(goal: SetupGoal, seen: SetupSeen): string {
  const blue = seen.groups.blue.view
  const all = allRoutes(seen)
  const routes = productionRoutes(goal, seen)
  const forTesters = [...inOrder(goal.testListenerArns, all), ...all.filter(route => seen.ownRules.includes(route.arn))]
  checkOthers(all, [...routes, ...forTesters], { blue, green: { ...blue, arn: twinGroupArn(seen) ?? '' } })
  if (routes.length > 0) return `${routes.map(route => route.label).join(' and ')}: production comes through here`
  throw refusal(
    'SETUP_NOT_BALANCED',
    `No listener or rule sends requests to the target group ${blue.name} of ${goal.names.blue}.`,
    'Forward to it from a listener or rule of an Application Load Balancer first; or set `listener-arns`.',
    blue.arn,
  )
}

/** Whether the twin can be named in this action, without anybody noticing. */
function checkLacking(route: RouteView, seen: SetupSeen): string {
  checkNoPair(route, seen)
  const { blue } = seen.groups
  const { weights, strangers, stickySeconds } = readWeights(route, {
    blue: blue.view,
    green: { arn: twinGroupArn(seen) ?? '' },
  })
  if (strangers.length > 0 || (weights.blue ?? 0) === 0) {
    const to = strangers.length > 0 ? `also sends requests to ${strangers.join(' and ')}` : 'sends it no requests'
    throw refusal(
      'SETUP_SHARED',
      `${route.label} names ${blue.view.name}, but ${to}: a deploy could not tell which color is live.`,
      `Give ${blue.view.name} all of its traffic, or leave it out of \`listener-arns\`.`,
      route.arn,
    )
  }
  if ((forwardConfig(route.actions)?.TargetGroups?.length ?? 0) >= mostGroups) {
    throw refusal(
      'QUOTA_EXCEEDED',
      `${route.label} forwards to ${mostGroups} target groups, which is all that AWS allows: there is no room for the twin's.`,
      'Take one with weight 0 out of the action.',
      route.arn,
    )
  }
  if (blue.attributes['stickiness.enabled'] === 'true' && stickySeconds === undefined) {
    throw refusal(
      'STICKINESS_CONFLICT',
      `${route.label} has no group stickiness, and target stickiness is on for ${blue.view.name}: AWS takes no second target group there.`,
      'Turn `stickiness.enabled` of the target group off, or turn on group stickiness in the forward action.',
      route.arn,
    )
  }
  return `${route.label}: ${blue.view.name} has all of its traffic`
}
