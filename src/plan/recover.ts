import { counted } from '../model/count.ts'
import type { Failure, FailureCode, Outcome } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { RouteView, TargetView } from '../model/routing.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import { dossier } from './dossier.ts'
import type { DeployGoal } from './goal.ts'
import { obeyLimitMs, obeyMs } from './moment.ts'
import { healthyTasks } from './own-targets.ts'
import { stopPreDeploy } from './pre-deploy.ts'
import { backTo } from './put-back.ts'
import { stepsOf } from './schedule.ts'
import { allSendTo, givenBack, hasShares, sendsOnlyTo } from './traffic.ts'
import { fullShare, shareOf, weightsFor } from './weights.ts'

/** After these somebody else is at work on the idle service: what is there now is theirs, and not ours to put back. */
const notOurs: readonly FailureCode[] = ['CANDIDATE_SUPERSEDED', 'SERVICE_NOT_ACTIVE', 'TRAFFIC_MOVED']

/** The old color was left alone and should be well: what it has lost a moment ago, ECS replaces by then. */
const unprovenLimitMs = 120_000
const unprovenLookMs = 2_000

/** What is older than this by the time of the next write is looked at again: a proof of the old color, and that the new one is idle. */
const freshMs = 5_000

/** As long as the new version was heard in production so lately, its tasks are left alone. */
const quietMs = 3_000

/**
 * What to do once the deploy has failed for `failure`. Production first: what traffic the new color has got goes back to the old
 * one, which has served all along, in one write for each route. Then the idle color, so that the way back stays open.
 *
 * | what is so                                                     | decision                           |
 * |----------------------------------------------------------------|------------------------------------|
 * | the task of `pre-deploy-command` still runs                    | stop it                            |
 * | the bake is over, or `rollback-on-failure` is false            | finish: say what is where          |
 * | somebody else has moved traffic                                | finish: say what is where          |
 * | the new color has traffic from us, the old one is not proven   | look, wait a while, or halt        |
 * | the new color has traffic from us, the old one is proven       | give it back, route by route       |
 * | traffic is back, but nodes may not have heard of it            | wait                               |
 * | the candidate is on idle, the routes were read a while ago     | look again                         |
 * | the candidate is on idle, traffic is not                       | put the old revision back          |
 * | otherwise                                                      | finish: rolled back, or failed     |
 */
export function recover(failure: Failure, goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Decision {
  const unfinished = stopPreDeploy(progress, seen)
  if (unfinished !== undefined) return unfinished
  const ended = (...more: readonly string[]): Decision =>
    finish(failure, progress, seen, [...givenBack(progress, seen), ...more])
  // All is the winner's now.
  if (failure.code === 'LOCK_LOST') return ended()
  if (progress.bakedAt !== undefined) return ended()
  const moved = seen.production.value.filter(route => !sendsOnlyTo(route, progress.from, seen))
  if (!goal.rollbackOnFailure) {
    return moved.length === 0 ? ended() : ended('rollback-on-failure is false: nothing was moved or put back.')
  }
  const foreign = moved.find(route => !isOurs(goal, progress, route, seen))
  if (foreign !== undefined && failure.code !== 'TRAFFIC_MOVED') {
    return ended(`Somebody else has changed ${foreign.label} meanwhile: no traffic was moved back.`)
  }
  const [given] = moved
  if (given !== undefined && failure.code !== 'TRAFFIC_MOVED') {
    const unproven = proveOld(goal, progress, seen, now, ended)
    if (unproven !== undefined) return unproven
    return {
      kind: 'do',
      step: { kind: 'route', why: 'restore', route: given, shares: fullShare(progress.from), to: progress.from },
    }
  }
  const { idleBefore, restoredAt } = progress
  // A color that has any traffic is not changed, whoever sent it there.
  const idle = allSendTo(progress.from, seen)
  if (idle && idleBefore !== undefined && !notOurs.includes(failure.code)) {
    const obeying = restoredAt === undefined ? undefined : untilObeyed(goal, progress, seen, restoredAt, now)
    if (obeying !== undefined) return obeying
    // Somebody may have sent traffic there while this run waited.
    if (now - seen.production.at > freshMs) {
      return { kind: 'wait', until: now, look: ['routes'], because: `is ${progress.to} idle?` }
    }
    return { kind: 'do', step: { kind: 'put-back', color: progress.to, ...backTo(idleBefore, progress, seen) } }
  }
  return ended()
}

/**
 * Whether the new color's part of this route is from us: it has a share of our schedule. One that was told to give all back and
 * does not is only ours as long as the answer to that is missing; else somebody has written after us.
 */
function isOurs(goal: DeployGoal, progress: Progress, route: RouteView, seen: Snapshot): boolean {
  const told = progress.told[route.arn]
  if (told === undefined) return false
  if (shareOf(progress.to, told) === 0 && progress.unanswered[route.arn] === undefined) return false
  const steps = stepsOf(goal.strategy ?? { kind: 'all-at-once' })
  return (
    hasShares(route, told, seen) || steps.some(({ share }) => hasShares(route, weightsFor(progress.to, share), seen))
  )
}

/**
 * No shift to an unproven color, in either direction: undefined when all the tasks of the old color run the revision that it had before,
 * and each has a healthy target. What else is healthy in its target group proves nothing.
 */
function proveOld(
  goal: DeployGoal,
  progress: Progress,
  seen: Snapshot,
  now: number,
  ended: (...more: readonly string[]) => Decision,
): Decision | undefined {
  const { from, to } = progress
  const old = seen.services.value[from]
  const look = ['services', 'targets', 'live-targets', 'live-tasks', 'routes'] as const
  const provenAt = Math.min(seen.liveTargets?.at ?? 0, seen.liveTasks?.at ?? 0)
  if (seen.liveTargets === undefined || seen.liveTasks === undefined || seen.production.at - provenAt > freshMs) {
    return { kind: 'wait', until: now, look, because: `can ${from} take the traffic back?` }
  }
  const revision = progress.previous?.taskDefinition ?? old.taskDefinition
  const healthy = healthyTasks(old, revision, seen.liveTasks.value, seen.liveTargets.value)
  const needed = Math.min(goal.minHealthyTargets ?? old.desired, old.desired)
  const asBefore = old.deployments.length === 1 && old.deployments[0]?.taskDefinition === revision
  if (asBefore && old.desired > 0 && old.running === old.desired && healthy >= needed) return undefined

  const other = asBefore ? '' : `, and somebody deploys to it (${old.taskDefinition})`
  const said = `${from} has ${old.running}/${old.desired} tasks running and ${counted(healthy, 'healthy target')}${other}`
  const others = healthyAt(seen.targets?.value ?? [], old.loadBalancers[0]?.containerPort)
  const doubted = now - (progress.doubtSince ?? now) >= unprovenLimitMs
  if (healthy === 0 && others > 0) {
    return ended(`Traffic was not moved back: ${said}, so ${to} is the only healthy copy.`, mend)
  }
  if (doubted || old.desired === 0) return ended(`Traffic was not moved back: ${said}.`, mend)
  return {
    kind: 'wait',
    until: now + unprovenLookMs,
    look,
    because: `${said}: not yet fit to take the traffic`,
    doubt: true,
  }
}

const mend =
  'Mend whichever color you trust more, and set the weights by hand; `mode: status` shows where everything stands.'

/** Whose they are does not matter here: this only says what else there is. */
function healthyAt(targets: readonly TargetView[], port: number | undefined): number {
  return targets.filter(target => target.port === port && target.state === 'healthy').length
}

function untilObeyed(
  goal: DeployGoal,
  progress: Progress,
  seen: Snapshot,
  restoredAt: number,
  now: number,
): Decision | undefined {
  // There is time now to learn why tasks failed: customers are safe.
  const asked = seen.stoppedTasks !== undefined || seen.unread?.['stopped-tasks'] !== undefined
  const known = asked || progress.failure?.code !== 'CANDIDATE_DEGRADED'
  const heardAt = seen.probe?.value.versions.find(({ version }) => version === goal.version)?.lastAt ?? 0
  const heard = now - heardAt < quietMs && now - restoredAt < obeyLimitMs
  if (now - restoredAt >= obeyMs && !heard) return undefined
  return {
    kind: 'wait',
    until: goal.confirm ? now + 500 : restoredAt + obeyMs,
    look: [...(goal.confirm ? ['probe' as const] : []), ...(known ? [] : ['stopped-tasks' as const])],
    because: `all the traffic goes to ${progress.from} again; the load balancer is told, and its nodes follow`,
  }
}

function finish(failure: Failure, progress: Progress, seen: Snapshot, more: readonly string[]): Decision {
  const { details } = failure
  const most = Math.max(0, ...(progress.reached ?? []).map(({ share }) => share))
  const had = most === 0 ? [] : [`${progress.to} had up to ${most / 10}% of the traffic.`]
  const status: Outcome['status'] = progress.restoredAt === undefined ? 'failed' : 'rolled-back'
  return {
    kind: 'finish',
    outcome: {
      status,
      failure: { ...failure, details: [...details, ...why(failure, progress, seen), ...had, ...more] },
    },
  }
}

/** What stopped tasks said, once the new version has failed under traffic. */
function why(failure: Failure, progress: Progress, seen: Snapshot): readonly string[] {
  const { staged } = progress
  if (failure.code !== 'CANDIDATE_DEGRADED' || staged === undefined || seen.stoppedTasks === undefined) return []
  const known = new Set(failure.details)
  return dossier(progress, staged, seen).lines.filter(line => !known.has(line))
}
