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

/**
 * A hiccup of the network or of one answer is no other version: requests that fail meanwhile are judged by their number. Long enough
 * for a request that is given up and the next one.
 */
const silenceLimitMs = 30_000

/** Does production answer with the new version only? Asked again and again after the shift at `shiftedAt`. */
export function assessProduction(
  probe: ProbeView | undefined,
  expected: string,
  previous: string | undefined,
  shiftedAt: number,
  now: number,
  ratePerSecond = 20,
): ProductionVerdict {
  const slow = Math.max(1, 20 / ratePerSecond)
  const versions = probe?.versions ?? []
  const wanted = versions.find(seen => seen.version === expected)
  const others = versions.filter(seen => seen.version !== expected && seen.lastAt >= shiftedAt)
  const heard = others.filter(seen => now - seen.lastAt < quietMs)
  const lastOther = Math.max(shiftedAt, ...others.map(seen => seen.lastAt))
  // Silence confirms nothing: the new version must be answering now, and nothing else may have happened for a while.
  const answering = (wanted?.count ?? 0) >= enoughAnswers && now - (wanted?.lastAt ?? 0) < answeringMs * slow
  const quietSince = Math.max(lastOther, probe?.lastFailureAt ?? 0)
  if (answering && now - quietSince >= quietMs) return { kind: 'confirmed' }

  const answers = heard.map(({ version }) => version).join(' and ')
  const seen = [
    wanted === undefined ? `no answer from ${expected} yet` : `${wanted.count} answers from ${expected}`,
    ...(answers === '' ? [] : [`production answers ${answers}`]),
    ...(probe?.lastFailure === undefined ? [] : [`last failure: ${probe.lastFailure}`]),
  ].join(', ')
  if (now - shiftedAt >= obeyLimitMs) {
    // Failed requests are judged by their number: those that are allowed must not keep it waiting for ever.
    if (answering && heard.length === 0) return { kind: 'confirmed' }
    if (heard.length === 0 && isFallenSilent(wanted, now, slow)) {
      return { kind: 'pending', because: `production has stopped answering ${expected} a moment ago` }
    }
    const old = heard.some(version => version.version === previous)
    return { kind: answering && old ? 'old-answers' : 'not-seen', because: seen }
  }
  return { kind: 'pending', because: whatIsWaitedFor(probe, wanted !== undefined, heard, expected, now) }
}

function isFallenSilent(wanted: SeenVersion | undefined, now: number, slow: number): boolean {
  return wanted !== undefined && wanted.count >= enoughAnswers && now - wanted.lastAt < silenceLimitMs * slow
}

/** Without the counts, or every look would be a new line in the log. */
function whatIsWaitedFor(
  probe: ProbeView | undefined,
  wasSeen: boolean,
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
  return wasSeen ? `production answers ${expected}` : `waiting for ${expected} to answer in production`
}
