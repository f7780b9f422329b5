import { describe, expect, test } from '@jest/globals'
import { afterCheck, combined, registering, unchecked } from '../../../sandbox/cloud/elb/health.ts'
import type { CheckResult, TargetHealthView } from '../../../sandbox/cloud/ports.ts'

const thresholds = { healthyThreshold: 3, unhealthyThreshold: 2 }

/** States after each check: `+` passes, `-` fails; `i`, `h`, `u` stand for initial, healthy, unhealthy. */
const histories: readonly (readonly [string, string])[] = [
  ['+', 'h'],
  ['-+', 'ih'],
  ['--', 'iu'],
  ['+--', 'hhu'],
  ['+-+-+-', 'hhhhhh'],
  ['--++', 'iuuu'],
  ['--+++', 'iuuuh'],
  ['--++-+++', 'iuuuuuuh'],
  ['--+++-', 'iuuuhh'],
]

test.each(histories)('checks %s lead through the states %s', (checks, states) => {
  let health = unchecked
  let seen = ''
  for (const check of checks) {
    const result: CheckResult = check === '+' ? { kind: 'passed' } : { kind: 'timeout' }
    health = afterCheck(health, result, thresholds)
    seen += health.view.state[0]
  }
  expect(seen).toBe(states)
})

describe('what the nodes say together', () => {
  const healthy: TargetHealthView = { state: 'healthy' }
  const initial = unchecked.view
  const bad: TargetHealthView = { state: 'unhealthy', reason: 'Target.Timeout' }

  test.each([
    [[healthy, healthy], healthy],
    [[healthy, initial], initial],
    [[healthy, bad], bad],
    [[initial, bad], bad],
    [[undefined, bad], bad],
    [[undefined, healthy], registering],
    [[initial, undefined], registering],
    [[], registering],
  ])('%j', (views, expected) => {
    expect(combined(views)).toBe(expected)
  })
})
