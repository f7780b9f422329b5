import type { AlarmsSeen } from '../model/alarm.ts'
import { type ByColor, type Color, colors, otherColor } from '../model/color.ts'
import { Refusal } from '../model/outcome.ts'
import type { RouteView, TargetGroupView } from '../model/routing.ts'
import type { ServiceView } from '../model/service.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import {
  checkOthers,
  checkRoute,
  checkService,
  checkTargetGroup,
  checkTwoGroups,
  inOrder,
  onlyRoute,
  targetGroupOf,
} from '../plan/setup.ts'
import { followLog } from './container-logs.ts'
import { readToExplain } from './read-to-explain.ts'
import type { World } from './world.ts'

/**
 * The first look: both services, their target groups, and the routes that send requests to them.
 *
 * @throws Refusal when the set-up is not one that this action can work with; nothing was written
 */
export async function firstLook(world: World): Promise<Snapshot> {
  const at = world.clock.now()
  const { checks } = world
  const services = await checks.read('Services', () => world.ecs.describeServices(world.names))
  checks.pass(
    'Services',
    colors.map(color => () => checkService(services[color])),
  )
  const groups = await checks.read('Target groups', () =>
    world.elb.describeTargetGroups({ blue: targetGroupOf(services.blue), green: targetGroupOf(services.green) }),
  )
  checks.pass('Target groups', [
    () => checkTwoGroups(services, groups),
    ...colors.map(color => () => checkTargetGroup(services[color], groups[color])),
  ])
  const all = await checks.read('Listeners and rules', () => world.elb.describeAllRoutes(loadBalancersOf(groups)))
  const { production, test } = routesOf(world, all, services, groups)
  return {
    endedAt: world.clock.now(),
    services: { at, value: services },
    targetGroups: groups,
    production: { at, value: production },
    test: { at, value: test },
  }
}

/** Which of all routes customers use, and which testers; none may be missing, and none left over. */
function routesOf(
  { checks, listenerArns, testListenerArns }: World,
  all: readonly RouteView[],
  services: ByColor<ServiceView>,
  groups: ByColor<TargetGroupView>,
) {
  const isTest = (route: RouteView) => testListenerArns.includes(route.arn)
  let production: readonly RouteView[] = []
  let test: readonly RouteView[] = []
  checks.pass('Listeners and rules', [
    () => {
      const named = listenerArns.length > 0
      test = inOrder(testListenerArns, all)
      const others = (named ? inOrder(listenerArns, all) : all).filter(route => !isTest(route))
      production = named ? others : onlyRoute(others, groups, services)
      return undefined
    },
  ])
  checks.pass('Listeners and rules', [
    ...production.map(route => () => checkRoute(route, 'production', groups)),
    ...test.map(route => () => checkRoute(route, 'test', groups)),
    () => checkOthers(all, [...production, ...test], groups),
  ])
  return { production, test }
}

/**
 * Looks again at these parts of the world; the others stay as they were, with the time at which they were seen.
 *
 * @param explains those of the parts that only tell why something failed, so that a refusal to show them is only noted
 */
export async function lookAgain(
  world: World,
  seen: Snapshot,
  idle: Color,
  parts: readonly Part[],
  explains: readonly Part[] = [],
): Promise<Snapshot> {
  const service = seen.services.value[idle].name
  // One look is one moment, however long AWS takes to answer: its beginning.
  const at = world.clock.now()
  let unread = seen.unread ?? {}
  const look = async <T>(part: Part, read: () => Promise<T>) => {
    if (!parts.includes(part)) return undefined
    // Why tasks have stopped decides nothing, whenever it is asked for.
    const answer =
      part === 'stopped-tasks' || explains.includes(part)
        ? await readToExplain(world, seen.unread?.[part], read)
        : { kind: 'read' as const, value: await read() }
    const { [part]: _, ...others } = unread
    unread = answer.kind === 'refused' ? { ...others, [part]: { at, value: answer.failure } } : others
    return answer.kind === 'read' ? { at, value: answer.value } : undefined
  }
  const routeArns = [...seen.production.value, ...seen.test.value].map(route => route.arn)
  const [services, targets, liveTargets, tasks, liveTasks, stopped, routes, alarms, probe, oneOff] = await Promise.all([
    look('services', () => world.ecs.describeServices(world.names)),
    look('targets', () => world.elb.describeTargets(seen.targetGroups[idle].arn)),
    look('live-targets', () => world.elb.describeTargets(seen.targetGroups[otherColor(idle)].arn)),
    look('tasks', () => world.ecs.describeTasks(service, 'RUNNING')),
    look('live-tasks', () => world.ecs.describeTasks(seen.services.value[otherColor(idle)].name, 'RUNNING')),
    look('stopped-tasks', () => world.ecs.describeTasks(service, 'STOPPED')),
    look('routes', () => world.elb.describeRoutes(routeArns)),
    look('alarms', () => alarmsSeen(world)),
    look('probe', async () => world.probe?.look()),
    look(
      'one-off',
      async () => seen.oneOff && ((await world.ecs.describeTask(seen.oneOff.value.arn)) ?? seen.oneOff.value),
    ),
  ])
  const oneOffLog = oneOff?.value && seen.oneOffLog && (await followLog(world, oneOff.value, seen.oneOffLog))
  const only = (arns: readonly RouteView[]) =>
    (routes?.value ?? []).filter(route => arns.some(one => one.arn === route.arn))
  const deleted = [...seen.production.value, ...seen.test.value].filter(
    route => routes !== undefined && !routes.value.some(one => one.arn === route.arn),
  )
  const ofAws = parts.some(part => part === 'services' || part === 'targets' || part === 'routes')
  return {
    ...seen,
    unread,
    ...(ofAws && { endedAt: world.clock.now() }),
    ...(services && { services }),
    ...(targets && { targets }),
    ...(liveTargets && { liveTargets }),
    ...(tasks && { tasks }),
    ...(liveTasks && { liveTasks }),
    ...(stopped && { stoppedTasks: stopped }),
    ...(routes && {
      production: { at: routes.at, value: labelled(only(seen.production.value), seen.production.value) },
      test: { at: routes.at, value: labelled(only(seen.test.value), seen.test.value) },
    }),
    ...(deleted.length > 0 && { gone: [...(seen.gone ?? []), ...deleted] }),
    ...(alarms && { alarms }),
    ...(oneOff?.value && { oneOff: { at: oneOff.at, value: oneOff.value } }),
    ...(oneOffLog && { oneOffLog }),
    ...(probe?.value && { probe: { at: probe.at, value: probe.value } }),
  }
}

/** What cannot be read once may be read at the next look: how long that may go on is a decision. */
async function alarmsSeen(world: World): Promise<AlarmsSeen> {
  try {
    return { kind: 'read', alarms: (await world.describeAlarms?.()) ?? [] }
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    return { kind: 'unreadable', because: error.failure.headline }
  }
}

/** A rule read alone does not know its listener: it keeps the name that the first look gave it. */
function labelled(routes: readonly RouteView[], before: readonly RouteView[]): readonly RouteView[] {
  return routes.map(route => ({ ...route, label: before.find(old => old.arn === route.arn)?.label ?? route.label }))
}

function loadBalancersOf(groups: ByColor<TargetGroupView>): readonly string[] {
  return [...new Set(colors.flatMap(color => groups[color].loadBalancerArns))]
}
