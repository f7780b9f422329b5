import { type ByColor, type Color, colors } from '../model/color.ts'
import { Refusal } from '../model/outcome.ts'
import type { RouteView, TargetGroupView } from '../model/routing.ts'
import type { ServiceView } from '../model/service.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import { readWeights } from '../plan/weights.ts'
import type { World } from './world.ts'

/**
 * The first look: both services, their target groups, and the routes that send requests to them.
 *
 * @throws Refusal when the set-up is not one that this action can work with; nothing was written
 */
export async function firstLook(world: World): Promise<Snapshot> {
  const named = world.listenerArns.length > 0
  const [services, namedRoutes] = await Promise.all([
    world.ecs.describeServices(world.names),
    named ? world.elb.describeRoutes([...world.listenerArns, ...world.testListenerArns]) : [],
  ])
  const at = world.clock.now()
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
  const routes = named ? namedRoutes : await world.elb.describeAllRoutes(loadBalancersOf(groups))
  const isTest = (route: RouteView) => world.testListenerArns.includes(route.arn)
  const production = named
    ? routes.filter(route => !isTest(route))
    : onlyRoute(
        routes.filter(route => !isTest(route)),
        groups,
        services,
      )
  for (const route of production) checkRoute(route, groups)
  return {
    services: { at, value: services },
    targetGroups: groups,
    production: { at, value: production },
    test: { at, value: routes.filter(isTest) },
  }
}

/** Looks again at these parts of the world; the others stay as they were, with the time at which they were seen. */
export async function lookAgain(world: World, seen: Snapshot, idle: Color, parts: readonly Part[]): Promise<Snapshot> {
  const service = seen.services.value[idle].name
  const look = async <T>(part: Part, read: () => Promise<T>) => {
    if (!parts.includes(part)) return undefined
    const value = await read()
    return { at: world.clock.now(), value }
  }
  const routeArns = [...seen.production.value, ...seen.test.value].map(route => route.arn)
  const [services, targets, tasks, stoppedTasks, routes, probe, oneOff] = await Promise.all([
    look('services', () => world.ecs.describeServices(world.names)),
    look('targets', () => world.elb.describeTargets(seen.targetGroups[idle].arn)),
    look('tasks', () => world.ecs.describeTasks(service, 'RUNNING')),
    look('stopped-tasks', () => world.ecs.describeTasks(service, 'STOPPED')),
    look('routes', () => world.elb.describeRoutes(routeArns)),
    look('probe', async () => world.probe?.look()),
    look(
      'one-off',
      async () => seen.oneOff && ((await world.ecs.describeTask(seen.oneOff.value.arn)) ?? seen.oneOff.value),
    ),
  ])
  const only = (arns: readonly RouteView[]) =>
    (routes?.value ?? []).filter(route => arns.some(one => one.arn === route.arn))
  return {
    ...seen,
    ...(services && { services }),
    ...(targets && { targets }),
    ...(tasks && { tasks }),
    ...(stoppedTasks && { stoppedTasks }),
    ...(routes && {
      production: { at: routes.at, value: labelled(only(seen.production.value), seen.production.value) },
      test: { at: routes.at, value: labelled(only(seen.test.value), seen.test.value) },
    }),
    ...(oneOff?.value && { oneOff: { at: oneOff.at, value: oneOff.value } }),
    ...(probe?.value && { probe: { at: probe.at, value: probe.value } }),
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
