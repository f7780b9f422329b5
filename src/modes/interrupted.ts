import { advisory } from '../deploy/advisory.ts'
import { notesOn } from '../deploy/register.ts'
import { giveBack, isMixed, putIdleBack } from '../deploy/resume.ts'
import type { World } from '../deploy/world.ts'
import type { Journal } from '../model/journal.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { obeyMs } from '../plan/moment.ts'
import { leftBehindNotes, readNotes } from '../plan/noted.ts'
import { idleToPutBack } from '../plan/resume.ts'
import type { Deployed } from './deploy.ts'
import type { Both } from './in-place.ts'

/**
 * Before the shift of another run is undone: whoever asks for the same again must not be sent one version further back, nor is what was
 * staged there to be promoted once more.
 *
 * @returns whether that run was a rollback itself, by the note that it made of what it leaves: then nothing is noted, and its way is the one
 *   to go on
 */
export async function noteInterrupted(world: World, journal: Journal, seen: Snapshot): Promise<'deploy' | 'rollback'> {
  const { taskDefinition } = seen.services.value[journal.from]
  const left = readNotes((await notesOn(seen, world))[journal.from]).leftBehind
  if (left !== undefined && left === (journal.live ?? taskDefinition)) return 'rollback'
  const { arn } = seen.targetGroups[journal.to]
  const tags = leftBehindNotes(journal.candidate ?? seen.services.value[journal.to].taskDefinition)
  await advisory(world, () => world.elb.writeTags(arn, { ...tags, Staged: '' }))
  return 'deploy'
}

/**
 * The journal of a run that was ended when it had given the traffic back, and before the idle service had what it had before: whoever
 * asks for the same again finishes that.
 */
export async function leftToUndo(world: World, { seen, progress }: Both): Promise<Journal | undefined> {
  const lock = await world.lock.look(seen)
  const journal = lock?.journal
  if (lock === undefined || journal?.phase !== 'restoring' || journal.from !== progress.from) return undefined
  return world.lock.isDead(lock) && idleToPutBack(journal, seen) !== undefined ? journal : undefined
}

/**
 * A rollback in the middle of another run's shift has given the traffic back already: that was what was asked for. What is left is the
 * idle service, which gets what it had, once no node sends to it any more.
 */
export async function undoStaging(world: World, journal: Journal, both: Both, before: Snapshot): Promise<Deployed> {
  const version = both.progress.previous?.version ?? ''
  let seen = both.seen
  if (idleToPutBack(journal, seen) !== undefined) {
    world.log.info(`Wait until every node of the load balancer sends to ${journal.from} only`)
    await world.lock.before({ ...journal, phase: 'restoring' }, seen)
    await world.lock.sleep(obeyMs, world.signal)
    seen = await putIdleBack(world, journal, seen)
  }
  // The other run may have had a write on its way when it lost the lock.
  if (isMixed(seen)) seen = await giveBack(world, journal, seen)
  const because = `${version} on ${journal.from} has all the traffic again: the shift to ${journal.to} that was under way is undone`
  return { outcome: { status: 'succeeded', because }, progress: both.progress, seen, before, version }
}
