import type { AlarmsSeen } from '../model/alarm.ts'
import { type ByColor, type Color, colors, otherColor } from '../model/color.ts'
import { Refusal } from '../model/outcome.ts'
import type { RouteView, TargetGroupView } from '../model/routing.ts'
import type { ServiceView, TaskView } from '../model/service.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import { readWeights } from '../plan/weights.ts'
import type { World } from './world.ts'

/**
 * The first look: both services, their target groups, and the routes that send requests to them.
 *
 * @throws Refusal when the set-up is not one that this action can work with; nothing was written
 */
export async function firstLook(world: World): Promise<Snapshot> {
  const at = world.clock.now()
  const named = world.listenerArns.length > 0
  const services = await world.ecs.describeServices(world.names)
  for (const color of colors) checkService(services[color])
  const groups = await world.elb.describeTargetGroups({
    blue: targetGroupOf(services.blue),
    green: targetGroupOf(services.green),
  })
  if (groups.blue.arn === groups.green.arn) {
    throw new Refusal({
      code: 'SERVICE_UNSUPPORTED',
      headline: `${services.blue.name} and ${services.green.name} share the target group ${groups.blue.name}: there is nothing to flip.`,
      details: [groups.blue.arn, 'Give each of the two services a target group of its own.'],
    })
  }
  for (const color of colors) checkTargetGroup(groups[color])
  const all = await world.elb.describeAllRoutes(loadBalancersOf(groups))
  const routes = named ? inOrder([...world.listenerArns, ...world.testListenerArns], all) : all
  const isTest = (route: RouteView) => world.testListenerArns.includes(route.arn)
  const production = named
    ? routes.filter(route => !isTest(route))
    : onlyRoute(
        routes.filter(route => !isTest(route)),
        groups,
        services,
      )
  const test = routes.filter(isTest)
  for (const route of [...production, ...test]) checkRoute(route, groups)
  checkOthers(all, [...production, ...test], groups)
  return {
    endedAt: world.clock.now(),
    services: { at, value: services },
    targetGroups: groups,
    production: { at, value: production },
    test: { at, value: test },
  }
}

/** Looks again at these parts of the world; the others stay as they were, with the time at which they were seen. */
export async function lookAgain(world: World, seen: Snapshot, idle: Color, parts: readonly Part[]): Promise<Snapshot> {
  const service = seen.services.value[idle].name
  // One look is one moment, however long AWS takes to answer: its beginning.
  const at = world.clock.now()
  const look = async <T>(part: Part, read: () => Promise<T>) =>
    parts.includes(part) ? { at, value: await read() } : undefined
  const routeArns = [...seen.production.value, ...seen.test.value].map(route => route.arn)
  const [services, targets, liveTargets, tasks, stopped, routes, alarms, probe, oneOff] = await Promise.all([
    look('services', () => world.ecs.describeServices(world.names)),
    look('targets', () => world.elb.describeTargets(seen.targetGroups[idle].arn)),
    look('live-targets', () => world.elb.describeTargets(seen.targetGroups[otherColor(idle)].arn)),
    look('tasks', () => world.ecs.describeTasks(service, 'RUNNING')),
    look('stopped-tasks', () => stoppedTasksOf(world, service)),
    look('routes', () => world.elb.describeRoutes(routeArns)),
    look('alarms', () => alarmsSeen(world)),
    look('probe', async () => world.probe?.look()),
    look(
      'one-off',
      async () => seen.oneOff && ((await world.ecs.describeTask(seen.oneOff.value.arn)) ?? seen.oneOff.value),
    ),
  ])
  const only = (arns: readonly RouteView[]) =>
    (routes?.value ?? []).filter(route => arns.some(one => one.arn === route.arn))
  const ofAws = parts.some(part => part === 'services' || part === 'targets' || part === 'routes')
  return {
    ...seen,
    ...(ofAws && { endedAt: world.clock.now() }),
    ...(services && { services }),
    ...(targets && { targets }),
    ...(liveTargets && { liveTargets }),
    ...(tasks && { tasks }),
    ...(stopped && { stoppedTasks: stopped }),
    ...(routes && {
      production: { at: routes.at, value: labelled(only(seen.production.value), seen.production.value) },
      test: { at: routes.at, value: labelled(only(seen.test.value), seen.test.value) },
    }),
    ...(alarms && { alarms }),
    ...(oneOff?.value && { oneOff: { at: oneOff.at, value: oneOff.value } }),
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

/** They only explain a failure: not being allowed to see them must not hide it. */
async function stoppedTasksOf(world: World, service: string): Promise<readonly TaskView[]> {
  try {
    return await world.ecs.describeTasks(service, 'STOPPED')
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    world.log.warn(`Why tasks stopped could not be looked up. ${error.failure.headline}`)
    return []
  }
}

/** A rule read alone does not know its listener: it keeps the name that the first look gave it. */
function labelled(routes: readonly RouteView[], before: readonly RouteView[]): readonly RouteView[] {
  return routes.map(route => ({ ...route, label: before.find(old => old.arn === route.arn)?.label ?? route.label }))
}

function checkService(service: ServiceView): void {
  if (service.status !== 'ACTIVE') {
    throw new Refusal({
      code: 'SERVICE_NOT_ACTIVE',
      headline: `The service ${service.name} is ${service.status}.`,
      details: [service.arn, 'Create it again, or name another service.'],
    })
  }
  if (service.foreignController !== undefined) {
    throw new Refusal({
      code: 'SERVICE_UNSUPPORTED',
      headline: `The service ${service.name} is deployed by ${service.foreignController}; two masters would undo each other's work.`,
      details: [
        service.arn,
        'This action needs two plain rolling services (deployment controller ECS, strategy ROLLING).',
      ],
    })
  }
}

function targetGroupOf(service: ServiceView): string {
  const [only, ...more] = service.loadBalancers
  if (only !== undefined && more.length === 0) return only.targetGroupArn
  throw new Refusal({
    code: 'SERVICE_UNSUPPORTED',
    headline: `The service ${service.name} has ${service.loadBalancers.length} target groups; this action needs exactly one.`,
    details: [service.arn, ...service.loadBalancers.map(balancer => balancer.targetGroupArn)],
  })
}

function loadBalancersOf(groups: ByColor<TargetGroupView>): readonly string[] {
  return [...new Set(colors.flatMap(color => groups[color].loadBalancerArns))]
}

function namesAColor(route: RouteView, groups: ByColor<TargetGroupView>): boolean {
  return Object.keys(readWeights(route, groups).weights).length > 0
}

/** Without `listener-arns` there must be exactly one place that can be meant. */
function onlyRoute(
  routes: readonly RouteView[],
  groups: ByColor<TargetGroupView>,
  services: ByColor<ServiceView>,
): readonly RouteView[] {
  const found = routes.filter(route => namesAColor(route, groups))
  if (found.length === 1) return found
  throw new Refusal({
    code: 'LISTENER_UNCLEAR',
    headline:
      found.length === 0
        ? `No listener or rule sends requests to ${services.blue.name} or ${services.green.name}.`
        : `${found.length} listeners and rules send requests to ${services.blue.name} or ${services.green.name}: which do customers use?`,
    details: [
      ...found.map(route => `${route.label}: ${route.arn}`),
      'Set `listener-arns` to the ones that customers use, and `test-listener-arns` to the ones for testers.',
    ],
  })
}

/** The named routes, in the order in which they were named. */
function inOrder(arns: readonly string[], all: readonly RouteView[]): readonly RouteView[] {
  return arns.map(arn => {
    const found = all.find(route => route.arn === arn)
    if (found !== undefined) return found
    throw new Refusal({
      code: 'LISTENER_NOT_FOUND',
      headline: `${arn} is no listener or rule of the load balancer that these services are behind.`,
      details: [
        ...all.map(route => `${route.label}: ${route.arn}`),
        'Check `listener-arns` and `test-listener-arns`: ARNs change when a listener or rule is made anew, and the default rule of a listener goes by the ARN of the listener.',
      ],
    })
  })
}

/** Somebody else's route to either color would keep customers on a version that this run believes idle. */
function checkOthers(all: readonly RouteView[], known: readonly RouteView[], groups: ByColor<TargetGroupView>): void {
  const others = all.filter(route => {
    const { weights } = readWeights(route, groups)
    return !known.some(one => one.arn === route.arn) && colors.some(color => (weights[color] ?? 0) > 0)
  })
  if (others.length === 0) return
  throw new Refusal({
    code: 'LISTENER_UNCLEAR',
    headline: `${others.length === 1 ? 'Another listener or rule sends' : `${others.length} other listeners or rules send`} requests to these services, and would not be switched.`,
    details: [
      ...others.map(route => `${route.label}: ${route.arn}`),
      'Name each of them in `listener-arns` when customers use it, or in `test-listener-arns` when only testers do.',
    ],
  })
}

function checkTargetGroup(group: TargetGroupView): void {
  if (group.targetType !== 'ip') {
    throw new Refusal({
      code: 'SERVICE_UNSUPPORTED',
      headline: `The target group ${group.name} has targets of type ${group.targetType}; only ip is supported, because only then can every target be traced to its task.`,
      details: [group.arn, 'Use the network mode awsvpc and target groups of type ip.'],
    })
  }
  if (group.loadBalancerArns.some(arn => !arn.includes(':loadbalancer/app/'))) {
    throw new Refusal({
      code: 'SERVICE_UNSUPPORTED',
      headline: `The target group ${group.name} is behind a Network or Gateway Load Balancer, which has no weights.`,
      details: [group.arn, 'An Application Load Balancer is needed.'],
    })
  }
}

function checkRoute(route: RouteView, groups: ByColor<TargetGroupView>): void {
  if (namesAColor(route, groups)) return
  throw new Refusal({
    code: 'LISTENER_UNCLEAR',
    headline: `${route.label} sends no requests to ${groups.blue.name} or ${groups.green.name}.`,
    details: [
      route.arn,
      'Check `listener-arns`: it must name the listener or rule whose forward action has one of these target groups.',
    ],
  })
}
