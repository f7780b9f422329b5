import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { LatencyHistogram } from '../../src/probe/latency.ts'

describe('latencies', () => {
  test('every percentile is within 0.8 % of the true one, or half a microsecond', () => {
    const latency = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.double({ min: 0, max: 600_000, noNaN: true }),
    )
    fc.assert(
      fc.property(
        fc.array(latency, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        (latencies, percent) => {
          const histogram = new LatencyHistogram()
          for (const ms of latencies) histogram.add(ms)
          const sorted = latencies.toSorted((a, b) => a - b)
          const exact = sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN
          expect(Math.abs(histogram.percentile(percent) - exact)).toBeLessThanOrEqual(exact * 0.008 + 0.00051)
        },
      ),
    )
  })

  test('the maximum is exact, also beyond what the buckets reach', () => {
    const histogram = new LatencyHistogram()
    histogram.add(3)
    histogram.add(4_000_000.25)
    expect(histogram.summary().max).toBe(4_000_000.25)
  })

  test('a clock that was set back makes no negative latency', () => {
    const histogram = new LatencyHistogram()
    histogram.add(-5)
    expect(histogram.summary()).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 })
  })

  test('nothing counted is 0', () => {
    expect(new LatencyHistogram().summary()).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 })
  })
})
