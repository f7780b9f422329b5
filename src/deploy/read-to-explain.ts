import { type Failure, Refusal } from '../model/outcome.ts'
import type { Seen } from '../model/snapshot.ts'
import type { World } from './world.ts'

export type ReadToExplain<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'refused'; readonly failure: Failure }

/**
 * Reads what only tells why something failed. The reason why it cannot be read must not take the place of the failure itself: it is
 * kept for a note beside it, and is told once in the log.
 *
 * @param before why it could not be read the last time
 */
export async function readToExplain<T>(
  world: World,
  before: Seen<Failure> | undefined,
  read: () => Promise<T>,
): Promise<ReadToExplain<T>> {
  try {
    return { kind: 'read', value: await read() }
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    const { failure } = error
    if (before?.value.code !== failure.code) {
      world.log.warn(`Why the new version fails could not be looked up in full. ${failure.headline}`)
    }
    return { kind: 'refused', failure }
  }
}
