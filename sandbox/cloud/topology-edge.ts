import type { Cloud } from './cloud.ts'
import type { SeedColor, TopologyOptions } from './topology.ts'

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

export function createEdge(cloud: Cloud, wanted: TopologyOptions): Edge {
  const loadBalancerArn = createLoadBalancer(cloud, wanted)
  const targetGroupArns = {
    blue: createTargetGroup(cloud, wanted, 'blue'),
    green: createTargetGroup(cloud, wanted, 'green'),
  }
  const idle = wanted.live === 'blue' ? 'green' : 'blue'
  const both = forward({ [targetGroupArns[wanted.live]]: 100, [targetGroupArns[idle]]: 0 })
  const listener = (port: number, action: Record<string, unknown>) =>
    createListener(cloud, loadBalancerArn, port, action)
  const notFound = {
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'not found' },
  }
  const productionListenerArns = wanted.productionPorts.map(port =>
    listener(port, wanted.defaultForwards ? both : notFound),
  )
  const ruleArns = productionListenerArns.flatMap(arn =>
    wanted.rules.map(rule => createRule(cloud, arn, rule.priority, rule.pathPattern, both)),
  )
  const testListenerArn =
    wanted.testPort === undefined ? undefined : listener(wanted.testPort, forward({ [targetGroupArns[idle]]: 1 }))
  return { loadBalancerArn, targetGroupArns, productionListenerArns, ruleArns, testListenerArn }
}

/** Takes the idle target group out of every production action. */
export function narrowToLive(cloud: Cloud, wanted: TopologyOptions, edge: Edge): void {
  const Actions = [forward({ [edge.targetGroupArns[wanted.live]]: 1 })]
  for (const ListenerArn of wanted.defaultForwards ? edge.productionListenerArns : []) {
    cloud.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions: Actions })
  }
  for (const RuleArn of edge.ruleArns) cloud.call('elbv2', 'ModifyRule', { RuleArn, Actions })
}

function forward(weights: Weights): Record<string, unknown> {
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }))
  return {
    Type: 'forward',
    ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } },
  }
}

function createLoadBalancer(cloud: Cloud, wanted: TopologyOptions): string {
  return firstOf<{ LoadBalancerArn: string }>(
    cloud.call('elbv2', 'CreateLoadBalancer', {
      Name: wanted.service,
      Type: 'application',
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

function createTargetGroup(cloud: Cloud, wanted: TopologyOptions, color: SeedColor): string {
  const { health } = wanted
  const { TargetGroupArn } = firstOf<{ TargetGroupArn: string }>(
    cloud.call('elbv2', 'CreateTargetGroup', {
      Name: `${wanted.service}-${color}`,
      Protocol: 'HTTP',
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

function createListener(cloud: Cloud, LoadBalancerArn: string, Port: number, action: Record<string, unknown>): string {
  return firstOf<{ ListenerArn: string }>(
    cloud.call('elbv2', 'CreateListener', { LoadBalancerArn, Protocol: 'HTTP', Port, DefaultActions: [action] })
      .Listeners,
  ).ListenerArn
}

function createRule(
  cloud: Cloud,
  ListenerArn: string,
  Priority: number,
  pathPattern: string,
  action: Record<string, unknown>,
): string {
  return firstOf<{ RuleArn: string }>(
    cloud.call('elbv2', 'CreateRule', {
      ListenerArn,
      Priority,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [pathPattern] } }],
      Actions: [action],
    }).Rules,
  ).RuleArn
}

function firstOf<T>(list: unknown): T {
  const [first] = list as readonly T[]
  if (first === undefined) throw new Error('the call made nothing')
  return first
}
