import type { ProbeView, SeenVersion } from '../model/probe.ts'
import { obeyLimitMs } from './moment.ts'

export type ProductionVerdict =
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'pending'; readonly because: string }
  | { readonly kind: 'not-seen'; readonly because: string }
  /** The new version answers, but the one before it does so too, longer than any load balancer needs. */
  | { readonly kind: 'old-answers'; readonly because: string }

/** So many answers of the new version, and none of another for so long: one lucky connection proves nothing. */
const enoughAnswers = 20
const quietMs = 3_000
const answeringMs = 1_000

/** Requests end within ten seconds, and a look comes soon after that. */
const endedMs = 12_000

/**
 * A hiccup of the network or of one answer is no other version: requests that fail meanwhile are judged by their number. Long enough
 * for a request that is given up and the next one.
 */
const silenceLimitMs = 30_000

/**
 * Does production answer with the new version only? Asked again and again after the shift at `shiftedAt`.
 *
 * @param provenAt when the first write was about to be sent: what was asked since then may hang because of the new version
 */
export function assessProduction(
  probe: ProbeView | undefined,
  expected: string,
  previous: string | undefined,
  shiftedAt: number,
  now: number,
  provenAt = shiftedAt,
): ProductionVerdict {
  const slow = Math.max(1, (probe?.everyMs ?? 0) / 50)
  const versions = probe?.versions ?? []
  const wanted = versions.find(seen => seen.version === expected)
  const others = versions.filter(seen => seen.version !== expected && seen.lastAt >= shiftedAt)
  const heard = others.filter(seen => now - seen.lastAt < quietMs)
  const lastOther = Math.max(shiftedAt, ...others.map(seen => seen.lastAt))
  // Silence confirms nothing: the new version must be answering now, and nothing else may have happened for a while.
  const answering = (wanted?.count ?? 0) >= enoughAnswers && now - (wanted?.lastAt ?? 0) < answeringMs * slow
  const quietSince = Math.max(lastOther, probe?.lastFailureAt ?? 0)
  // What was asked is proven when it is answered: the quiet counts up to the oldest request that is not.
  const oldestWaiting = Math.min(now, ...waitingOf(probe, provenAt))
  const hanging = now - oldestWaiting >= quietMs
  if (answering && oldestWaiting - quietSince >= quietMs && !hanging) return { kind: 'confirmed' }

  if (now - shiftedAt < obeyLimitMs) {
    return { kind: 'pending', because: hanging ? unanswered : whatIsWaitedFor(probe, wanted, heard, expected, now) }
  }
  // Failed requests are judged by their number: those that are allowed must not keep it waiting for ever.
  if (answering && heard.length === 0) {
    const mayEnd = hanging && now - shiftedAt < obeyLimitMs + endedMs
    return mayEnd ? { kind: 'pending', because: unanswered } : { kind: 'confirmed' }
  }
  if (heard.length === 0 && isFallenSilent(wanted, now, slow)) {
    return { kind: 'pending', because: `production has stopped answering ${expected} a moment ago` }
  }
  const old = heard.some(version => version.version === previous)
  return { kind: answering && old ? 'old-answers' : 'not-seen', because: whatWasSeen(probe, wanted, heard, expected) }
}

function waitingOf(probe: ProbeView | undefined, since: number): readonly number[] {
  return (probe?.waitingSince ?? []).filter(sentAt => sentAt >= since)
}

function whatWasSeen(
  probe: ProbeView | undefined,
  wanted: SeenVersion | undefined,
  heard: readonly SeenVersion[],
  expected: string,
): string {
  const answers = heard.map(({ version }) => version).join(' and ')
  return [
    wanted === undefined ? `no answer from ${expected} yet` : `${wanted.count} answers from ${expected}`,
    ...(answers === '' ? [] : [`production answers ${answers}`]),
    ...(probe?.lastFailure === undefined ? [] : [`last failure: ${probe.lastFailure}`]),
  ].join(', ')
}

/** Without how many there are, or every look would be a new line in the log. */
const unanswered = 'a request to production has had no answer for seconds'

function isFallenSilent(wanted: SeenVersion | undefined, now: number, slow: number): boolean {
  return wanted !== undefined && wanted.count >= enoughAnswers && now - wanted.lastAt < silenceLimitMs * slow
}

/** Without the counts, or every look would be a new line in the log. */
function whatIsWaitedFor(
  probe: ProbeView | undefined,
  wanted: SeenVersion | undefined,
  others: readonly SeenVersion[],
  expected: string,
  now: number,
): string {
  if (now - (probe?.lastFailureAt ?? 0) < quietMs) {
    return `requests to production fail: ${probe?.lastFailure ?? 'no reason'}`
  }
  const [one, ...more] = others.map(({ version }) => version)
  if (one !== undefined && more.length === 0) return `${one} still answers in production`
  if (one !== undefined) return `${[one, ...more].join(' and ')} still answer in production`
  return wanted !== undefined ? `production answers ${expected}` : `waiting for ${expected} to answer in production`
}
