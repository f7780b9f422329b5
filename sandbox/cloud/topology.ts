import type { Cloud } from './cloud.ts'
import { createEdge, type Edge, narrowToLive } from './topology-edge.ts'
import { createColorService, registerSeedDefinition } from './topology-services.ts'

export type SeedColor = 'blue' | 'green'

export interface HealthNumbers {
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
  readonly path: string
}

/** A rule of a production listener that also sends its traffic to the colors. */
export interface SeedRule {
  readonly priority: number
  /** Such as `/api/*`. A rule has at least one of path and host. */
  readonly pathPattern?: string
  /** Such as `shop.example.com`. */
  readonly host?: string
  /** The production listeners that have it; all of them when absent. */
  readonly ports?: readonly number[]
  /** What a request passes before it is forwarded, such as `oidcAction('deny')`; on HTTPS listeners only. */
  readonly before?: Readonly<Record<string, unknown>>
  /** As the API takes them. */
  readonly transforms?: readonly Readonly<Record<string, unknown>>[]
}

export interface TopologyOptions {
  readonly cluster: string
  /** Base name: services and target groups are `<service>-blue` and `<service>-green`. */
  readonly service: string
  readonly image: string
  readonly containerName: string
  readonly containerPort: number
  readonly live: SeedColor
  readonly tasks: Readonly<Record<SeedColor, number>>
  /** Of a network load balancer only the API is there: its ports serve nobody. */
  readonly loadBalancer: 'application' | 'network'
  /** One listener each; all of them carry production traffic. */
  readonly productionPorts: readonly number[]
  /** Those of them that speak HTTPS. */
  readonly httpsPorts: readonly number[]
  /** By port of an HTTPS listener: what a request passes before the default action forwards it. */
  readonly before: Readonly<Record<number, Readonly<Record<string, unknown>>>>
  /** Seconds that the cookie of the production actions keeps a client on its color; 0: none is given. */
  readonly groupStickinessSeconds: number
  /** Made on every production listener, and part of what a deploy has to move. */
  readonly rules: readonly SeedRule[]
  /** False: the default actions answer 404, and only the rules carry production traffic. */
  readonly defaultForwards: boolean
  /** Whether the production actions name the idle target group, at weight 0. */
  readonly idleInProduction: boolean
  /** Undefined: no test listener. */
  readonly testPort: number | undefined
  readonly health: HealthNumbers
  readonly deregistrationDelaySeconds: number
  readonly healthCheckGracePeriodSeconds: number
  readonly circuitBreaker: 'off' | 'on' | 'rollback'
  readonly minimumHealthyPercent: number
  readonly maximumPercent: number
  /** Environment of the container. */
  readonly environment: Readonly<Record<string, string>>
}

export const standardTopology: TopologyOptions = {
  cluster: 'sandbox',
  service: 'sample',
  image: 'sample-app:0.0.1',
  containerName: 'app',
  containerPort: 8080,
  live: 'blue',
  tasks: { blue: 2, green: 2 },
  loadBalancer: 'application',
  productionPorts: [80],
  httpsPorts: [],
  before: {},
  groupStickinessSeconds: 0,
  rules: [],
  defaultForwards: true,
  idleInProduction: true,
  testPort: 9001,
  health: { intervalSeconds: 5, timeoutSeconds: 2, healthyThreshold: 2, unhealthyThreshold: 2, path: '/health' },
  deregistrationDelaySeconds: 10,
  healthCheckGracePeriodSeconds: 0,
  circuitBreaker: 'off',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  environment: {},
}

export interface Topology {
  /** Inputs for the action, by their names; lists are comma separated, an absent test listener is the empty string. */
  readonly inputs: {
    readonly cluster: string
    readonly service: string
    readonly 'listener-arns': string
    readonly 'test-listener-arns': string
  }
  readonly clusterArn: string
  readonly loadBalancerArn: string
  /** What carries production traffic: listeners, or rules. */
  readonly productionArns: readonly string[]
  readonly productionListenerArns: readonly string[]
  readonly testListenerArn: string | undefined
  readonly targetGroupArns: Readonly<Record<SeedColor, string>>
  readonly serviceArns: Readonly<Record<SeedColor, string>>
  readonly taskDefinitionArn: string
}

/**
 * Builds the world that the action expects to find, by API calls only, as a user's Terraform would. The tasks start
 * with the clock: wait until `isSteady`.
 */
export function seedTopology(cloud: Cloud, options: Partial<TopologyOptions> = {}): Topology {
  const wanted: TopologyOptions = { ...standardTopology, ...options }
  const cluster = cloud.call('ecs', 'CreateCluster', { clusterName: wanted.cluster }).cluster as { clusterArn: string }
  const edge = createEdge(cloud, wanted)
  cloud.elb.settle()
  const taskDefinitionArn = registerSeedDefinition(cloud, wanted)
  const service = (color: SeedColor) => createColorService(cloud, wanted, color, edge.targetGroupArns[color])
  const serviceArns = { blue: service('blue'), green: service('green') }
  // CreateService refuses a target group without a listener, so the idle one leaves the production actions only now.
  if (!wanted.idleInProduction) narrowToLive(cloud, wanted, edge)
  return {
    inputs: {
      cluster: wanted.cluster,
      service: wanted.service,
      'listener-arns': productionArns(wanted, edge).join(','),
      'test-listener-arns': edge.testListenerArn ?? '',
    },
    clusterArn: cluster.clusterArn,
    loadBalancerArn: edge.loadBalancerArn,
    productionArns: productionArns(wanted, edge),
    productionListenerArns: edge.productionListenerArns,
    testListenerArn: edge.testListenerArn,
    targetGroupArns: edge.targetGroupArns,
    serviceArns,
    taskDefinitionArn,
  }
}

function productionArns(wanted: TopologyOptions, edge: Edge): readonly string[] {
  return [...(wanted.defaultForwards ? edge.productionListenerArns : []), ...edge.ruleArns]
}

/** True when every service has rolled out and all its targets are healthy. Draws from no token bucket. */
export function isSteady(cloud: Cloud): boolean {
  return cloud.ecs.isSteady()
}
