import type { Deployment as DeploymentDescription, Service as ServiceDescription } from '@aws-sdk/client-ecs'
import { isPending } from './clusters.ts'
import type { Deployment, Service, Task } from './world.ts'

/** A service as DescribeServices shows it, without its tags. */
export function describeService(service: Service): ServiceDescription {
  const { request } = service
  const owned = controllerOf(service) === 'ECS'
  const counts = countTasks(service.tasks)
  const total = [...counts.values()].reduce(add, { running: 0, pending: 0, alive: 0 })
  const [primary] = service.deployments
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    loadBalancers: request.loadBalancers ?? [],
    serviceRegistries: request.serviceRegistries ?? [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: total.running,
    pendingCount: total.pending,
    ...launchMembers(service),
    ...(request.taskDefinition === undefined ? {} : { taskDefinition: request.taskDefinition }),
    deploymentConfiguration: configurationOf(service),
    ...(owned ? {} : { taskSets: primary === undefined ? [] : [taskSet(service, primary)] }),
    deployments: owned
      ? service.deployments.map((one, index) => describeDeployment(service, one, index === 0, counts.get(one)))
      : [],
    events: [...service.events],
    createdAt: new Date(service.createdAt),
    placementConstraints: request.placementConstraints ?? [],
    placementStrategy: request.placementStrategy ?? [],
    ...(request.networkConfiguration === undefined ? {} : { networkConfiguration: request.networkConfiguration }),
    ...(request.loadBalancers?.length
      ? { healthCheckGracePeriodSeconds: request.healthCheckGracePeriodSeconds ?? 0 }
      : {}),
    schedulingStrategy: request.schedulingStrategy ?? 'REPLICA',
    deploymentController: request.deploymentController ?? { type: 'ECS' },
    enableECSManagedTags: request.enableECSManagedTags ?? false,
    propagateTags: request.propagateTags ?? 'NONE',
    enableExecuteCommand: request.enableExecuteCommand ?? false,
    availabilityZoneRebalancing: request.availabilityZoneRebalancing ?? 'ENABLED',
  }
}

export function controllerOf(service: Service): 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL' {
  return service.request.deploymentController?.type ?? 'ECS'
}

interface Counts {
  readonly running: number
  readonly pending: number
  /** Wanted: desired status RUNNING. */
  readonly alive: number
}

function countTasks(tasks: Iterable<Task>): Map<Deployment, Counts> {
  const counts = new Map<Deployment, Counts>()
  for (const task of tasks) {
    if (task.deployment === undefined) continue
    const one = {
      running: task.lastStatus === 'RUNNING' ? 1 : 0,
      pending: isPending(task.lastStatus) ? 1 : 0,
      alive: task.desiredStatus === 'RUNNING' ? 1 : 0,
    }
    counts.set(task.deployment, add(counts.get(task.deployment) ?? { running: 0, pending: 0, alive: 0 }, one))
  }
  return counts
}

function add(left: Counts, right: Counts): Counts {
  return {
    running: left.running + right.running,
    pending: left.pending + right.pending,
    alive: left.alive + right.alive,
  }
}

function describeDeployment(
  service: Service,
  deployment: Deployment,
  primary: boolean,
  counts: Counts | undefined,
): DeploymentDescription {
  const { request } = deployment
  return {
    id: deployment.id,
    status: primary ? 'PRIMARY' : 'ACTIVE',
    taskDefinition: deployment.definition.arn,
    desiredCount: primary ? service.desiredCount : (counts?.alive ?? 0),
    pendingCount: counts?.pending ?? 0,
    runningCount: counts?.running ?? 0,
    failedTasks: deployment.failedTasks,
    createdAt: new Date(deployment.createdAt),
    updatedAt: new Date(deployment.updatedAt),
    ...launchMembers(service),
    ...(request.networkConfiguration === undefined ? {} : { networkConfiguration: request.networkConfiguration }),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  }
}

function launchMembers(service: Service) {
  const { launchType, capacityProviderStrategy, platformVersion } = service.request
  const fargate = launchType === 'FARGATE' || platformVersion !== undefined
  return {
    ...(capacityProviderStrategy?.length
      ? { capacityProviderStrategy }
      : { launchType: launchType ?? ('EC2' as const) }),
    ...(fargate ? { platformVersion: platformVersion ?? 'LATEST', platformFamily: 'Linux' } : {}),
  }
}

function configurationOf(service: Service) {
  return {
    deploymentCircuitBreaker: { enable: false, rollback: false },
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    strategy: 'ROLLING' as const,
    bakeTimeInMinutes: 0,
    ...service.request.deploymentConfiguration,
  }
}

/** Services of other controllers show task sets instead of deployments. */
function taskSet(service: Service, primary: Deployment) {
  return {
    id: primary.id,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    status: 'PRIMARY',
    taskDefinition: primary.definition.arn,
    computedDesiredCount: service.desiredCount,
    createdAt: new Date(primary.createdAt),
    updatedAt: new Date(primary.updatedAt),
    loadBalancers: primary.request.loadBalancers ?? [],
    stabilityStatus: primary.rolloutState === 'COMPLETED' ? ('STEADY_STATE' as const) : ('STABILIZING' as const),
  }
}
