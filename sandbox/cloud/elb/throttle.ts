import type { Timeline } from '../../timeline.ts'
import { AwsFault } from '../ports.ts'

interface Bucket {
  readonly burst: number
  readonly perSecond: number
  tokens: number
  filledAt: number
}

/** Burst and refill per second of one account in one Region. Source: the user guide's page on API throttling. */
const LIMITS = {
  account: [40, 10],
  read: [40, 10],
  write: [20, 3],
  targets: [20, 4],
  create: [10, 0.2],
} as const

const CREATING: ReadonlySet<string> = new Set(['CreateLoadBalancer', 'SetSubnets', 'SetSecurityGroups'])

/**
 * Takes one token from each bucket that the call draws from.
 * @returns a function that throws AwsFault `Throttling` when one is empty; a refused call takes nothing
 */
export function createThrottle(timeline: Timeline): (operation: string) => void {
  const start = timeline.now()
  const bucket = (burst: number, perSecond: number): Bucket => ({ burst, perSecond, tokens: burst, filledAt: start })
  const buckets = {
    account: bucket(...LIMITS.account),
    read: bucket(...LIMITS.read),
    write: bucket(...LIMITS.write),
    targets: bucket(...LIMITS.targets),
    create: bucket(...LIMITS.create),
  }
  return operation => {
    const now = timeline.now()
    const own = buckets[bucketOf(operation)]
    for (const each of [buckets.account, own]) refill(each, now)
    if (buckets.account.tokens < 1 || own.tokens < 1) throw new AwsFault('Throttling', 'Rate exceeded')
    buckets.account.tokens--
    own.tokens--
  }
}

function refill(bucket: Bucket, now: number): void {
  bucket.tokens = Math.min(bucket.burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * bucket.perSecond)
  bucket.filledAt = now
}

function bucketOf(operation: string): 'read' | 'write' | 'targets' | 'create' {
  if (operation.startsWith('Describe')) return 'read'
  if (operation === 'RegisterTargets' || operation === 'DeregisterTargets') return 'targets'
  return CREATING.has(operation) ? 'create' : 'write'
}
