import type { World } from '../deploy/world.ts'
import { type ByColor, colors } from '../model/color.ts'
import type { Journal, LockView } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import type { ScalingView } from '../model/scaling.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Drift } from '../model/standing.ts'
import { driftOf, mayBeParked } from '../plan/drift.ts'

export interface Known {
  readonly seen: Snapshot
  readonly images: ByColor<string>
  /** Of the two target groups; or why they cannot be read. */
  readonly tags: ByColor<Readonly<Record<string, string>>> | Refusal
  readonly lock?: LockView
  /** What the tag on the blue target group says that outlives a lock. */
  readonly unfinished?: Journal
}

/**
 * What does not fit together. Reads only: one call, and only where a color may be parked.
 *
 * @returns undefined while a run holds the lock that may be alive: what it has begun is no drift
 */
export async function lookForDrift(world: World, known: Known): Promise<readonly Drift[] | undefined> {
  const { seen, images, lock, unfinished } = known
  if (lock !== undefined && world.lock.assess(lock).kind === 'wait') return undefined
  const tags = known.tags instanceof Refusal ? { blue: {}, green: {} } : known.tags
  const scaling = mayBeParked(tags) ? await scalingOf(world, seen) : undefined
  const found = driftOf({
    seen,
    images,
    tags,
    ...(scaling === undefined || scaling instanceof Refusal ? {} : { scaling }),
    ...(lock === undefined ? {} : { deadLock: lock }),
    ...(unfinished === undefined ? {} : { unfinished }),
  })
  const groups = colors.map(color => seen.targetGroups[color].name)
  const services = colors.map(color => seen.services.value[color].name)
  return [
    ...found,
    ...unread(known.tags, groups, 'Whether the tags say what is so'),
    ...unread(scaling, services, 'Whether Application Auto Scaling may change their counts'),
  ]
}

async function scalingOf(world: World, seen: Snapshot): Promise<Readonly<Record<string, ScalingView>> | Refusal> {
  try {
    return await world.scaling.describe(colors.map(color => seen.services.value[color].name))
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    return error
  }
}

/** What cannot be read may not look as if all were well. */
function unread(read: unknown, names: readonly string[], what: string): readonly Drift[] {
  if (!(read instanceof Refusal)) return []
  return [{ kind: 'unread', on: names.join(' and '), says: `${what} is not known. ${read.failure.headline}` }]
}
