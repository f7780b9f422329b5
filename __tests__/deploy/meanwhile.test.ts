import { describe, expect, test } from '@jest/globals'
import { type Actor, type Simulation, simulate } from '../../sandbox/simulation.ts'
import { called, listeners, lockTags } from './locking.ts'

/** What happens to listeners, targets and locks while a run of ours works, or does not get an answer. */

const image = 'sample-app:0.0.2'
const twoListeners = { productionPorts: [80, 8080] }
const stickySeconds = 77

function give(simulation: Simulation, listener: number, blue: number, green: number): void {
  const { cloud, topology } = simulation
  const TargetGroups = [
    { TargetGroupArn: topology.targetGroupArns.blue, Weight: blue },
    { TargetGroupArn: topology.targetGroupArns.green, Weight: green },
  ]
  const TargetGroupStickinessConfig = { Enabled: true, DurationSeconds: stickySeconds }
  cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: topology.productionArns[listener],
    DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }],
  })
}

function stickinessOf({ cloud, topology }: Simulation): unknown {
  const { Listeners } = cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [topology.productionArns[0]] }) as {
    Listeners: readonly { DefaultActions: readonly { ForwardConfig: object }[] }[]
  }
  return Listeners[0]?.DefaultActions[0]?.ForwardConfig
}

/** Somebody gives the first listener these weights once this operation was called; so long after, the run is cancelled. */
function cancelled(simulation: Simulation, operation: string, blue: number, green: number, cancelMs = 3_000) {
  const cancel = new AbortController()
  const beside: Actor = async clock => {
    while (!called(simulation, operation)) await clock.sleep(5)
    give(simulation, 0, blue, green)
    await clock.sleep(cancelMs)
    cancel.abort(new Error('SIGINT'))
  }
  const inputs = { image, strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '30s' }
  const owner = { nonce: '0123456789abcdef' }
  return simulation.act(inputs, [beside], { signal: cancel.signal, owner })
}

describe('a run that is cancelled', () => {
  test.each([
    ['before it has moved anything', 'UpdateService'],
    ['in the middle of a shift', 'ModifyListener'],
  ])(
    '%s takes nothing back of what somebody else has moved, and leaves its post step nothing to do',
    async (_, when) => {
      const simulation = simulate({ seed: 11, topology: { ...twoListeners, idleInProduction: true } })
      // A run that looks in between ends with TRAFFIC_MOVED: this one has no time to.
      const { report, lines } = await cancelled(simulation, when, 37, 63, 20)
      expect(report.outcome).toMatchObject({ status: 'cancelled' })
      expect(listeners(simulation)[0]).toEqual({ blue: 37, green: 63 })
      expect(lines.join('\n')).toContain('Somebody else moved traffic during this run: HTTP:80')
      expect(report.unfinished).toBeUndefined()
      expect(lockTags(simulation)).toBeUndefined()
      const next = await simulation.act({ image })
      expect(next.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LIVE_UNCLEAR' } })
      expect(listeners(simulation)[0]).toEqual({ blue: 37, green: 63 })
    },
  )
})

describe('a run that is cancelled, and may not give all of the traffic back', () => {
  test('leaves the rest to its post step, or to the next run', async () => {
    for (const post of [true, false]) {
      const simulation = simulate({
        seed: 18,
        topology: { ...twoListeners, idleInProduction: true },
        // Whoever else looks must not use up the buckets.
        settings: { throttling: false },
      })
      // Two give the new color its share, and two take it back.
      simulation.wire.faults.add([{ kind: 'denied', operation: 'ModifyListener', after: 3, times: 1 }])
      const cancel = new AbortController()
      const beside: Actor = async clock => {
        while (listeners(simulation)[1]?.green === 0) await clock.sleep(5)
        await clock.sleep(3_000)
        cancel.abort(new Error('SIGINT'))
      }
      const inputs = { image, strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '30s' }
      const owner = { nonce: '0123456789abcdef' }
      const { report } = await simulation.act(inputs, [beside], { signal: cancel.signal, owner })
      expect(report).toMatchObject({ unfinished: true, outcome: { status: 'cancelled' } })
      expect(listeners(simulation)[0]).not.toEqual(listeners(simulation)[1])
      if (post) await simulation.act(inputs, [], { owner, post })
      else expect((await simulation.act({ image })).report.outcome).toMatchObject({ status: 'succeeded' })
      expect(listeners(simulation)[0]).toEqual(listeners(simulation)[1])
      expect(lockTags(simulation)).toBeUndefined()
    }
  })
})

describe('a run that was killed while it put the new version on idle', () => {
  test('leaves its post step the idle service to put back, and no weights', async () => {
    const simulation = simulate({ seed: 12, topology: { ...twoListeners, idleInProduction: true } })
    const owner = { nonce: '0123456789abcdef' }
    await simulation.act({ image }, [], { owner, kill: { operation: 'UpdateService', call: 1, when: 'after' } })
    give(simulation, 0, 37, 63)
    await simulation.act({ image }, [], { owner, post: true })
    expect(listeners(simulation)[0]).toEqual({ blue: 37, green: 63 })
  })
})

describe('a run that ends because somebody else has moved traffic', () => {
  test('leaves no journal that would let the next run take his weights for its own', async () => {
    const simulation = simulate({ seed: 13, topology: { ...twoListeners, idleInProduction: true } })
    const beside: Actor = async clock => {
      while (!called(simulation, 'ModifyListener')) await clock.sleep(5)
      give(simulation, 0, 37, 63)
    }
    const { report } = await simulation.act({ image, strategy: 'canary', 'canary-percent': '10' }, [beside])
    expect(report.outcome).toMatchObject({ failure: { code: 'TRAFFIC_MOVED' } })
    expect(lockTags(simulation)).toBeUndefined()
    const next = await simulation.act({ image })
    expect(next.report.outcome).toMatchObject({ failure: { code: 'LIVE_UNCLEAR' } })
    expect(listeners(simulation)[0]).toEqual({ blue: 37, green: 63 })
  })
})

describe('a look that hangs', () => {
  test('is taken again before the shift: what others have written meanwhile is not overwritten', async () => {
    const simulation = simulate({ seed: 14 })
    let hung = false
    simulation.wire.faults.add(
      [{ kind: 'hang', operation: 'DescribeServices', when: 'before', after: 5, times: 1 }],
      () => {
        hung = true
      },
    )
    const beside: Actor = async clock => {
      while (!hung) await clock.sleep(5)
      await clock.sleep(5_000)
      give(simulation, 0, 100, 0)
    }
    const { report } = await simulation.act({ image }, [beside])
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(stickinessOf(simulation)).toMatchObject({
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: stickySeconds },
    })
  })
})

describe('a note in the journal that hangs', () => {
  test('is no reason to move traffic on a proof that has grown old meanwhile', async () => {
    const simulation = simulate({ seed: 16, topology: { idleInProduction: true } })
    let hung = false
    // The first note that is written after the lock was made is the one before the shift.
    simulation.wire.faults.add([{ kind: 'hang', operation: 'AddTags', when: 'before', times: 1 }], () => {
      hung = true
    })
    const beside: Actor = async clock => {
      while (!hung) await clock.sleep(5)
      await clock.sleep(5_000)
      const { cluster, service } = simulation.topology.inputs
      simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-green`, desiredCount: 0 })
    }
    const { report } = await simulation.act({ image }, [beside])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'SCALED_TO_ZERO' } })
    expect(called(simulation, 'ModifyListener')).toBe(false)
  })
})

describe('a lock that cannot be deleted', () => {
  test('has expired, so that nobody has to wait for it', async () => {
    const simulation = simulate({ seed: 17 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DeleteTargetGroup', times: 1 }])
    const { report } = await simulation.act({ image })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(Date.parse(lockTags(simulation)?.ExpiresAt ?? '')).toBeLessThanOrEqual(simulation.timeline.now())
    await simulation.act({ image })
    expect(lockTags(simulation)).toBeUndefined()
  })
})

describe('a lock that is taken over from a run in the middle of a shift', () => {
  test('leaves no note of that shift on the target group', async () => {
    const simulation = simulate({ seed: 15, topology: { ...twoListeners, idleInProduction: true } })
    const kill = { operation: 'ModifyListener', call: 1, when: 'after' } as const
    await simulation.act({ image }, [], { owner: { runId: '9', attempt: 1 }, kill })
    expect(listeners(simulation)[0]).not.toEqual(listeners(simulation)[1])
    // It is killed too, right after it has given the traffic back.
    await simulation.act({ image }, [], { owner: { runId: '9', attempt: 2 }, kill })
    expect(listeners(simulation)[0]).toEqual(listeners(simulation)[1])
    const arn = simulation.topology.targetGroupArns.blue
    const { TagDescriptions } = simulation.cloud.call('elbv2', 'DescribeTags', { ResourceArns: [arn] }) as {
      TagDescriptions: readonly { Tags: readonly { Key: string; Value: string }[] }[]
    }
    const note = TagDescriptions[0]?.Tags.find(({ Key }) => Key === 'UnfinishedShift')
    expect(note?.Value).toBe('')
  })
})

describe('after a rollback', () => {
  test('the idle service is left as it is when somebody sends traffic there before it is put back', async () => {
    const simulation = simulate({ seed: 21, settings: { throttling: false } })
    const somebody: Actor = async clock => {
      while (listeners(simulation)[0]?.green !== 50) await clock.sleep(5)
      while (listeners(simulation)[0]?.green !== 0) await clock.sleep(5)
      await clock.sleep(1_000)
      give(simulation, 0, 37, 63)
    }
    const inputs = { image: 'sample-app:0.0.2-degrades', 'production-url': 'http://www.example.com/version' }
    const { report } = await simulation.act(
      { ...inputs, strategy: 'canary', 'canary-percent': '50', 'canary-bake-time': '5m' },
      [somebody],
    )
    expect(report.outcome).toMatchObject({ status: 'rolled-back' })
    expect(listeners(simulation)[0]).toEqual({ blue: 37, green: 63 })
    expect(simulation.wire.calls.list().filter(call => call.operation === 'UpdateService')).toHaveLength(1)
  })
})

describe('a run that is cancelled once somebody has deployed to the idle service', () => {
  test('leaves it to him, also when that is the same revision', async () => {
    const simulation = simulate({ seed: 22, settings: { throttling: false } })
    const { cluster, service } = simulation.topology.inputs
    const cancel = new AbortController()
    const somebody: Actor = async clock => {
      while (!called(simulation, 'UpdateService')) await clock.sleep(5)
      await clock.sleep(1_000)
      simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-green`, forceNewDeployment: true })
      await clock.sleep(1_000)
      cancel.abort(new Error('SIGINT'))
    }
    const { report } = await simulation.act({ image }, [somebody], { signal: cancel.signal })
    expect(report.outcome).toMatchObject({ status: 'cancelled' })
    expect(simulation.wire.calls.list().filter(call => call.operation === 'UpdateService')).toHaveLength(1)
  })
})

test('what was read beside a lost answer is read again before the idle service is touched', async () => {
  const simulation = simulate({
    seed: 12,
    topology: { rules: [{ priority: 10, pathPattern: '/api/*' }] },
    settings: { throttling: false },
  })
  const { cloud, topology, wire } = simulation
  const rule = topology.productionArns.find(arn => arn.includes(':listener-rule/'))
  // The first was asked before the lock was ours; the second is given up after half a minute.
  wire.faults.add([{ kind: 'hang', operation: 'DescribeListeners', when: 'after', after: 1, times: 1 }])
  const somebody: Actor = async clock => {
    await clock.sleep(15_000)
    const TargetGroups = [
      { TargetGroupArn: topology.targetGroupArns.blue, Weight: 37 },
      { TargetGroupArn: topology.targetGroupArns.green, Weight: 63 },
    ]
    cloud.call('elbv2', 'ModifyRule', {
      RuleArn: rule,
      Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
    })
  }
  const { report } = await simulation.act({ image }, [somebody])
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TRAFFIC_MOVED' } })
  expect(called(simulation, 'UpdateService')).toBe(false)
})
