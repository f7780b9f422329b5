import type { Journal } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { isPutBackGently } from '../plan/resume.ts'
import { foreignWeights } from '../plan/traffic.ts'
import { factsOf } from './guard.ts'
import { giveBack, isMixed, putIdleBack } from './resume.ts'
import type { World } from './world.ts'

/**
 * The way out of a run that was cancelled: GitHub gives it seconds, so it does what matters most first, and leaves the rest to the
 * post step. It waits for nothing. Traffic that is between the colors goes back; then the idle service, unless nodes of the load
 * balancer may still send to it and would find nobody there. Never throws.
 *
 * @param undo whether all the traffic was about to go back, because the new version has failed
 */
export async function backOut(
  world: World,
  progress: Progress,
  seen: Snapshot,
  undo: () => boolean,
): Promise<Snapshot> {
  const journal = withDeployment(world.lock.journal(), progress) ?? begun(progress, seen)
  if (!world.signal.aborted || journal === undefined) return seen
  if (world.onCancel === 'leave') {
    world.log.warn('on-cancel is leave: listeners and the idle service stay as they are now.')
    return seen
  }
  const end: World = { ...world, ...world.atEnd() }
  let now = seen
  try {
    now = await giveBack(end, journal, seen, looked => foreignWeights(progress, looked), undo())
    // Traffic that has just left is still on its way: tasks that get some must not be taken away.
    const moved = isMixed(seen) || seen.production.value.some(route => route.arn in progress.told)
    const { idle } = journal
    const gentle = idle !== undefined && isPutBackGently(idle, now.services.value[journal.to])
    return moved && !gentle ? now : await putIdleBack(end, journal, now)
  } catch (error) {
    if (!(error instanceof Refusal) && !end.signal.aborted) throw error
    const why = error instanceof Refusal ? error.failure.headline : 'There was no time left.'
    world.log.warn(`Not everything could be taken back after the cancel. ${why}`)
    return now
  }
}

/** The journal was written before the act: which deployment has come of it, only this run knows yet. */
function withDeployment(journal: Journal | undefined, { staged }: Progress): Journal | undefined {
  return journal && { ...journal, ...(staged === undefined ? {} : { deployment: staged.deploymentId }) }
}

/** What a run without a lock has begun; undefined when it has changed nothing. */
function begun(progress: Progress, seen: Snapshot): Journal | undefined {
  if (progress.staged === undefined && Object.keys(progress.told).length === 0) return undefined
  return { phase: 'restoring', ...factsOf(progress, seen) }
}
