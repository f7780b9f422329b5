import { describe, expect, test } from '@jest/globals'
import { putAlarm, setAlarm } from '../../sandbox/metric-alarm.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { deploy, url } from './gradual-world.ts'

/** What is counted of the answers of `production-url`. */

const canary = { strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '5m' }

describe('production-url', () => {
  test('is asked until the bake is over, and not while the old color waits to be parked', async () => {
    const { report } = await deploy({ ...url, 'bake-time': '30s', 'idle-desired-count': '0' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const bake = report.phases.find(({ name }) => name === 'bake')
    const settle = report.phases.find(({ name }) => name === 'settle')
    const lastAt = Math.max(...(report.traffic?.versions ?? []).map(seen => seen.lastAt))
    expect(lastAt).toBeGreaterThan((bake?.startedAt ?? 0) + 30_000)
    expect(lastAt).toBeLessThan((settle?.startedAt ?? 0) + 1_000)
    // Parked two minutes after the shift.
    expect((settle?.endedAt ?? 0) - (settle?.startedAt ?? 0)).toBeGreaterThan(60_000)
  })
})

describe('flicker-ms', () => {
  test('does not count the mix that a canary is', async () => {
    const { report } = await deploy({ ...url, ...canary })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const both = report.traffic?.versions.map(({ version, firstAt }) => [version, firstAt] as const)
    expect(both).toHaveLength(2)
    // The nodes of the load balancer obey within 2.5 s.
    const flicker = Number(outputsOf(report)['flicker-ms'])
    expect(flicker).toBeGreaterThan(0)
    expect(flicker).toBeLessThanOrEqual(2_600)
  })

  test('is empty when traffic has moved back', async () => {
    const { report } = await deploy(
      { ...url, ...canary, 'alarm-names': 'errors' },
      {
        prepare: simulation => putAlarm(simulation, 'errors', 'OK'),
        beside: async beside => {
          await beside.untilGreenHas(10)
          await beside.clock.sleep(20_000)
          setAlarm(beside, 'errors', 'ALARM')
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'rolled-back' })
    expect(report.traffic?.versions).toHaveLength(2)
    expect(outputsOf(report)['flicker-ms']).toBe('')
  })
})
