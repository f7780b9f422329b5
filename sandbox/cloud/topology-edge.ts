import type { Cloud } from './cloud.ts'
import type { SeedColor, SeedRule, TopologyOptions } from './topology-options.ts'

/** The load balancer's half of the seeded world. */
export interface Edge {
  readonly loadBalancerArn: string
  readonly targetGroupArns: Readonly<Record<SeedColor, string>>
  readonly productionListenerArns: readonly string[]
  readonly ruleArns: readonly string[]
  readonly testListenerArn: string | undefined
}

interface Weights {
  readonly [targetGroupArn: string]: number
}

type Actions = readonly Readonly<Record<string, unknown>>[]

export function createEdge(cloud: Cloud, wanted: TopologyOptions): Edge {
  const loadBalancerArn = createLoadBalancer(cloud, wanted)
  const targetGroupArns = {
    blue: createTargetGroup(cloud, wanted, `${wanted.service}-blue`),
    green: createTargetGroup(cloud, wanted, `${wanted.service}-green`),
  }
  const idle = wanted.live === 'blue' ? 'green' : 'blue'
  const both = { [targetGroupArns[wanted.live]]: 100, [targetGroupArns[idle]]: 0 }
  const listener = (port: number, actions: Actions) => createListener(cloud, wanted, loadBalancerArn, port, actions)
  const productionListenerArns = wanted.productionPorts.map(port =>
    listener(port, wanted.defaultForwards ? production(wanted, both, wanted.before[port]) : [notFound]),
  )
  const ruleArns = placedRules(wanted).map(([rule, index]) =>
    createRule(cloud, productionListenerArns[index], rule, production(wanted, both, rule.before)),
  )
  const testListenerArn =
    wanted.testPort === undefined ? undefined : listener(wanted.testPort, [forward({ [targetGroupArns[idle]]: 1 }, 0)])
  return { loadBalancerArn, targetGroupArns, productionListenerArns, ruleArns, testListenerArn }
}

/** What a listener does by default when only its rules forward. */
export const notFound = {
  Type: 'fixed-response',
  FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'not found' },
} as const

/** Each rule with the index of the production listener that has it, listener by listener. */
export function placedRules(wanted: TopologyOptions): readonly (readonly [SeedRule, number])[] {
  return wanted.productionPorts.flatMap((port, index) =>
    wanted.rules.filter(({ ports }) => ports?.includes(port) ?? true).map(rule => [rule, index] as const),
  )
}

/** Takes the idle target group out of every production action. */
export function narrowToLive(cloud: Cloud, wanted: TopologyOptions, edge: Edge): void {
  const live = { [edge.targetGroupArns[wanted.live]]: 1 }
  if (wanted.defaultForwards) {
    for (const [index, ListenerArn] of edge.productionListenerArns.entries()) {
      const before = wanted.before[wanted.productionPorts[index] as number]
      cloud.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions: production(wanted, live, before) })
    }
  }
  for (const [index, [rule]] of placedRules(wanted).entries()) {
    const Actions = production(wanted, live, rule.before)
    cloud.call('elbv2', 'ModifyRule', { RuleArn: edge.ruleArns[index], Actions })
  }
}

/** What a production listener or rule does: what comes first, if anything, and the forward action. */
export function production(wanted: TopologyOptions, weights: Weights, before: SeedRule['before']): Actions {
  const last = forward(weights, wanted.groupStickinessSeconds)
  return before === undefined ? [last] : [before, { ...last, Order: 100 }]
}

function forward(weights: Weights, stickySeconds: number): Record<string, unknown> {
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }))
  const TargetGroupStickinessConfig =
    stickySeconds === 0 ? { Enabled: false } : { Enabled: true, DurationSeconds: stickySeconds }
  return { Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }
}

export function createLoadBalancer(cloud: Cloud, wanted: TopologyOptions): string {
  return firstOf<{ LoadBalancerArn: string }>(
    cloud.call('elbv2', 'CreateLoadBalancer', {
      Name: wanted.service,
      Type: wanted.loadBalancer,
      Scheme: 'internet-facing',
      Subnets: seedSubnets(cloud),
      SecurityGroups: ['sg-0a1b2c3d4e5f60718'],
    }).LoadBalancers,
  ).LoadBalancerArn
}

/** One subnet per zone of the cloud, in their order. */
export function seedSubnets(cloud: Cloud): string[] {
  return cloud.settings.zones.map((_, index) => `subnet-0${String(index + 1).repeat(16)}`)
}

export function createTargetGroup(cloud: Cloud, wanted: TopologyOptions, name: string): string {
  const { health } = wanted
  const { TargetGroupArn } = firstOf<{ TargetGroupArn: string }>(
    cloud.call('elbv2', 'CreateTargetGroup', {
      Name: name,
      Protocol: wanted.loadBalancer === 'network' ? 'TCP' : 'HTTP',
      Port: wanted.containerPort,
      VpcId: 'vpc-0a1b2c3d4e5f60718',
      TargetType: 'ip',
      HealthCheckProtocol: 'HTTP',
      HealthCheckPath: health.path,
      HealthCheckIntervalSeconds: health.intervalSeconds,
      HealthCheckTimeoutSeconds: health.timeoutSeconds,
      HealthyThresholdCount: health.healthyThreshold,
      UnhealthyThresholdCount: health.unhealthyThreshold,
      Matcher: { HttpCode: '200' },
    }).TargetGroups,
  )
  cloud.call('elbv2', 'ModifyTargetGroupAttributes', {
    TargetGroupArn,
    Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: String(wanted.deregistrationDelaySeconds) }],
  })
  return TargetGroupArn
}

export function createListener(
  cloud: Cloud,
  wanted: TopologyOptions,
  LoadBalancerArn: string,
  Port: number,
  DefaultActions: Actions,
): string {
  const { partition, region, accountId } = cloud.settings
  const CertificateArn = `arn:${partition}:acm:${region}:${accountId}:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9`
  const speaks = wanted.httpsPorts.includes(Port)
    ? { Protocol: 'HTTPS', Certificates: [{ CertificateArn }], SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }
    : { Protocol: wanted.loadBalancer === 'network' ? 'TCP' : 'HTTP' }
  return firstOf<{ ListenerArn: string }>(
    cloud.call('elbv2', 'CreateListener', { LoadBalancerArn, Port, ...speaks, DefaultActions }).Listeners,
  ).ListenerArn
}

export function createRule(cloud: Cloud, ListenerArn: string | undefined, rule: SeedRule, Actions: Actions): string {
  const { priority: Priority, pathPattern, host, transforms } = rule
  const Conditions = [
    ...(host === undefined ? [] : [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }]),
    ...(pathPattern === undefined ? [] : [{ Field: 'path-pattern', PathPatternConfig: { Values: [pathPattern] } }]),
  ]
  const more = transforms === undefined ? {} : { Transforms: transforms }
  return firstOf<{ RuleArn: string }>(
    cloud.call('elbv2', 'CreateRule', { ListenerArn, Priority, Conditions, Actions, ...more }).Rules,
  ).RuleArn
}

function firstOf<T>(list: unknown): T {
  const [first] = list as readonly T[]
  if (first === undefined) throw new Error('the call made nothing')
  return first
}
