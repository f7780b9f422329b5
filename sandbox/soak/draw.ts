import { between, type Random, seededRandom } from '../random.ts'

/** Draws from one seed: what is drawn earlier never depends on what is drawn later. */
export interface Draw {
  /** True so often. */
  chance(share: number): boolean
  /** A whole number, both ends included. */
  whole(min: number, max: number): number
  oneOf<T>(choices: readonly [T, ...T[]]): T
}

export function createDraw(seed: number): Draw {
  // Seeds that follow each other give streams that begin alike: the first numbers are thrown away.
  const random: Random = seededRandom(seed * 2_654_435_761)
  for (let skipped = 0; skipped < 8; skipped++) random()
  return {
    chance: share => random() < share,
    whole: (min, max) => Math.floor(between(random, min, max + 1)),
    oneOf: choices => choices[Math.floor(random() * choices.length)] as (typeof choices)[number],
  }
}
