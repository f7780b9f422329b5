import type { Journal } from '../model/journal.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { describeJournal, isHalfShift, readShiftNote, shiftNoteTag } from '../plan/journal.ts'
import { advisory } from './advisory.ts'
import { firstLook } from './observe.ts'
import { giveBack, isMixed } from './resume.ts'
import type { World } from './world.ts'

/**
 * The first look of a run that is going to write. Weights first, journal second: when a run was killed in the middle of a shift,
 * production is made whole before anything else, under the lock. Without a journal, weights between the colors are left alone.
 *
 * @param resuming told, once the lock is ours, before traffic is given back
 * @throws Refusal
 */
export async function lookWhole(
  world: World,
  resuming: (journal: Journal, seen: Snapshot) => Promise<void> = async () => {},
): Promise<Snapshot> {
  const seen = await firstLook(world)
  if (!world.lock.enabled || !isMixed(seen)) return seen
  const found = (await world.lock.look(seen))?.journal
  const noted = isHalfShift(found) ? found : await readNote(world, seen)
  if (noted === undefined) return seen
  // Refused when that run is alive. When it is dead, its journal comes with its lock.
  await world.lock.before({ ...noted, phase: 'restoring' }, seen)
  const journal = world.lock.inherited() ?? noted
  world.log.info(`An earlier run was ended while it was ${describeJournal(journal)}`)
  await resuming(journal, seen)
  await giveBack(world, journal, seen)
  await advisory(world, () => world.elb.writeTags(seen.targetGroups.blue.arn, { [shiftNoteTag]: '' }))
  // From here on this run is one like any other.
  await world.lock.release('delete')
  world.checks.clear()
  return firstLook(world)
}

/** What a run has noted that was killed while the lock changed hands. */
export async function readNote(world: World, seen: Snapshot): Promise<Journal | undefined> {
  const { arn } = seen.targetGroups.blue
  const tags = await world.elb.describeTags([arn])
  return readShiftNote(tags[arn]?.[shiftNoteTag], world.clock.now(), text => Date.parse(text))
}
