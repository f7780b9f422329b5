import { isDeepStrictEqual } from 'node:util'
import type { CreateServiceRequest } from '@aws-sdk/client-ecs'
import { startDeployment } from './deployments.ts'
import { invalidParameter } from './faults.ts'
import { ecsArn, findCluster } from './names.ts'
import { copyOf } from './plain.ts'
import type { Scheduler } from './scheduler.ts'
import {
  checkContainers,
  checkDesiredCount,
  checkGracePeriod,
  checkLoadBalancers,
  checkNetwork,
  usableDefinition,
} from './service-checks.ts'
import { describeService } from './service-view.ts'
import { mergeTags } from './tags.ts'
import type { Cluster, Definition, Service, World } from './world.ts'

export function createService(world: World, scheduler: Scheduler, input: CreateServiceRequest) {
  const cluster = findCluster(world, input.cluster)
  const name = input.serviceName ?? ''
  if (!/^[\w-]{1,255}$/.test(name)) throw invalidParameter('Service name contains invalid characters.')
  const existing = cluster.services.get(name)
  if (existing?.status === 'DRAINING') throw invalidParameter('Unable to Start a service that is still Draining.')
  checkToken(input.clientToken)
  checkDesiredCount(input.desiredCount)
  const external = input.deploymentController?.type === 'EXTERNAL'
  const definition = external ? undefined : usableDefinition(world, input.taskDefinition)
  const request = normalized(input, definition)
  if (existing?.status === 'ACTIVE') {
    if (!asksForTheSame(existing, request)) throw invalidParameter('Creation of service was not idempotent.')
    return { service: describeService(existing) }
  }
  if (definition !== undefined) {
    checkNetwork(input, definition)
    checkContainers(input.loadBalancers ?? [], definition)
    checkLoadBalancers(world, input.loadBalancers ?? [], definition)
  }
  checkGracePeriod(input)
  const service = newService(world, cluster, name, input, request)
  cluster.services.set(name, service)
  if (definition !== undefined) {
    startDeployment(world, service, definition)
    scheduler.wake(service)
  }
  return { service: { ...describeService(service), tags: [...service.tags] } }
}

/** Source: the service model's word on `clientToken`. */
function checkToken(token: string | undefined): void {
  if (token !== undefined && !/^[!-~]{1,36}$/.test(token)) {
    throw invalidParameter('The client token must have 1 to 36 ASCII characters in the range 33-126.')
  }
}

/** The members that describe the service, with the task definition as AWS stores it: by ARN. */
function normalized(input: CreateServiceRequest, definition: Definition | undefined): CreateServiceRequest {
  const { tags, clientToken, cluster, ...request } = input
  return copyOf({ ...request, taskDefinition: definition?.arn ?? input.taskDefinition })
}

function asksForTheSame(existing: Service, request: CreateServiceRequest): boolean {
  return isDeepStrictEqual({ ...existing.request, desiredCount: existing.desiredCount }, request)
}

function newService(
  world: World,
  cluster: Cluster,
  name: string,
  input: CreateServiceRequest,
  request: CreateServiceRequest,
): Service {
  const daemon = input.schedulingStrategy === 'DAEMON'
  if (!daemon && input.desiredCount === undefined && input.deploymentController?.type !== 'EXTERNAL') {
    throw invalidParameter('The desired count must be specified for the REPLICA scheduling strategy.')
  }
  return {
    arn: ecsArn(world.settings, 'service', `${cluster.name}/${name}`),
    name,
    cluster,
    createdAt: world.timeline.now(),
    request,
    // The sandbox has no container instances: a daemon runs once.
    desiredCount: input.desiredCount ?? (daemon ? 1 : 0),
    status: 'ACTIVE',
    inactiveSince: undefined,
    deployments: [],
    lastCompleted: undefined,
    tasks: new Set(),
    events: [],
    tags: mergeTags([], input.tags ?? []),
    drained: [],
    nextLook: undefined,
  }
}
