import { describe, expect, test } from '@jest/globals'
import { playSeed } from '../../sandbox/soak/play.ts'
import { tellViolation } from '../../sandbox/soak/tell.ts'

/** Random deploys in virtual time, each with faults and trouble, then a clean one. `npm run soak` runs any number of them. */

const cases = 300
const batches = 10

describe('the invariants of the design hold at every instant', () => {
  const size = cases / batches
  const firsts = Array.from({ length: batches }, (_, index) => 1 + index * size)
  test.each(firsts)(`seeds %i and the ${size - 1} after it`, async first => {
    const told: string[] = []
    const ends = new Set<string>()
    for (let seed = first; seed < first + size; seed++) {
      const played = await playSeed(seed)
      if (played.violations.length > 0) told.push(tellViolation(played))
      for (const outcome of played.outcomes) ends.add(outcome?.status ?? 'killed')
    }
    expect(told).toEqual([])
    // They are no idle runs.
    expect([...ends]).toEqual(expect.arrayContaining(['succeeded', 'failed', 'killed']))
  })
})

describe('a seed', () => {
  test.each([3, 25, 31, 184, 213])('%i replays exactly, to the last call and word', async seed => {
    const calls = async () => {
      const played = await playSeed(seed)
      const made = played.calls.map(({ at, operation, status, input }) => [at, operation, status, input])
      return { made, lines: played.lines, outcomes: played.outcomes, clients: played.clients }
    }
    expect(await calls()).toEqual(await calls())
  })
})
