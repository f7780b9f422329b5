import { Refusal } from '../model/outcome.ts'
import type { World } from './world.ts'

/** An account has ten calls to load balancing in a second (aws-facts 2.10), and many pull requests may be pushed in one moment. */
const pauseMs = { least: 5_000, spread: 10_000 }

/**
 * Begins again what AWS has throttled at every attempt, until the deadline. Only for work that goes on from what is there.
 *
 * @param seed tells this run from those that were throttled with it: they must not come back together
 */
export async function patiently<T>(
  world: World,
  seed: string,
  deadline: number,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      const throttled = error instanceof Refusal && error.failure.code === 'THROTTLED' && !world.signal.aborted
      if (!throttled || world.clock.now() >= deadline) throw error
      const pause = pauseMs.least + (hash(`${seed} ${attempt}`) % pauseMs.spread)
      world.log.info(`AWS throttles this account: go on in ${Math.round(pause / 1_000)}s`)
      await world.clock.sleep(pause, world.signal)
    }
  }
}

/** FNV-1a: any spread will do. */
function hash(text: string): number {
  let value = 2_166_136_261
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0
  return value
}
