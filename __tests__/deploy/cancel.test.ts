import { describe, expect, test } from '@jest/globals'
import { putAlarm, setAlarm } from '../../sandbox/metric-alarm.ts'
import { type SimulationOptions, simulate } from '../../sandbox/simulation.ts'
import type { RunReport } from '../../src/model/report.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { listeners, lockTags, service } from './locking.ts'

/** The way out of a canary that is cancelled while it is watched: what main does at once, and what it leaves to its post step. */

const image = 'sample-app:0.0.2'
const canary = { image, strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '5m' }

async function cancelled(topology: SimulationOptions['topology']) {
  const simulation = simulate({ seed: 1, topology: { ...topology }, settings: { throttling: false } })
  const before = service(simulation, 'green')
  const cancel = new AbortController()
  const owner = { nonce: '0123456789abcdef' }
  let cancelledAt = Number.NaN
  const { report, lines } = await simulation.act(
    canary,
    [
      async clock => {
        while (listeners(simulation)[0]?.green !== 10) await clock.sleep(10)
        await clock.sleep(20_000)
        cancelledAt = clock.now()
        cancel.abort(new Error('SIGINT'))
      },
    ],
    { signal: cancel.signal, owner },
  )
  expect(report.outcome).toMatchObject({ status: 'cancelled' })
  expect(listeners(simulation)).toEqual([{ blue: 100, green: 0 }])
  const post = () => simulation.act(canary, [], { owner, post: true })
  const when = (operation: string) =>
    simulation.wire.calls.list().findLast(call => call.operation === operation)?.at ?? Number.NaN
  return { simulation, before, report, lines, post, when, mainMs: report.endedAt - cancelledAt }
}

const message = ({ outcome }: RunReport) => ('failure' in outcome ? outcome.failure.details.join('\n') : '')

describe('a canary that is cancelled', () => {
  test('when ECS replaces tasks one by one: main puts the idle service back without waiting for the nodes', async () => {
    const { simulation, before, report, mainMs } = await cancelled({})
    expect(mainMs).toBeLessThan(2_000)
    expect(report.unfinished).toBeUndefined()
    const { taskDefinition, desiredCount } = before
    expect(service(simulation, 'green')).toMatchObject({ taskDefinition, desiredCount })
    expect(lockTags(simulation)).toBeUndefined()
    expect(message(report)).toContain('production is back on 0.0.1.')
    expect(summaryOf(report)).toContain('Production is on blue, all of it.')
    expect(summaryOf(report)).not.toContain('never left')
    expect(message(report)).toMatch(/-green was put back to \S+:1 \(version 0\.0\.1\) with 2 tasks\./)
  })

  test.each<[string, SimulationOptions['topology']]>([
    ['ECS may stop tasks before others serve', { minimumHealthyPercent: 50 }],
    ['the idle service was parked', { tasks: { blue: 2, green: 0 } }],
    ['the idle service was smaller', { tasks: { blue: 3, green: 2 } }],
  ])('when %s: the post step does it, once the nodes have heard of it', async (_, topology) => {
    const { simulation, before, report, post, when, mainMs } = await cancelled(topology)
    expect(mainMs).toBeLessThan(2_000)
    expect(report.unfinished).toBe(true)
    expect(message(report)).toContain('-green was not put back yet: the post step of this job does it.')
    await post()
    const { taskDefinition, desiredCount } = before
    expect(service(simulation, 'green')).toMatchObject({ taskDefinition, desiredCount })
    expect(when('UpdateService') - when('ModifyListener')).toBeGreaterThanOrEqual(10_000)
    expect(lockTags(simulation)).toBeUndefined()
  })
})

describe('a deploy that has failed under all the traffic, and is cancelled before that is back', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['goes back all the same, and says why', {}, 'blue'],
    ['stays when on-cancel is leave', { 'on-cancel': 'leave' }, 'green'],
    ['stays when rollback-on-failure is false', { 'rollback-on-failure': 'false' }, 'green'],
  ])('%s', async (_, inputs, color) => {
    const simulation = simulate({ seed: 1, settings: { throttling: false } })
    putAlarm(simulation, 'errors', 'OK')
    const cancel = new AbortController()
    const { report } = await simulation.act(
      { image, 'bake-time': '5m', 'alarm-names': 'errors', ...inputs },
      [
        async clock => {
          while (listeners(simulation)[0]?.green !== 100) await clock.sleep(10)
          await clock.sleep(20_000)
          setAlarm(simulation, 'errors', 'ALARM')
          const before = simulation.wire.calls.list().length
          const looked = () => simulation.wire.calls.list().slice(before)
          while (!looked().some(call => call.operation === 'DescribeAlarms')) await clock.sleep(1)
          // It is looked whether blue can take the traffic; nothing is written yet.
          await clock.sleep(60)
          expect(looked().filter(call => call.operation === 'ModifyListener')).toEqual([])
          cancel.abort(new Error('SIGINT'))
        },
      ],
      { signal: cancel.signal, owner: { nonce: '0123456789abcdef' } },
    )
    expect(listeners(simulation)).toEqual([color === 'blue' ? { blue: 100, green: 0 } : { blue: 0, green: 100 }])
    expect(lockTags(simulation)).toBeUndefined()
    if (color === 'green') return
    expect(report.outcome).toMatchObject({ status: 'cancelled' })
    expect(message(report)).toContain('It had failed before: The alarm errors went off.')
    expect(message(report)).toContain('production is back on 0.0.1.')
  })
})

describe('a main that was killed after it had begun to give traffic back', () => {
  test('leaves the idle service to its post step, which waits for nothing that is not needed', async () => {
    const simulation = simulate({ seed: 1, settings: { throttling: false } })
    const before = service(simulation, 'green')
    const owner = { nonce: '0123456789abcdef' }
    await simulation.act(canary, [], { owner, kill: { operation: 'ModifyListener', call: 1, when: 'after' } })
    expect(listeners(simulation)).toEqual([{ blue: 90, green: 10 }])
    const startedAt = simulation.timeline.now()
    await simulation.act(canary, [], { owner, post: true })
    expect(simulation.timeline.now() - startedAt).toBeLessThan(3_000)
    expect(listeners(simulation)).toEqual([{ blue: 100, green: 0 }])
    const { taskDefinition, desiredCount } = before
    expect(service(simulation, 'green')).toMatchObject({ taskDefinition, desiredCount })
  })
})
