import { DescribeServicesCommand } from '@aws-sdk/client-ecs'
import { DescribeTargetHealthCommand, ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { seededRandom } from '../../../sandbox/random.ts'
import { runInVirtualTime, VirtualTimeline } from '../../../sandbox/timeline.ts'
import { createInProcessHandler } from '../../../sandbox/wire/in-process.ts'
import { createWire } from '../../../sandbox/wire/wire.ts'
import { ClockedRetryStrategy } from '../../../src/aws/retry.ts'
import type { Clock } from '../../../src/deploy/clock.ts'
import { type Clients, clients, scripted } from './scripted.ts'

const start = Date.UTC(2026, 0, 5)

/** Real timers that nobody fires: whatever would wait on one hangs, and the test fails. */
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] })
})
afterEach(() => {
  jest.useRealTimers()
})

function world() {
  const timeline = new VirtualTimeline(start)
  const plane = scripted({})
  const random = seededRandom(5)
  const wire = createWire({ controlPlane: plane, random })
  const client = (clock: Clock, signal = new AbortController().signal) =>
    clients({
      endpoint: 'http://sandbox.invalid',
      requestHandler: createInProcessHandler({ wire, clock, random, latency: { minMs: 30, maxMs: 80 } }),
      retryStrategy: new ClockedRetryStrategy(clock, signal, () => undefined),
    })
  /** Runs actors that have clients of their own, and gives what became of them. */
  const run = <T>(...actors: readonly ((all: Clients, clock: Clock) => Promise<T>)[]) =>
    runInVirtualTime(
      timeline,
      actors.map(actor => (clock: Clock) => actor(client(clock), clock)),
    )
  return { timeline, plane, wire, run }
}

const describeServices = new DescribeServicesCommand({ services: ['blue'] })
const health = new DescribeTargetHealthCommand({ TargetGroupArn: 'arn:t' })

describe('in virtual time', () => {
  test('a call takes its latency, half of it before it is carried out', async () => {
    const { timeline, wire, run } = world()
    await run(async all => all.ecs.send(describeServices))
    const took = timeline.now() - start
    expect(took).toBeGreaterThanOrEqual(30)
    expect(took).toBeLessThanOrEqual(80)
    expect(wire.calls.list()[0]?.at).toBeCloseTo(start + took / 2, 3)
  })

  test('hours of polling with retries and delays need no real timer', async () => {
    const { timeline, plane, wire, run } = world()
    wire.faults.add([
      { kind: 'throttle', after: 10, times: 4 },
      { kind: 'lost-answer', after: 30, times: 2 },
      { kind: 'delay', delayMs: 5_000, after: 50, times: 1 },
    ])
    const [ended] = await run(async (all, clock) => {
      for (let round = 0; round < 240; round++) {
        await all.elb.send(health)
        await clock.sleep(30_000)
      }
    })
    expect(ended).toEqual({ status: 'fulfilled', value: undefined })
    expect(timeline.now() - start).toBeGreaterThan(2 * 3_600_000)
    // The lost answers were carried out, the throttled calls were not.
    expect(plane.received).toHaveLength(242)
    expect(wire.calls.list()).toHaveLength(246)
    expect(Math.max(...wire.calls.list().map(call => call.attempt))).toBe(5)
  })

  test('two actors share one log and one set of rules, and take turns by the clock', async () => {
    const { wire, run } = world()
    const poll = async (all: Clients, clock: Clock) => {
      for (let round = 0; round < 20; round++) {
        await all.ecs.send(describeServices)
        await clock.sleep(100)
      }
    }
    await run(poll, poll)
    const times = wire.calls.list().map(call => call.at)
    expect(times).toHaveLength(40)
    expect(times).toEqual([...times].sort((left, right) => left - right))
  })

  test('the same seed gives the same run', async () => {
    const once = async () => {
      const { wire, run } = world()
      await run(
        async all => all.ecs.send(describeServices),
        async all => all.elb.send(health),
      )
      return wire.calls.list()
    }
    expect(await once()).toEqual(await once())
  })

  test('an abort ends a call that is under way, and the SDK does not try again', async () => {
    const { timeline, wire, run } = world()
    wire.faults.add([{ kind: 'delay', delayMs: 10_000 }])
    const controller = new AbortController()
    const [call] = await run(
      async all => all.ecs.send(describeServices, { abortSignal: controller.signal }),
      async (_all, clock) => {
        await clock.sleep(1_000)
        controller.abort(new Error('cancelled'))
        return undefined
      },
    )
    expect(call).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } })
    expect(timeline.now() - start).toBe(1_000)
    expect(wire.calls.list()).toEqual([])
  })

  test('a client that has been aborted before sends nothing', async () => {
    const { wire, run } = world()
    const [call] = await run(async all => all.ecs.send(describeServices, { abortSignal: AbortSignal.abort() }))
    expect(call).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } })
    expect(wire.calls.list()).toEqual([])
  })

  test('a call delayed beyond the patience of the client ends in its timeout, and is tried again', async () => {
    const { timeline, plane, wire, run } = world()
    wire.faults.add([{ kind: 'delay', delayMs: 120_000, times: 1 }])
    const [call] = await run(async all => (await all.ecs.send(describeServices)).$metadata.attempts)
    expect(call).toEqual({ status: 'fulfilled', value: 2 })
    expect(plane.received).toHaveLength(1)
    expect(timeline.now() - start).toBeGreaterThan(30_000)
    expect(timeline.now() - start).toBeLessThan(31_000)
  })

  test('a lost answer is what the SDK takes for a reset connection', async () => {
    const { plane, wire, run } = world()
    wire.faults.add([{ kind: 'lost-answer' }])
    const [call] = await run(async all => all.ecs.send(describeServices))
    expect(call).toMatchObject({ status: 'rejected', reason: { name: 'TimeoutError', code: 'ECONNRESET' } })
    expect(plane.received).toHaveLength(6)
  })

  test('inputs with zero weights arrive as they were sent', async () => {
    const { plane, run } = world()
    const DefaultActions = [
      { Type: 'forward' as const, ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'b', Weight: 0 }] } },
    ]
    await run(async all => all.elb.send(new ModifyListenerCommand({ ListenerArn: 'l', DefaultActions })))
    expect(plane.received[0]?.input).toEqual({ ListenerArn: 'l', DefaultActions })
  })
})
