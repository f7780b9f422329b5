import type { Whole } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import { type Failure, Refusal } from '../model/outcome.ts'
import { RefusedKnowing } from './refused-knowing.ts'

const nothing = 'Nothing was written.'

/**
 * What comes after the first look, and before the first write of the run's own. A run that has made production whole, or has taken
 * the lock from another one, must not say that nothing was written when it is refused then.
 */
export async function tellingWhatWas<T>(world: World, whole: Whole, go: () => Promise<T>): Promise<T> {
  try {
    return await go()
  } catch (error) {
    const written = writtenSoFar(world, whole)
    if (world.signal.aborted && written !== undefined) {
      const headline = 'Cancelled before anything of its own was written.'
      throw new RefusedKnowing({ code: 'CANCELLED', headline, details: [written] }, whole.seen)
    }
    if (world.signal.aborted || !(error instanceof Refusal)) throw error
    throw new RefusedKnowing(written === undefined ? error.failure : telling(error.failure, written), whole.seen)
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
