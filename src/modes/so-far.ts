import type { Whole } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import { type Failure, Refusal } from '../model/outcome.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { RefusedKnowing } from './refused-knowing.ts'

const nothing = 'Nothing was written.'

/** What was done for another run by one that is refused, and what is so since. */
export interface Finished {
  readonly seen: Snapshot
  readonly written: string
}

/**
 * What comes after the first look, and before the first write of the run's own. A run that has made production whole, or has taken
 * the lock from another one, must not say that nothing was written when it is refused then.
 *
 * @param finish what a run that is refused still does for the one whose lock it has taken
 */
export async function tellingWhatWas<T>(
  world: World,
  whole: Whole,
  go: () => Promise<T>,
  finish: (seen: Snapshot) => Promise<Finished | undefined> = async () => undefined,
): Promise<T> {
  try {
    return await go()
  } catch (error) {
    const written = writtenSoFar(world, whole)
    if (world.signal.aborted && written !== undefined) {
      const headline = 'Cancelled before anything of its own was written.'
      throw new RefusedKnowing({ code: 'CANCELLED', headline, details: [written] }, whole.seen)
    }
    if (world.signal.aborted || !(error instanceof Refusal)) throw error
    const finished = await finish(whole.seen)
    const told = finished?.written ?? written
    throw new RefusedKnowing(
      told === undefined ? error.failure : telling(error.failure, told),
      finished?.seen ?? whole.seen,
    )
  }
}

function writtenSoFar(world: World, { gave }: Whole): string | undefined {
  if (gave !== undefined) {
    return `All the traffic, which an earlier run had left between the colors, was given to ${gave}; but for notes, nothing else was written.`
  }
  return world.lock.journal() === undefined
    ? undefined
    : 'The lock was taken over from another run, which stops before its next write; nothing else was written.'
}

function telling(failure: Failure, written: string): Failure {
  const told = failure.details.some(detail => detail.includes(nothing))
  const details = failure.details.map(detail => detail.replace(nothing, written))
  return { ...failure, details: told ? details : [...details, written] }
}
