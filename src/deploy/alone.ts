import { Refusal } from '../model/outcome.ts'
import { idleToPutBack } from '../plan/resume.ts'
import { foreignWeights } from '../plan/traffic.ts'
import { BeginAgain } from './guard.ts'
import type { Ended } from './loop.ts'
import { isMixed } from './resume.ts'
import type { World } from './world.ts'

export type Alone<T extends Ended> = T & {
  /** The run was cancelled, and its post step has something left to take back. */
  readonly unfinished?: true
}

/**
 * One run of a mode that writes, from its first look to giving the lock back. Whoever takes the lock over from another run begins
 * again, with what that run has left.
 *
 * @param once begins with a first look (`lookWhole`); is told when
 * @throws Refusal
 */
export async function alone<T extends Ended>(
  world: World,
  startedAt: number,
  once: (startedAt: number) => Promise<T>,
): Promise<Alone<T>> {
  try {
    const ended = await untilOurs(world, startedAt, once)
    const left = isUnfinished(ended, world)
    await world.lock.release(left ? 'leave' : 'delete')
    if (ended.outcome.status === 'unchanged') await sweep(world, ended)
    const forPost = left && ended.outcome.status === 'cancelled' && world.onCancel === 'restore'
    return forPost ? { ...ended, unfinished: true } : ended
  } catch (error) {
    const held = world.lock.journal() !== undefined
    await world.lock.release('leave')
    throw held && world.signal.aborted ? cancelledHolding(error, world) : error
  }
}

/** The run was cancelled with the lock in its hands, before it had begun anything of its own: an earlier run may have left something to take back. */
export class LeftToPost extends Error {
  constructor(cause: unknown) {
    super('cancelled before what an earlier run has left was put right', { cause })
    this.name = 'LeftToPost'
  }
}

/** The same with `on-cancel: leave`: it stays as it is, for the next run. */
export class LeftToNext extends Error {
  constructor(cause: unknown) {
    super('cancelled before what an earlier run has left was put right, and left so', { cause })
    this.name = 'LeftToNext'
  }
}

function cancelledHolding(error: unknown, { onCancel }: World): unknown {
  if (onCancel === 'restore') return new LeftToPost(error)
  return saysItself(error) ? error : new LeftToNext(error)
}

/** A run that was cancelled after it had made production whole knows better than whoever only sees that it ended. */
export function saysItself(error: unknown): error is Refusal {
  return error instanceof Refusal && error.failure.code === 'CANCELLED'
}

/** A run with nothing to do takes no lock, and so would leave that of a killed run lying for ever. */
async function sweep(world: World, { seen }: Ended): Promise<void> {
  try {
    await world.lock.sweep(seen)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    world.log.info(`A lock that a killed run may have left could not be deleted. ${error.failure.headline}`)
  }
}

async function untilOurs<T>(world: World, startedAt: number, once: (startedAt: number) => Promise<T>): Promise<T> {
  for (let from = startedAt; ; from = world.clock.now()) {
    try {
      return await once(from)
    } catch (error) {
      if (!(error instanceof BeginAgain)) throw error
      world.log.info(`Begin again: ${error.message}`)
      world.checks.clear()
    }
  }
}

/** Whether the journal is still needed. */
function isUnfinished({ progress, seen }: Ended, world: World): boolean {
  const journal = world.lock.journal()
  // Weights that somebody else has given are his: a journal would let the next run take them for ours, and write over them.
  if (isMixed(seen) && foreignWeights(progress, seen) !== undefined) return false
  if (isMixed(seen)) return true
  if (!world.signal.aborted || world.onCancel === 'leave' || journal === undefined) return false
  return idleToPutBack(journal, seen) !== undefined
}
