import { describe, expect, test } from '@jest/globals'
import { type BreakName, breakNames } from '../../sandbox/soak/breaks.ts'
import { playAll } from '../../sandbox/soak/crew.ts'
import { playSeed } from '../../sandbox/soak/play.ts'
import type { Rule } from '../../sandbox/soak/rules.ts'
import type { Task } from '../../sandbox/soak/worker.ts'

/**
 * Random deploys in virtual time, each with faults and trouble, then a clean one; `npm run soak` runs any number of them. In processes
 * of their own, because all is more than twice as slow in the contexts of jest.
 */

const cases = 300
const processes = 2
/** Half a minute of computing, on a machine that may be busy. */
const patienceMs = 600_000

function seeds(from: number, count: number): readonly Task[] {
  return Array.from({ length: count }, (_, index) => ({ seed: from + index }))
}

describe('the invariants of the design', () => {
  const says = `hold at every instant, and all is well after the clean run: seeds 1 to ${cases}`
  test(
    says,
    async () => {
      const told: string[] = []
      const ends = new Map<string, number>()
      await playAll(seeds(1, cases), processes, one => {
        if (one.violation !== undefined) told.push(one.violation.text)
        for (const end of one.ends) ends.set(end, (ends.get(end) ?? 0) + 1)
        return true
      })
      expect(told).toEqual([])
      // They are no idle runs.
      for (const end of ['succeeded', 'unchanged', 'failed', 'rolled-back', 'cancelled', 'killed']) {
        expect([end, ends.get(end) ?? 0]).toEqual([end, expect.any(Number)])
        expect(ends.get(end) ?? 0).toBeGreaterThan(cases / 50)
      }
    },
    patienceMs,
  )
})

describe('a rule that is broken on purpose', () => {
  /** From which seed on, within how many, and as what. */
  const found: Readonly<Record<BreakName, { from: number; within: number; rule: Rule }>> = {
    proof: { from: 1, within: 5, rule: 'proven' },
    lock: { from: 1, within: 5, rule: 'one-writer' },
    // Only a run that is killed in the middle of a shift leaves a riddle to the next: about one case in thirty.
    journal: { from: 40, within: 5, rule: 'converged' },
    'both-groups': { from: 1, within: 5, rule: 'both-groups' },
    live: { from: 1, within: 5, rule: 'live-service' },
    bake: { from: 5, within: 5, rule: 'bake' },
  }
  test(
    `is found out: ${breakNames.join(', ')}`,
    async () => {
      const tasks = breakNames.flatMap(broken =>
        seeds(found[broken].from, found[broken].within).map(task => ({ ...task, broken })),
      )
      const broke = new Map<string, Set<string>>()
      await playAll(tasks, processes, ({ broken = '', violation }) => {
        broke.set(broken, new Set([...(broke.get(broken) ?? []), ...(violation?.rules ?? [])]))
        return true
      })
      for (const name of breakNames) expect([name, ...(broke.get(name) ?? [])]).toContain(found[name].rule)
    },
    patienceMs,
  )
})

describe('a seed', () => {
  test.each([3, 31, 184])('%i replays exactly, to the last call and word', async seed => {
    const calls = async () => {
      const played = await playSeed(seed)
      const made = played.calls.map(({ at, operation, status, input }) => [at, operation, status, input])
      return { made, lines: played.lines, outcomes: played.outcomes, clients: played.clients }
    }
    expect(await calls()).toEqual(await calls())
  })
})
