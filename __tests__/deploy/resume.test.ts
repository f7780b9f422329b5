import { describe, expect, test } from '@jest/globals'
import { type ActOptions, type Simulation, simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { called, listeners, lockTags, service, writes } from './locking.ts'

/** Runs that are killed, cancelled or misheard at any call: the next one converges from what AWS says. */

const oldImage = 'sample-app:0.0.1'
const newImage = 'sample-app:0.0.2'
const twoListeners = { productionPorts: [80, 443] }

/** Calls of a deploy that nobody disturbs. */
async function callsOf(inputs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const simulation = simulate({ seed: 1, topology: twoListeners })
  await simulation.act(inputs)
  return simulation.wire.calls.list().map(call => call.operation)
}

/** Another attempt of the same run: GitHub starts it only when the first has ended. */
const first: ActOptions = { owner: { runId: '9', attempt: 1 } }
const second: ActOptions = { owner: { runId: '9', attempt: 2 } }

const betweenListeners = { operation: 'ModifyListener', call: 1, when: 'after' } as const

/** Production is whole, served by the image, and no run holds the pair any more. */
function expectWhole(simulation: Simulation, image: string): void {
  const weights = listeners(simulation)
  expect(weights.length).toBe(2)
  const live = weights[0]?.blue === 0 ? 'green' : 'blue'
  expect(weights).toEqual(weights.map(() => (live === 'green' ? { blue: 0, green: 100 } : { blue: 100, green: 0 })))
  const { taskDefinition, desiredCount, runningCount } = service(simulation, live)
  expect([desiredCount, runningCount]).toEqual([2, 2])
  expect(imageOf(simulation, taskDefinition)).toBe(image)
  expect(lockTags(simulation)).toBeUndefined()
}

function imageOf({ cloud }: Simulation, taskDefinition: string): string {
  const answer = cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition }) as {
    taskDefinition: { containerDefinitions: readonly { image: string }[] }
  }
  return answer.taskDefinition.containerDefinitions[0]?.image ?? ''
}

describe('a run that is killed', () => {
  // Before a call is after the one before it, as far as AWS can tell.
  test('after any of its calls: the next attempt deploys', async () => {
    const calls = await callsOf({ image: newImage })
    expect(calls.length).toBeGreaterThan(25)
    for (let call = 1; call <= calls.length; call++) {
      const simulation = simulate({ seed: 100 + call, topology: twoListeners })
      await simulation.act({ image: newImage }, [], { ...first, kill: { call, when: 'after' } })
      const { report } = await simulation.act({ image: newImage }, [], second)
      expect([call, calls[call - 1], report.outcome.status]).toEqual([
        call,
        calls[call - 1],
        expect.stringMatching(/^(succeeded|unchanged)$/),
      ])
      if (report.outcome.status === 'unchanged') {
        // Nothing is left to do, and the lock of the dead run is gone although this one took none.
        expect([call, lockTags(simulation)]).toEqual([call, undefined])
        expect(listeners(simulation)).toEqual([
          { blue: 0, green: 100 },
          { blue: 0, green: 100 },
        ])
      } else expectWhole(simulation, newImage)
    }
  })

  test('between two listeners: a deploy of something else first gives the traffic back', async () => {
    const simulation = simulate({ seed: 2, topology: twoListeners })
    await simulation.act({ image: newImage }, [], { ...first, kill: betweenListeners })
    expect(listeners(simulation)).toEqual([
      { blue: 0, green: 100 },
      { blue: 100, green: 0 },
    ])
    const { report, lines } = await simulation.act({ image: 'sample-app:0.0.3' }, [], second)
    expect(lines.join('\n')).toMatch(/An earlier run was ended while it was moving traffic from blue to green/)
    expect(lines.join('\n')).toMatch(/Give all the traffic to blue: blue had the traffic before/)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expectWhole(simulation, 'sample-app:0.0.3')
  })

  test('between two listeners, and the old color has died since: the new one gets all the traffic', async () => {
    const simulation = simulate({ seed: 3, topology: twoListeners })
    await simulation.act({ image: newImage }, [], { ...first, kill: betweenListeners })
    const { cluster, service: base } = simulation.topology.inputs
    simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${base}-blue`, desiredCount: 0 })
    const { report, lines } = await simulation.act({ image: 'sample-app:0.0.3' }, [], second)
    expect(lines.join('\n')).toMatch(/Give all the traffic to green: sample-blue has \d\/0 tasks running/)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expectWhole(simulation, 'sample-app:0.0.3')
  })

  test('between two listeners, and the color has no room for one more tag: the traffic is given back all the same', async () => {
    const simulation = simulate({ seed: 7, topology: twoListeners })
    await simulation.act({ image: newImage }, [], { ...first, kill: betweenListeners })
    // The note for the moment in which the lock changes hands, and the one that takes it back.
    simulation.wire.faults.add([{ kind: 'error', operation: 'AddTags', code: 'TooManyTags', times: 2 }])
    const { report } = await simulation.act({ image: newImage }, [], second)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.warnings).toContainEqual(expect.stringContaining('The tag UnfinishedShift of'))
    expectWhole(simulation, newImage)
  })

  test('between two listeners, by a run that nobody can prove dead: it is waited for, then undone', async () => {
    const simulation = simulate({ seed: 4, topology: twoListeners })
    await simulation.act({ image: newImage }, [], { kill: betweenListeners })
    const { report } = await simulation.act({ image: 'sample-app:0.0.3' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expectWhole(simulation, 'sample-app:0.0.3')
  })

  test('while the new color grows under a part of the traffic: the next attempt gives it back, and deploys', async () => {
    const simulation = simulate({ seed: 6, topology: twoListeners, settings: { throttling: false } })
    const canary = { image: newImage, strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '1m' }
    const { cluster, service: base } = simulation.topology.inputs
    await simulation.act(
      canary,
      [
        async clock => {
          while (listeners(simulation).some(one => one.green !== 10)) await clock.sleep(10)
          simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${base}-blue`, desiredCount: 3 })
        },
      ],
      { ...first, kill: { operation: 'UpdateService', call: 2, when: 'after' } },
    )
    expect(listeners(simulation)).toEqual([
      { blue: 90, green: 10 },
      { blue: 90, green: 10 },
    ])
    expect(lockTags(simulation)).toMatchObject({ Phase: 'shifting', Shares: 'blue 90 green 10' })
    const { report, lines } = await simulation.act(canary, [], second)
    expect(lines.join('\n')).toContain('Give all the traffic to blue')
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(service(simulation, 'green')).toMatchObject({ desiredCount: 3, runningCount: 3 })
  })

  test('and its successor is killed too, at any of its calls: the third one deploys', async () => {
    const kill = betweenListeners
    const whole = simulate({ seed: 5, topology: twoListeners })
    await whole.act({ image: newImage }, [], { ...first, kill })
    const before = whole.wire.calls.list().length
    await whole.act({ image: newImage }, [], second)
    const later = whole.wire.calls.list().slice(before)
    // Until the idle service is updated: what comes then is a deploy like any other.
    const needed = later.findIndex(call => call.operation === 'UpdateService')
    expect(needed).toBeGreaterThan(20)
    const firstWrite = later.findIndex(call => /^(Add|Create|Delete|Modify|Update)/.test(call.operation))
    for (let call = firstWrite + 1; call <= needed; call++) {
      const simulation = simulate({ seed: 300 + call, topology: twoListeners })
      await simulation.act({ image: newImage }, [], { ...first, kill })
      await simulation.act({ image: newImage }, [], { ...second, kill: { call, when: 'after' } })
      const { report } = await simulation.act({ image: newImage }, [], { owner: { runId: '9', attempt: 3 } })
      expect([call, report.outcome.status]).toEqual([call, expect.stringMatching(/^(succeeded|unchanged)$/)])
    }
  })

  test('leaves its post step to take it all back', async () => {
    const calls = await callsOf({ image: newImage })
    for (const [index, operation] of calls.entries()) {
      const simulation = simulate({ seed: 500 + index, topology: twoListeners })
      const before = service(simulation, 'green')
      const owner = { nonce: '0123456789abcdef', runId: '9' }
      const kill = { call: index + 1, when: 'after' } as const
      await simulation.act({ image: newImage }, [], { owner, kill })
      const { report } = await simulation.act({ image: newImage }, [], { owner, post: true })
      expect([operation, report.outcome.status]).toEqual([operation, 'unchanged'])
      const [weights] = listeners(simulation)
      expect(listeners(simulation)).toEqual([weights, weights])
      expect(lockTags(simulation)).toBeUndefined()
      if (weights?.green === 0) {
        const { taskDefinition, desiredCount } = service(simulation, 'green')
        expect([operation, taskDefinition, desiredCount]).toEqual([
          operation,
          before.taskDefinition,
          before.desiredCount,
        ])
      }
    }
  })
})

describe('a run that is cancelled', () => {
  /** When it has made so many calls, or this one. */
  async function cancelledAt(at: number | string, inputs: Readonly<Record<string, string>> = {}) {
    const simulation = simulate({
      seed: 700 + (typeof at === 'number' ? at : 0),
      topology: twoListeners,
      settings: { throttling: false },
    })
    const before = service(simulation, 'green')
    const cancel = new AbortController()
    const owner = { nonce: '0123456789abcdef' }
    const acted = await simulation.act(
      { image: newImage, ...inputs },
      [
        async clock => {
          const isThere = () =>
            typeof at === 'number' ? simulation.wire.calls.list().length > at : called(simulation, at)
          while (!isThere() && !cancel.signal.aborted) {
            if (simulation.wire.calls.list().some(call => call.operation === 'DeleteTargetGroup')) return
            await clock.sleep(5)
          }
          cancel.abort(new Error('SIGINT'))
        },
      ],
      { signal: cancel.signal, owner },
    )
    return { simulation, before, acted, owner }
  }

  test('at any moment: the traffic is whole when it ends, and what did not fit is done by its post step', async () => {
    const calls = await callsOf({ image: newImage })
    let restored = 0
    for (let index = 1; index < calls.length; index++) {
      const { simulation, before, acted, owner } = await cancelledAt(index)
      const [weights] = listeners(simulation)
      expect([index, calls[index], listeners(simulation)]).toEqual([index, calls[index], [weights, weights]])
      if (acted.report.outcome.status !== 'cancelled') continue
      if (acted.lines.some(line => line.startsWith('Give back'))) restored++
      if (acted.report.unfinished) {
        await simulation.act({ image: newImage }, [], { owner, post: true })
      }
      expect(lockTags(simulation)).toBeUndefined()
      if (weights?.green !== 0) continue
      const { taskDefinition, desiredCount } = service(simulation, 'green')
      expect([index, taskDefinition, desiredCount]).toEqual([index, before.taskDefinition, before.desiredCount])
      expect(JSON.stringify(acted.report.outcome)).toMatch(/All the traffic is on blue|before anything was written/)
    }
    expect(restored).toBeGreaterThan(0)
  })

  test('while it gives back what a killed run has left: its post step does the rest', async () => {
    let left = 0
    for (let after = 1; after < 9; after++) {
      const simulation = simulate({ seed: 800 + after, topology: twoListeners, settings: { throttling: false } })
      await simulation.act({ image: newImage }, [], { ...first, kill: betweenListeners })
      const begun = simulation.wire.calls.list().length
      const cancel = new AbortController()
      const owner = { ...second.owner, nonce: '0123456789abcdef' }
      const { report } = await simulation.act(
        { image: newImage },
        [
          async clock => {
            const later = () => simulation.wire.calls.list().slice(begun)
            while (!later().some(call => call.operation === 'CreateTargetGroup')) await clock.sleep(5)
            await clock.sleep(after * 40)
            cancel.abort(new Error('SIGINT'))
          },
        ],
        { owner, signal: cancel.signal },
      )
      expect(report.outcome).toMatchObject({ status: 'cancelled' })
      if (report.unfinished) {
        left++
        expect(JSON.stringify(report.outcome)).toContain('what an earlier one had left')
        await simulation.act({ image: newImage }, [], { owner, post: true })
      }
      // Without the lock it is as the killed run has left it, and waits for the next one.
      if (!report.unfinished && listeners(simulation)[0]?.green === 100) {
        expect(JSON.stringify(report.outcome)).toContain('before anything was written')
        continue
      }
      expect([after, listeners(simulation)]).toEqual([
        after,
        [
          { blue: 100, green: 0 },
          { blue: 100, green: 0 },
        ],
      ])
      expect(lockTags(simulation)).toBeUndefined()
    }
    expect(left).toBeGreaterThan(2)
  })

  test.each(['leave', 'restore'])(
    'while or right after it gives back what a killed run has left, with on-cancel: %s, it says what it has written, and what is live',
    async onCancel => {
      const told = new Set<string>()
      for (let after = 0; after <= 8; after++) {
        const simulation = simulate({ seed: 850 + after, topology: twoListeners, settings: { throttling: false } })
        await simulation.act({ image: newImage }, [], { ...first, kill: betweenListeners })
        const begun = simulation.wire.calls.list().length
        const written = () =>
          simulation.wire.calls
            .list()
            .slice(begun)
            .map(({ operation }) => operation)
        const cancel = new AbortController()
        const inputs = { image: 'sample-app:0.0.3', 'on-cancel': onCancel }
        const { report } = await simulation.act(
          inputs,
          [
            async clock => {
              while (!written().includes('ModifyListener')) await clock.sleep(1)
              // Its answer is on the way: then the notes, the lock, and the second look.
              await clock.sleep(after * 60)
              cancel.abort(new Error('SIGINT'))
            },
          ],
          { owner: { ...second.owner, nonce: '0123456789abcdef' }, signal: cancel.signal },
        )
        const { outcome } = report
        expect(outcome.status).toBe('cancelled')
        const said = 'failure' in outcome ? outcome.failure.headline : ''
        expect([after, said]).not.toEqual([after, expect.stringContaining('before anything was written')])
        told.add(said)
        // What is left to the post step, that one tells.
        if (report.unfinished) continue
        const whole = listeners(simulation).every(weights => weights.blue === 100)
        expect([after, outputsOf(report)['active-color']]).toEqual([after, whole ? 'blue' : ''])
        expect([after, outputsOf(report).version]).toEqual([after, whole ? '0.0.1' : ''])
      }
      expect([...told]).toContain('Cancelled while this run looked after what an earlier one had left.')
      expect([...told]).toContain('The run was cancelled.')
    },
  )

  test('with on-cancel: leave, everything stays as it is, and the next run goes on', async () => {
    const { simulation, acted } = await cancelledAt('ModifyListener', { 'on-cancel': 'leave' })
    expect(acted.report.outcome).toMatchObject({ status: 'cancelled' })
    expect(acted.report.unfinished).toBeUndefined()
    expect(listeners(simulation)).toEqual([
      { blue: 0, green: 100 },
      { blue: 100, green: 0 },
    ])
    expect(JSON.stringify(acted.report.outcome)).toContain('The traffic is split')
    const { report } = await simulation.act({ image: 'sample-app:0.0.3' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expectWhole(simulation, 'sample-app:0.0.3')
  })
})

describe('a shift that fails half-way, while the journal cannot be written', () => {
  test('is taken back all the same', async () => {
    const simulation = simulate({ seed: 9, topology: twoListeners })
    simulation.wire.faults.add([
      { kind: 'denied', operation: 'ModifyListener', after: 1, times: 1 },
      // The one before the shift passes.
      { kind: 'error', operation: 'AddTags', code: 'TooManyTags', after: 1 },
    ])
    const { report } = await simulation.act({ image: newImage })
    expect(report.outcome).toMatchObject({ failure: { code: 'ACCESS_DENIED' } })
    expectWhole(simulation, oldImage)
    expect(report.warnings).toContainEqual(expect.stringContaining('The journal could not be written'))
  })
})

describe('a call whose answer or request is lost', () => {
  test.each<['lost-answer' | 'lost-request']>([['lost-answer'], ['lost-request']])('%s, at any call', async kind => {
    const calls = await callsOf({ image: newImage })
    for (let after = 0; after < calls.length; after++) {
      const simulation = simulate({ seed: 900 + after, topology: twoListeners })
      simulation.wire.faults.add([{ kind, after, times: 1 }])
      const { report } = await simulation.act({ image: newImage })
      expect([after, calls[after], report.outcome.status]).toEqual([after, calls[after], 'succeeded'])
      expectWhole(simulation, newImage)
      // Not twice: neither a revision nor a deployment.
      const revisions = simulation.cloud.call('ecs', 'ListTaskDefinitions', {}).taskDefinitionArns
      expect([after, calls[after], (revisions as readonly string[]).length]).toEqual([after, calls[after], 2])
    }
  })
})

describe('weights that no run of ours has left', () => {
  test.each<[string, readonly [number, number]]>([
    ['both colors', [50, 50]],
    ['neither color', [0, 0]],
  ])('are not touched: %s', async (_, [blue, green]) => {
    const simulation = simulate({ seed: 8, topology: twoListeners })
    const { cloud, topology } = simulation
    const TargetGroups = [
      { TargetGroupArn: topology.targetGroupArns.blue, Weight: blue },
      { TargetGroupArn: topology.targetGroupArns.green, Weight: green },
    ]
    cloud.call('elbv2', 'ModifyListener', {
      ListenerArn: topology.productionArns[0],
      DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
    })
    const { report } = await simulation.act({ image: oldImage })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LIVE_UNCLEAR' } })
    expect(writes(simulation)).toEqual([])
  })
})
