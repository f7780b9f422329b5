import type { Cloud } from '../../sandbox/cloud/cloud.ts'
import { standardTopology } from '../../sandbox/cloud/topology.ts'
import { createTargetGroup } from '../../sandbox/cloud/topology-edge.ts'
import type { Simulation } from '../../sandbox/simulation.ts'

/** Others at the place of the service that is to be set up. */

export function groupNamed(cloud: Cloud, name: string): string {
  return createTargetGroup(cloud, standardTopology, name)
}

export function forwardTo(
  { cloud, topology }: Simulation,
  groups: Readonly<Record<string, number>>,
  sticky = false,
): void {
  const TargetGroups = Object.entries(groups).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }))
  const TargetGroupStickinessConfig = sticky ? { Enabled: true, DurationSeconds: 60 } : { Enabled: false }
  cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: topology.productionListenerArns[0],
    DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }],
  })
}

/** `api`, like `sample`, behind this target group. */
export function serveOther(simulation: Simulation, targetGroupArn: string, desiredCount: number): void {
  const { cloud, topology, timeline } = simulation
  const { services } = cloud.call('ecs', 'DescribeServices', { cluster: 'sandbox', services: ['sample'] })
  const [like] = services as readonly [{ networkConfiguration: unknown; loadBalancers: readonly [object] }]
  cloud.call('ecs', 'CreateService', {
    ...{ cluster: 'sandbox', serviceName: 'api', taskDefinition: topology.taskDefinitionArn, desiredCount },
    ...{ launchType: 'FARGATE', networkConfiguration: like.networkConfiguration },
    loadBalancers: [{ ...like.loadBalancers[0], targetGroupArn }],
  })
  timeline.advanceTo(timeline.now() + 120_000)
}

/** The target group of another service beside it, at weight 0: they are a pair already. */
export function parkOther(simulation: Simulation): void {
  const other = groupNamed(simulation.cloud, 'api-targets')
  forwardTo(simulation, { [simulation.topology.targetGroupArns.blue]: 100, [other]: 0 })
  simulation.cloud.elb.settle()
  serveOther(simulation, other, 0)
}
