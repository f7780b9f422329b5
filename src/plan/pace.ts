import type { HealthCheckView } from '../model/routing.ts'
import type { TaskView } from '../model/service.ts'
import type { Part } from '../model/snapshot.ts'
import type { Counts, Verdict } from './proof.ts'

/** When to look again while the candidate is being proven, and at what. */
export interface Look {
  readonly until: number
  readonly look: readonly Part[]
}

/** Tasks need tens of seconds for their network interface and image: nothing is gained by asking more often. */
const calm = { firstMs: 10_000, shareOfElapsed: 0.15, minMs: 5_000, maxMs: 10_000 }

/** A load-balancer node first checks a new target within about this time (aws-facts 1.9: "healthy 2 s after registering"). */
const firstCheckMs = 2_250

/** ECS notices healthy targets a little later than we do. */
const rolloutMs = 1_000

/** Targets are checked by two nodes at their own moments; those of tasks that started together come about this close. */
const apartMs = 4_000

/** However long the health-check interval: a wrong guess of its rhythm must not cost more than this. */
const maxSpacingMs = 15_000

export interface Pace {
  readonly now: number
  readonly stagedAt: number
  readonly healthCheck: HealthCheckView
  /** How long ECS leaves an unhealthy new task alone. */
  readonly gracePeriodMs: number
  /** When the service and its targets were last looked at; the targets maybe never. */
  readonly servicesAt: number
  readonly targetsAt?: number
  /** When its tasks were last looked at. */
  readonly tasksAt?: number
  /** Tasks of the revision before still run in the idle service: they drain. */
  readonly oldTasksLeft: boolean
  /** The user's `poll-interval`: always that, whatever is known. */
  readonly fixedMs?: number
  /** How often AWS has told us to slow down since the deploy began. */
  readonly throttled: number
}

export function nextLook(
  verdict: Extract<Verdict, { kind: 'pending' }>,
  seen: { readonly tasks?: readonly TaskView[] },
  pace: Pace,
): Look {
  const slower = Math.min(8, 2 ** pace.throttled)
  const after = (ms: number, look: readonly Part[]): Look => ({
    until: pace.now + (pace.fixedMs ?? ms) * slower,
    look,
  })
  switch (verdict.gate) {
    case 'tasks':
      return after(calmly(pace), ['services'])
    case 'identity':
      // All tasks run: who they are, and when they started, tells when their targets can be healthy.
      return seen.tasks === undefined
        ? { until: pace.now, look: ['tasks'] }
        : after(rolloutMs, ['services', 'tasks', 'targets'])
    case 'targets': {
      const tasks = seen.tasks ?? []
      // Never looked: the first check may be over already.
      if (pace.targetsAt === undefined) return { until: Math.max(pace.now, firstCheck(tasks, pace)), look: ['targets'] }
      return after(
        Math.max(nextCheck(verdict.counts, tasks, pace) - pace.now, rolloutMs),
        partsForTargets(verdict, tasks, pace),
      )
    }
    case 'strangers':
      // A task that is just being stopped or started is one for a moment.
      return after(2 * rolloutMs, ['services', 'tasks', 'targets'])
    case 'rollout':
      // The targets are newer knowledge than the service: it may be done by now, and then only the routes are still to be read.
      if (pace.servicesAt < (pace.targetsAt ?? 0)) return { until: pace.now, look: ['services', 'routes'] }
      // ECS completes a rollout when the last task of the one before is gone: after its deregistration delay, maybe minutes.
      return after(pace.oldTasksLeft ? calmly(pace) : rolloutMs, ['services'])
    default:
      return verdict.gate satisfies never
  }
}

function calmly(pace: Pace): number {
  const elapsed = pace.now - pace.stagedAt
  return Math.min(calm.maxMs, Math.max(calm.minMs, calm.firstMs - elapsed, elapsed * calm.shareOfElapsed))
}

/**
 * Just after the nodes' next health check. Targets change state only at a check: the first comes right after the
 * task's start, when it is registered, the others at the interval's rhythm. Looking in between would only cost calls.
 */
function nextCheck(counts: Counts, tasks: readonly TaskView[], pace: Pace): number {
  const { intervalMs } = pace.healthCheck
  const spacing = intervalMs / Math.ceil(intervalMs / maxSpacingMs)
  const first = firstCheck(tasks, pace)
  if (pace.now < first) return first
  const checks = Math.floor((pace.now - first) / spacing)
  // Checked a moment apart: when one has just turned healthy, the others may do so within seconds.
  const some = counts.healthy > 0 && counts.healthy < counts.desired
  if (some && pace.now - (first + checks * spacing) < apartMs) return pace.now + apartMs / 2
  return first + (checks + 1) * spacing
}

/**
 * When every node has checked the youngest task's target for the first time. AWS's clock may be ahead of ours: a task that
 * we have seen running did not start later than that.
 */
function firstCheck(tasks: readonly TaskView[], pace: Pace): number {
  const startedAt = Math.max(pace.stagedAt, ...tasks.map(task => task.startedAt ?? 0))
  return Math.min(startedAt, pace.tasksAt ?? pace.now) + firstCheckMs
}

/**
 * ECS replaces a task whose target fails its checks, but not within the grace period: only after it is the service itself
 * worth a call at every look. A task without a target was replaced, by ECS or because somebody else deployed, or is not
 * registered yet.
 */
function partsForTargets(
  verdict: Extract<Verdict, { kind: 'pending' }>,
  tasks: readonly TaskView[],
  pace: Pace,
): readonly Part[] {
  if (verdict.counts.listed < verdict.counts.running) return ['services', 'tasks', 'targets']
  const startedAt = Math.max(pace.stagedAt, ...tasks.map(task => task.startedAt ?? 0))
  return pace.now < startedAt + pace.gracePeriodMs ? ['targets'] : ['services', 'targets']
}
