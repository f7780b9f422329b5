import { blank } from '../deploy/resume.ts'
import type { AmidShift } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Color, otherColor } from '../model/color.ts'
import type { Journal } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Sought } from '../plan/find-revision.ts'
import { amidShift, leftBetween } from './expected-live.ts'
import { behind, readBoth } from './in-place.ts'
import { chooseTarget, type Target } from './target.ts'

/**
 * What a rollback makes sure of in the middle of another run's shift, before it takes that run's lock: that what it is asked for can be
 * had. Without a name it gives the traffic back, which always can.
 *
 * @param found is told what was named, when it was
 */
export function allowRollback(
  inputs: Inputs,
  world: World,
  sought: Sought,
  found: (target: Target) => void,
): AmidShift {
  const expected = amidShift(inputs, world).allow
  if (sought.kind === 'previous') return expected === undefined ? {} : { allow: expected }
  return {
    async allow(journal, seen, gets) {
      await expected?.(journal, seen, gets)
      found(await world.checks.read('Task definition', () => findable(world, sought, journal, seen, gets)))
    },
  }
}

async function findable(world: World, sought: Sought, journal: Journal, seen: Snapshot, gets: Color): Promise<Target> {
  const to = otherColor(gets)
  try {
    const both = await readBoth(world, seen, blank(world, { from: gets, to }))
    const target = await chooseTarget(sought, world, both, journal)
    behind(target.described, seen, target.kind === 'running' ? target.color : to)
    return target
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { failure } = error
    throw new Refusal({ ...failure, details: [...failure.details, leftBetween(journal)] })
  }
}
