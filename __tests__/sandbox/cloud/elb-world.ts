import type { Action, RuleCondition, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import { createElb } from '../../../sandbox/cloud/elb/elb.ts'
import {
  AwsFault,
  type CheckResult,
  type LoadBalancerNode,
  type Route,
  type RoutedRequest,
  type TargetAddress,
} from '../../../sandbox/cloud/ports.ts'
import { type CloudSettings, calmSettings } from '../../../sandbox/cloud/settings.ts'
import { seededRandom } from '../../../sandbox/random.ts'
import { VirtualTimeline } from '../../../sandbox/timeline.ts'

export const START = Date.UTC(2026, 0, 1)
export const SECOND = 1000

/** A load balancer with two nodes in virtual time, whose targets answer checks as `answer` says. */
export function elbWorld(settings: Partial<CloudSettings> = {}, seed = 1) {
  const timeline = new VirtualTimeline(START)
  const answers = new Map<string, CheckResult>()
  const checked: TargetAddress[] = []
  const elb = createElb({
    timeline,
    random: seededRandom(seed),
    settings: { ...calmSettings, throttling: false, ...settings },
    runtime: {
      check(target, _check, onResult) {
        checked.push(target)
        onResult(answers.get(target.ip) ?? { kind: 'passed' })
      },
    },
  })
  const call = (operation: string, input: Record<string, unknown>) =>
    elb.call(operation, input) as Record<string, never>
  const first = (output: Record<string, unknown>, list: string): Record<string, never> => {
    const [item] = output[list] as Record<string, never>[]
    if (item === undefined) throw new Error(`no ${list}`)
    return item
  }
  const world = {
    timeline,
    elb,
    checked,
    call,
    advance: (ms: number) => timeline.advanceTo(timeline.now() + ms),
    answer: (ip: string, result: CheckResult) => answers.set(ip, result),
    loadBalancer: (name = 'app'): string =>
      first(call('CreateLoadBalancer', { Name: name }), 'LoadBalancers').LoadBalancerArn ?? '',
    targetGroup: (name: string, more: Record<string, unknown> = {}): string =>
      first(
        call('CreateTargetGroup', {
          Name: name,
          Protocol: 'HTTP',
          Port: 8080,
          VpcId: 'vpc-1',
          TargetType: 'ip',
          HealthCheckIntervalSeconds: 10,
          HealthyThresholdCount: 3,
          ...more,
        }),
        'TargetGroups',
      ).TargetGroupArn ?? '',
    listener: (loadBalancer: string, actions: readonly Action[], port = 80): string =>
      first(
        call('CreateListener', {
          LoadBalancerArn: loadBalancer,
          Protocol: 'HTTP',
          Port: port,
          DefaultActions: actions,
        }),
        'Listeners',
      ).ListenerArn ?? '',
    rule: (
      listener: string,
      priority: number,
      conditions: readonly RuleCondition[],
      actions: readonly Action[],
    ): string =>
      first(
        call('CreateRule', { ListenerArn: listener, Priority: priority, Conditions: conditions, Actions: actions }),
        'Rules',
      ).RuleArn ?? '',
    register: (group: string, ...ips: string[]) =>
      call('RegisterTargets', { TargetGroupArn: group, Targets: ips.map(Id => ({ Id })) }),
    deregister: (group: string, ...ips: string[]) =>
      call('DeregisterTargets', { TargetGroupArn: group, Targets: ips.map(Id => ({ Id })) }),
    health: (group: string): readonly (readonly [string | undefined, string | undefined, string | undefined])[] => {
      const { TargetHealthDescriptions } = call('DescribeTargetHealth', { TargetGroupArn: group })
      return ((TargetHealthDescriptions ?? []) as TargetHealthDescription[]).map(
        ({ Target, TargetHealth }) => [Target?.Id, TargetHealth?.State, TargetHealth?.Reason] as const,
      )
    },
    nodes: (): readonly LoadBalancerNode[] => elb.loadBalancers()[0]?.nodes ?? [],
    node: (index = 0): LoadBalancerNode => {
      const node = world.nodes()[index]
      if (node === undefined) throw new Error(`no node ${index}`)
      return node
    },
  }
  return world
}

export type ElbWorld = ReturnType<typeof elbWorld>

/** One load balancer with blue at 100 and green at 0 on port 80, one healthy target each. */
export function blueGreen(world: ElbWorld) {
  const loadBalancer = world.loadBalancer()
  const blue = world.targetGroup('blue')
  const green = world.targetGroup('green')
  const listener = world.listener(loadBalancer, [weighted([blue, 100], [green, 0])])
  world.register(blue, '10.0.0.1')
  world.register(green, '10.0.0.2')
  world.advance(20 * SECOND)
  return { loadBalancer, blue, green, listener }
}

export function forward(targetGroupArn: string): Action {
  return { Type: 'forward', TargetGroupArn: targetGroupArn }
}

export function weighted(...groups: readonly (readonly [string, number])[]): Action {
  return {
    Type: 'forward',
    ForwardConfig: { TargetGroups: groups.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })) },
  }
}

export function fixed(status: number): Action {
  return { Type: 'fixed-response', FixedResponseConfig: { StatusCode: String(status) } }
}

export function request(
  more: Partial<Omit<RoutedRequest, 'header'>> & { headers?: Record<string, string> } = {},
): RoutedRequest {
  const { headers = {}, ...rest } = more
  return {
    listenerPort: 80,
    method: 'GET',
    path: '/',
    query: '',
    host: 'app.example.com',
    sourceIp: '203.0.113.7',
    header: name => headers[name],
    ...rest,
  }
}

/** Where a request went: the target's address, or what else became of it. */
export function place(route: Route): string {
  switch (route.kind) {
    case 'forward':
      return route.target.ip
    case 'fixed':
      return String(route.status)
    case 'redirect':
      return route.location
    case 'unavailable':
      return '503'
    default:
      return route satisfies never
  }
}

/** The cookies of an answer as the client sends them back. */
export function cookieHeader(route: Route): string {
  return route.kind === 'forward' ? route.cookies.map(cookie => cookie.split(';')[0]).join('; ') : ''
}

/** The code of the fault that `act` throws; `none` when it throws none. */
export function faultOf(act: () => unknown): readonly [string, string] {
  try {
    act()
  } catch (error) {
    if (error instanceof AwsFault) return [error.code, error.message]
    throw error
  }
  return ['none', '']
}
