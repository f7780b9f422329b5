import { type ByColor, type Color, colors, otherColor } from '../model/color.ts'
import { counted } from '../model/count.ts'
import type { Journal } from '../model/journal.ts'
import type { Failure } from '../model/outcome.ts'
import type { RouteView, TargetView } from '../model/routing.ts'
import type { ServiceView, TaskView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { servingOn } from './put-back.ts'
import { sendsOnlyTo } from './traffic.ts'
import { describeWeights, readLive, readWeights } from './weights.ts'

/** Whether a color can take all the traffic, and what says so. */
export interface Fitness {
  readonly fit: boolean
  readonly says: string
}

export type Resumption =
  /** Every production route sends to one color: there is nothing to resume. */
  | { readonly kind: 'clear'; readonly live: Color }
  /** Give this route to this color; then ask again. */
  | { readonly kind: 'give'; readonly route: RouteView; readonly color: Color; readonly because: string }
  | { readonly kind: 'stop'; readonly failure: Failure }

/**
 * What to do about traffic that a run has left between the colors. Weights first, journal second:
 *
 * | weights                        | journal    | `from` fit | `to` fit | decision               |
 * |--------------------------------|------------|------------|----------|------------------------|
 * | all on one color               | any        | any        | any      | clear                  |
 * | all on `to`, and it is to undo | from → to  | yes        | any      | give it back to `from` |
 * | a stranger, or nobody, gets it | any        | any        | any      | stop                   |
 * | between the colors             | none       | any        | any      | stop                   |
 * | between the colors             | from → to  | yes        | any      | give it back to `from` |
 * | between the colors             | from → to  | no         | yes      | give it to `to`        |
 * | between the colors             | from → to  | no         | no       | stop                   |
 *
 * @param undo the run was taking the traffic back already when it was ended
 */
export function resume(
  journal: Journal | undefined,
  seen: Snapshot,
  fitness: ByColor<Fitness>,
  undo = false,
): Resumption {
  const live = readLive(seen.production.value, seen.targetGroups)
  if (live.kind === 'live') {
    const back = undo && live.color === journal?.to && fitness[journal.from].fit
    return back ? give(journal.from, journal, seen, fitness) : { kind: 'clear', live: live.color }
  }
  const stop = (...details: readonly string[]): Resumption => ({
    kind: 'stop',
    failure: {
      code: 'LIVE_UNCLEAR',
      headline: `Which color is live is unclear: ${live.because}.`,
      details: [...details, live.hint],
    },
  })
  if (!isBetween(seen)) return stop('No run of this action leaves weights like these.')
  if (journal === undefined) return stop('There is no journal of a run that has left them so.')
  const { from } = journal
  const color = fitness[from].fit ? from : otherColor(from)
  if (!fitness[color].fit) {
    return stop(
      `A run that moved traffic from ${from} to ${journal.to} was ended before it was done, and neither color can be proven now.`,
      ...colors.map(one => fitness[one].says),
    )
  }
  return give(color, journal, seen, fitness)
}

function give(color: Color, { from }: Journal, seen: Snapshot, fitness: ByColor<Fitness>): Resumption {
  const route = seen.production.value.find(one => !sendsOnlyTo(one, color, seen))
  if (route === undefined) return { kind: 'clear', live: color }
  const because =
    color === from
      ? `${from} had the traffic before, and ${fitness[from].says}`
      : `${fitness[from].says}, but ${fitness[color].says}`
  return { kind: 'give', route, color, because }
}

/** Only blue and green get requests, and every route has one of them: such weights a run of ours may have left. */
function isBetween(seen: Snapshot): boolean {
  return seen.production.value.every(route => {
    const { weights, strangers } = readWeights(route, seen.targetGroups)
    return strangers.length === 0 && colors.some(color => (weights[color] ?? 0) > 0)
  })
}

/**
 * It has the revision that the run knew there, all its tasks run, and as many of that revision have a healthy target of their own: never
 * less than one. What somebody else has put there since is not proven by anybody.
 *
 * @param revision what it had when the run noted it; whatever it has now when the note is missing
 */
export function fitnessOf(
  service: ServiceView,
  tasks: readonly TaskView[],
  targets: readonly TargetView[],
  revision = service.taskDefinition,
): Fitness {
  const port = service.loadBalancers[0]?.containerPort
  const healthy = tasks.filter(
    task =>
      task.taskDefinition === revision &&
      task.lastStatus === 'RUNNING' &&
      targets.some(one => one.port === port && one.state === 'healthy' && task.addresses.includes(one.id)),
  ).length
  const asNoted = service.taskDefinition === revision
  const fit =
    asNoted &&
    service.status === 'ACTIVE' &&
    service.desired > 0 &&
    service.running === service.desired &&
    healthy >= service.desired
  const other = asNoted ? '' : `, and somebody else has put ${service.taskDefinition} there`
  return {
    fit,
    says: `${service.name} has ${service.running}/${service.desired} tasks running and ${counted(healthy, 'healthy target')}${other}`,
  }
}

/**
 * What the idle service gets back when a run was ended before it moved traffic for good: nothing unless the service still is as that
 * run made it, and gets no requests.
 */
export function idleToPutBack(journal: Journal, seen: Snapshot): Journal['idle'] {
  const { candidate, deployment, from, to } = journal
  const service = seen.services.value[to]
  const idle = journal.idle && (journal.phase === 'staging' ? journal.idle : servingOn(journal.idle, to, seen))
  const primary = service.deployments.find(one => one.status === 'PRIMARY')
  if (idle === undefined || idle.service !== service.name) return undefined
  if (!seen.production.value.every(route => sendsOnlyTo(route, from, seen))) return undefined
  if (candidate === undefined || service.taskDefinition !== candidate) return undefined
  if (deployment !== undefined && primary?.id !== deployment) return undefined
  if (idle.taskDefinition === service.taskDefinition && idle.desired === service.desired) return undefined
  return idle
}

/**
 * Whether the idle service may be put back although nodes of the load balancer may still send requests to it: ECS then stops no task
 * before another one serves in its place, so there is always somebody to answer. Not so when it is parked or made smaller.
 */
export function isPutBackGently(idle: NonNullable<Journal['idle']>, service: ServiceView): boolean {
  return (service.minHealthyPercent ?? 0) >= 100 && idle.desired > 0 && idle.desired >= service.desired
}

/** Where production stands, route by route. */
export function describeRoutes(seen: Snapshot): string {
  return seen.production.value
    .map(route => `${route.label} has ${describeWeights(readWeights(route, seen.targetGroups).weights)}`)
    .join('; ')
}
