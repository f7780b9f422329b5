import type { Scheduler } from './scheduler.ts'
import type { Service, World } from './world.ts'

/** What Application Auto Scaling sees of a service, and may do to it. Its own calls draw from nobody's token buckets. */
export interface ScaledServices {
  /** Undefined when there is no such active service. */
  look(cluster: string, service: string): ScaledService | undefined
  setDesired(cluster: string, service: string, desired: number): void
}

export interface ScaledService {
  readonly desired: number
  readonly deploying: boolean
}

export function scaledServices(world: World, scheduler: Scheduler): ScaledServices {
  const find = (cluster: string, name: string): Service | undefined => {
    const service = world.clusters.get(cluster)?.services.get(name)
    return service?.status === 'ACTIVE' ? service : undefined
  }
  return {
    look(cluster, name) {
      const service = find(cluster, name)
      if (service === undefined) return undefined
      const deploying = service.deployments.some(deployment => deployment.rolloutState === 'IN_PROGRESS')
      return { desired: service.desiredCount, deploying }
    },
    setDesired(cluster, name, desired) {
      const service = find(cluster, name)
      if (service === undefined) return
      service.desiredCount = desired
      scheduler.wake(service)
    },
  }
}
