import type { AlarmView } from '../model/alarm.ts'
import { counted } from '../model/count.ts'
import type { Failure } from '../model/outcome.ts'
import type { ProbeView } from '../model/probe.ts'
import type { Candidate, Progress, Staged } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { wholeShare } from '../model/strategy.ts'
import type { AlarmGoal, DeployGoal } from './goal.ts'
import { lateObeyMs } from './moment.ts'
import { assess, describeCounts, evidenceOf } from './proof.ts'
import { partText } from './schedule.ts'
import { sickTargets } from './targets.ts'

/** Is the new version well under the traffic that it has? */
export type Judgement =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'unhealthy'; readonly failure: Failure }
  /** Neither good nor bad: nothing moves on, and after `limitMs` without a break that is a failure of its own. */
  | { readonly kind: 'unknown'; readonly because: string; readonly todo: string; readonly limitMs: number }

/** A lost task is replaced within a minute or two; a load balancer and CloudWatch say something at least once a minute. */
export const unknownLimitMs = 300_000

/** When so many answers are to be expected of a version, chance alone hides it once in ten million million. */
const enoughAnswers = 30

const healthy: Judgement = { kind: 'healthy' }

/**
 * Judges all that was seen, once the first production write is made. What is bad outweighs what is unknown, and what is unknown
 * outweighs what is good; within one kind, the candidate itself comes first.
 *
 * | signal           | unhealthy                                   | unknown                                |
 * |------------------|---------------------------------------------|----------------------------------------|
 * | candidate        | no healthy target, or one that fails checks | tasks or targets are missing or new    |
 * | `alarm-names`    | ALARM                                       | INSUFFICIENT_DATA, deleted, unreadable |
 * | `production-url` | more than `max-failed-requests` failed, or  |                                        |
 * |                  | the new version is nowhere among answers    |                                        |
 */
export function judge(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  staged: Staged,
  seen: Snapshot,
  now: number,
): Judgement {
  const verdicts = [
    judgeCandidate(goal, progress, candidate, staged, seen),
    judgeAlarms(goal.alarms, seen),
    judgeRequests(goal, progress, seen),
    judgeVersion(goal, progress, seen, now),
  ]
  return (
    verdicts.find(verdict => verdict.kind === 'unhealthy') ??
    verdicts.find(verdict => verdict.kind === 'unknown') ??
    healthy
  )
}

function judgeCandidate(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  staged: Staged,
  seen: Snapshot,
): Judgement {
  const evidence = evidenceOf(progress, seen)
  // With traffic on it, its size is the business of whoever scales it; before the next step it is proven at full size again.
  const expected = { ...staged, desired: 0 }
  const verdict = assess(candidate, expected, evidence, goal.minHealthyTargets)
  const service = evidence.service.name
  switch (verdict.kind) {
    case 'proven':
      return healthy
    case 'broken':
      // It has been healthy: what that failure says of a candidate that never was would be wrong here.
      return verdict.failure.code === 'TASKS_FAILED'
        ? unhealthy('CANDIDATE_DEGRADED', `${service} has no task left under traffic: they fail one after the other.`)
        : { kind: 'unhealthy', failure: verdict.failure }
    case 'pending': {
      const { counts } = verdict
      const needed = Math.min(goal.minHealthyTargets ?? staged.desired, counts.desired)
      if (progress.shiftedAt !== undefined && counts.healthy >= needed) return healthy
      const said = describeCounts(counts, evidence)
      // Whose targets these are is only known from tasks that were looked up with them.
      const known = (seen.tasks?.at ?? 0) >= (seen.targets?.at ?? 0)
      const sick = sickTargets(
        (seen.targets?.value ?? []).filter(target => target.state === 'unhealthy'),
        evidence.healthCheck,
      )
      if (known && counts.healthy < needed && (counts.healthy === 0 || sick.length > 0)) {
        return unhealthy('CANDIDATE_DEGRADED', `${service} is not well under traffic: ${said}.`, ...sick)
      }
      return {
        kind: 'unknown',
        because: `${progress.to}: ${verdict.because}`,
        todo: `Look at the events of ${service}: why does it not have all of its tasks?`,
        limitMs: unknownLimitMs,
      }
    }
    default:
      return verdict satisfies never
  }
}

function judgeAlarms(goal: AlarmGoal | undefined, seen: Snapshot): Judgement {
  if (goal === undefined) return healthy
  const alarm = alarmed(goal, seen)
  if (alarm !== undefined) return { kind: 'unhealthy', failure: alarm }
  const unknown = (because: string, todo: string): Judgement => {
    return { kind: 'unknown', because, todo, limitMs: goal.unknownLimitMs }
  }
  const alarms = seen.alarms?.value
  if (alarms === undefined) return unknown('the alarms were not read yet', 'Run again.')
  if (alarms.kind === 'unreadable') return unknown(`the alarms cannot be read: ${alarms.because}`, 'Run again.')
  const gone = goal.names.find(name => !alarms.alarms.some(one => one.name === name))
  if (gone !== undefined) return unknown(`the alarm ${gone} is gone`, 'Somebody deleted it: create it again.')
  const silent = alarms.alarms.filter(one => one.state !== 'OK' && one.state !== 'ALARM')
  if (silent.length === 0) return healthy
  return unknown(
    `${silent.length === 1 ? 'the alarm' : 'the alarms'} ${silent.map(one => one.name).join(' and ')} ${silent.length === 1 ? 'has' : 'have'} not enough data`,
    'A metric that is only published when there is something to count, such as errors, needs `TreatMissingData: notBreaching` in its alarm.',
  )
}

/** The alarms that are in ALARM now, as a failure; those that were at the start, and never since, count only when they are not to be ignored. */
export function alarmed(goal: AlarmGoal | undefined, seen: Snapshot): Failure | undefined {
  const alarms = seen.alarms?.value
  if (goal === undefined || alarms?.kind !== 'read') return undefined
  const raised = alarms.alarms.filter(one => one.state === 'ALARM' && !isIgnored(goal, one))
  if (raised.length === 0) return undefined
  return {
    code: 'ALARM',
    headline: `${raised.length === 1 ? 'The alarm' : 'The alarms'} ${raised.map(one => one.name).join(' and ')} went off.`,
    details: raised.map(one => `${one.name}: ${one.reason}`),
  }
}

function isIgnored({ ignored }: AlarmGoal, alarm: AlarmView): boolean {
  return Object.hasOwn(ignored, alarm.name) && ignored[alarm.name] === alarm.since
}

export function judgeRequests(goal: DeployGoal, progress: Progress, seen: Snapshot): Judgement {
  const probe = seen.probe?.value
  if (goal.probe === undefined || probe === undefined) return healthy
  const failed = failedSince(probe, blamedSince(goal, progress, probe))
  if (failed <= goal.probe.maxFailed) return healthy
  return unhealthy(
    'REQUESTS_FAILED',
    `${counted(failed, 'request')} to production-url failed since ${progress.to} gets traffic, and max-failed-requests is ${goal.probe.maxFailed}.`,
    `The last failure: ${probe.lastFailure ?? 'no reason given'}.`,
    `Look at what ${progress.to} logged then. If so few failures are no fault of it, on a long bake over the internet for one, raise \`max-failed-requests\`.`,
  )
}

/**
 * Which requests are the business of the new version: those that were sent since it has traffic. Where the one before it fails too, which is
 * why people go back or deploy a fix, its answers go on for as long as it has a part of the traffic, or nodes of the load balancer that
 * have not obeyed yet.
 */
function blamedSince(goal: DeployGoal, { provenAt = 0, shiftedAt }: Progress, probe: ProbeView): number {
  const oldFails = probe.failed > failedSince(probe, provenAt)
  if (!goal.rollback && !oldFails) return provenAt
  return shiftedAt === undefined ? Number.POSITIVE_INFINITY : shiftedAt + lateObeyMs
}

/** Failed requests that were sent since then, whenever they ended: one that the old version left hanging fails long after the shift. */
function failedSince({ failed, failedSentAt = [] }: ProbeView, since: number): number {
  const known = failedSentAt.filter(sentAt => sentAt >= since).length
  // When all that are known were, those that are not known any more count with them.
  return known === failedSentAt.length && since < Number.POSITIVE_INFINITY ? failed : known
}

/**
 * A part of the traffic brings a part of the answers. When so many were to be expected from the new version and there is none,
 * either it calls itself something else or it does not get that traffic: better to learn that from a part than from all.
 */
function judgeVersion(goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Judgement {
  const step = progress.reached?.at(-1)
  const probe = seen.probe?.value
  if (goal.probe === undefined || probe === undefined || step === undefined || progress.shiftedAt !== undefined) {
    return healthy
  }
  const seconds = (now - step.at - lateObeyMs) / 1_000
  // As often as it was asked, which is less than it was to be where answers take their time.
  const rate = Math.min(goal.probe.ratePerSecond, 1_000 / (probe.everyMs ?? 1))
  const expected = (seconds * rate * step.share) / wholeShare
  if (expected < enoughAnswers || probe.versions.some(({ version }) => version === goal.version)) return healthy
  const others = probe.versions.map(({ version }) => version).join(', ')
  return unhealthy(
    'VERSION_NOT_SEEN',
    `${progress.to} has ${partText(step.share)} traffic, but no answer of production-url is from ${goal.version}: it answers ${others || 'nothing'}.`,
    'If the application calls this image something else, set `version`; if it says its version in another place, set `version-from`.',
  )
}

function unhealthy(code: Failure['code'], headline: string, ...details: readonly string[]): Judgement {
  return { kind: 'unhealthy', failure: { code, headline, details } }
}
