import { expect, test } from '@jest/globals'
import type { PreviewGoal, PreviewProgress, PreviewSeen } from '../../src/model/preview.ts'
import { isLate, repeated } from '../../src/plan/bounds.ts'
import { refusedLimitMs, serviceStep } from '../../src/plan/preview-service.ts'
import { targetGroupView } from './builders.ts'

test('it is late when timeout is over, and not before', () => {
  expect([999, 1_000, 1_001].map(now => isLate({ startedAt: 400, timeoutMs: 600 }, now))).toEqual([false, true, true])
})

test('the same step pauses twice as long each time, and ends the run the seventh time', () => {
  const verdicts = [0, 1, 2, 3, 4, 5, 6].map(before => {
    const verdict = repeated('Do it', before)
    return 'code' in verdict ? verdict.code : verdict.pauseMs
  })
  expect(verdicts).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 'WRITE_NOT_CONFIRMED'])
})

test.each([
  [refusedLimitMs - 1, 'do'],
  [refusedLimitMs, 'finish'],
])('a service that ECS has refused for %i ms: %s', (forMs, kind) => {
  const goal = { name: 'shop-pr-1', timeoutMs: 1_800_000 } as PreviewGoal
  const candidate = { taskDefinition: 'shop-pr-1:1' }
  const progress = {
    startedAt: 0,
    candidate,
    refusedSince: 5_000,
    refusedBecause: 'not yet',
  } as unknown as PreviewProgress
  const seen = { service: { at: 0, value: undefined } } as unknown as PreviewSeen
  const origin = {} as unknown as Parameters<typeof serviceStep>[1]
  const decision = serviceStep(goal, origin, progress, seen, targetGroupView('green'), 5_000 + forMs)
  expect(decision?.kind).toBe(kind)
  if (kind === 'finish') {
    expect(decision).toMatchObject({
      outcome: { failure: { code: 'UPDATE_REFUSED', headline: expect.stringContaining('not yet') } },
    })
  }
})
