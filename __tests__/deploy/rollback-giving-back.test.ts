import { describe, expect, test } from '@jest/globals'
import { putAlarm, setAlarm } from '../../sandbox/metric-alarm.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import type { Clock } from '../../src/deploy/clock.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { listeners, lockTags, service } from './locking.ts'

/** Rollbacks that meet a deploy which is taking back what it has done, by itself. */

const image = (number: number) => `sample-app:0.0.${number}`
const onBlue = [{ blue: 100, green: 0 }]

/** 0.0.3 is live on blue, and green has 0.0.2. */
async function threeLive(): Promise<Simulation> {
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  await simulation.act({ image: image(2) })
  await simulation.act({ image: image(3) })
  putAlarm(simulation, 'errors', 'OK')
  expect(listeners(simulation)).toEqual(onBlue)
  return simulation
}

/** The alarm of 0.0.4 goes off once green has so much of the traffic; then that goes back. */
const goesOff = (simulation: Simulation, share: number, givenBack: (at: number) => void) => async (clock: Clock) => {
  while (listeners(simulation)[0]?.green !== share) await clock.sleep(100)
  await clock.sleep(20_000)
  setAlarm(simulation, 'errors', 'ALARM')
  while (listeners(simulation)[0]?.green !== 0) await clock.sleep(10)
  givenBack(clock.now())
}

const whole = [100, { image: image(4), 'bake-time': '5m', 'alarm-names': 'errors' }] as const
const canary = [10, { image: image(4), strategy: 'canary', 'canary-bake-time': '5m', 'alarm-names': 'errors' }] as const

describe('a rollback, while a deploy gives its traffic back by itself', () => {
  // Right before: the weights, or the journal, change while the rollback takes the lock.
  test.each([
    ['all', -2_500, whole],
    ['all', -100, whole],
    ['all', 400, whole],
    ['a part', -100, canary],
    ['a part', 400, canary],
  ])('of %s, %i ms from then, goes no version further', async (_, shiftMs, [share, inputs]) => {
    const alone = await threeLive()
    const began = alone.timeline.now()
    let at = Number.NaN
    await alone.act(inputs, [goesOff(alone, share, now => (at = now - began))])

    const simulation = await threeLive()
    const [deploy, rollback] = await simulation.race(
      [{ inputs }, { inputs: { mode: 'rollback' }, more: { afterMs: at + shiftMs } }],
      [goesOff(simulation, share, () => {})],
    )
    expect(JSON.stringify(deploy?.report.outcome)).toContain('superseded')
    expect(rollback?.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(rollback && outputsOf(rollback.report)).toMatchObject({ version: '0.0.3', 'active-color': 'blue' })
    expect(listeners(simulation)).toEqual(onBlue)
    expect(lockTags(simulation)).toBeUndefined()

    const again = await simulation.act({ mode: 'rollback' })
    expect(outputsOf(again.report)).toMatchObject({ 'deployment-status': 'unchanged', version: '0.0.3' })
  })

  test('and is refused, because what it should flee from is not live by then, finishes what that deploy began', async () => {
    const [share, inputs] = whole
    const alone = await threeLive()
    const began = alone.timeline.now()
    let at = Number.NaN
    await alone.act(inputs, [goesOff(alone, share, now => (at = now - began))])

    const simulation = await threeLive()
    const had = service(simulation, 'green').taskDefinition
    const fleeing = { mode: 'rollback', 'expected-live': '0.0.4' }
    const [deploy, rollback] = await simulation.race(
      [{ inputs }, { inputs: fleeing, more: { afterMs: at - 2_500 } }],
      [goesOff(simulation, share, () => {})],
    )
    expect(JSON.stringify(deploy?.report.outcome)).toContain('superseded')
    expect(rollback?.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LIVE_NOT_EXPECTED' } })
    const told = JSON.stringify(rollback?.report.outcome)
    expect(told).toContain('green was given what it had before that run; nothing else was written.')
    expect(told).not.toContain('Nothing was written')
    expect(service(simulation, 'green').taskDefinition).toBe(had)
    expect(listeners(simulation)).toEqual(onBlue)
    expect(lockTags(simulation)).toBeUndefined()
  })

  test('is no way out of what is live when that deploy had moved none', async () => {
    const simulation = await threeLive()
    const { killed } = await simulation.act({ image: 'sample-app:0.0.4-crash', timeout: '60s' }, [], {
      owner: { runId: '9', attempt: 1 },
      kill: { operation: 'UpdateService', call: 2, when: 'before' },
    })
    expect(killed).toBe(true)
    expect(lockTags(simulation)).toMatchObject({ Phase: 'restoring', From: 'blue', Shares: '' })
    const { report } = await simulation.act({ mode: 'rollback' }, [], { owner: { runId: '9', attempt: 2 } })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.2' })
    expect(listeners(simulation)).toEqual([{ blue: 0, green: 100 }])
  })
})
