import type { Timeline } from '../../timeline.ts'
import { rateExceeded } from './faults.ts'

interface Bucket {
  readonly burst: number
  readonly perSecond: number
}

/** Burst and refill per category of calls, per account and Region. Source: Developer Guide, request-throttling. */
const buckets = {
  clusterModify: { burst: 20, perSecond: 1 },
  clusterRead: { burst: 50, perSecond: 20 },
  definitionDelete: { burst: 5, perSecond: 1 },
  definitionModify: { burst: 20, perSecond: 1 },
  definitionRead: { burst: 50, perSecond: 20 },
  resourceModify: { burst: 100, perSecond: 40 },
  resourceRead: { burst: 100, perSecond: 20 },
  serviceModify: { burst: 50, perSecond: 5 },
  serviceRead: { burst: 100, perSecond: 20 },
  tagModify: { burst: 20, perSecond: 10 },
  tagRead: { burst: 50, perSecond: 20 },
} as const satisfies Record<string, Bucket>

export type BucketName = keyof typeof buckets

/** Takes one token out of the category's bucket. @throws AwsFault ThrottlingException when it is empty */
export type TakeToken = (name: BucketName) => void

export function createBuckets(timeline: Timeline): TakeToken {
  const levels = new Map<BucketName, { tokens: number; at: number }>()
  return name => {
    const { burst, perSecond } = buckets[name]
    const now = timeline.now()
    const level = levels.get(name) ?? { tokens: burst, at: now }
    level.tokens = Math.min(burst, level.tokens + ((now - level.at) / 1000) * perSecond)
    level.at = now
    levels.set(name, level)
    if (level.tokens < 1) throw rateExceeded()
    level.tokens -= 1
  }
}
