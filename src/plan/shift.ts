import type { Color } from '../model/color.ts'
import { failed } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { RouteView } from '../model/routing.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { fullShare, readWeights } from './weights.ts'

export function shift(goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Decision {
  if (goal.confirm && progress.watchingSince === undefined) return { kind: 'do', step: { kind: 'watch' } }
  const next = seen.production.value.find(route => !sendsOnlyTo(route, progress.to, seen))
  if (next === undefined) {
    return { kind: 'wait', until: now, look: ['routes'], because: `${progress.to} has all the traffic` }
  }
  if (progress.told[next.arn] === progress.to) {
    return {
      kind: 'finish',
      outcome: failed(
        'WRITE_NOT_CONFIRMED',
        `${next.label} was told to send everything to ${progress.to}, but reads back otherwise.`,
        next.arn,
        'Somebody else writes to this listener at the same time: another workflow, CodeDeploy, or an infrastructure tool. Let one of them own it, then run `mode: status`.',
      ),
    }
  }
  return {
    kind: 'do',
    step: { kind: 'route', why: 'shift', route: next, shares: fullShare(progress.to), to: progress.to },
  }
}

/** Whether every production route gives all its requests to this color: the moment at which a shift is complete. */
export function allSendTo(color: Color, seen: Snapshot): boolean {
  return seen.production.value.every(route => sendsOnlyTo(route, color, seen))
}

export function sendsOnlyTo(route: RouteView, color: Color, seen: Snapshot): boolean {
  const { weights } = readWeights(route, seen.targetGroups)
  const rest = Object.entries(weights).filter(([other]) => other !== color)
  return (weights[color] ?? 0) > 0 && rest.every(([, weight]) => weight === 0)
}
