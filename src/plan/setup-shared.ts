import { counted } from '../model/count.ts'
import type { RouteView, TargetView } from '../model/routing.ts'
import type { TaskView } from '../model/service.ts'
import type { SetupSeen } from '../model/setup.ts'
import { refusal } from './setup-refusal.ts'
import { allRoutes, namesGroup, twinGroupArn } from './setup-route.ts'
import { forwardConfig } from './weights.ts'

/** Who else is behind what is to become half of a pair. */

const mostNamed = 5

/** Addresses in the target group that are no task of the service. Those on their way out serve nobody new. */
export function strangeTargets(targets: readonly TargetView[], tasks: readonly TaskView[]): readonly string[] {
  const own = tasks.flatMap(({ addresses }) => addresses)
  return targets.filter(({ id, state }) => !state.includes('draining') && !own.includes(id)).map(({ id }) => id)
}

/** A deploy moves traffic from group to group: who shares one, and has no half in the other, gets none any more. */
export function checkTargets({ services, groups, others }: SetupSeen): undefined {
  const strange = others?.targets ?? []
  if (strange.length === 0) return
  const { name } = services.blue.view
  const more = strange.length > mostNamed ? ' …' : ''
  throw refusal(
    'SETUP_SHARED',
    `The target group ${groups.blue.view.name} has ${counted(strange.length, 'target')} that no task of ${name} has registered (${strange.slice(0, mostNamed).join(', ')}${more}): with the first deploy, they would lose all of their traffic.`,
    `Give whatever runs there a target group of its own, or deregister it; ${name} has to be alone in this one.`,
    groups.blue.view.arn,
  )
}

/** One that has no tasks today has some tomorrow, and they would register in what is one color's. */
export function checkSharers({ services, groups, others }: SetupSeen): undefined {
  const { arn, name: group } = groups.blue.view
  const sharers = (others?.services ?? []).filter(other => other.group === arn).map(({ name }) => name)
  if (sharers.length === 0) return
  const { name } = services.blue.view
  const more = sharers.length > mostNamed ? ' …' : ''
  throw refusal(
    'SETUP_SHARED',
    `The target group ${group} of ${name} is that of ${counted(sharers.length, 'other service')} too (${sharers.slice(0, mostNamed).join(', ')}${more}): their tasks, now or later, would gain and lose traffic with each deploy of ${name}.`,
    `Give them a target group of their own, or delete those that nobody needs; ${name} has to be alone in this one.`,
    arn,
  )
}

/** Target groups without requests beside that of the service, which are not the twin's. */
export function weightlessGroups(seen: SetupSeen): readonly string[] {
  const blue = seen.groups.blue.view.arn
  const routes = allRoutes(seen).filter(route => namesGroup(route, blue))
  return [...new Set(routes.flatMap(route => weightlessOf(route, seen)))]
}

function weightlessOf({ actions }: RouteView, seen: SetupSeen): readonly string[] {
  const pair = [seen.groups.blue.view.arn, twinGroupArn(seen)]
  return (forwardConfig(actions)?.TargetGroups ?? [])
    .filter(({ TargetGroupArn, Weight }) => Weight === 0 && !pair.includes(TargetGroupArn))
    .map(({ TargetGroupArn = '' }) => TargetGroupArn)
}

/** It is half of a pair already, whatever the other half is called. */
export function checkNoPair(route: RouteView, seen: SetupSeen): undefined {
  const groups = weightlessOf(route, seen)
  const other = seen.others?.services.find(({ group }) => groups.includes(group))
  if (other === undefined) return
  const { name } = seen.services.blue.view
  throw refusal(
    'SETUP_SHARED',
    `${route.label} names the target group of ${other.name} beside that of ${name}, with no requests: they are a pair already, and a third service would be in nobody's deploys.`,
    `Deploy them with \`blue-service: ${name}\` and \`green-service: ${other.name}\`; or take that group out of the action, when it is something else.`,
    route.arn,
  )
}
