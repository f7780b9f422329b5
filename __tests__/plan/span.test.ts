import { describe, expect, test } from '@jest/globals'
import type { DeployGoal } from '../../src/plan/goal.ts'
import { spanOf } from '../../src/plan/span.ts'
import { forwardTo, now, routeWith, snapshotOf } from './builders.ts'

/** How long a deploy takes, at least and at most. */

const minute = 60_000
const usual: DeployGoal = {
  image: 'app:2',
  container: 'app',
  version: '2',
  timeoutMs: 30 * minute,
  rollbackOnFailure: false,
  confirm: false,
}
const spanned = (change: Partial<DeployGoal>, seen = snapshotOf()) => {
  const { leastMs, mostMs } = spanOf({ ...usual, ...change }, seen)
  return [Math.floor(leastMs / minute), mostMs / minute]
}

describe('a deploy takes, in whole minutes at least, and at most', () => {
  test.each<[string, Partial<DeployGoal>, readonly [number, number]]>([
    ['all at once', {}, [0, 30]],
    ['with time to go back', { rollbackOnFailure: true }, [0, 32]],
    ['with a bake', { bakeMs: 15 * minute }, [15, 45]],
    ['confirmed by production-url', { confirm: true }, [0, 32]],
    ['a canary', { strategy: { kind: 'canary', share: 100, holdMs: 5 * minute }, bakeMs: minute }, [6, 36]],
    ['linear, in four steps', { strategy: { kind: 'linear', share: 250, holdMs: 10 * minute } }, [30, 60]],
    ['with the old color parked', { idleCount: 0 }, [0, 32]],
    ['parked after a bake that is longer', { idleCount: 0, bakeMs: 5 * minute }, [5, 35]],
    ['staged only, whatever would come then', { stageOnly: true, bakeMs: 15 * minute, idleCount: 0 }, [0, 30]],
    ['parked, or gone back', { idleCount: 0, rollbackOnFailure: true }, [0, 32]],
  ])('%s', (_, change, expected) => {
    expect(spanned(change)).toEqual(expected)
  })

  test('with cookies that outlive the switch, before the old color is parked', () => {
    const action = forwardTo({ blue: 100, green: 0 })
    const TargetGroupStickinessConfig = { Enabled: true, DurationSeconds: 3_600 }
    const sticky = { ...action, ForwardConfig: { ...action.ForwardConfig, TargetGroupStickinessConfig } }
    const seen = snapshotOf({ production: { at: now, value: [routeWith([sticky])] } })
    expect(spanned({ idleCount: 0, rollbackOnFailure: true }, seen)).toEqual([0, 90])
  })

  test('names what it is made of', () => {
    expect(spanOf({ ...usual, bakeMs: 15 * minute, rollbackOnFailure: true }, snapshotOf()).parts).toBe(
      '`timeout` 30m, `bake-time` 15m, to go back 2m',
    )
  })
})
