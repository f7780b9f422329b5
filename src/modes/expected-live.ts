import { notesOn } from '../deploy/register.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Color, colors } from '../model/color.ts'
import { Refusal } from '../model/outcome.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { noted } from '../plan/noted.ts'
import { imageOf } from '../plan/task-definition.ts'

/**
 * The guard of `expected-live`: a color, or a version. No call without it, nor for a color.
 *
 * @throws Refusal when something else is live
 */
export async function expectLive(inputs: Inputs, world: World, seen: Snapshot, live: Color): Promise<void> {
  const { expectedLive: expected } = inputs
  if (expected === undefined || expected === live) return
  const version = colors.some(color => color === expected) ? undefined : await liveVersion(world, seen, live)
  if (version === expected) return
  throw new Refusal({
    code: 'LIVE_NOT_EXPECTED',
    headline: `${version ?? live} is live${version === undefined ? '' : ` on ${live}`}, but expected-live is ${expected}.`,
    details: [
      'Nothing was written. Somebody has deployed or rolled back since this run was asked for: look at `mode: status`, and ask again if it is still wanted.',
    ],
  })
}

async function liveVersion(world: World, seen: Snapshot, live: Color): Promise<string> {
  const { taskDefinition, loadBalancers } = seen.services.value[live]
  const [described, tags] = await Promise.all([world.ecs.describeTaskDefinition(taskDefinition), notesOn(seen, world)])
  return noted(imageOf(described, loadBalancers[0]?.containerName ?? '') ?? '', tags[live]).version
}
