import { advisory } from '../deploy/advisory.ts'
import { lookAgain } from '../deploy/observe.ts'
import { notesOn } from '../deploy/register.ts'
import { giveBack, isMixed, putIdleBack } from '../deploy/resume.ts'
import type { World } from '../deploy/world.ts'
import type { Color } from '../model/color.ts'
import type { Journal } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { obeyMs } from '../plan/moment.ts'
import { leftBehindNotes, readNotes } from '../plan/noted.ts'
import { idleToPutBack } from '../plan/resume.ts'
import type { Deployed } from './deploy.ts'
import type { Both } from './in-place.ts'
import type { Finished } from './so-far.ts'

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
 * The journal of a run that had moved traffic, and had given all of it back by the time its lock became ours: what was asked for was under
 * way. Undefined as well for a run that was a rollback itself: of that the way back is where it came from.
 *
 * @param first the color that was live when this run looked first
 */
export async function gaveBackItself(
  world: World,
  seen: Snapshot,
  live: Color,
  first: Color,
): Promise<Journal | undefined> {
  const journal = world.lock.inherited()
  if (journal === undefined || journal.from !== live) return undefined
  // A run that has failed before it moved any traffic takes back what it has staged: nobody flees from that.
  const moved = first === journal.to || (journal.phase === 'restoring' && journal.shares !== undefined)
  return moved && (await noteInterrupted(world, journal, seen)) === 'deploy' ? journal : undefined
}

/**
 * A rollback in the middle of another run's shift has given the traffic back already: that was what was asked for. What is left is the
 * idle service, which gets what it had, once no node sends to it any more.
 */
export async function undoStaging(world: World, journal: Journal, both: Both, before: Snapshot): Promise<Deployed> {
  const version = both.progress.previous?.version ?? ''
  const seen = await idleAsItWas(world, journal, both.seen)
  const because = `${version} on ${journal.from} has all the traffic again: the shift to ${journal.to} that was under way is undone`
  return { outcome: { status: 'succeeded', because }, progress: both.progress, seen, before, version }
}

async function idleAsItWas(world: World, journal: Journal, first: Snapshot): Promise<Snapshot> {
  let seen = first
  if (idleToPutBack(journal, seen) !== undefined) {
    world.log.info(`Wait until every node of the load balancer sends to ${journal.from} only`)
    await world.lock.before({ ...journal, phase: 'restoring' }, seen)
    await world.lock.sleep(obeyMs, world.signal)
    seen = await putIdleBack(world, journal, seen)
  }
  // The other run may have had a write on its way when it lost the lock.
  return isMixed(seen) ? giveBack(world, journal, seen) : seen
}

/**
 * A rollback that is refused once it has taken the lock from a run that was taking back what it had begun: nobody else would finish that.
 *
 * @returns what was done about it, in a sentence; undefined when there was nothing to do, or it could not be done: then the journal stays
 */
export async function finishForOther(world: World, first: Snapshot): Promise<Finished | undefined> {
  const journal = world.lock.inherited()
  if (journal === undefined) return undefined
  try {
    const looked = await lookAgain(world, first, journal.to, ['services', 'routes'])
    if (idleToPutBack(journal, looked) === undefined) return undefined
    const seen = await idleAsItWas(world, journal, looked)
    await world.lock.release('delete')
    const written = `The lock was taken over from another run, and ${journal.to} was given what it had before that run; nothing else was written.`
    return { seen, written }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    world.log.warn(`What another run had put on ${journal.to} could not be taken back. ${error.failure.headline}`)
    return undefined
  }
}
