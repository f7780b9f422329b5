import type {
  Cluster as ClusterDescription,
  CreateClusterRequest,
  DescribeClustersRequest,
  Failure,
} from '@aws-sdk/client-ecs'
import { ecsArn, shortName } from './names.ts'
import { mergeTags } from './tags.ts'
import type { Cluster, World } from './world.ts'

/** Creating a cluster that exists returns it, as AWS does. */
export function createCluster(world: World, input: CreateClusterRequest) {
  const name = input.clusterName ?? 'default'
  const existing = world.clusters.get(name)
  if (existing !== undefined) return { cluster: describe(existing, true) }
  const { tags, ...request } = input
  const cluster: Cluster = {
    name,
    arn: ecsArn(world.settings, 'cluster', name),
    request,
    tags: mergeTags([], tags ?? []),
    services: new Map(),
    tasks: new Map(),
  }
  world.clusters.set(name, cluster)
  return { cluster: describe(cluster, true) }
}

export function describeClusters(world: World, input: DescribeClustersRequest) {
  const clusters: ClusterDescription[] = []
  const failures: Failure[] = []
  for (const reference of input.clusters ?? ['default']) {
    const cluster = world.clusters.get(shortName(reference))
    if (cluster !== undefined) clusters.push(describe(cluster, input.include?.includes('TAGS') === true))
    else failures.push({ arn: ecsArn(world.settings, 'cluster', shortName(reference)), reason: 'MISSING' })
  }
  return { clusters, failures }
}

function describe(cluster: Cluster, withTags: boolean): ClusterDescription {
  let running = 0
  let pending = 0
  for (const task of cluster.tasks.values()) {
    if (task.lastStatus === 'RUNNING') running++
    else if (isPending(task.lastStatus)) pending++
  }
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: running,
    pendingTasksCount: pending,
    activeServicesCount: [...cluster.services.values()].filter(service => service.status !== 'INACTIVE').length,
    statistics: [],
    tags: withTags ? [...cluster.tags] : [],
    settings: cluster.request.settings ?? [{ name: 'containerInsights', value: 'disabled' }],
    capacityProviders: cluster.request.capacityProviders ?? [],
    defaultCapacityProviderStrategy: cluster.request.defaultCapacityProviderStrategy ?? [],
  }
}

export function isPending(status: string): boolean {
  return status === 'PROVISIONING' || status === 'PENDING' || status === 'ACTIVATING'
}
