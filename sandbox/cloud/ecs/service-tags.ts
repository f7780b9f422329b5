import type { Tag } from '@aws-sdk/client-ecs'
import type { Definition, Service } from './world.ts'

/** The tags that a service gives its tasks. */
export function propagatedTags(service: Service, definition: Definition): readonly Tag[] {
  const { propagateTags, enableECSManagedTags } = service.request
  const copied = propagateTags === 'TASK_DEFINITION' ? definition.tags : propagateTags === 'SERVICE' ? service.tags : []
  if (enableECSManagedTags !== true) return copied
  return [
    ...copied,
    { key: 'aws:ecs:clusterName', value: service.cluster.name },
    { key: 'aws:ecs:serviceName', value: service.name },
  ]
}
