import type { Color } from '../model/color.ts'
import type { Journal } from '../model/journal.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { describeJournal, isHalfShift, readShiftNote, shiftNoteTag } from '../plan/journal.ts'
import { readLive } from '../plan/weights.ts'
import { advisory } from './advisory.ts'
import { firstLook } from './observe.ts'
import { giveBack, isMixed, wouldGet } from './resume.ts'
import type { World } from './world.ts'

/** What a mode has a say in when an earlier run was ended in the middle of a shift. */
export interface AmidShift {
  /**
   * Asked before anything is written, the lock included. Absent when there is nothing to decide: it takes reads.
   *
   * @param gets the color that will be given all the traffic
   * @throws Refusal when this run is not to be: then the other run's shift is left as it is
   */
  readonly allow?: (journal: Journal, seen: Snapshot, gets: Color) => Promise<void>
  /** Told, once the lock is ours, before traffic is given back. */
  readonly resuming?: (journal: Journal, seen: Snapshot) => Promise<void>
  /** Whether something is left to do of what the journal tells, once `live` has all the traffic: then lock and journal stay. */
  readonly keeps?: (journal: Journal, live: Color) => boolean
}

/** The first look of a run that is going to write. */
export interface Whole {
  readonly seen: Snapshot
  /** The color that this run has given all the traffic to, before anything of its own. */
  readonly gave?: Color
  /** The run was allowed with this color live. */
  readonly allowed?: Color
}

/**
 * The first look of a run that is going to write. Weights first, journal second: when a run was killed in the middle of a shift,
 * production is made whole before anything else, under the lock. Without a journal, weights between the colors are left alone.
 *
 * @throws Refusal
 */
export async function lookWhole(world: World, amid: AmidShift = {}): Promise<Whole> {
  const seen = await firstLook(world)
  if (!world.lock.enabled || !isMixed(seen)) return { seen }
  const found = (await world.lock.look(seen))?.journal
  const noted = isHalfShift(found) ? found : await readNote(world, seen)
  if (noted === undefined) return { seen }
  const allowed = amid.allow && (await wouldGet(world, noted, seen))
  if (allowed !== undefined) await amid.allow?.(noted, seen, allowed)
  // Refused when that run is alive. When it is dead, its journal comes with its lock.
  await world.lock.before({ ...noted, phase: 'restoring' }, seen)
  const journal = world.lock.inherited() ?? noted
  world.log.info(`An earlier run was ended while it was ${describeJournal(journal)}`)
  await amid.resuming?.(journal, seen)
  const given = await giveBack(world, journal, seen)
  await advisory(world, () => world.elb.writeTags(seen.targetGroups.blue.arn, { [shiftNoteTag]: '' }))
  const live = readLive(given.production.value, given.targetGroups)
  const gave = live.kind === 'live' ? live.color : journal.from
  // From here on this run is one like any other, unless it still has to undo the rest of what the journal tells.
  if (!amid.keeps?.(journal, gave)) await world.lock.release('delete')
  world.checks.clear()
  return { seen: await lookOr(given, world), gave, ...(allowed === undefined ? {} : { allowed }) }
}

/** Whoever is cancelled right after its writes has them to tell: what it saw last will do for that. */
async function lookOr(last: Snapshot, world: World): Promise<Snapshot> {
  try {
    return await firstLook(world)
  } catch (error) {
    if (!world.signal.aborted) throw error
    return last
  }
}

/** What a run has noted that was killed while the lock changed hands. */
export async function readNote(world: World, seen: Snapshot): Promise<Journal | undefined> {
  const { arn } = seen.targetGroups.blue
  const tags = await world.elb.describeTags([arn])
  const { taskDefinition } = seen.services.value.blue
  const arnOf = (name: string) => taskDefinition.slice(0, taskDefinition.lastIndexOf('/') + 1) + name
  return readShiftNote(tags[arn]?.[shiftNoteTag], world.clock.now(), text => Date.parse(text), arnOf)
}
