import { type ByColor, colors } from '../model/color.ts'
import { Refusal } from '../model/outcome.ts'
import type { RouteView, TargetGroupView } from '../model/routing.ts'
import type { ForeignController, ServiceView } from '../model/service.ts'
import { describeWeights, readWeights } from './weights.ts'

/** Whether a set-up is one that this action can work with. Each check returns what is fine, or throws a Refusal. */

/** Who else decides about a service's deployments, why that cannot go together with this action, and what to do. */
const foreign: Readonly<Record<ForeignController, { readonly because: string; readonly instead: string }>> = {
  CODE_DEPLOY: {
    because: 'AWS CodeDeploy changes its task sets and listeners',
    instead:
      'Deploy it with CodeDeploy, or make two services with the deployment controller ECS and move the listener to them.',
  },
  EXTERNAL: {
    because: 'a program of your own changes its task sets',
    instead: 'Make two services with the deployment controller ECS.',
  },
  BLUE_GREEN: nativeStrategy('BLUE_GREEN'),
  LINEAR: nativeStrategy('LINEAR'),
  CANARY: nativeStrategy('CANARY'),
  ADVANCED: {
    because: 'ECS rewrites its listener rules (its load balancer has an advancedConfiguration)',
    instead: 'Take `advancedConfiguration` out of its load balancer with UpdateService.',
  },
  DAEMON: {
    because: 'a DAEMON runs one task on each instance and has no desired count',
    instead: 'Make two services with the scheduling strategy REPLICA.',
  },
  SERVICE_CONNECT: {
    because: 'other services reach it through Service Connect, past the load balancer whose weights this action moves',
    instead:
      'Let them call the load balancer, or take `services` out of its Service Connect configuration; being a client is fine.',
  },
}

function nativeStrategy(strategy: string) {
  return {
    because: `ECS itself shifts its traffic (strategy ${strategy})`,
    instead: 'Set `deploymentConfiguration.strategy` to ROLLING with UpdateService, or deploy it by ECS alone.',
  }
}

export function checkService(service: ServiceView): string {
  if (service.status !== 'ACTIVE') {
    throw new Refusal({
      code: 'SERVICE_NOT_ACTIVE',
      headline: `The service ${service.name} is ${service.status}.`,
      details: [service.arn, 'Create it again, or name another service.'],
    })
  }
  if (service.foreignController !== undefined) {
    const { because, instead } = foreign[service.foreignController]
    throw new Refusal({
      code: 'SERVICE_UNSUPPORTED',
      headline: `The service ${service.name} is no plain rolling service: ${because}. Two masters would undo each other's work.`,
      details: [service.arn, instead],
    })
  }
  targetGroupOf(service)
  const breaker = service.circuitBreaker === true ? 'on' : 'off'
  return `${service.name}: plain rolling service, ${service.running}/${service.desired} tasks run ${revisionOf(service.taskDefinition)}, circuit breaker ${breaker}`
}

export function revisionOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** ARN of the one target group of a service. */
export function targetGroupOf(service: ServiceView): string {
  const [only, ...more] = service.loadBalancers
  if (only !== undefined && more.length === 0) return only.targetGroupArn
  throw new Refusal({
    code: 'SERVICE_UNSUPPORTED',
    headline: `The service ${service.name} has ${service.loadBalancers.length} target groups; this action needs exactly one.`,
    details: [service.arn, ...service.loadBalancers.map(balancer => balancer.targetGroupArn)],
  })
}

export function checkTwoGroups(services: ByColor<ServiceView>, groups: ByColor<TargetGroupView>): undefined {
  if (groups.blue.arn !== groups.green.arn) return
  throw new Refusal({
    code: 'SERVICE_UNSUPPORTED',
    headline: `${services.blue.name} and ${services.green.name} share the target group ${groups.blue.name}: there is nothing to flip.`,
    details: [groups.blue.arn, 'Give each of the two services a target group of its own.'],
  })
}

export function checkTargetGroup(service: ServiceView, group: TargetGroupView): string {
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
      headline: `The target group ${group.name} is behind a Network or Gateway Load Balancer, which balances connections, not requests: open ones would stay with the old version.`,
      details: [group.arn, 'An Application Load Balancer is needed.'],
    })
  }
  const [balancer] = service.loadBalancers
  return `${group.name}: container ${balancer?.containerName ?? ''} of ${service.name} at port ${balancer?.containerPort ?? ''}`
}

export function namesAColor(route: RouteView, groups: ByColor<TargetGroupView>): boolean {
  return Object.keys(readWeights(route, groups).weights).length > 0
}

const whichAreProduction =
  'Set `listener-arns` to the ones of production, and `test-listener-arns` to the ones for testers.'

/** Without `listener-arns` there must be exactly one place that can be meant. */
export function onlyRoute(
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
        : `${found.length} listeners and rules send requests to ${services.blue.name} or ${services.green.name}: which are production?`,
    details: [...found.map(route => `${route.label}: ${route.arn}`), whichAreProduction],
    // Any one of several would read like the answer.
    telling: whichAreProduction,
  })
}

/** The named routes, in the order in which they were named. */
export function inOrder(arns: readonly string[], all: readonly RouteView[]): readonly RouteView[] {
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
export function checkOthers(
  all: readonly RouteView[],
  known: readonly RouteView[],
  groups: ByColor<TargetGroupView>,
): undefined {
  const others = all.filter(route => {
    const { weights } = readWeights(route, groups)
    return !known.some(one => one.arn === route.arn) && colors.some(color => (weights[color] ?? 0) > 0)
  })
  if (others.length === 0) return
  const name =
    'Name each of them in `listener-arns` when it is production, or in `test-listener-arns` when only testers do.'
  throw new Refusal({
    code: 'LISTENER_UNCLEAR',
    headline: `${others.length === 1 ? 'Another listener or rule sends' : `${others.length} other listeners or rules send`} requests to these services, and would not be switched.`,
    details: [...others.map(route => `${route.label}: ${route.arn}`), name],
    telling: name,
  })
}

export function checkRoute(
  route: RouteView,
  audience: 'production' | 'test',
  groups: ByColor<TargetGroupView>,
): string {
  if (namesAColor(route, groups)) {
    return `${route.label} (${audience}): ${describeWeights(readWeights(route, groups).weights)}${before(route)}`
  }
  throw new Refusal({
    code: 'LISTENER_UNCLEAR',
    headline: `${route.label} sends no requests to ${groups.blue.name} or ${groups.green.name}.`,
    details: [
      route.arn,
      'Check `listener-arns`: it must name the listener or rule whose forward action has one of these target groups.',
    ],
  })
}

/** What a request passes before it is forwarded; every write keeps it. */
function before(route: RouteView): string {
  const types = route.actions.map(action => action.Type).filter(type => type !== undefined && type !== 'forward')
  return types.length === 0 ? '' : `, after ${types.join(' and ')}`
}
