import { type FailureCode, Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import { lookAgain } from './observe.ts'
import type { World } from './world.ts'

/** What goes away by itself. */
const passing: readonly FailureCode[] = ['THROTTLED', 'AWS_ERROR']

const patienceMs = 120_000
const pauseMs = 5_000

/**
 * Looks again. While customers may be on the new version, or on their way back, a look that AWS throttles or fails says nothing about
 * either version, so it is tried for two minutes: to give up would be to stop watching, or to leave them where they are.
 *
 * @throws Refusal
 */
export async function lookPatiently(
  world: World,
  progress: Progress,
  seen: Snapshot,
  parts: readonly Part[],
  explains: readonly Part[] = [],
): Promise<Snapshot> {
  const atStake = progress.provenAt !== undefined && progress.bakedAt === undefined
  const until = world.clock.now() + patienceMs
  for (;;) {
    try {
      return await lookAgain(world, seen, progress.to, parts, explains)
    } catch (error) {
      const passes = error instanceof Refusal && passing.includes(error.failure.code)
      if (!atStake || !passes || world.clock.now() >= until) throw error
      world.log.info(`Look again in ${pauseMs / 1_000} s. ${error.failure.headline}`)
      await world.lock.sleep(pauseMs, world.signal)
    }
  }
}
