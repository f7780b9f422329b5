import type {
  DescribeServicesRequest,
  Failure,
  ListServicesRequest,
  Service as ServiceDescription,
} from '@aws-sdk/client-ecs'
import { invalidParameter } from './faults.ts'
import { ecsArn, findCluster, lookUpService, shortName } from './names.ts'
import { page } from './paging.ts'
import { describeService } from './service-view.ts'
import type { Cluster, Service, World } from './world.ts'

const MAX_PER_CALL = 10
/** AWS says "cleaned up and purged" without a time; long enough for everybody to see INACTIVE. */
const INACTIVE_KEPT_MS = 3_600_000

export function describeServices(world: World, input: DescribeServicesRequest) {
  const references = input.services ?? []
  if (references.length === 0) throw invalidParameter('Services cannot be empty.')
  if (references.length > MAX_PER_CALL) {
    throw invalidParameter(`Services cannot have more than ${MAX_PER_CALL} elements.`)
  }
  const cluster = findCluster(world, input.cluster)
  purge(world, cluster)
  const services: ServiceDescription[] = []
  const failures: Failure[] = []
  for (const reference of references) {
    const service = lookUpService(cluster, reference)
    if (service === undefined || !isVisible(world, service))
      failures.push({ arn: missingArn(world, cluster, reference), reason: 'MISSING' })
    else services.push({ ...describeService(service), ...(input.include?.includes('TAGS') ? tagsOf(service) : {}) })
  }
  return { services, failures }
}

function isVisible(world: World, service: Service): boolean {
  return world.timeline.now() >= service.createdAt + world.settings.serviceVisibleMs
}

function tagsOf(service: Service) {
  return { tags: [...service.tags] }
}

function missingArn(world: World, cluster: Cluster, reference: string): string {
  if (reference.startsWith('arn:')) return reference
  return ecsArn(world.settings, 'service', `${cluster.name}/${shortName(reference)}`)
}

function purge(world: World, cluster: Cluster): void {
  const limit = world.timeline.now() - INACTIVE_KEPT_MS
  for (const service of cluster.services.values()) {
    if (service.inactiveSince !== undefined && service.inactiveSince < limit) cluster.services.delete(service.name)
  }
}

export function listServices(world: World, input: ListServicesRequest) {
  const cluster = findCluster(world, input.cluster)
  const arns = [...cluster.services.values()]
    .filter(service => service.status === 'ACTIVE' && isVisible(world, service))
    .filter(
      service => (service.request.launchType ?? 'EC2') === (input.launchType ?? service.request.launchType ?? 'EC2'),
    )
    .filter(
      service =>
        (service.request.schedulingStrategy ?? 'REPLICA') === (input.schedulingStrategy ?? strategyOf(service)),
    )
    .map(service => service.arn)
  const { items, ...rest } = page(arns, input, 10)
  return { serviceArns: items, ...rest }
}

function strategyOf(service: Service) {
  return service.request.schedulingStrategy ?? 'REPLICA'
}
