import type { CreateServiceRequest, LoadBalancer } from '@aws-sdk/client-ecs'
import { definitionInactive, definitionNotFound, invalidParameter } from './faults.ts'
import { lookUpDefinition } from './task-definitions.ts'
import type { Definition, World } from './world.ts'

/** What AWS checks before it makes or changes a service; every failure is an AwsFault in AWS's words. */

/** The ACTIVE revision that `reference` names. @throws AwsFault ClientException */
export function usableDefinition(world: World, reference: string | undefined): Definition {
  if (!reference) throw invalidParameter('Task Definition can not be blank.')
  const definition = lookUpDefinition(world, reference)
  if (definition === undefined) throw definitionNotFound()
  if (definition.status !== 'ACTIVE') throw definitionInactive()
  return definition
}

export function checkNetwork(
  request: Pick<CreateServiceRequest, 'networkConfiguration'>,
  definition: Definition,
): void {
  const subnets = request.networkConfiguration?.awsvpcConfiguration?.subnets ?? []
  if (definition.content.networkMode === 'awsvpc' && subnets.length === 0) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
  }
}

export function checkLoadBalancers(world: World, balancers: readonly LoadBalancer[], definition: Definition): void {
  for (const balancer of balancers) {
    const arn = balancer.targetGroupArn ?? ''
    const group = world.targets.find(arn)
    if (group === undefined) throw invalidParameter('The specified target group does not exist.')
    if (!group.associated) {
      throw invalidParameter(`The target group with targetGroupArn ${arn} does not have an associated load balancer.`)
    }
    const mode = definition.content.networkMode ?? 'bridge'
    const fits = mode === 'awsvpc' ? group.targetType === 'ip' : group.targetType === 'instance'
    if (!fits) {
      throw invalidParameter(
        `The provided target group ${arn} has target type ${group.targetType}, which is incompatible with the ${mode} network mode specified in the task definition.`,
      )
    }
  }
}

export function checkContainers(balancers: readonly LoadBalancer[], definition: Definition): void {
  for (const balancer of balancers) checkContainer(balancer, definition)
}

function checkContainer(balancer: LoadBalancer, definition: Definition): void {
  const container = definition.containers.find(one => one.name === balancer.containerName)
  if (container === undefined) {
    throw invalidParameter(`The container ${balancer.containerName} does not exist in the task definition.`)
  }
  if (!container.portMappings?.some(mapping => mapping.containerPort === balancer.containerPort)) {
    throw invalidParameter(
      `The container ${balancer.containerName} did not have a container port ${balancer.containerPort} defined.`,
    )
  }
}

export function checkGracePeriod(request: CreateServiceRequest): void {
  const seconds = request.healthCheckGracePeriodSeconds
  if (seconds !== undefined && !request.loadBalancers?.length) {
    throw invalidParameter('Health check grace period is only valid for services configured to use load balancers')
  }
  if (seconds !== undefined && (seconds < 0 || seconds > 2_147_483_647)) {
    throw invalidParameter('Health check grace period is out of range.')
  }
}

export function checkDesiredCount(count: number | undefined): void {
  if (count !== undefined && count < 0) throw invalidParameter('Desired count must not be negative.')
}
