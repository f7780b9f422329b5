import type { Described } from '../model/task-definition.ts'
import type { Match } from '../plan/find-revision.ts'
import { imageOf } from '../plan/task-definition.ts'
import { describeIfThere } from './revisions.ts'
import type { World } from './world.ts'

/** Each costs a call, of which AWS allows twenty a second. */
const mostRevisions = 100

export interface Search {
  /** Newest first, those that are registered before those that were deregistered, which ECS still describes. */
  readonly found: readonly Match[]
  /** How many were looked at. */
  readonly looked: number
  /** Whether there are more that nobody has looked at. */
  readonly more: boolean
}

/** The revisions of a family whose container has such an image: all of them, because the newest need not be the one that was live. */
export async function findRevisions(
  world: World,
  family: string,
  container: string,
  fits: (image: string, arn: string) => boolean,
): Promise<Search> {
  const found: Match[] = []
  let looked = 0
  for (const status of ['ACTIVE', 'INACTIVE'] as const) {
    for (const arn of await world.ecs.listRevisions(family, status)) {
      if (looked === mostRevisions) return { found, looked, more: true }
      looked++
      const described = await describeIfThere(world, arn)
      const image = described && imageOf(described, container)
      if (described !== undefined && image !== undefined && fits(image, arn)) found.push(matchOf(arn, described))
    }
  }
  return { found, looked, more: false }
}

export function matchOf(arn: string, described: Described): Match {
  // On the wire it is seconds since the Unix epoch.
  const { registeredAt } = described.definition
  const registered = typeof registeredAt === 'number' ? new Date(registeredAt * 1_000).toISOString() : ''
  return { arn, described, registered }
}
