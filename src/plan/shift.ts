import { failed } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import { wholeShare } from '../model/strategy.ts'
import type { DeployGoal } from './goal.ts'
import { alarmed } from './judge.ts'
import { partText, schedule } from './schedule.ts'
import { hasShares } from './traffic.ts'
import { describeWeights, weightsFor } from './weights.ts'

/** How often the answers of production are counted. */
export const probeLookMs = 250

/** Between two tries to read the alarms. */
const blindLookMs = 5_000

/** Enough for a slow first answer; the probe asks 20 times a second. Whoever goes back has no time for it. */
const readableLimitMs = 12_000
const readableBackMs = 3_000

/** So many requests tell whether what is live fails already, or what was asked within so long. */
const baselineRequests = 40
const baselineLimitMs = 2_500

/** Moves each production route to the share that is due, one write each. Asked only for a color that is proven at this moment. */
export function shift(goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Decision {
  if (goal.confirm && progress.watchingSince === undefined) return { kind: 'do', step: { kind: 'watch' } }
  if (progress.provenAt === undefined) {
    const unreadable = goal.confirm ? readableFirst(goal, seen, progress.watchingSince ?? now, now) : undefined
    if (unreadable !== undefined) return unreadable
    const alarm = alarmed(goal.alarms, seen)
    if (alarm !== undefined) return { kind: 'finish', outcome: { status: 'failed', failure: alarm } }
    const blind = unreadableAlarms(goal, progress, seen, now)
    if (blind !== undefined) return blind
  }
  const { share } = schedule(goal.strategy ?? { kind: 'all-at-once' }, progress.reached ?? [], now)
  const shares = weightsFor(progress.to, share)
  const next = seen.production.value.find(route => !hasShares(route, shares, seen))
  if (next === undefined) {
    return { kind: 'wait', until: now, look: ['routes'], because: `${progress.to} has ${partText(share)} traffic` }
  }
  const told = progress.told[next.arn]
  if (told?.blue === shares.blue && told.green === shares.green && progress.unanswered[next.arn] === undefined) {
    const asked = share === wholeShare ? `send everything to ${progress.to}` : `have ${describeWeights(shares)}`
    return {
      kind: 'finish',
      outcome: failed(
        'WRITE_NOT_CONFIRMED',
        `${next.label} was told to ${asked}, but reads back otherwise.`,
        next.arn,
        'Somebody else writes to this listener at the same time: another workflow, CodeDeploy, or an infrastructure tool. Let one of them own it, then run `mode: status`.',
      ),
    }
  }
  return { kind: 'do', step: { kind: 'route', why: 'shift', route: next, shares, to: progress.to } }
}

/** What could not be watched is not begun. Alarms without data are another matter: a color without traffic has none. */
function unreadableAlarms(goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Decision | undefined {
  if (goal.alarms === undefined || seen.alarms?.value.kind !== 'unreadable') return undefined
  const because = `the alarms cannot be read: ${seen.alarms.value.because}`
  if (now - (progress.doubtSince ?? now) < goal.alarms.unknownLimitMs) {
    const look = ['services', 'targets', 'routes', 'alarms'] as const
    return { kind: 'wait', until: now + blindLookMs, look, because, doubt: true }
  }
  return { kind: 'finish', outcome: failed('UNKNOWN_TOO_LONG', `Traffic was not moved: ${because}`, 'Run again.') }
}

/**
 * A `production-url` that does not tell the old version will not tell the new one either: better to learn that before. Unless that is why
 * production has to change: it answers with errors, or goes back.
 */
function readableFirst(goal: DeployGoal, seen: Snapshot, since: number, now: number): Decision | undefined {
  const probe = seen.probe?.value
  const wait = (because: string): Decision => ({ kind: 'wait', until: now + probeLookMs, look: ['probe'], because })
  if ((probe?.versions.length ?? 0) > 0) {
    const known = goal.rollback || (probe?.requests ?? 0) >= baselineRequests || now - since >= baselineLimitMs
    return known ? undefined : wait('looking how production answers before the switch')
  }
  if (now - since < (goal.rollback ? readableBackMs : readableLimitMs)) {
    return wait('waiting for production-url to tell a version')
  }
  if (goal.rollback || (probe?.lastStatus ?? 0) >= 500) return undefined
  return {
    kind: 'finish',
    outcome: failed(
      'PRODUCTION_URL_UNREADABLE',
      `production-url does not tell a version: ${probe?.lastFailure ?? 'there is no answer'}.`,
      'Check `production-url` and `version-from`, and that this runner may reach it.',
    ),
  }
}
