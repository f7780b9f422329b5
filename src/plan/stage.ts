import { isPinned, mayMove } from '../model/image.ts'
import { failed } from '../model/outcome.ts'
import type { Candidate, Progress } from '../model/progress.ts'
import type { TargetView } from '../model/routing.ts'
import type { ServiceView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { preDeploy } from './pre-deploy.ts'
import { isAstray, settle } from './settle.ts'
import { sendsOnlyTo } from './traffic.ts'
import { fullShare } from './weights.ts'

export function register(goal: DeployGoal, progress: Progress, seen: Snapshot): Decision {
  const live = seen.services.value[progress.from]
  const idle = seen.services.value[progress.to]
  return {
    kind: 'do',
    step: {
      kind: 'register',
      color: progress.to,
      from: live.taskDefinition,
      reusable: idle.taskDefinition,
      ...(goal.stageOnly ? { forApproval: true } : {}),
      container: goal.container,
      images: goal.images ?? { [goal.container]: goal.image },
      ...(goal.base === undefined ? {} : { base: goal.base }),
      ...(goal.settings === undefined ? {} : { settings: goal.settings }),
    },
  }
}

export function stage(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
  now: number,
): Decision {
  const live = seen.services.value[progress.from]
  const idle = seen.services.value[progress.to]
  // The next write goes to the idle service: it must still be the idle one after all that it took to get here. A lock that is
  // taken for that write brings its own look along.
  const looksAnyway = goal.locked === true && live.taskDefinition !== candidate.taskDefinition
  if (seen.production.at < candidate.at && !looksAnyway) {
    return { kind: 'wait', until: now, look: ['routes'], because: `${progress.from} is live` }
  }
  const moving = !goal.asIs && [goal.image, ...Object.values(goal.images ?? {})].some(mayMove)
  const already = moving ? undefined : alreadyLive(goal, progress, candidate, seen, now)
  if (already !== undefined) return already
  if (live.running === 0 && goal.desiredCount === undefined) {
    return {
      kind: 'finish',
      outcome: failed(
        'LIVE_NOT_RUNNING',
        `${live.name} is live but runs no task, so its size says nothing about how many the new version needs.`,
        'Set `desired-count`.',
      ),
    }
  }
  const desired = stagedSize(goal, live.running)
  if (goal.minHealthyTargets !== undefined && goal.minHealthyTargets > desired) {
    return {
      kind: 'finish',
      outcome: failed(
        'INVALID_INPUT',
        `min-healthy-targets is ${goal.minHealthyTargets}, but the new version gets ${desired} tasks: it could never be proven.`,
        `Live runs ${live.running} tasks. Raise \`desired-count\`, or lower \`min-healthy-targets\`.`,
      ),
    }
  }
  const first = preDeploy(goal, progress, candidate, seen, now)
  if (first !== undefined) return first
  if (seen.oneOff !== undefined && seen.production.at < seen.oneOff.at) {
    return { kind: 'wait', until: now, look: ['routes'], because: `${progress.from} is live` }
  }
  const unreferenced = seen.targetGroups[progress.to].loadBalancerArns.length === 0 && progress.referenced.length === 0
  const [route] = seen.production.value
  if (unreferenced && route !== undefined) {
    return {
      kind: 'do',
      step: { kind: 'route', why: 'reference', route, shares: fullShare(progress.from), to: progress.from },
    }
  }
  return {
    kind: 'do',
    step: {
      kind: 'stage',
      color: progress.to,
      service: idle.name,
      taskDefinition: candidate.taskDefinition,
      desired,
      force:
        idle.taskDefinition === candidate.taskDefinition &&
        !goal.asIs &&
        (moving || !isPinned(candidate.image) || !isRolledOut(idle)),
    },
  }
}

/** ECS tries no more, or less and less often, what has failed before; its failures would count against this run as well. */
function isRolledOut(service: ServiceView): boolean {
  return service.deployments.find(deployment => deployment.status === 'PRIMARY')?.rollout === 'COMPLETED'
}

/** What a service asks for need not be what it runs: only what is live and well is left as it is. Undefined when it is not. */
function alreadyLive(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
  now: number,
): Decision | undefined {
  const live = seen.services.value[progress.from]
  if (live.taskDefinition !== candidate.taskDefinition || live.running === 0) return undefined
  if (seen.liveTargets === undefined) {
    const look = ['services', 'live-targets', 'live-tasks'] as const
    return { kind: 'wait', until: now, look, explains: ['live-tasks'], because: `is ${progress.from} well?` }
  }
  return isWell(live, seen.liveTargets.value)
    ? (leftOver(goal, progress, candidate, seen, now) ?? unchanged(progress, candidate, seen))
    : undefined
}

/** Whether the service has rolled out what it asks for, and its tasks are healthy. One that is being scaled is well, too. */
function isWell(live: ServiceView, targets: readonly TargetView[]): boolean {
  const [only, ...others] = live.deployments
  const port = live.loadBalancers[0]?.containerPort
  const healthy = targets.filter(target => target.port === port && target.state === 'healthy').length
  const rolledOut = others.length === 0 && only?.taskDefinition === live.taskDefinition && only.rollout !== 'FAILED'
  return rolledOut && healthy > 0 && healthy >= Math.min(live.running, live.desired)
}

/** Never less capacity: a smaller wish would let the new color drown in the old one's traffic. */
export function stagedSize(goal: DeployGoal, liveRunning: number): number {
  return Math.max(goal.desiredCount ?? 0, liveRunning)
}

/**
 * What an earlier run left undone after it had moved the traffic to what is asked for now: its notes, the test listener, and the
 * count of the old color.
 * Undefined when there is nothing. Target groups that nobody has ever written notes on are no left-over.
 */
function leftOver(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
  now: number,
): Decision | undefined {
  const testers = seen.test.value.some(route => isAstray(route, progress.to, progress, seen))
  const unparked = goal.idleCount !== undefined && seen.services.value[progress.to].desired !== goal.idleCount
  const parked = progress.parkedAt !== undefined
  if (progress.liveNotes !== 'stale' && !testers && (!unparked || parked)) return undefined
  const { idleWas, ...rest } = progress
  const swapped: Progress = { ...rest, from: progress.to, to: progress.from, ...(idleWas && { previous: idleWas }) }
  // Only tags that lie are written again.
  const settled = settle(
    goal,
    progress.liveNotes === 'stale' ? swapped : { ...swapped, taggedAt: 0 },
    candidate,
    seen,
    now,
  )
  return settled.kind === 'finish' ? undefined : settled
}

/** Digests that run under the image's name: nearly always one. Empty when AWS did not show the tasks. */
function bitsOf(live: ServiceView, candidate: Candidate, seen: Snapshot): readonly string[] {
  const digests = (seen.liveTasks?.value ?? [])
    .filter(task => task.taskDefinition === live.taskDefinition && task.lastStatus === 'RUNNING')
    .flatMap(task => task.containers.find(container => container.name === candidate.container)?.digest ?? [])
  return [...new Set(digests)]
}

function unchanged(progress: Progress, candidate: Candidate, seen: Snapshot): Decision {
  const live = seen.services.value[progress.from]
  const bits = bitsOf(live, candidate, seen).filter(digest => !candidate.image.includes(digest))
  const which = bits.length === 0 ? '' : ` (${bits.join(' and ')})`
  const well = `${live.name} already runs ${candidate.image}${which} and has all the traffic`
  const finished =
    progress.taggedAt !== undefined ||
    progress.parkedAt !== undefined ||
    progress.resumed?.[progress.from] === 'done' ||
    Object.keys(progress.told).length > 0
  const astray = seen.test.value.filter(route => !sendsOnlyTo(route, progress.to, seen)).map(route => route.label)
  const but = astray.length === 0 ? '' : `, but ${astray.join(' and ')} could not be changed`
  return {
    kind: 'finish',
    outcome: finished
      ? { status: 'succeeded', because: `${well}; what an earlier run had left undone is done now${but}` }
      : { status: 'unchanged', because: `${well} (${live.running}/${live.desired} tasks run)` },
  }
}
