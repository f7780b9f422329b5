import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { lines, openStage, type Stage } from '../stage.ts'

/** Runs that end between the writes to two listeners, through dist/index.js on real sockets, under traffic. */

type Weights = Readonly<Record<string, number>>

describe('between the writes to two listeners', () => {
  let stage: Stage
  beforeEach(async () => {
    // ECS may stop tasks before others serve, so what still sends there has to be waited for.
    stage = await openStage({ topology: { productionPorts: [8080, 8443], minimumHealthyPercent: 50 } })
    stage.watch()
  })
  afterEach(() => stage.close())

  function both(): readonly Weights[] {
    return stage.sandbox.topology.productionArns.map(arn => stage.weightsOf(arn))
  }

  const later = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

  /** Starts a deploy for which the first `operation` after the write to its first listener hangs, and waits until it does. */
  async function startHalf(operation: 'ModifyListener' | 'DescribeListeners') {
    const { faults } = stage.sandbox.api
    const hung = new Promise<void>(resolve => {
      if (operation === 'ModifyListener') {
        faults.add([{ kind: 'hang', operation, after: 1, times: 1 }], () => resolve())
      } else {
        const first = { kind: 'delay', operation: 'ModifyListener', delayMs: 0, times: 1 } as const
        faults.add([first], () => faults.add([{ kind: 'hang', operation, times: 1 }], () => resolve()))
      }
    })
    const action = stage.start({ image: 'sample-app:0.0.2', timeout: '5m' })
    await hung
    expect(both()).toEqual([
      { blue: 0, green: 100 },
      { blue: 100, green: 0 },
    ])
    return action
  }

  function expectGivenBack(): void {
    expect(both()).toEqual([
      { blue: 100, green: 0 },
      { blue: 100, green: 0 },
    ])
    expect(String(stage.service('green').taskDefinition)).toMatch(/sample:1$/)
    expect(stage.lock()).toBeUndefined()
    expect(stage.watch().snapshot().failed).toBe(0)
  }

  test('a cancel gives the first one back within seconds, and the post step puts the idle service back', async () => {
    const action = await startHalf('DescribeListeners')
    const cancelledAt = performance.now()
    action.cancel()
    while (both()[0]?.blue !== 100) await later(200)
    expect(performance.now() - cancelledAt).toBeLessThan(7_000)
    const result = await action.result
    expect(result).toMatchObject({
      conclusion: 'cancelled',
      exitCode: 1,
      outputs: { 'deployment-status': 'cancelled', 'active-color': 'blue' },
      state: { phase: 'unfinished' },
      post: { exitCode: 0 },
    })
    expect(lines(result)).toContain('All the traffic is on blue, as it was before the run: production is on 0.0.1.')
    expectGivenBack()
  })

  test('when a write hangs until GitHub kills main, the post step gives everything back', async () => {
    const action = await startHalf('ModifyListener')
    action.cancel()
    const result = await action.result
    expect(result).toMatchObject({ conclusion: 'cancelled', state: { phase: 'running' }, post: { exitCode: 0 } })
    expect(lines(result)).toContain('Main was ended while it was moving traffic from blue to green')
    expectGivenBack()
  })

  test('a lost runner leaves lock and journal; the next attempt takes them up and deploys', async () => {
    const action = await startHalf('ModifyListener')
    action.kill()
    await action.result
    expect(both()).toEqual([
      { blue: 0, green: 100 },
      { blue: 100, green: 0 },
    ])
    expect(stage.lock()).toMatchObject({ Phase: 'shifting', From: 'blue', To: 'green', RunAttempt: '1' })

    const status = await stage.run({ mode: 'status' })
    expect(lines(status)).toMatch(/octo-org\/octo-repo run \d+ attempt 1 job deploy holds the lock/)

    const result = await stage.run({ image: 'sample-app:0.0.3' }, { GITHUB_RUN_ATTEMPT: '2' })
    expect(lines(result)).toContain('An earlier run was ended while it was moving traffic from blue to green')
    expect(result.outputs).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.3' })
    expect(both()).toEqual([
      { blue: 0, green: 100 },
      { blue: 0, green: 100 },
    ])
    expect(stage.lock()).toBeUndefined()
    expect(stage.watch().snapshot().failed).toBe(0)
  })
})
