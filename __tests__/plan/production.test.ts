import { expect, test } from '@jest/globals'
import type { ProbeView } from '../../src/model/probe.ts'
import { assessProduction } from '../../src/plan/production.ts'

const shiftedAt = 1_000_000

/** How long after the shift each version was heard last. */
function heard(lastAt: Readonly<Record<string, number>>, lastFailureAt?: number): ProbeView {
  const versions = Object.entries(lastAt).map(([version, ms]) => {
    return { version, count: 50, firstAt: 0, lastAt: shiftedAt + ms }
  })
  const failure =
    lastFailureAt === undefined ? {} : { lastFailure: 'timeout', lastFailureAt: shiftedAt + lastFailureAt }
  return { requests: 100, failed: 0, versions, ...failure }
}

test.each<[string, ProbeView | undefined, number, string]>([
  ['nothing asked yet', undefined, 1_000, 'pending'],
  ['only the new one, for three seconds', heard({ new: 3_000, old: -1 }), 3_000, 'confirmed'],
  ['only the new one, for less', heard({ new: 2_000, old: -1 }), 2_000, 'pending'],
  ['the old one a moment ago', heard({ new: 10_000, old: 9_000 }), 10_000, 'pending'],
  ['a failure a moment ago', heard({ new: 10_000 }, 9_000), 10_000, 'pending'],
  ['nobody answers any more', heard({ new: 5_000 }), 10_000, 'pending'],
  ['the old one after two minutes', heard({ new: 120_000, old: 119_000 }), 120_000, 'old-answers'],
  ['a stranger after two minutes', heard({ new: 120_000, other: 119_000 }), 120_000, 'not-seen'],
  ['only the old one after two minutes', heard({ old: 120_000 }), 120_000, 'not-seen'],
  ['a moment without answers after two minutes', heard({ new: 298_800 }, 299_000), 300_000, 'pending'],
  ['a moment without answers, then the old one', heard({ new: 298_800, old: 299_500 }), 300_000, 'not-seen'],
  ['half a minute without answers', heard({ new: 270_000 }, 299_000), 300_000, 'not-seen'],
  ['silence after two minutes', heard({ new: 5_000 }), 120_000, 'not-seen'],
  ['failures now and then after two minutes', heard({ new: 120_000 }, 119_000), 120_000, 'confirmed'],
])('%s', (_, probe, ms, expected) => {
  expect(assessProduction(probe, 'new', 'old', shiftedAt, shiftedAt + ms).kind).toBe(expected)
})

test.each<[string, number, number, string]>([
  ['has just been sent', 9_900, 10_000, 'confirmed'],
  ['was sent within the three seconds that prove it', 2_900, 3_100, 'pending'],
  ['was sent right after them', 3_000, 3_250, 'confirmed'],
  ['has been waited for as long', 7_000, 10_000, 'pending'],
  ['was sent while the shift was written', -500, 10_000, 'pending'],
  ['was sent before the shift', -1_001, 10_000, 'confirmed'],
  ['hangs after two minutes', 116_000, 120_000, 'pending'],
  ['hangs longer than any request may', 116_000, 132_000, 'confirmed'],
])('a request without an answer that %s', (_, sentAt, ms, expected) => {
  const waiting = { ...heard({ new: ms, old: -1 }), waitingSince: [shiftedAt - 5_000, shiftedAt + sentAt] }
  const verdict = assessProduction(waiting, 'new', 'old', shiftedAt, shiftedAt + ms, shiftedAt - 1_000)
  expect(verdict.kind).toBe(expected)
})

test('who is asked seldom, or answers late, is given the time that it needs', () => {
  const slow = heard({ new: 8_500, old: -1 })
  expect(assessProduction(slow, 'new', 'old', shiftedAt, shiftedAt + 10_000).kind).toBe('pending')
  const spaced = { ...slow, everyMs: 1_000 }
  expect(assessProduction(spaced, 'new', 'old', shiftedAt, shiftedAt + 10_000).kind).toBe('confirmed')
})
