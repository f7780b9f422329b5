import type { Check } from '../model/check.ts'
import type { Journal, LockView } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import type { PlannedStep } from '../model/plan.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { isHalfShift } from '../plan/journal.ts'
import { describeHalfShift, describeHolder, locked, notALock } from '../plan/lock.ts'
import { jumpingClock } from './jumping-clock.ts'
import { firstLook } from './observe.ts'
import { imaginedBalancing } from './rehearsed-balancing.ts'
import { giveBack, isMixed } from './resume.ts'
import { noLock } from './run-lock.ts'
import { readNote } from './whole.ts'
import type { World } from './world.ts'

/** What a run that writes would find, and what it would have to do before anything of its own. */
export interface Foreseen {
  /** What is so now. */
  readonly seen: Snapshot
  /** What will be so when those steps are done; the same when there are none. */
  readonly whole: Snapshot
  readonly steps: readonly PlannedStep[]
  /** Who holds the lock; absent when nobody does. */
  readonly lock?: LockView
}

/**
 * The first look of a run that only tells what one that writes would do (`lookWhole`): reads the same, and writes nothing.
 *
 * @throws Refusal where that one would be refused, too
 */
export async function foresee(world: World): Promise<Foreseen> {
  const seen = await firstLook(world)
  if (!world.lock.enabled) {
    note(world, { mark: 'SKIP', says: '`lock` is false: nobody looks whether another run is at work' })
    return { seen, whole: seen, steps: [] }
  }
  const lock = await world.checks.read('Lock', () => world.lock.look(seen))
  const mixed = isMixed(seen)
  const alive = lock !== undefined && noteHolder(world, lock, mixed)
  const standing = lock === undefined ? {} : { lock }
  if (!mixed || alive) return { seen, whole: seen, steps: [], ...standing }
  const found = lock?.journal
  const journal = isHalfShift(found) ? found : await world.checks.read('Lock', () => readNote(world, seen))
  if (journal === undefined) return { seen, whole: seen, steps: [], ...standing }
  return { seen, ...(await healed(world, journal, seen)), ...standing }
}

/** @returns whether a run that writes would have to wait for this one, or be refused */
function noteHolder(world: World, lock: LockView, mixed: boolean): boolean {
  if (lock.owner.nonce === '') throw refused(world, notALock(lock))
  const verdict = world.lock.assess(lock)
  if (verdict.kind !== 'wait') {
    const because = verdict.kind === 'ours' ? 'it is our own' : verdict.because
    note(world, {
      mark: 'OK',
      says: `The lock is of ${describeHolder(lock)}; ${leaseText(lock, world.clock.now())}. A deploy takes it over: ${because}`,
    })
    return false
  }
  // A shift that is under way shows weights that nobody can plan from.
  const at = new Date(verdict.until).toISOString()
  if (mixed) throw refused(world, locked(lock, `Traffic is between the colors, and its lease lasts until ${at}.`))
  note(world, {
    mark: 'SKIP',
    says: `The lock is held by ${describeHolder(lock)}; ${leaseText(lock, world.clock.now())}. A deploy would wait until ${at}, and be refused (LOCKED) when that run gives a sign of life`,
  })
  return true
}

/** By the holder's clock, and whatever it has written there. */
function leaseText({ expiresAt }: LockView, now: number): string {
  if (!Number.isFinite(expiresAt)) return 'the end of its lease cannot be read'
  return `its lease ${expiresAt > now ? 'ends' : 'has ended'} at ${new Date(expiresAt).toISOString()}`
}

/** The very same decisions and acts, against listeners that are only imagined. */
async function healed(world: World, journal: Journal, seen: Snapshot): Promise<Pick<Foreseen, 'whole' | 'steps'>> {
  const steps: PlannedStep[] = [{ says: `Take the lock ${world.lock.nameOf(seen)}` }]
  const clock = jumpingClock(world.clock.now())
  const said: string[] = []
  const quiet: World = {
    ...world,
    clock,
    elb: imaginedBalancing(world, seen, seen.services.value, step => steps.push(step)),
    lock: noLock(clock),
    log: { ...world.log, info: line => said.push(line), phase: () => {}, endPhase: () => {} },
  }
  const whole = await world.checks.read('Lock', () => giveBack(quiet, journal, seen))
  note(world, { mark: 'OK', says: describeHalfShift(journal, said[0]) })
  return { whole, steps }
}

function note(world: World, check: Omit<Check, 'section'>): void {
  world.checks.note({ section: 'Lock', ...check })
}

function refused(world: World, failure: Refusal['failure']): Refusal {
  note(world, { mark: 'NG', says: failure.headline, failure })
  return new Refusal(failure)
}
