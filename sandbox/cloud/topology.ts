import type { Cloud } from './cloud.ts'
import { createEdge, type Edge, narrowToLive } from './topology-edge.ts'
import type { SeedColor, TopologyOptions } from './topology-options.ts'
import { createColorService, registerSeedDefinition } from './topology-services.ts'

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
