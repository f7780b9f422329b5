import type { Described } from '../model/task-definition.ts'
import { imageOf } from '../plan/task-definition.ts'
import { describeIfThere } from './revisions.ts'
import type { World } from './world.ts'

/** Each costs a call, of which AWS allows twenty a second. */
const mostRevisions = 100

export interface Found {
  readonly arn: string
  readonly described: Described
}

export interface Search {
  readonly found?: Found
  /** How many were looked at. */
  readonly looked: number
  /** Whether there are more that nobody has looked at. */
  readonly more: boolean
}

/**
 * The newest revision of a family whose container has such an image: first among those that are registered, then among those that were
 * deregistered, which ECS still describes.
 */
export async function findRevision(
  world: World,
  family: string,
  container: string,
  fits: (image: string, arn: string) => boolean,
): Promise<Search> {
  let looked = 0
  for (const status of ['ACTIVE', 'INACTIVE'] as const) {
    for (const arn of await world.ecs.listRevisions(family, status)) {
      if (looked === mostRevisions) return { looked, more: true }
      looked++
      const described = await describeIfThere(world, arn)
      const image = described && imageOf(described, container)
      if (described !== undefined && image !== undefined && fits(image, arn)) {
        return { found: { arn, described }, looked, more: false }
      }
    }
  }
  return { looked, more: false }
}
