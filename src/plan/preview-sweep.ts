import type { PreviewStanding } from '../model/preview.ts'

/** Which previews are to go, and why. */

/** A preview is made within a run's time: what is still half made after this was left by a run that died. */
const halfMadeMs = 2 * 3_600_000

export type PullRequests =
  | { readonly kind: 'known'; readonly open: ReadonlySet<number> }
  /** Nobody could ask: then only time decides. */
  | { readonly kind: 'unknown' }

export interface Sweep {
  readonly preview: PreviewStanding
  readonly because: string
}

/** @param now milliseconds since the Unix epoch */
export function toSweep(
  previews: readonly PreviewStanding[],
  pulls: PullRequests,
  now: number,
): { readonly go: readonly Sweep[]; readonly stay: readonly PreviewStanding[] } {
  const judged = previews.map(preview => ({ preview, because: whyGone(preview, pulls, now) }))
  return {
    go: judged.flatMap(({ preview, because }) => (because === undefined ? [] : [{ preview, because }])),
    stay: judged.flatMap(({ preview, because }) => (because === undefined ? [preview] : [])),
  }
}

function whyGone(preview: PreviewStanding, pulls: PullRequests, now: number): string | undefined {
  const { pullRequest, expiresAt, createdAt, pushedAt, parts } = preview
  if (pulls.kind === 'known' && pullRequest !== undefined && !pulls.open.has(pullRequest)) {
    return `pull request ${pullRequest} is closed`
  }
  if (expiresAt !== undefined && expiresAt <= now) return 'its `preview-ttl` has passed'
  const whole = parts.includes('target group') && parts.includes('service')
  if (whole) return undefined
  // Without a time nobody knows since when: then it has been left by something older than this rule.
  const lastRunAt = pushedAt ?? createdAt
  if (lastRunAt !== undefined && now - lastRunAt < halfMadeMs) return undefined
  return `only its ${parts.join(' and ')} is left`
}
