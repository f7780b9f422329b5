import type { Locks } from '../aws/locks.ts'
import type { Journal, LockOwner, LockView } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { describeOwner, isHalfShift, journalTags, ownerTags, readLock, type Taker } from '../plan/journal.ts'
import { assessLock, type LockVerdict, leaseMs, lockLost, renewAfterMs } from '../plan/lock.ts'
import { momentMs } from '../plan/moment.ts'
import { outlive, type Waiting } from './outlive.ts'
import { type Leave, nameOf, type RunLock } from './run-lock.ts'
import { forgiveRefusal, takeoverNotes } from './takeover-notes.ts'

export interface LockOptions extends Waiting {
  /** A function, because the port of a cancelled run is another one. */
  readonly locks: () => Locks
  readonly owner: LockOwner
  readonly mode: string
}

/** After a renewal that has failed, the next is tried so soon. */
const retryMs = 15_000

function leaveOf(tries: number, tookOver: boolean): Exclude<Leave, 'held' | 'noted'> {
  if (tookOver) return 'taken-over'
  return tries === 0 ? 'taken' : 'waited-for'
}

/** The lock may come and go while we look: so often is it tried. */
const triesLimit = 10
const tryAgainMs = 1_000

interface Held {
  readonly arn: string
  /** Of the blue target group, where it is noted whose lock was taken. */
  readonly blue: string
  readonly name: string
  journal: Journal
  verifiedAt: number
  renewAt: number
  expiresAt: number
}

export function createRunLock(options: LockOptions): RunLock {
  const { clock, log, owner } = options
  const notes = takeoverNotes(options)
  let held: Held | undefined
  let inherited: Journal | undefined
  let lost: Refusal | undefined
  let startedAt: string | undefined

  const iso = (at: number) => new Date(at).toISOString()
  const lease = () => ({ ExpiresAt: iso(clock.now() + leaseMs) })

  async function look(name: string): Promise<LockView | undefined> {
    const found = await options.locks().find(name)
    return found && readLock(found.arn, name, found.tags, text => Date.parse(text))
  }

  /** A lock that a rollback may take is not dead for that. */
  function ofDead(found: LockView): LockVerdict {
    return assessLock(found, { ...options, takeOver: 'stale' }, clock.now(), clock.now())
  }

  function hold(arn: string, name: string, blue: string, journal: Journal): void {
    const now = clock.now()
    held = { arn, name, blue, journal, verifiedAt: now, renewAt: now + renewAfterMs, expiresAt: now + leaseMs }
  }

  /** Writes tags on the lock that we hold, the lease among them: that it is still there is what verifies it. */
  async function write(mine: Held, tags: Readonly<Record<string, string>>): Promise<void> {
    if (!(await options.locks().write(mine.arn, { ...tags, ...lease() }))) {
      held = undefined
      lost = new Refusal(lockLost(await takerOf(mine), mine.name))
      throw lost
    }
    mine.verifiedAt = clock.now()
    mine.renewAt = mine.verifiedAt + renewAfterMs
    mine.expiresAt = mine.verifiedAt + leaseMs
  }

  /** Whoever holds the lock now, or has noted that it took it from us: it may have given it back already. */
  async function takerOf(mine: Held): Promise<Taker | undefined> {
    try {
      const winner = await look(mine.name)
      if (winner !== undefined) return { who: describeOwner(winner.owner), runUrl: winner.owner.runUrl }
      return await notes.taker(mine.blue)
    } catch (error) {
      // Whoever it was, this run has to stop.
      forgiveRefusal(error)
      return undefined
    }
  }

  async function acquire(name: string, journal: Journal, seen: Snapshot): Promise<Exclude<Leave, 'held' | 'noted'>> {
    const { arn: blue, vpcId } = seen.targetGroups.blue
    let took = false
    startedAt ??= iso(clock.now())
    for (let tries = 0; tries < triesLimit; tries++) {
      // Whoever is killed right now leaves what it has taken over, and not what it has not begun yet.
      const noted = inherited === undefined ? journal : { ...inherited, phase: 'restoring' as const }
      const tags = { ...ownerTags(owner, options.mode, startedAt), ...lease(), ...journalTags(noted) }
      const arn = await options.locks().create({ name, nonce: owner.nonce, vpcId, tags })
      if (arn !== undefined) {
        hold(arn, name, blue, noted)
        await notes.empty(blue)
        return leaveOf(tries, took)
      }
      const found = await look(name)
      if (found === undefined) {
        // Gone already, or AWS has not told all of itself yet.
        await clock.sleep(tryAgainMs, options.signal)
        continue
      }
      const because = await outlive(found, options, () => look(name))
      if (because === undefined) {
        hold(found.arn, name, blue, found.journal ?? noted)
        return leaveOf(tries, took)
      }
      log.info(`Take over the lock ${name} of ${describeOwner(found.owner)}: ${because}`)
      if (isHalfShift(found.journal)) inherited = found.journal
      await notes.write(found, blue, iso(clock.now()))
      // Only this very lock: one that somebody has made meanwhile has another ARN.
      await options.locks().remove(found.arn)
      took = true
    }
    throw new Refusal({
      code: 'LOCKED',
      headline: `The lock ${name} of these two services comes and goes: other runs take it again and again.`,
      details: ['Let one workflow at a time deploy to them (`concurrency`), then run again.'],
    })
  }

  return {
    enabled: true,
    nameOf,
    look: seen => look(nameOf(seen)),
    assess: found => assessLock(found, options, clock.now(), clock.now()),
    isDead: found => ofDead(found).kind === 'take-over',
    async before(journal, seen) {
      // Once superseded, always: a run that cleans up must not take it back.
      if (lost !== undefined) throw lost
      if (journal.phase !== 'restoring' && held !== undefined) inherited = undefined
      if (held === undefined) {
        return acquire(nameOf(seen), journal, seen)
      }
      const said = journalTags(held.journal)
      const changed = Object.fromEntries(
        Object.entries(journalTags(journal)).filter(([key, value]) => said[key] !== value),
      )
      const news = journal.phase !== 'settling' && Object.keys(changed).length > 0
      if (!news && clock.now() - held.verifiedAt <= momentMs) return 'held'
      await write(held, changed).catch(error => forgive(error, journal))
      held.journal = journal
      return news ? 'noted' : 'held'
    },
    async verify() {
      if (held !== undefined) await write(held, {})
    },
    async sweep(seen) {
      const found = held === undefined ? await look(nameOf(seen)) : undefined
      if (found === undefined || found.owner.nonce === '') return
      const verdict = ofDead(found)
      if (verdict.kind !== 'take-over') return
      log.info(`Delete the lock ${found.name} of ${describeOwner(found.owner)}: ${verdict.because}`)
      await options.locks().remove(found.arn)
    },
    async adopt(seen) {
      const found = owner.nonce === '' ? undefined : await look(nameOf(seen))
      if (found?.owner.nonce !== owner.nonce || found.journal === undefined) return undefined
      hold(found.arn, found.name, seen.targetGroups.blue.arn, found.journal)
      return found
    },
    sleep,
    async during(ms, work) {
      const ended = new AbortController()
      const kept = sleep(ms, AbortSignal.any([options.signal, ended.signal])).catch((error: unknown) => error)
      try {
        return await work()
      } finally {
        ended.abort()
        await kept
      }
    },
    inherited: () => inherited,
    journal: () => held?.journal,
    async release(how) {
      if (held === undefined) return
      const { arn, name } = held
      held = undefined
      inherited = undefined
      try {
        if (how === 'delete') await options.locks().remove(arn)
        else await expire(arn)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        log.warn(
          `The lock ${name} could not be given back; it expires by itself in ${leaseMs / 1_000} s at most. ${error.failure.headline}`,
        )
        if (how === 'delete') await expire(arn).catch(forgiveRefusal)
      }
    },
  }

  /** Nobody has to wait for this run. */
  async function expire(arn: string): Promise<void> {
    await options.locks().write(arn, { ExpiresAt: iso(clock.now()) })
  }

  /** Production comes first: while the lease lasts nobody else may have the lock, so traffic is given back without a new note. */
  function forgive(error: unknown, journal: Journal): void {
    const known = error instanceof Refusal && error.failure.code !== 'LOCK_LOST'
    if (!known || held === undefined || journal.phase !== 'restoring' || clock.now() >= held.expiresAt) throw error
    log.warn(`The journal could not be written. ${error.failure.headline} What was begun is taken back all the same.`)
  }

  async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = clock.now() + ms
    while (held !== undefined && held.renewAt <= until) {
      await clock.sleep(Math.max(0, held.renewAt - clock.now()), signal)
      await renew(held)
    }
    const left = until - clock.now()
    if (left > 0) await clock.sleep(left, signal)
  }

  async function renew(mine: Held): Promise<void> {
    try {
      await write(mine, {})
    } catch (error) {
      if (!(error instanceof Refusal) || error.failure.code === 'LOCK_LOST' || options.signal.aborted) throw error
      mine.renewAt = clock.now() + retryMs
      log.info(`The lock ${mine.name} could not be renewed; try again. ${error.failure.headline}`)
    }
  }
}
