import { isDeepStrictEqual } from 'node:util'
import type { CreateServiceRequest, DeleteServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs'
import { startDeployment } from './deployments.ts'
import { invalidParameter, serviceNotActive, serviceNotFound } from './faults.ts'
import { findCluster, findService } from './names.ts'
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
import { controllerOf, describeService } from './service-view.ts'
import type { Definition, Service, World } from './world.ts'

/** Members whose change starts a new deployment (aws-facts 1.4); so does `forceNewDeployment`. */
const deployingMembers = [
  'taskDefinition',
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const

/** Members that only change how the service goes on. */
const quietMembers = [
  'capacityProviderStrategy',
  'availabilityZoneRebalancing',
  'placementConstraints',
  'placementStrategy',
  'healthCheckGracePeriodSeconds',
  'enableExecuteCommand',
  'enableECSManagedTags',
  'propagateTags',
] as const

export function updateService(world: World, scheduler: Scheduler, input: UpdateServiceRequest) {
  const service = findService(findCluster(world, input.cluster), input.service ?? '')
  if (service.status !== 'ACTIVE') throw serviceNotActive()
  refuseForeignController(service, input)
  checkDesiredCount(input.desiredCount)
  const definition = input.taskDefinition === undefined ? undefined : usableDefinition(world, input.taskDefinition)
  const request = merged(service.request, input, definition)
  checkGracePeriod(request)
  const changed = deployingMembers.some(member => !isDeepStrictEqual(request[member], service.request[member]))
  const deploys = changed || input.forceNewDeployment === true
  if (deploys) {
    const current = definition ?? usableDefinition(world, service.request.taskDefinition)
    checkNetwork(request, current)
    checkContainers(request.loadBalancers ?? [], current)
    // A group that lost its listener since is noticed by nobody but the one who looks at its targets.
    checkLoadBalancers(world, input.loadBalancers ?? [], current)
    service.request = request
    startDeployment(world, service, current)
  }
  service.request = request
  service.desiredCount = input.desiredCount ?? service.desiredCount
  scheduler.wake(service)
  return { service: describeService(service) }
}

/** The service's request with what the update names; what it leaves out stays as it was. */
function merged(
  request: CreateServiceRequest,
  input: UpdateServiceRequest,
  definition: Definition | undefined,
): CreateServiceRequest {
  const given = [...deployingMembers, ...quietMembers].filter(member => input[member] !== undefined)
  const { deploymentConfiguration, deploymentController } = input
  return copyOf({
    ...request,
    ...Object.fromEntries(given.map(member => [member, input[member]])),
    ...(definition === undefined ? {} : { taskDefinition: definition.arn }),
    ...(deploymentController === undefined ? {} : { deploymentController }),
    ...(deploymentConfiguration === undefined
      ? {}
      : { deploymentConfiguration: { ...request.deploymentConfiguration, ...deploymentConfiguration } }),
  })
}

function refuseForeignController(service: Service, input: UpdateServiceRequest): void {
  const type = controllerOf(service)
  if (type === 'ECS') return
  const advice = type === 'CODE_DEPLOY' ? ' Use AWS CodeDeploy to trigger a new deployment.' : ''
  const refuse = (what: string) =>
    invalidParameter(`Unable to ${what} on services with a ${type} deployment controller.${advice}`)
  if (input.taskDefinition !== undefined) throw refuse('update task definition')
  if (input.forceNewDeployment === true) {
    throw invalidParameter(`Cannot force a new deployment on services with a ${type} deployment controller.${advice}`)
  }
  if (input.networkConfiguration !== undefined) throw refuse('update network parameters')
  if (input.platformVersion !== undefined) throw refuse('update platform version')
  if (input.loadBalancers !== undefined) throw refuse('update load balancers')
  if (type === 'EXTERNAL' && input.deploymentConfiguration !== undefined)
    throw refuse('update deployment configuration')
}

export function deleteService(world: World, scheduler: Scheduler, input: DeleteServiceRequest) {
  const service = findService(findCluster(world, input.cluster), input.service ?? '')
  if (service.status === 'INACTIVE') throw serviceNotFound()
  if (service.status === 'ACTIVE') {
    if (service.desiredCount > 0 && input.force !== true && service.request.schedulingStrategy !== 'DAEMON') {
      throw invalidParameter('The service cannot be stopped while it is scaled above 0.')
    }
    service.status = 'DRAINING'
    service.desiredCount = 0
    scheduler.wake(service)
  }
  return { service: describeService(service) }
}
