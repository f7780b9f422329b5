import type { Color } from '../model/color.ts'
import { failed } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { RouteView } from '../model/routing.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { describeWeights, fullShare, readWeights } from './weights.ts'

/** How often the answers of production are counted. */
export const probeLookMs = 250

/** Enough for a slow first answer; the probe asks 20 times a second. */
const readableLimitMs = 12_000

export function shift(goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Decision {
  if (goal.confirm && progress.watchingSince === undefined) return { kind: 'do', step: { kind: 'watch' } }
  if (goal.confirm && progress.provenAt === undefined) {
    const unreadable = readableFirst(seen, progress.watchingSince ?? now, now)
    if (unreadable !== undefined) return unreadable
  }
  const next = seen.production.value.find(route => !sendsOnlyTo(route, progress.to, seen))
  if (next === undefined) {
    return { kind: 'wait', until: now, look: ['routes'], because: `${progress.to} has all the traffic` }
  }
  if (progress.told[next.arn] === progress.to && progress.unanswered[next.arn] === undefined) {
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

/** A `production-url` that does not tell the old version will not tell the new one either: better to learn that before. */
function readableFirst(seen: Snapshot, since: number, now: number): Decision | undefined {
  const probe = seen.probe?.value
  if ((probe?.versions.length ?? 0) > 0) return undefined
  if (now - since < readableLimitMs) {
    return {
      kind: 'wait',
      until: now + probeLookMs,
      look: ['probe'],
      because: 'waiting for production-url to tell a version',
    }
  }
  return {
    kind: 'finish',
    outcome: failed(
      'PRODUCTION_URL_UNREADABLE',
      `production-url does not tell a version: ${probe?.lastFailure ?? 'there is no answer'}.`,
      'Check `production-url` and `version-from`, and that this runner may reach it.',
    ),
  }
}

/** Whether every production route gives all its requests to this color: the moment at which a shift is complete. */
export function allSendTo(color: Color, seen: Snapshot): boolean {
  return seen.production.value.every(route => sendsOnlyTo(route, color, seen))
}

/** Nothing of the route's requests goes elsewhere: neither to the other color nor to a stranger. */
export function sendsOnlyTo(route: RouteView, color: Color, seen: Snapshot): boolean {
  const { weights, strangers } = readWeights(route, seen.targetGroups)
  if (strangers.length > 0) return false
  const rest = Object.entries(weights).filter(([other]) => other !== color)
  return (weights[color] ?? 0) > 0 && rest.every(([, weight]) => weight === 0)
}

/**
 * The load balancer is the truth also while we work: before our first write every production route must still send to the
 * color that was live at the start, and after it only routes that we told may send to the new one.
 *
 * @returns the failure when somebody else has moved traffic meanwhile
 */
export function movedByOthers(progress: Progress, seen: Snapshot): Decision | undefined {
  const strayed = seen.production.value.find(
    route =>
      !sendsOnlyTo(route, progress.from, seen) &&
      !(progress.told[route.arn] === progress.to && sendsOnlyTo(route, progress.to, seen)),
  )
  if (strayed === undefined) return undefined
  const { weights, strangers } = readWeights(strayed, seen.targetGroups)
  const now = [describeWeights(weights), ...strangers.map(arn => `${arn} too`)].join(', ')
  return {
    kind: 'finish',
    outcome: failed(
      'TRAFFIC_MOVED',
      `Somebody else moved traffic during this run: ${strayed.label} sent everything to ${progress.from} at the start, and now has ${now}.`,
      strayed.arn,
      'Find out who writes to this listener (another workflow, an infrastructure tool, a person), then run again.',
    ),
  }
}

/** Where customers are, in a sentence, from the weights as they were read last. */
export function whereTrafficIs(progress: Progress, seen: Snapshot): string {
  if (allSendTo(progress.from, seen)) return `All the traffic is on ${progress.from}, as before.`
  if (allSendTo(progress.to, seen)) return `All the traffic is on ${progress.to}.`
  const routes = seen.production.value.map(
    route => `${route.label} has ${describeWeights(readWeights(route, seen.targetGroups).weights)}`,
  )
  return `The traffic is split: ${routes.join('; ')}. Set all of them to the color that works, then run again.`
}
