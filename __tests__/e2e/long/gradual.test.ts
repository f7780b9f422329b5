import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { putAlarm, quietAlarm } from '../../../sandbox/metric-alarm.ts'
import { lines, openStage, type Stage } from '../stage.ts'

/** Gradual shifts through the bundle, under traffic: every other case runs in virtual time (`__tests__/deploy`). */

const canary = { strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '6s' }

describe('a canary, through the bundle', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    stage.watch()
  })
  afterAll(() => stage.close())

  test('a good version: a part first, then all, watched by an alarm, and no request fails', async () => {
    putAlarm(stage.sandbox, 'errors', 'OK', quietAlarm(stage.sandbox.topology.loadBalancerArn))
    const result = await stage.run({
      image: 'sample-app:0.0.2',
      ...canary,
      'bake-time': '5s',
      'alarm-names': 'errors',
      'production-url': stage.url,
    })
    expect(result).toMatchObject({ conclusion: 'success', exitCode: 0 })
    expect(result.outputs).toMatchObject({ 'deployment-status': 'succeeded', 'failed-requests': '0' })
    expect(lines(result)).toContain('Shift HTTP:80 to green: blue 100, green 0 → blue 90, green 10')
    expect(lines(result)).toContain('Shift HTTP:80 to green: blue 90, green 10 → blue 0, green 100')
    expect(lines(result)).toMatch(/bake-time is 5s, but the alarms look at periods of 1m/)
    expect(result.summary).toContain('| 10% |')
    expect(stage.weights()).toEqual({ blue: 0, green: 100 })
    const seen = stage.watch().snapshot()
    expect(seen.failed).toBe(0)
    expect(seen.versions.map(version => version.version)).toEqual(['0.0.1', '0.0.2'])
  })

  test('a version that degrades: traffic goes back, and the step fails', async () => {
    const before = stage.watch().snapshot()
    const result = await stage.run({
      image: 'sample-app:0.0.3-degrades',
      'environment-variables': 'DEGRADE_AFTER=30',
      ...canary,
      'canary-bake-time': '60s',
      'production-url': stage.url,
    })
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 1 })
    expect(result.outputs).toMatchObject({
      'deployment-status': 'rolled-back',
      'rolled-back': 'true',
      'active-color': 'green',
      version: '0.0.2',
      'failure-reason': expect.stringMatching(/^REQUESTS_FAILED: /),
    })
    expect(result.summary).toContain('rolled back')
    expect(stage.weights()).toEqual({ blue: 0, green: 100 })
    // Nobody but those whom the canary was given can have been hurt.
    const after = stage.watch().snapshot()
    const failed = after.failed - before.failed
    expect(failed).toBeGreaterThan(0)
    expect(failed).toBeLessThan((after.total - before.total) * 0.1)
  })
})
