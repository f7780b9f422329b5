import { createHash } from 'node:crypto'
import { colors } from '../model/color.ts'
import type { Journal, LockView } from '../model/journal.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { LockVerdict } from '../plan/lock.ts'
import type { Clock } from './clock.ts'

/**
 * The lock of the two services, and the journal in it. Whoever writes to them holds it; it is taken when the first write is due, so
 * that a run with nothing to do writes nothing.
 */
export interface RunLock {
  readonly enabled: boolean
  /** The name of the lock of these services. */
  nameOf(seen: Snapshot): string
  /** Who holds the lock of these services now; undefined when nobody does. Reads only. */
  look(seen: Snapshot): Promise<LockView | undefined>
  /** What a run like this would make of a lock that it found just now. */
  assess(found: LockView): LockVerdict
  /** Whether whoever holds the lock is known to have ended: not because a rollback may take it anyhow. */
  isDead(found: LockView): boolean
  /**
   * To be called before every write: makes sure that the lock is ours, and that the journal says what comes.
   *
   * @returns `noted` when the journal was written, which may have taken long; anything but that and `held` when it was not ours until now,
   *   so that what was seen before may be stale
   * @throws Refusal LOCKED, LOCK_LOST, or what AWS says
   */
  before(journal: Journal, seen: Snapshot): Promise<Leave>
  /** @throws Refusal LOCK_LOST when this run held the lock, and somebody else has taken it */
  verify(): Promise<void>
  /** Deletes the lock of a run that is known to be dead, for a run that has seen that nothing of it is left to do. */
  sweep(seen: Snapshot): Promise<void>
  /** Goes on with a lock that main has left to its post step. @returns undefined when it is not there, or not ours */
  adopt(seen: Snapshot): Promise<LockView | undefined>
  /** Sleeps, and renews the lease meanwhile. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Does something that takes long, at most `ms`, and renews the lease meanwhile. A lock that is lost is noticed before the next write. */
  during<T>(ms: number, work: () => Promise<T>): Promise<T>
  /** What the run was about to do from which this one has taken the lock, unless it has been dealt with. */
  inherited(): Journal | undefined
  /** What this run has noted last; undefined when it holds no lock. */
  journal(): Journal | undefined
  /** `delete` when all is done; `leave` keeps the journal for whoever comes next. Never throws. */
  release(how: 'delete' | 'leave'): Promise<void>
}

/** Whether the lock was ours already; else whether it was free at the first try, or somebody had to be waited for or died. */
export type Leave = 'held' | 'noted' | 'taken' | 'waited-for' | 'taken-over'

/** Names of target groups have at most 32 characters. */
const prefix = 'ecs-bg-lock-'
const hashDigits = 32 - prefix.length

/** `lock: false`: nothing but `concurrency` keeps others away, and nothing is known of a run that was killed. */
export function noLock(clock: Clock): RunLock {
  return {
    enabled: false,
    nameOf,
    look: async () => undefined,
    assess: () => ({ kind: 'ours' }),
    isDead: () => false,
    before: async () => 'held',
    verify: async () => {},
    sweep: async () => {},
    adopt: async () => undefined,
    sleep: (ms, signal) => clock.sleep(ms, signal),
    during: (_, work) => work(),
    inherited: () => undefined,
    journal: () => undefined,
    release: async () => {},
  }
}

/** The same for everybody who deploys to these two services, whatever their workflow calls them. */
export function nameOf(seen: Snapshot): string {
  return lockName(colors.map(color => seen.services.value[color].arn))
}

/** @param services ARNs of the two services */
export function lockName(services: readonly string[]): string {
  return prefix + createHash('sha256').update(services.toSorted().join('\n')).digest('hex').slice(0, hashDigits)
}
