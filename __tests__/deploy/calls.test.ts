import { describe, expect, test } from '@jest/globals'
import { slowPair } from '../../bench/polling.ts'
import { simulate } from '../../sandbox/simulation.ts'

/** The deploy of bench/polling.ts: its candidate turns healthy about 240 s after it was staged, seen by checks every 15 s. */
async function callsOf(seed: number, slowSeconds: number) {
  const simulation = simulate({
    seed,
    slowSeconds,
    topology: slowPair,
  })
  const { report } = await simulation.act({ image: 'sample-app:0.0.2-slow' })
  expect(report.outcome.status).toBe('succeeded')
  return simulation.wire.calls.list()
}

describe('AWS calls', () => {
  test('a deploy whose candidate needs four minutes makes no more than 45', async () => {
    for (let seed = 1; seed <= 15; seed++) {
      // Spread over a whole interval of the checks, as in the bench.
      const calls = await callsOf(seed, 204 + ((seed * 4) % 15))
      const at = (operation: string) => calls.find(call => call.operation === operation)?.at ?? Number.NaN
      const minutes = (at('ModifyListener') - at('UpdateService')) / 60_000
      expect(minutes).toBeGreaterThan(3.7)
      expect(calls.length).toBeLessThanOrEqual(45)
    }
  })

  test('what is proven was seen in the two seconds before the write', async () => {
    const calls = await callsOf(1, 207)
    const shiftedAt = calls.find(call => call.operation === 'ModifyListener')?.at ?? Number.NaN
    const before = calls.filter(call => call.at < shiftedAt && call.at >= shiftedAt - 2_000)
    expect(before.map(call => call.operation)).toEqual(
      expect.arrayContaining(['DescribeTargetHealth', 'DescribeServices', 'DescribeListeners']),
    )
  })
})
