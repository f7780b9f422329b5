import type { Journal, LockOwner, LockView } from '../model/journal.ts'
import type { Failure } from '../model/outcome.ts'
import { describeJournal, describeOwner, type Taker } from './journal.ts'

/** A lock is good for so long after its holder was last heard of. */
export const leaseMs = 180_000

/** A holder renews it after so long: three tries in a row may fail before it runs out. */
export const renewAfterMs = 125_000

/** How often a run that waits for a lock looks at it. */
export const watchMs = 5_000

export type LockVerdict =
  | { readonly kind: 'ours' }
  /** Its holder is dead, or not heard of any more. */
  | { readonly kind: 'take-over'; readonly because: string }
  /** Its holder may be alive or dead: who lives gives a sign before the lease is over. */
  | { readonly kind: 'wait'; readonly until: number }

export interface Asking {
  readonly owner: LockOwner
  /** `always` takes the lock from a run that is alive: for a rollback. */
  readonly takeOver: 'stale' | 'always'
  /** Whether a process of this machine runs. */
  readonly runs: (pid: number) => boolean
}

/**
 * What to do about a lock that is there. The first row that applies:
 *
 * | what is so                                              | verdict   |
 * |---------------------------------------------------------|-----------|
 * | it is our own                                           | ours      |
 * | we were told to take it anyway                          | take over |
 * | a run of the same id made it, at an earlier attempt     | take over |
 * | a process of this machine made it, which has ended      | take over |
 * | it has expired                                          | take over |
 * | nothing of it has changed for the length of a lease     | take over |
 * | otherwise                                               | wait      |
 *
 * @param since when it was first seen as it is now, by our clock: the holder's may be wrong
 */
export function assessLock(lock: LockView, asking: Asking, since: number, now: number): LockVerdict {
  const { owner } = lock
  const me = asking.owner
  if (owner.nonce !== '' && owner.nonce === me.nonce) return { kind: 'ours' }
  if (asking.takeOver === 'always')
    return { kind: 'take-over', because: 'this run may take it from a run that is alive' }
  const sameRun = owner.runId !== '' && owner.runId === me.runId && owner.repository === me.repository
  // GitHub starts another attempt of a run only when the one before has ended.
  if (sameRun && owner.attempt < me.attempt) {
    return { kind: 'take-over', because: `attempt ${owner.attempt} of this run has ended` }
  }
  if (owner.machine !== '' && owner.machine === me.machine && owner.pid > 0 && !asking.runs(owner.pid)) {
    return { kind: 'take-over', because: `its process ${owner.pid} on this machine has ended` }
  }
  const latest = since + leaseMs
  const until = lock.expiresAt < latest ? lock.expiresAt : latest
  return until <= now ? { kind: 'take-over', because: 'it has expired, and was not renewed' } : { kind: 'wait', until }
}

/** Somebody else is at work, and alive. */
export function locked(lock: LockView, sign: string): Failure {
  const { owner, journal } = lock
  return {
    code: 'LOCKED',
    headline: `Another run deploys to these two services: ${describeOwner(owner)}.`,
    details: [
      ...(owner.runUrl === '' ? [] : [`Its run: ${owner.runUrl}`]),
      ...(journal === undefined ? [] : [`It is ${describeJournal(journal)}.`]),
      `${sign} The lock is the target group ${lock.name}, which serves nobody else.`,
      'Run again when that run has ended. `concurrency` in the workflow lets the runs of one repository wait for each other.',
    ],
  }
}

/** Somebody else has taken the lock from this run. */
export function lockLost(winner: Taker | undefined, name: string): Failure {
  const who = winner === undefined ? 'somebody who has given it back already' : winner.who
  return {
    code: 'LOCK_LOST',
    headline: `This run was superseded: the lock of these two services was taken over by ${who}.`,
    details: [
      ...(winner === undefined || winner.runUrl === '' ? [] : [`Its run: ${winner.runUrl}`]),
      `This run stopped before its next write, and leaves everything to that one. The lock is the target group ${name}.`,
      '`mode: status` shows where everything stands.',
    ],
  }
}

/** A target group of the lock's name that no run has made: it is not ours to delete. */
export function notALock(found: LockView): Failure {
  return {
    code: 'LOCKED',
    headline: `The target group ${found.name} has the name of the lock of these two services, but is no lock of this action.`,
    details: [found.arn, 'Delete it when nobody needs it, then run again.'],
  }
}

/** Whose lock it is and what for, in one line. */
export function describeHolder({ owner, journal }: LockView): string {
  const run = owner.runUrl === '' ? '' : ` (${owner.runUrl})`
  return `${describeOwner(owner)}${run}${journal === undefined ? '' : `, ${describeJournal(journal)}`}`
}

/** @param first what a run says that takes the traffic back */
export function describeHalfShift(journal: Journal, first = 'It is healed already'): string {
  return `Traffic is between the colors: an earlier run was ended while it was ${describeJournal(journal)}. What a deploy does first: ${first}. The rest of this plan begins there`
}

/** Who holds the lock and what for, for people who ask. */
export function lockLines({ name, owner, mode, journal, expiresAt }: LockView, now: number): readonly string[] {
  const left = Math.round((expiresAt - now) / 1_000)
  return [
    `${describeOwner(owner)} holds the lock ${name} (mode ${mode}${owner.runUrl === '' ? '' : `, ${owner.runUrl}`})`,
    left > 0
      ? `Its lease ends in ${left}s, unless that run renews it`
      : 'Its lease is over: the next run takes it over',
    ...(journal === undefined ? [] : [`It is ${describeJournal(journal)}`]),
  ]
}
