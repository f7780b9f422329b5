import type { HealthCheckView, TargetView } from '../model/routing.ts'
import type { TaskView } from '../model/service.ts'
import type { Part } from '../model/snapshot.ts'
import type { Verdict } from './proof.ts'

/** When to look again while the candidate is being proven, and at what. */
export interface Look {
  readonly until: number
  readonly look: readonly Part[]
}

/** Tasks need tens of seconds for their network interface and image: nothing is gained by asking more often. */
const calm = { shareOfElapsed: 0.15, minMs: 3_000, maxMs: 10_000 }

/** A load-balancer node first checks a new target within about this time (aws-facts 1.9: "healthy 2 s after registering"). */
const firstCheckMs = 2_000

/** ECS notices healthy targets a little later than we do. */
const rolloutMs = 1_000

/** Within the grace period a look at the service this often is enough to notice that somebody else changed it. */
const serviceEveryMs = 60_000

/** However long the health-check interval: a wrong guess of its rhythm must not cost more than this. */
const maxSpacingMs = 15_000

export interface Pace {
  readonly now: number
  readonly stagedAt: number
  readonly healthCheck: HealthCheckView
  /** How long ECS leaves an unhealthy new task alone. */
  readonly gracePeriodMs: number
  /** When the service was last looked at. */
  readonly servicesAt: number
  /** The user's `poll-interval`: always that, whatever is known. */
  readonly fixedMs?: number
  /** How often AWS has told us to slow down since the deploy began. */
  readonly throttled: number
}

export function nextLook(
  verdict: Extract<Verdict, { kind: 'pending' }>,
  seen: { readonly targets?: readonly TargetView[]; readonly tasks?: readonly TaskView[] },
  pace: Pace,
): Look {
  const slower = Math.min(8, 2 ** pace.throttled)
  const after = (ms: number, look: readonly Part[]): Look => ({
    until: pace.now + (pace.fixedMs ?? ms * slower),
    look,
  })
  switch (verdict.gate) {
    case 'tasks': {
      const elapsed = pace.now - pace.stagedAt
      return after(Math.min(calm.maxMs, Math.max(calm.minMs, elapsed * calm.shareOfElapsed)), ['services'])
    }
    case 'identity':
      // All tasks run: who they are, and when they started, tells where and when their targets turn healthy.
      return seen.tasks === undefined
        ? { until: pace.now, look: ['tasks', 'targets'] }
        : after(rolloutMs, ['services', 'tasks', 'targets'])
    case 'targets': {
      const at = nextCheck(seen.tasks ?? [], pace)
      return after(Math.max(at - pace.now, rolloutMs), partsForTargets(seen, pace))
    }
    case 'rollout':
      return after(rolloutMs, ['services'])
    default:
      return verdict.gate satisfies never
  }
}

/**
 * Just after the nodes' next health check. Targets change state only at a check: the first comes right after the
 * task's start, when it is registered, the others at the interval's rhythm. Looking in between would only cost calls.
 */
function nextCheck(tasks: readonly TaskView[], pace: Pace): number {
  const { intervalMs } = pace.healthCheck
  const spacing = intervalMs / Math.ceil(intervalMs / maxSpacingMs)
  const startedAt = Math.max(pace.stagedAt, ...tasks.map(task => task.startedAt ?? 0))
  const first = startedAt + firstCheckMs
  if (pace.now < first) return first
  return first + (Math.floor((pace.now - first) / spacing) + 1) * spacing
}

/**
 * ECS replaces a task whose target fails its checks, but not within the grace period: only then is the service itself
 * worth a call at every look.
 */
function partsForTargets(
  seen: { readonly targets?: readonly TargetView[]; readonly tasks?: readonly TaskView[] },
  pace: Pace,
): readonly Part[] {
  const startedAt = Math.max(pace.stagedAt, ...(seen.tasks ?? []).map(task => task.startedAt ?? 0))
  const leftAlone =
    pace.now < startedAt + pace.gracePeriodMs && !seen.targets?.some(target => target.state === 'draining')
  if (!leftAlone) return ['services', 'targets']
  return pace.now - pace.servicesAt > serviceEveryMs ? ['services', 'targets'] : ['targets']
}
