import type { Cloud } from './cloud.ts'
import { standardTopology, type Topology } from './topology.ts'
import {
  createListener,
  createLoadBalancer,
  createRule,
  createTargetGroup,
  notFound,
  placedRules,
  production,
} from './topology-edge.ts'
import type { TopologyOptions } from './topology-options.ts'
import { createSeedService, registerSeedDefinition } from './topology-services.ts'

export interface PlainOptions {
  /** Members of CreateService, over those of every seeded service. */
  readonly more: Readonly<Record<string, unknown>>
  /** Name of the target group. */
  readonly group: string
}

/**
 * The world of somebody who has never heard of blue and green: one service, `sample`, behind one target group that every listener and
 * rule forwards to alone. What the topology says of green is not there.
 */
export function seedPlain(
  cloud: Cloud,
  options: Partial<TopologyOptions> = {},
  { more = {}, group = 'sample-targets' }: Partial<PlainOptions> = {},
): Topology {
  const wanted: TopologyOptions = { ...standardTopology, ...options }
  const { cluster, service } = wanted
  const { clusterArn } = cloud.call('ecs', 'CreateCluster', { clusterName: cluster }).cluster as { clusterArn: string }
  const loadBalancerArn = createLoadBalancer(cloud, wanted)
  const blue = createTargetGroup(cloud, wanted, group)
  const productionListenerArns = wanted.productionPorts.map(port =>
    createListener(
      cloud,
      wanted,
      loadBalancerArn,
      port,
      wanted.defaultForwards ? production(wanted, { [blue]: 1 }, wanted.before[port]) : [notFound],
    ),
  )
  const rules = placedRules(wanted).map(([rule, index]) =>
    createRule(cloud, productionListenerArns[index], rule, production(wanted, { [blue]: 1 }, rule.before)),
  )
  cloud.elb.settle()
  const taskDefinitionArn = registerSeedDefinition(cloud, wanted)
  return {
    inputs: { cluster, service, 'listener-arns': '', 'test-listener-arns': '' },
    clusterArn,
    loadBalancerArn,
    productionArns: [...(wanted.defaultForwards ? productionListenerArns : []), ...rules],
    productionListenerArns,
    testListenerArn: undefined,
    targetGroupArns: { blue, green: '' },
    serviceArns: { blue: createSeedService(cloud, wanted, service, wanted.tasks.blue, blue, more), green: '' },
    taskDefinitionArn,
  }
}
