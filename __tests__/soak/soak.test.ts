import { describe, expect, test } from '@jest/globals'
import { type BreakName, breakNames } from '../../sandbox/soak/breaks.ts'
import type { Rule } from '../../sandbox/soak/observer.ts'
import { playSeed } from '../../sandbox/soak/play.ts'
import { tellViolation } from '../../sandbox/soak/tell.ts'

/** Random deploys in virtual time, each with faults and trouble, then a clean one. `npm run soak` runs any number of them. */

const cases = 300
const batches = 10

describe('the invariants of the design hold at every instant', () => {
  const size = cases / batches
  const firsts = Array.from({ length: batches }, (_, index) => 1 + index * size)
  test.each(firsts)(`seed %i and the ${size - 1} after it`, async first => {
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

describe('a rule that is broken on purpose is found out', () => {
  /** From which seed on, within how many, and as what. */
  const found: Readonly<Record<BreakName, { from: number; within: number; rule: Rule }>> = {
    proof: { from: 1, within: 10, rule: 'proven' },
    lock: { from: 1, within: 10, rule: 'one-writer' },
    // Only a run that is killed in the middle of a shift leaves a riddle to the next: about one case in seventy.
    journal: { from: 45, within: 10, rule: 'converged' },
    'both-groups': { from: 1, within: 10, rule: 'both-groups' },
    live: { from: 1, within: 10, rule: 'live-service' },
    bake: { from: 1, within: 10, rule: 'bake' },
  }
  test.each(breakNames)('%s', async name => {
    const { from, within, rule } = found[name]
    const broken = new Set<Rule>()
    for (let seed = from; seed < from + within && !broken.has(rule); seed++) {
      for (const violation of (await playSeed(seed, name)).violations) broken.add(violation.rule)
    }
    expect([...broken]).toContain(rule)
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
