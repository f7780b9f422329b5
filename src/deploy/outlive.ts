import type { LockView } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import { describeOwner } from '../plan/journal.ts'
import { type Asking, assessLock, locked, notALock, watchMs } from '../plan/lock.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

export interface Waiting extends Asking {
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * Waits until the holder of this lock is known to be dead. Who is alive gives a sign of it: renews the lease, writes the journal, or
 * gives the lock back.
 *
 * @returns why it may be taken over; undefined when it is our own
 * @throws Refusal LOCKED when the holder is alive
 */
export async function outlive(
  found: LockView,
  waiting: Waiting,
  look: () => Promise<LockView | undefined>,
): Promise<string | undefined> {
  const { clock, log, signal } = waiting
  if (found.owner.nonce === '') throw new Refusal(notALock(found))
  const since = clock.now()
  for (let told = false; ; told = true) {
    const verdict = assessLock(found, waiting, since, clock.now())
    if (verdict.kind === 'ours') return undefined
    if (verdict.kind === 'take-over') return verdict.because
    if (!told) log.info(waitText(found, verdict.until))
    await clock.sleep(Math.min(watchMs, verdict.until - clock.now()), signal)
    const again = await look()
    if (again?.arn === found.arn && again.fingerprint === found.fingerprint) continue
    // Another run may have been quicker to take it over.
    throw new Refusal(locked(again ?? found, again === undefined ? 'It has ended just now.' : 'It is alive.'))
  }
}

function waitText({ name, owner }: LockView, until: number): string {
  const run = owner.runUrl === '' ? '' : ` (${owner.runUrl})`
  const time = new Date(until).toISOString()
  return `Wait for the lock ${name} of ${describeOwner(owner)}${run}: unless that run gives a sign of life, it expires at ${time}`
}
