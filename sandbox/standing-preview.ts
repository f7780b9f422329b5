import { nameFor } from '../src/deploy/preview-name.ts'
import { ownerTags, tagKeys } from '../src/plan/preview-names.ts'
import type { Cloud } from './cloud/cloud.ts'
import type { Topology } from './cloud/topology.ts'

interface Place {
  readonly cloud: Cloud
  readonly topology: Topology
}

/**
 * All parts of a preview of a pull request, made past the wire: ninety by the action itself would take minutes. No tasks, for the same reason.
 *
 * @param now milliseconds since the Unix epoch
 * @returns what makes the service
 */
export function standingPreview({ cloud, topology }: Place, number: number, now: number): () => void {
  const { cluster, service } = topology.inputs
  const repository = { repository: 'octo-org/octo-repo', repositoryId: '1296269' }
  const owner = { ...repository, of: `${cluster}/${service}`, id: `pr-${number}` }
  const name = nameFor(service, owner)
  const at = (time: number) => new Date(time).toISOString()
  const owned = ownerTags(owner, { id: '1', pullRequest: number, expires: at(now + 72 * 3_600_000) })
  // One after the other.
  const tags = Object.entries({ ...owned, [tagKeys.created]: at(now + number * 1_000) })
  const Tags = tags.map(([Key, Value]) => ({ Key, Value }))
  const { TargetGroups } = cloud.call('elbv2', 'CreateTargetGroup', {
    ...{ Name: name, Protocol: 'HTTP', Port: 8080, TargetType: 'ip', VpcId: 'vpc-0a1b2c3d', Tags },
  }) as { TargetGroups: readonly { TargetGroupArn: string }[] }
  const targetGroupArn = TargetGroups[0]?.TargetGroupArn
  cloud.call('elbv2', 'CreateRule', {
    ListenerArn: topology.productionListenerArns[0],
    Priority: 40_000 + number,
    Conditions: [{ Field: 'host-header', Values: [`${owner.id}.preview.example.com`] }],
    Actions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    Tags,
  })
  const [taskDefinition, like] = ofProduction(cloud, cluster, service)
  cloud.call('ecs', 'RegisterTaskDefinition', {
    ...taskDefinition,
    family: name,
    tags: tags.map(([key, value]) => ({ key, value })),
  })
  return () => {
    cloud.call('ecs', 'CreateService', {
      ...{ cluster, serviceName: name, taskDefinition: name, desiredCount: 0, launchType: 'FARGATE' },
      networkConfiguration: like.networkConfiguration,
      loadBalancers: [{ ...like.loadBalancers[0], targetGroupArn }],
      tags: tags.map(([key, value]) => ({ key, value })),
    })
  }
}

interface Like {
  readonly networkConfiguration: unknown
  readonly loadBalancers: readonly object[]
}

function ofProduction(cloud: Cloud, cluster: string, service: string): readonly [object, Like] {
  const { taskDefinition } = cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: service }) as {
    readonly taskDefinition: Readonly<Record<string, unknown>>
  }
  const { networkMode, requiresCompatibilities, cpu, memory, containerDefinitions } = taskDefinition
  const { services } = cloud.call('ecs', 'DescribeServices', { cluster, services: [`${service}-blue`] }) as {
    readonly services: readonly [Like]
  }
  return [{ networkMode, requiresCompatibilities, cpu, memory, containerDefinitions }, services[0]]
}
