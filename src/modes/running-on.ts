import { notesOn } from '../deploy/register.ts'
import type { World } from '../deploy/world.ts'
import type { Color } from '../model/color.ts'
import type { RunningVersion } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { noted } from '../plan/noted.ts'
import { imageOf } from '../plan/task-definition.ts'

type Known = RunningVersion & { readonly taskDefinition: string }

/** What these colors are asked to run, by the names that an earlier deploy has noted. */
export async function runningOn(
  world: World,
  seen: Snapshot,
  wanted: readonly Color[],
): Promise<Partial<Record<Color, Known>>> {
  const [tags, ...described] = await Promise.all([
    notesOn(seen, world),
    ...wanted.map(color => world.ecs.describeTaskDefinition(seen.services.value[color].taskDefinition)),
  ])
  return Object.fromEntries(
    wanted.flatMap((color, index) => {
      const { loadBalancers, taskDefinition } = seen.services.value[color]
      const image = described[index] && imageOf(described[index], loadBalancers[0]?.containerName ?? '')
      return image === undefined ? [] : [[color, { ...noted(image, tags[color]), taskDefinition }]]
    }),
  )
}
