import type { ByColor, Color } from '../model/color.ts'
import { type Failure, failed } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { RouteView } from '../model/routing.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import { wholeShare } from '../model/strategy.ts'
import { describeWeights, fullShare, readWeights, shareOf, weightsFor } from './weights.ts'

/** Where customers are: read from weights, and compared with what this run has told the load balancer. */

/** Whether every production route gives all its requests to this color: the moment at which a shift is complete. */
export function allSendTo(color: Color, seen: Snapshot): boolean {
  return seen.production.value.every(route => sendsOnlyTo(route, color, seen))
}

/** Nothing of the route's requests goes elsewhere: neither to the other color nor to a stranger. */
export function sendsOnlyTo(route: RouteView, color: Color, seen: Snapshot): boolean {
  return hasShares(route, fullShare(color), seen)
}

/** Whether the route gives out requests as these weights would; only their ratio counts. */
export function hasShares(route: RouteView, shares: ByColor<number>, seen: Snapshot): boolean {
  const { weights, strangers } = readWeights(route, seen.targetGroups)
  if (strangers.length > 0) return false
  const blue = weights.blue ?? 0
  const green = weights.green ?? 0
  return blue + green > 0 && blue * shares.green === green * shares.blue
}

/** Whether the last thing that this run told the route was to send everything to this color. */
export function toldOnly(progress: Progress, route: RouteView, color: Color): boolean {
  const told = progress.told[route.arn]
  return told !== undefined && shareOf(color, told) === wholeShare
}

/**
 * Notes the share that the new color has at every production route, once all of them were seen with what they were told. Only our
 * own shift counts: it began with a complete proof.
 */
export function noteReached(progress: Progress, seen: Snapshot, now: number): Progress {
  const { reached = [], to } = progress
  // What was deleted obeys nobody: the others alone are no complete shift.
  if (progress.shiftedAt !== undefined || progress.provenAt === undefined || seen.gone !== undefined) return progress
  if (allSendTo(to, seen)) {
    return { ...progress, reached: [...reached, { share: wholeShare, at: now }], shiftedAt: now }
  }
  const routes = seen.production.value
  const [first] = routes.flatMap(route => progress.told[route.arn] ?? [])
  if (first === undefined) return progress
  const share = Math.round(shareOf(to, first))
  const obeyed = routes.every(route => {
    const told = progress.told[route.arn]
    return told !== undefined && Math.round(shareOf(to, told)) === share && hasShares(route, told, seen)
  })
  if (!obeyed || share === 0 || share === reached.at(-1)?.share) return progress
  return { ...progress, reached: [...reached, { share, at: now }] }
}

/** Notes that a run that has failed has given all the traffic back. */
export function noteRestored(progress: Progress, seen: Snapshot, now: number): Progress {
  const { from, restoredAt } = progress
  const restored = seen.production.value.some(route => toldOnly(progress, route, from)) && allSendTo(from, seen)
  return restored && restoredAt === undefined ? { ...progress, restoredAt: now } : progress
}

/**
 * The load balancer is the truth also while we work: a production route has what it was told last, or what it had at the step
 * before, because the write may not have been applied. One that was told nothing still sends to the color that was live.
 *
 * @returns the failure when somebody else has moved traffic meanwhile
 */
export function movedByOthers(progress: Progress, seen: Snapshot): Decision | undefined {
  const failure = strayed(progress, seen, seen.production.value)
  return failure && { kind: 'finish', outcome: { status: 'failed', failure } }
}

/**
 * What says that requests go to the new color, or to a stranger, by weights that this run neither found nor gave. Where all of them go
 * to the color that was live there is nothing to take back, whoever sent them there.
 */
export function foreignWeights(progress: Progress, seen: Snapshot): Failure | undefined {
  return strayed(
    progress,
    seen,
    seen.production.value.filter(route => !sendsOnlyTo(route, progress.from, seen)),
  )
}

function strayed(progress: Progress, seen: Snapshot, routes: readonly RouteView[]): Failure | undefined {
  const before = weightsFor(progress.to, progress.reached?.at(-1)?.share ?? 0)
  const stray = routes.find(route => {
    const told = progress.told[route.arn]
    if (told === undefined) return !sendsOnlyTo(route, progress.from, seen)
    return !hasShares(route, told, seen) && !hasShares(route, before, seen)
  })
  if (stray === undefined) return undefined
  const { weights, strangers } = readWeights(stray, seen.targetGroups)
  const now = [describeWeights(weights), ...strangers.map(arn => `${arn} too`)].join(', ')
  const told = progress.told[stray.arn]
  const was =
    told === undefined ? `sent everything to ${progress.from} at the start` : `was given ${describeWeights(told)}`
  return {
    code: 'TRAFFIC_MOVED',
    headline: `Somebody else moved traffic during this run: ${stray.label} ${was}, and now has ${now}.`,
    details: [
      stray.arn,
      'Find out who writes to this listener (another workflow, an infrastructure tool, a person), then run again.',
    ],
  }
}

/** Of several listeners and rules, those that had been switched before the failure: they did not fail, and changed all the same. */
export function givenBack(progress: Progress, seen: Snapshot): readonly string[] {
  const { from, to, told, restoredAt } = progress
  if (restoredAt === undefined || Object.keys(told).length < 2) return []
  const labels = seen.production.value.filter(route => toldOnly(progress, route, from)).map(route => route.label)
  return labels.length === 0
    ? []
    : [`${labels.join(' and ')} had been told to send requests to ${to} already, and got ${from} back.`]
}

/** @returns the failure when a listener or rule that this run reads and writes is not there any more */
export function deletedByOthers(seen: Snapshot): Decision | undefined {
  const [route] = seen.gone ?? []
  if (route === undefined) return undefined
  return {
    kind: 'finish',
    outcome: failed(
      'LISTENER_NOT_FOUND',
      `Somebody deleted ${route.label} during this run.`,
      route.arn,
      'Find out who deletes listeners and rules (another workflow, an infrastructure tool, a person), correct `listener-arns` and `test-listener-arns`, then run again.',
    ),
  }
}

/**
 * Where customers are, in a sentence, from the weights as they were read last.
 *
 * @param cancelled a write may have been under way, and taken back without a note
 */
export function whereTrafficIs(progress: Progress, seen: Snapshot, cancelled: boolean): string {
  const gone = (seen.gone ?? []).map(route => `${route.label} was deleted meanwhile.`)
  return [...gone, ...(seen.production.value.length === 0 ? [] : [whereTheRestIs(progress, seen, cancelled)])].join(' ')
}

function hasLeft({ restoredAt, reached = [] }: Progress): boolean {
  return restoredAt !== undefined || reached.length > 0
}

/**
 * Whether customers may have been on the new color during this run.
 *
 * @param cancelled a write may have been under way, and taken back without a note
 */
export function mayHaveLeft(progress: Progress, seen: Snapshot, cancelled: boolean): boolean {
  return hasLeft(progress) || (cancelled && seen.production.value.some(route => route.arn in progress.told))
}

function whereTheRestIs(progress: Progress, seen: Snapshot, cancelled: boolean): string {
  if (allSendTo(progress.from, seen)) {
    const left = hasLeft(progress)
    const perhaps = mayHaveLeft(progress, seen, cancelled)
    const how = perhaps ? 'as it was before the run' : 'as before'
    const said = left ? 'is back on' : perhaps ? 'is on' : 'never left'
    const version = progress.previous?.version
    return `All the traffic is on ${progress.from}, ${how}${version === undefined ? '' : `: production ${said} ${version}`}.`
  }
  if (allSendTo(progress.to, seen)) return `All the traffic is on ${progress.to}.`
  const routes = seen.production.value.map(
    route => `${route.label} has ${describeWeights(readWeights(route, seen.targetGroups).weights)}`,
  )
  return `The traffic is split: ${routes.join('; ')}. Set all of them to the color that works, then run again.`
}
