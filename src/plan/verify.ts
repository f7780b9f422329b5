import { type Failure, failed } from '../model/outcome.ts'
import type { Candidate, Progress, Staged } from '../model/progress.ts'
import type { ServiceView } from '../model/service.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import { dossier, withCause } from './dossier.ts'
import { eventsSince, hasStartedOnly } from './events.ts'
import { isTroubled } from './give-up.ts'
import type { DeployGoal } from './goal.ts'
import { longLookMs, momentMs } from './moment.ts'
import { unusedFailure } from './own-targets.ts'
import { nextLook } from './pace.ts'
import { assess, type Counts, describeCounts, type Evidence, evidenceOf, type Verdict } from './proof.ts'
import { dueAt } from './schedule.ts'
import { stagedSize } from './stage.ts'

/** ECS takes the targets of tasks that it stops out within seconds; what is there longer is somebody's. */
const strangersLimitMs = 60_000

/** Undefined when the candidate is proven, with knowledge fresh enough to act on. */
export function prove(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  staged: Staged,
  seen: Snapshot,
  now: number,
): Decision | undefined {
  // Between two production routes the first is shifted already: the proof must still hold for the second.
  const evidence = evidenceOf(progress, seen)
  const verdict = assess(candidate, staged, evidence, goal.minHealthyTargets)
  switch (verdict.kind) {
    case 'broken':
      if (isFirstShrinking(verdict.failure, progress, staged)) return resize(progress, candidate, seen, staged.desired)
      return explained(verdict.failure, progress, staged, seen, now)
    case 'pending':
      return waitForProof(goal, progress, staged, verdict, seen, now)
    case 'proven':
      return (
        grow(goal, progress, candidate, staged, seen) ??
        recheck(goal, progress, staged, seen, now, verdict.counts, evidence)
      )
    default:
      return verdict satisfies never
  }
}

/** Live may have been scaled up while the candidate was being proven: then the candidate has to follow first. */
function grow(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  staged: Staged,
  seen: Snapshot,
): Decision | undefined {
  const desired = stagedSize(goal, seen.services.value[progress.from].running)
  return desired <= staged.desired ? undefined : resize(progress, candidate, seen, desired)
}

/**
 * With a small part of the traffic the candidate has little to do, and auto scaling takes tasks away that the next step needs: they are
 * started again, once in each step. Whoever takes them away once more wants something else than this run.
 */
function isFirstShrinking({ code }: Failure, progress: Progress, staged: Staged): boolean {
  const last = progress.reached?.at(-1)
  return code === 'SCALED_DOWN' && last !== undefined && staged.at <= last.at
}

function resize(progress: Progress, candidate: Candidate, seen: Snapshot, desired: number): Decision {
  const { name: service } = seen.services.value[progress.to]
  const { taskDefinition } = candidate
  return { kind: 'do', step: { kind: 'stage', color: progress.to, service, taskDefinition, desired, force: false } }
}

/** When the candidate has to be proven. With some traffic already, the time begins anew when the next step is due, or with new tasks. */
function deadlineOf(goal: DeployGoal, progress: Progress, staged: Staged): number {
  const { startedAt, reached = [] } = progress
  const due = dueAt(goal.strategy ?? { kind: 'all-at-once' }, reached)
  return (due === undefined ? startedAt : Math.max(due, staged.at)) + goal.timeoutMs
}

/**
 * The proof must hold at one moment, and that must be now: what it rests on and was seen earlier is looked at again, and only that.
 * A look that took long is taken again, until `timeout`: then it counts as one moment all the same.
 */
function recheck(
  goal: DeployGoal,
  progress: Progress,
  staged: Staged,
  seen: Snapshot,
  now: number,
  counts: Counts,
  evidence: Evidence,
): Decision | undefined {
  const times: readonly (readonly [Part, number])[] = [
    ['services', seen.services.at],
    ['targets', seen.targets?.at ?? 0],
    // Whose the targets are. Tasks that were started since are known only from a new look, unless ECS says that there are none.
    ...(hasStartedOnly(evidence.tasks ?? [], eventsSince(staged, evidence.service))
      ? []
      : [['tasks', seen.tasks?.at ?? 0] as const]),
    ['routes', seen.production.at],
    ...(goal.alarms === undefined ? [] : [['alarms', seen.alarms?.at ?? 0] as const]),
  ]
  const moments = times.map(([, at]) => at)
  const oneMoment = Math.max(...moments) - Math.min(...moments) <= momentMs
  const justNow = now - seen.endedAt <= momentMs
  const tooLong = seen.endedAt - Math.min(...moments) > longLookMs && now < deadlineOf(goal, progress, staged)
  if (oneMoment && justNow && !tooLong) return undefined
  const look = times.filter(([, at]) => !justNow || now - at > momentMs).map(([part]) => part)
  return { kind: 'wait', until: now, look, because: `${progress.to}: ${describeCounts(counts, evidence)}` }
}

function waitForProof(
  goal: DeployGoal,
  progress: Progress,
  staged: Staged,
  verdict: Extract<Verdict, { kind: 'pending' }>,
  seen: Snapshot,
  now: number,
): Decision {
  const service = seen.services.value[progress.to]
  const deadline = deadlineOf(goal, progress, staged)
  const unused = unusedFailure(progress, staged, seen, now)
  if (unused !== undefined) return explained(unused, progress, staged, seen, now)
  if (now >= deadline) {
    const failure: Failure = {
      code: 'NOT_HEALTHY_IN_TIME',
      headline: `${service.name} did not become healthy in time, ${verdict.because}.`,
      details: ['Look at what the tasks logged, or raise `timeout`.'],
    }
    return explained(failure, progress, staged, seen, now)
  }
  const strange = verdict.gate === 'strangers'
  if (strange && now - (progress.doubtSince ?? now) >= strangersLimitMs) {
    const group = seen.targetGroups[progress.to]
    return {
      kind: 'finish',
      outcome: failed(
        'TARGETS_NOT_OURS',
        `${group.name} has a target that is none of the new version's tasks, and would get traffic beside them: ${verdict.because}.`,
        'Deregister it, or give whatever registers it (another service, a script, a person) a target group of its own.',
        group.arn,
      ),
    }
  }
  const look = nextLook(verdict, seen.tasks === undefined ? {} : { tasks: seen.tasks.value }, {
    now,
    stagedAt: staged.at,
    healthCheck: seen.targetGroups[progress.to].healthCheck,
    gracePeriodMs: service.gracePeriodMs,
    servicesAt: seen.services.at,
    ...(seen.targets === undefined ? {} : { targetsAt: seen.targets.at }),
    ...(seen.tasks === undefined ? {} : { tasksAt: seen.tasks.at }),
    oldTasksLeft: service.deployments.some(other => other.id !== staged.deploymentId && other.running > 0),
    throttled: progress.throttled,
    ...(goal.pollIntervalMs === undefined ? {} : { fixedMs: goal.pollIntervalMs }),
  })
  const explains = troubled(staged, service) ? reasons.filter(part => !look.look.includes(part)) : []
  return {
    kind: 'wait',
    until: Math.min(look.until, deadline),
    ...(explains.length === 0
      ? { look: look.look }
      : { look: [...new Set([...look.look, 'services' as const, ...explains])], explains }),
    because: `${progress.to}: ${verdict.because}`,
    ...(strange && { doubt: true as const }),
  }
}

/** What tells why tasks fail, and whether any of them ever served. */
const reasons: readonly Part[] = ['tasks', 'stopped-tasks', 'targets']

function troubled(staged: Staged, service: ServiceView): boolean {
  const deployment = service.deployments.find(one => one.id === staged.deploymentId)
  return deployment !== undefined && isTroubled(staged, service, deployment)
}

/**
 * Before a failure is told, its reasons are looked up once: what the stopped tasks said, and whether a task serves after
 * all, which may turn the verdict.
 */
function explained(failure: Failure, progress: Progress, staged: Staged, seen: Snapshot, now: number): Decision {
  const asked = [seen.stoppedTasks, seen.unread?.['stopped-tasks']]
  if (!asked.some(one => one !== undefined && one.at >= seen.services.at)) {
    return { kind: 'wait', until: now, look: reasons, explains: reasons, because: 'looking up why' }
  }
  const service = seen.services.value[progress.to].name
  const found = dossier(progress, staged, seen)
  return {
    kind: 'finish',
    outcome: { status: 'failed', failure: withCause(failure, progress.candidate?.image ?? '', service, found) },
  }
}
