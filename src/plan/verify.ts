import { failed } from '../model/outcome.ts'
import type { Candidate, Progress, Staged } from '../model/progress.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { nextLook } from './pace.ts'
import { assess, describeCounts, type Evidence, type Verdict } from './proof.ts'
import { sickTargets, stoppedReasons } from './reasons.ts'

/** Knowledge older than this is looked up again before production is touched. */
const freshMs = 2_000

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
    case 'proven': {
      const stale: Part[] = []
      if (now - seen.services.at > freshMs) stale.push('services')
      if (now - (seen.targets?.at ?? 0) > freshMs) stale.push('targets')
      if (now - seen.production.at > freshMs) stale.push('routes')
      return stale.length === 0
        ? undefined
        : {
            kind: 'wait',
            until: now,
            look: stale,
            because: `${progress.to}: ${describeCounts(verdict.counts, evidence)}`,
          }
    }
    default:
      return verdict satisfies never
  }
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
    seen.production.value.every(route => progress.told[route.arn] === undefined)
      ? `Traffic never left ${progress.from}.`
      : `Part of the traffic already goes to ${progress.to}: the summary has the weights of every listener.`,
  ]
}

function evidenceOf(progress: Progress, seen: Snapshot): Evidence {
  return {
    service: seen.services.value[progress.to],
    ...(seen.targets === undefined ? {} : { targets: seen.targets.value }),
    ...(seen.tasks === undefined ? {} : { tasks: seen.tasks.value }),
  }
}
