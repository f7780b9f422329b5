import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Schedule } from '../../src/probe/schedule.ts'

const startedAt = 1_700_000_000_123.456

/** How many requests a sender that is never late sends in all. */
function sentInTime(schedule: Schedule): number {
  let sent = 0
  for (let now = startedAt; now < schedule.endAt + 50; now += 0.9) {
    while (schedule.dueAt(sent, now) <= now) sent++
  }
  return sent
}

describe('the schedule', () => {
  test.each([
    [350, 2_000, 700],
    [1, 1_000, 1],
    [3, 1_000, 3],
    [0.5, 2_000, 1],
    [0.5, 2_001, 2],
    [100, 505, 51],
    [7_777, 1_000, 7_777],
  ])('%d/s for %d ms are %d requests', (rate, durationMs, requests) => {
    expect(sentInTime(new Schedule(rate, startedAt, durationMs))).toBe(requests)
  })

  test('request by request, what is due by a moment is what was due at one before', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 10_000, noNaN: true }),
        fc.double({ min: 0, max: 1_000, noNaN: true }),
        (rate, afterMs) => {
          const schedule = new Schedule(rate, startedAt)
          const now = startedAt + afterMs
          const due = schedule.dueBy(now)
          expect(schedule.dueAt(due - 1, now)).toBeLessThanOrEqual(now)
          expect(schedule.dueAt(due, now)).toBeGreaterThan(now)
        },
      ),
    )
  })

  test('flat out, a request is due whenever it is asked for, until the end', () => {
    const schedule = new Schedule('max', startedAt, 1_000)
    expect(schedule.dueAt(12_345, startedAt + 999)).toBe(startedAt + 999)
    expect(schedule.dueAt(12_345, startedAt + 1_000)).toBe(Number.POSITIVE_INFINITY)
  })
})
