import type { Ended } from '../deploy/loop.ts'
import type { Check } from '../model/check.ts'
import type { Color } from '../model/color.ts'
import type { LogTail } from '../model/container-log.ts'
import type { ProbeView } from '../model/probe.ts'
import type { Progress } from '../model/progress.ts'
import type { Phase, RunReport, TrafficSeen } from '../model/report.ts'
import type { ServiceView } from '../model/service.ts'
import type { Side, Sides } from '../model/sides.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { wholeShare } from '../model/strategy.ts'
import { candidateVersion } from '../plan/settle.ts'
import { allSendTo, mayHaveLeft } from '../plan/traffic.ts'
import { readLive } from '../plan/weights.ts'
import { consoleLinks } from './console.ts'
import { type Known, routeChanges, sideOf } from './sides.ts'

export interface DeployFacts {
  readonly mode: 'deploy' | 'promote' | 'rollback'
  readonly ended: Ended & { readonly before: Snapshot }
  readonly cluster: string
  readonly service: string
  readonly region: string
  readonly version: string
  readonly endedAt: number
  readonly probe?: ProbeView
  readonly productionUrl?: string
  /** Requests per second to it. */
  readonly probeRate: number
  /** Whether the new version was watched under all the traffic for a while. */
  readonly baked: boolean
  readonly warnings: readonly string[]
  readonly checks: readonly Check[]
  readonly logs?: readonly LogTail[]
}

/** From how a deploy ended to what is told about it. Pure. */
export function deployReport(facts: DeployFacts): RunReport {
  const { progress, seen, before, outcome } = facts.ended
  const traffic = trafficSeen(facts)
  return {
    mode: facts.mode,
    outcome,
    cluster: facts.cluster,
    service: facts.service,
    region: facts.region,
    startedAt: progress.startedAt,
    endedAt: facts.endedAt,
    sides: sidesOf(facts),
    routes: routeChanges(before, seen),
    phases: phasesOf(progress, facts.baked, facts.endedAt),
    ...((progress.reached ?? []).some(step => step.share < wholeShare) ? { steps: progress.reached ?? [] } : {}),
    ...weightsOf(progress),
    ...targetsOf(progress, seen),
    ...(mayHaveLeft(progress, seen, outcome.status === 'cancelled') ? { left: true as const } : {}),
    events: newEvents(before.services.value[progress.to], seen.services.value[progress.to]),
    warnings: facts.warnings,
    checks: facts.checks,
    ...(facts.logs === undefined || facts.logs.length === 0 ? {} : { logs: facts.logs }),
    ...('failure' in outcome
      ? { links: consoleLinks(seen.services.value[progress.to].arn, seen.targetGroups[progress.to].arn) }
      : {}),
    ...(traffic === undefined ? {} : { traffic }),
  }
}

/** Events that were not there at the first look: AWS's clock need not be ours, and two may come in one moment. */
function newEvents(before: ServiceView, after: ServiceView): ServiceView['events'] {
  const known = new Set(before.events.map(event => event.id))
  return after.events.filter(event => !known.has(event.id))
}

function sidesOf(facts: DeployFacts): Sides {
  const { progress, seen, outcome } = facts.ended
  const live = readLive(seen.production.value, seen.targetGroups)
  // Mid-shift both colors have weight, or the routes disagree: then what customers had before is the safer thing to say.
  const active = live.kind === 'live' ? live.color : progress.from
  const tried = candidateOf(facts)
  const before = sideOf(progress.from, seen, progress.previous)
  const target = sideOf(progress.to, seen, runsNow(facts, tried))
  const switched = active !== progress.from
  const candidate = tried && (progress.staged !== undefined || 'failure' in outcome) && !switched
  return {
    active,
    services: { blue: seen.services.value.blue.name, green: seen.services.value.green.name },
    before,
    after: switched ? target : before,
    idle: switched ? before : target,
    ...(candidate ? { candidate: { ...sideOf(progress.to, seen, tried), ...countsOf(tried, progress.to, seen) } } : {}),
  }
}

function candidateOf(facts: DeployFacts): Known | undefined {
  const { candidate, staged } = facts.ended.progress
  if (candidate === undefined) return undefined
  const running = candidateVersion(facts.version, candidate, staged?.deploymentId, facts.ended.seen)
  return { ...running, taskDefinition: candidate.taskDefinition }
}

/** What the color that was to be deployed to runs at the end: a failed run may have put back what it had. */
function runsNow({ ended: { progress, seen } }: DeployFacts, tried: Known | undefined): Known | undefined {
  const { taskDefinition } = seen.services.value[progress.to]
  const { staged, idleWas, idleBack } = progress
  // What was put back may be a copy of the revision that it had.
  const back = idleWas && idleBack && { ...idleWas, taskDefinition: idleBack.taskDefinition }
  const known = [back, staged === undefined ? undefined : tried, idleWas]
  // Neither: somebody else has deployed to it, or what it had is not known. The revision says enough.
  return known.find(one => one?.taskDefinition === taskDefinition)
}

/** Tasks of what was tried, as far as any are left: those of the service are of what it had before. */
function countsOf({ taskDefinition }: Known, color: Color, seen: Snapshot): Pick<Side, 'running' | 'desired'> {
  const ours = seen.services.value[color].deployments.find(one => one.taskDefinition === taskDefinition)
  return { running: ours?.running ?? 0, desired: ours?.desired ?? 0 }
}

/** From none of the traffic to all of it, and back when the run took it back. */
function weightsOf({ provenAt, reached = [], restoredAt }: Progress): Pick<RunReport, 'weights'> {
  if (provenAt === undefined || reached.length === 0) return {}
  const back = restoredAt === undefined ? [] : [{ share: 0, at: restoredAt }]
  return { weights: [{ share: 0, at: provenAt }, ...reached, ...back] }
}

function targetsOf({ from, to }: Progress, { targets, liveTargets }: Snapshot): Pick<RunReport, 'targets'> {
  const looked = [
    { color: to, seen: targets },
    { color: from, seen: liveTargets },
  ]
  const known = looked.flatMap(({ color, seen }) =>
    seen === undefined ? [] : [{ color, at: seen.at, targets: seen.value }],
  )
  return known.length === 0 ? {} : { targets: known }
}

/** Phases as far as the run got; the last one ends with the run. */
function phasesOf(progress: Progress, baked: boolean, endedAt: number): readonly Phase[] {
  const marks: readonly (readonly [Phase['name'], number | undefined])[] = [
    ['stage', progress.startedAt],
    ['pre-deploy', progress.preDeploy?.startedAt],
    ['verify', progress.staged?.at],
    ['test', progress.tests?.startedAt],
    ['shift', progress.provenAt],
    [baked ? 'bake' : 'confirm', baked || progress.watchingSince !== undefined ? progress.shiftedAt : undefined],
    ['rollback', progress.restoringSince],
    ['settle', progress.bakedAt],
  ]
  const reached = marks.filter((mark): mark is readonly [Phase['name'], number] => mark[1] !== undefined)
  return reached.map(([name, startedAt], index) => ({
    name,
    startedAt,
    endedAt: reached[index + 1]?.[1] ?? endedAt,
  }))
}

/** The mix of a canary is wanted, and so is the old version once traffic has moved back to it: neither is a flicker. */
function mixedFor(firstNew: number, lastOld: number, { progress, seen }: Ended): number | undefined {
  const { wholeAt, to } = progress
  if (wholeAt === undefined || !allSendTo(to, seen)) return undefined
  return Math.max(0, lastOld - Math.max(firstNew, wholeAt))
}

function trafficSeen(facts: DeployFacts): TrafficSeen | undefined {
  const { probe, productionUrl } = facts
  if (probe === undefined || productionUrl === undefined || (probe.requests === 0 && probe.abandoned === undefined))
    return undefined
  // For judging them only: as many numbers as there are failures.
  const { failedSentAt: _, waitingSince: __, ...seenByProbe } = probe
  const fresh = probe.versions.find(seen => seen.version === facts.version)
  const old = probe.versions.filter(seen => seen.version !== facts.version)
  const lastOld = old.length === 0 ? undefined : Math.max(...old.map(seen => seen.lastAt))
  const mixedMs =
    fresh === undefined || lastOld === undefined ? undefined : mixedFor(fresh.firstAt, lastOld, facts.ended)
  return {
    ...seenByProbe,
    url: productionUrl,
    fresh: facts.version,
    everyMs: Math.round(probe.everyMs ?? 1_000 / facts.probeRate),
    ...(mixedMs === undefined ? {} : { mixedMs }),
  }
}
