import { failed } from '../model/outcome.ts'
import type { Candidate, Progress, Staged } from '../model/progress.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { judge } from './judge.ts'
import { partText, schedule } from './schedule.ts'

/** The counts of our own client cost nothing to read. */
const probeMs = 500

/** Each look costs three or four calls: most of what goes wrong goes wrong just after a step. */
const pace = { freshMs: 60_000, freshEveryMs: 5_000, everyMs: 10_000 }

/**
 * What keeps the new color from getting more traffic for now, once it has some: it is not well, nobody knows, or the step that it
 * is at has to last longer. Undefined when the next step is due.
 */
export function hold(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  staged: Staged,
  seen: Snapshot,
  now: number,
): Decision | undefined {
  if (progress.provenAt === undefined) return undefined
  const unwell = watchOver(goal, progress, candidate, staged, seen, now)
  if (unwell !== undefined) return unwell
  const due = schedule(goal.strategy ?? { kind: 'all-at-once' }, progress.reached ?? [], now)
  if (due.nextAt === undefined) return undefined
  return keepWatching(goal, progress, seen, now, due.nextAt, `${progress.to} has ${partText(due.share)} traffic`)
}

/** Undefined when all is well. */
export function watchOver(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  staged: Staged,
  seen: Snapshot,
  now: number,
): Decision | undefined {
  const judgement = judge(goal, progress, candidate, staged, seen, now)
  switch (judgement.kind) {
    case 'healthy':
      return undefined
    case 'unhealthy':
      return { kind: 'finish', outcome: { status: 'failed', failure: judgement.failure } }
    case 'unknown': {
      const { because, todo, limitMs } = judgement
      if (now - (progress.doubtSince ?? now) >= limitMs) {
        const minutes = Math.round(limitMs / 60_000)
        const headline = `For ${minutes} minutes it has not been known whether the new version is well: ${because}.`
        return { kind: 'finish', outcome: failed('UNKNOWN_TOO_LONG', headline, todo) }
      }
      // Tasks are not looked up at every look, but tell whose the targets are.
      const stale = (seen.tasks?.at ?? 0) < (seen.targets?.at ?? 0)
      const look = [...partsOf(goal), 'tasks' as const]
      if (stale) return { kind: 'wait', until: now, look, because, doubt: true }
      return { ...keepWatching(goal, progress, seen, now, Number.POSITIVE_INFINITY, because, look), doubt: true }
    }
    default:
      return judgement satisfies never
  }
}

/** Waits until the next look, or until `until` when that is earlier. */
export function keepWatching(
  goal: DeployGoal,
  progress: Progress,
  seen: Snapshot,
  now: number,
  until: number,
  because: string,
  parts: readonly Part[] = partsOf(goal),
): Extract<Decision, { kind: 'wait' }> {
  const begun = progress.reached?.at(-1)?.at ?? progress.provenAt ?? now
  const every = now - begun < pace.freshMs ? pace.freshEveryMs : pace.everyMs
  const spacing = (goal.pollIntervalMs ?? every) * Math.min(8, 2 ** progress.throttled)
  const lookAt = Math.min(seen.services.at, seen.targets?.at ?? 0, seen.alarms?.at ?? now) + spacing
  const wakeAt = Math.min(until, lookAt, goal.confirm ? now + probeMs : Number.POSITIVE_INFINITY)
  const probe: readonly Part[] = goal.confirm ? ['probe'] : []
  return { kind: 'wait', until: wakeAt, look: wakeAt >= lookAt ? parts : probe, because }
}

/** All that a judgement rests on, and the weights, which somebody else may change. */
export function partsOf(goal: DeployGoal): readonly Part[] {
  return [
    'services',
    'targets',
    'routes',
    ...(goal.alarms === undefined ? [] : (['alarms'] as const)),
    ...(goal.confirm ? (['probe'] as const) : []),
  ]
}
