import type { World } from '../deploy/world.ts'
import { type Failure, type Outcome, Refusal } from '../model/outcome.ts'

/**
 * How a mode ended that goes on from what is there, whatever it is ended by.
 *
 * @param cancelled what a cancel leaves
 * @throws what is a bug of ours
 */
export function endedBy(error: unknown, { signal }: World, cancelled: Omit<Failure, 'code'>): Outcome {
  if (signal.aborted) return { status: 'cancelled', failure: { code: 'CANCELLED', ...cancelled } }
  if (error instanceof Refusal) return { status: 'failed', failure: error.failure }
  throw error
}
