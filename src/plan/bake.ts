import type { Candidate, Progress, Staged } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { judgeRequests } from './judge.ts'
import { confirm } from './settle.ts'
import { movedByOthers } from './traffic.ts'
import { keepWatching, partsOf, watchOver } from './watch.ts'

/**
 * Watches the new version under all the traffic, until it has stood `bake-time`, production answers with it alone, and a look at the
 * end says that all is well. Undefined when the bake is over; it is over at once when nobody asked for any of this.
 */
export function bake(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  staged: Staged,
  seen: Snapshot,
  shiftedAt: number,
  now: number,
): Decision | undefined {
  if (progress.bakedAt !== undefined) return undefined
  const bakeMs = goal.bakeMs ?? 0
  const watched = bakeMs > 0 || goal.alarms !== undefined
  const unwell = watched
    ? (movedByOthers(progress, seen) ?? watchOver(goal, progress, candidate, staged, seen, now))
    : requestsFailed(goal, progress, seen)
  if (unwell !== undefined) return unwell
  const confirming = confirm(goal, progress, seen, shiftedAt, now)
  if (confirming?.kind === 'finish') return confirming
  const endsAt = shiftedAt + bakeMs
  if (watched && (now < endsAt || confirming !== undefined)) {
    const because =
      confirming?.kind === 'wait' ? confirming.because : `${progress.to} has all the traffic, and is watched`
    const until = now < endsAt ? endsAt : Number.POSITIVE_INFINITY
    return keepWatching(goal, progress, seen, now, until, because)
  }
  if (watched && Math.min(seen.services.at, seen.targets?.at ?? 0, seen.alarms?.at ?? now) < endsAt) {
    return { kind: 'wait', until: now, look: partsOf(goal), because: 'the last look of the bake' }
  }
  return confirming
}

function requestsFailed(goal: DeployGoal, progress: Progress, seen: Snapshot): Decision | undefined {
  const judgement = judgeRequests(goal, progress, seen)
  return judgement.kind === 'unhealthy'
    ? { kind: 'finish', outcome: { status: 'failed', failure: judgement.failure } }
    : undefined
}
