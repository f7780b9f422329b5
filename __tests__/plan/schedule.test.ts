import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Reached, Strategy } from '../../src/model/strategy.ts'
import { schedule, stepsOf } from '../../src/plan/schedule.ts'
import { shareOf, weightsFor } from '../../src/plan/weights.ts'

const canary: Strategy = { kind: 'canary', share: 100, holdMs: 60_000 }
const linear: Strategy = { kind: 'linear', share: 400, holdMs: 30_000 }
const at = (share: number, ms: number): Reached => ({ share, at: ms })

describe('which share is due', () => {
  test.each<[string, Strategy, readonly Reached[], number, { share: number; nextAt?: number }]>([
    ['all at once', { kind: 'all-at-once' }, [], 0, { share: 1_000 }],
    ['all at once, done', { kind: 'all-at-once' }, [at(1_000, 0)], 5, { share: 1_000 }],
    ['a canary at the start', canary, [], 0, { share: 100 }],
    ['a canary that is held', canary, [at(100, 0)], 59_999, { share: 100, nextAt: 60_000 }],
    ['a canary that has been held', canary, [at(100, 0)], 60_000, { share: 1_000 }],
    ['a canary long after', canary, [at(100, 0)], 999_999, { share: 1_000 }],
    ['a canary, done', canary, [at(100, 0), at(1_000, 61_000)], 61_000, { share: 1_000 }],
    ['linear at the start', linear, [], 0, { share: 400 }],
    ['linear, second step', linear, [at(400, 0)], 30_000, { share: 800 }],
    ['linear, late: one step at a time', linear, [at(400, 0)], 999_999, { share: 800 }],
    ['linear, last step', linear, [at(400, 0), at(800, 30_000)], 60_000, { share: 1_000 }],
    ['what another run has left, between two steps', linear, [at(500, 0)], 29_999, { share: 500, nextAt: 30_000 }],
    ['what another run has left, over', linear, [at(500, 0)], 30_000, { share: 800 }],
    ['what another run has left, below the first step', canary, [at(50, 0)], 0, { share: 100 }],
  ])('%s', (_, strategy, reached, now, expected) => {
    expect(schedule(strategy, reached, now)).toEqual(expected)
  })
})

const strategies = fc.oneof(
  fc.constant<Strategy>({ kind: 'all-at-once' }),
  fc.record({
    kind: fc.constantFrom('canary' as const, 'linear' as const),
    // Fine steps over long holds would only make the test long.
    share: fc.integer({ min: 20, max: 999 }),
    holdMs: fc.integer({ min: 0, max: 1_000_000 }),
  }),
)

test('a run that is late, early or held up never gives more than time allows, and all of it exactly once', () => {
  fc.assert(
    fc.property(
      strategies,
      fc.array(fc.integer({ min: 50_000, max: 700_000 }), { minLength: 1 }),
      (strategy, pauses) => {
        const steps = stepsOf(strategy)
        const reached: Reached[] = []
        let now = 0
        for (let look = 0; (reached.at(-1)?.share ?? 0) < 1_000; look++) {
          // It ends: every look at which something is due makes one step, and the others are bounded by the hold.
          expect(look).toBeLessThan(10_000_000)
          const due = schedule(strategy, reached, now)
          const last = reached.at(-1)
          if (due.nextAt !== undefined) {
            expect(due).toEqual({ share: last?.share, nextAt: expect.any(Number) })
            expect(due.nextAt).toBeGreaterThan(now)
            now = Math.max(now + 1, Math.min(due.nextAt, now + 1 + (pauses[look % pauses.length] ?? 0)))
            continue
          }
          // The very next step, never one further, and not before the last one was held.
          expect(due.share).toBe(steps[reached.length]?.share)
          expect(due.share).toBeGreaterThan(last?.share ?? 0)
          if (last !== undefined) expect(now - last.at).toBeGreaterThanOrEqual(steps[reached.length - 1]?.holdMs ?? 0)
          now += pauses[look % pauses.length] ?? 0
          reached.push({ share: due.share, at: now })
        }
        expect(reached.filter(step => step.share === 1_000)).toHaveLength(1)
        expect(schedule(strategy, reached, now + 1)).toEqual({ share: 1_000 })
      },
    ),
  )
})

test('weights are what a load balancer takes, have a constant sum, and say the share exactly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000 }),
      fc.constantFrom('blue' as const, 'green' as const),
      (share, color) => {
        const weights = weightsFor(color, share)
        for (const weight of [weights.blue, weights.green]) {
          expect(Number.isInteger(weight)).toBe(true)
          expect(weight).toBeGreaterThanOrEqual(0)
          expect(weight).toBeLessThanOrEqual(999)
        }
        expect(weights.blue + weights.green).toBe(share % 10 === 0 ? 100 : 1_000)
        expect(shareOf(color, weights)).toBeCloseTo(share, 9)
      },
    ),
  )
})
