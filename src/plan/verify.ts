import { failed } from '../model/outcome.ts'
import type { Candidate, Progress, Staged } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { nextLook } from './pace.ts'
import { assess, type Counts, describeCounts, type Evidence, type Verdict } from './proof.ts'
import { sickTargets, stoppedReasons } from './reasons.ts'
import { stagedSize } from './stage.ts'

/** What was seen further apart than this was not seen at one moment. */
const momentMs = 2_000

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
      return (
        explain(seen, now) ?? {
          kind: 'finish',
          outcome: {
            status: 'failed',
            failure: { ...verdict.failure, details: [...verdict.failure.details, ...reasons(progress, seen)] },
          },
        }
      )
    case 'pending':
      return waitForProof(goal, progress, staged, verdict, seen, now)
    case 'proven':
      return grow(goal, progress, candidate, staged, seen) ?? recheck(progress, seen, now, verdict.counts, evidence)
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
  if (desired <= staged.desired) return undefined
  const { name: service } = seen.services.value[progress.to]
  const { taskDefinition } = candidate
  return { kind: 'do', step: { kind: 'stage', color: progress.to, service, taskDefinition, desired, force: false } }
}

/**
 * The proof must hold at one moment, and that must be now: unless all that it rests on was seen together and just now, one look at
 * everything decides. However long that look takes, it counts as one moment: looking again would not make it quicker.
 */
function recheck(
  progress: Progress,
  seen: Snapshot,
  now: number,
  counts: Counts,
  evidence: Evidence,
): Decision | undefined {
  const times = [seen.services.at, seen.targets?.at ?? 0, seen.production.at]
  const oneMoment = Math.max(...times) - Math.min(...times) <= momentMs
  if (oneMoment && now - seen.endedAt <= momentMs) return undefined
  const because = `${progress.to}: ${describeCounts(counts, evidence)}`
  return { kind: 'wait', until: now, look: ['services', 'targets', 'routes'], because }
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
  const deadline = progress.startedAt + goal.timeoutMs
  if (now >= deadline) {
    return (
      explain(seen, now) ?? {
        kind: 'finish',
        outcome: failed(
          'NOT_HEALTHY_IN_TIME',
          `${service.name} did not become healthy in time: ${verdict.because}.`,
          ...reasons(progress, seen),
          'Look at what the tasks logged, or raise `timeout`.',
        ),
      }
    )
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
  return {
    kind: 'wait',
    until: Math.min(look.until, deadline),
    look: look.look,
    because: `${progress.to}: ${verdict.because}`,
  }
}

/** Before a failure is told, its reasons are looked up once: what the stopped tasks said. */
function explain(seen: Snapshot, now: number): Decision | undefined {
  if (seen.stoppedTasks !== undefined) return undefined
  return { kind: 'wait', until: now, look: ['stopped-tasks', 'targets'], because: 'looking up why' }
}

function reasons(progress: Progress, seen: Snapshot): readonly string[] {
  return [
    ...stoppedReasons(seen.stoppedTasks?.value ?? [], progress.candidate?.taskDefinition ?? ''),
    ...sickTargets(seen.targets?.value ?? []),
  ]
}

function evidenceOf(progress: Progress, seen: Snapshot): Evidence {
  return {
    service: seen.services.value[progress.to],
    ...(seen.targets === undefined ? {} : { targets: seen.targets.value }),
    ...(seen.tasks === undefined ? {} : { tasks: seen.tasks.value }),
  }
}
