import type { CloudSettings } from '../settings.ts'
import { clusterNotFound, serviceNotFound } from './faults.ts'
import type { Cluster, Service, World } from './world.ts'

/** `arn:aws:ecs:<region>:<account>:<kind>/<path>` in the long format. */
export function ecsArn(settings: CloudSettings, kind: string, path: string): string {
  return `arn:${settings.partition}:ecs:${settings.region}:${settings.accountId}:${kind}/${path}`
}

/** The last part of an ARN, or the name itself: every reference of the API may be either. */
export function shortName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

/** @throws AwsFault ClusterNotFoundException */
export function findCluster(world: World, reference: string | undefined): Cluster {
  const name = shortName(reference === undefined || reference === '' ? 'default' : reference)
  const cluster = world.clusters.get(name)
  if (cluster === undefined || (isArn(reference) && reference !== cluster.arn)) throw clusterNotFound()
  return cluster
}

/** The service by name or ARN, in whatever state; undefined when there is none. */
export function lookUpService(cluster: Cluster, reference: string): Service | undefined {
  const service = cluster.services.get(shortName(reference))
  return service !== undefined && isArn(reference) && reference !== service.arn ? undefined : service
}

/** @throws AwsFault ServiceNotFoundException */
export function findService(cluster: Cluster, reference: string): Service {
  const service = lookUpService(cluster, reference)
  if (service === undefined) throw serviceNotFound()
  return service
}

function isArn(reference: string | undefined): reference is string {
  return reference?.startsWith('arn:') === true
}
