import { type ByColor, type Color, otherColor } from '../model/color.ts'
import type { LockView } from '../model/journal.ts'
import type { Outcome } from '../model/outcome.ts'
import type { DeployPlan } from '../model/plan.ts'
import type { RunningVersion } from '../model/progress.ts'
import type { RunFacts, RunReport } from '../model/report.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { ColorStanding, Drift, Shift, Standing, TargetsSeen } from '../model/standing.ts'
import { type Live, readLive } from '../plan/weights.ts'
import { routeChanges, sideOf } from './sides.ts'
import { shiftText } from './status.ts'

export interface StatusFacts extends Omit<RunFacts, 'warnings'> {
  readonly seen: Snapshot
  readonly running: ByColor<RunningVersion>
  /** Absent when nobody asked. */
  readonly targets?: ByColor<TargetsSeen>
  readonly lock?: LockView
  readonly lockUnread?: true
  readonly shift?: Shift
  readonly drift?: readonly Drift[]
}

/** What `mode: status` tells. Pure. */
export function statusReport(facts: StatusFacts): RunReport {
  const { seen } = facts
  const live = readLive(seen.production.value, seen.targetGroups)
  const side = (color: Color) => sideOf(color, seen, facts.running[color])
  const shared = {
    mode: 'status' as const,
    cluster: facts.cluster,
    service: facts.service,
    region: facts.region,
    startedAt: facts.startedAt,
    endedAt: facts.endedAt,
    routes: routeChanges(seen, seen),
    phases: [],
    events: [],
    warnings: [],
    checks: facts.checks,
    ...(facts.lock === undefined ? {} : { lock: facts.lock }),
    ...(facts.targets === undefined ? {} : { standing: standingOf(facts, facts.targets, live) }),
  }
  if (live.kind === 'unclear') {
    const failure = {
      code: 'LIVE_UNCLEAR' as const,
      headline: `Which color is live is unclear: ${live.because}.`,
      details: facts.shift === undefined ? [live.hint] : [`${shiftText(facts.shift)}.`, whatToDo(facts.shift)],
    }
    return { ...shared, outcome: { status: 'failed', failure } }
  }
  const after = side(live.color)
  return {
    ...shared,
    outcome: { status: 'unchanged', because: `${after.version} is live on ${live.color}` },
    sides: {
      active: live.color,
      services: { blue: seen.services.value.blue.name, green: seen.services.value.green.name },
      before: after,
      after,
      idle: side(otherColor(live.color)),
    },
  }
}

/** Weights that are set by hand in the middle of a shift would only end that run as TRAFFIC_MOVED. */
function whatToDo({ alive }: Shift): string {
  return alive
    ? 'Leave the weights alone until that run has ended, then look again.'
    : 'Leave the weights alone, and run the deploy again.'
}

function standingOf(facts: StatusFacts, targets: ByColor<TargetsSeen>, live: Live): Standing {
  const { seen, running, lock, lockUnread, shift, drift } = facts
  const stands = (color: Color): ColorStanding => ({
    ...sideOf(color, seen, running[color]),
    role: live.kind === 'unclear' ? 'unclear' : live.color === color ? 'live' : 'idle',
    targets: targets[color],
  })
  return {
    colors: { blue: stands('blue'), green: stands('green') },
    ...(lock === undefined && lockUnread === undefined ? { unlocked: true as const } : {}),
    ...(shift === undefined ? {} : { shift }),
    ...(drift === undefined ? {} : { drift }),
  }
}

export interface PlanFacts extends Omit<StatusFacts, 'seen'> {
  readonly before: Snapshot
  readonly outcome: Outcome
  readonly plan?: DeployPlan
}

/** What `mode: plan` tells: who is live as `status` does, and what a deploy would do. Pure. */
export function planReport(facts: PlanFacts): RunReport {
  const standing = statusReport({ ...facts, seen: facts.before })
  const { outcome, plan } = facts
  return { ...standing, mode: 'plan', outcome, ...(plan === undefined ? {} : { plan }) }
}
