import { describe, expect, test } from '@jest/globals'
import { inClockTime } from '../../sandbox/clock-times.ts'
import type { ControlPlane } from '../../sandbox/cloud/ports.ts'
import { wallTimeline } from '../../sandbox/timeline.ts'

const start = Date.UTC(2027, 0, 15, 8)

/** Of a sandbox that has been running since `start`, eight times faster than life. */
const times = {
  toClock: (time: number) => start + (time - start) / 8,
  fromClock: (time: number) => start + (time - start) * 8,
}

function plane(output: Record<string, unknown>): { asked: unknown[]; told: ControlPlane } {
  const asked: unknown[] = []
  const told = {
    call(...call: Parameters<ControlPlane['call']>) {
      asked.push(call)
      return output
    },
  }
  return { asked, told: inClockTime(told, times) }
}

describe('a sandbox that runs faster than life', () => {
  test('tells when something happened as the clock has it', () => {
    const event = { id: 'one', message: 'has started 1 tasks', createdAt: new Date(start + 80_000) }
    const service = { events: [event], createdAt: new Date(start), desiredCount: 2, tags: undefined, startTime: 3 }
    const { told } = plane({ services: [service], failures: [] })
    expect(told.call('ecs', 'DescribeServices', {})).toEqual({
      services: [{ ...service, events: [{ ...event, createdAt: new Date(start + 10_000) }] }],
      failures: [],
    })
    // Its own are not touched.
    expect(event.createdAt).toEqual(new Date(start + 80_000))
  })

  test('reads times that it is asked for, and those that logs have as numbers', () => {
    const { asked, told } = plane({
      events: [{ timestamp: start + 8_000, ingestionTime: start + 16_000, message: '1' }],
    })
    const input = { logGroupName: 'app', startTime: start + 500, limit: 3 }
    expect(told.call('logs', 'GetLogEvents', input)).toEqual({
      events: [{ timestamp: start + 1_000, ingestionTime: start + 2_000, message: '1' }],
    })
    told.call('cloudwatch', 'DescribeAlarmHistory', { StartDate: new Date(start + 1_000) })
    expect(asked).toEqual([
      ['logs', 'GetLogEvents', { ...input, startTime: start + 4_000 }],
      ['cloudwatch', 'DescribeAlarmHistory', { StartDate: new Date(start + 8_000) }],
    ])
  })

  test('knows the clock from its own time, and the other way round', () => {
    const before = Date.now()
    const timeline = wallTimeline(1_000)
    const told = timeline.toClock(timeline.now())
    expect(told).toBeGreaterThanOrEqual(before)
    expect(told).toBeLessThanOrEqual(Date.now() + 1)
    expect(timeline.fromClock(timeline.toClock(start))).toBeCloseTo(start, 0)
    timeline.stop()
  })
})
