import type { ScalableTarget } from '@aws-sdk/client-application-auto-scaling'
import { describe, expect, test } from '@jest/globals'
import { type ActOptions, type Simulation, simulate } from '../../sandbox/simulation.ts'
import { summaryOf } from '../../src/report/summary.ts'

/** Services that Application Auto Scaling scales, in virtual time. */

type Color = 'blue' | 'green'

const parked = { 'idle-desired-count': '0' }
const next = { ...parked, image: 'sample-app:0.0.2' }
const afterNext = { ...parked, image: 'sample-app:0.0.3' }

const none = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false }
const all = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true }
const scaled = { MinCapacity: 2, MaxCapacity: 10, SuspendedState: none }

const resource = (color: Color) => ({
  ServiceNamespace: 'ecs',
  ResourceId: `service/sandbox/sample-${color}`,
  ScalableDimension: 'ecs:service:DesiredCount',
})

function register({ cloud }: Simulation, color: Color, input: object = scaled): void {
  cloud.call('application-autoscaling', 'RegisterScalableTarget', { ...resource(color), ...input })
}

/** Live has been scaled to 7, and both services are scaled between 2 and 10. */
function scaledWorld(seed: number): Simulation {
  const simulation = simulate({ seed, topology: { tasks: { blue: 7, green: 2 } } })
  for (const color of ['blue', 'green'] as const) register(simulation, color)
  return simulation
}

/** Green is live, and blue is parked as a deploy leaves it. */
function parkedWorld(): Simulation {
  const simulation = simulate({ seed: 6, topology: { live: 'green', tasks: { blue: 0, green: 3 } } })
  register(simulation, 'green')
  register(simulation, 'blue', { ...scaled, MinCapacity: 0, SuspendedState: all })
  simulation.cloud.call('elbv2', 'AddTags', {
    ResourceArns: [simulation.topology.targetGroupArns.blue],
    Tags: [{ Key: 'Scaling', Value: 'min=2 max=10 suspended=none' }],
  })
  return simulation
}

function target({ cloud }: Simulation, color: Color) {
  const { ScalableTargets } = cloud.call('application-autoscaling', 'DescribeScalableTargets', {
    ServiceNamespace: 'ecs',
    ResourceIds: [resource(color).ResourceId],
  })
  const { MinCapacity, MaxCapacity, SuspendedState } = (ScalableTargets as readonly ScalableTarget[])[0] ?? {}
  return { MinCapacity, MaxCapacity, SuspendedState }
}

function counts({ cloud }: Simulation) {
  const { services } = cloud.call('ecs', 'DescribeServices', {
    cluster: 'sandbox',
    services: ['sample-blue', 'sample-green'],
  })
  const [blue, green] = services as readonly { readonly desiredCount: number; readonly runningCount: number }[]
  return { blue: [blue?.desiredCount, blue?.runningCount], green: [green?.desiredCount, green?.runningCount] }
}

function note({ cloud, topology }: Simulation, color: Color): string | undefined {
  const { TagDescriptions } = cloud.call('elbv2', 'DescribeTags', { ResourceArns: [topology.targetGroupArns[color]] })
  const [first] = TagDescriptions as readonly { readonly Tags: readonly { Key: string; Value: string }[] }[]
  return first?.Tags.find(tag => tag.Key === 'Scaling')?.Value
}

const pass = ({ timeline }: Simulation, ms: number) => timeline.advanceTo(timeline.now() + ms)
const halfAnHour = 1_800_000

const scalingCalls = ({ wire }: Simulation) =>
  wire.calls.list().flatMap(call => (call.service === 'application-autoscaling' ? [call.operation] : []))

describe('with Application Auto Scaling of both services', () => {
  test('the new version gets the count that live runs, and the parked color stays parked', async () => {
    const simulation = scaledWorld(1)
    const { report } = await simulation.act(next)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    pass(simulation, halfAnHour)
    expect(counts(simulation)).toEqual({ blue: [0, 0], green: [7, 7] })
    expect(target(simulation, 'green')).toEqual(scaled)
    expect(target(simulation, 'blue')).toEqual({ MinCapacity: 0, MaxCapacity: 10, SuspendedState: all })
    expect(note(simulation, 'blue')).toBe('min=2 max=10 suspended=none')
    expect(report.warnings).toEqual([])
  })

  test('the next deploy gives the parked color its auto scaling back before its first traffic', async () => {
    const simulation = scaledWorld(2)
    await simulation.act(next)
    pass(simulation, halfAnHour)
    simulation.wire.calls.clear()
    const { report } = await simulation.act(afterNext)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const changes = simulation.wire.calls
      .list()
      .filter(call => /^(ModifyListener|RegisterScalableTarget)$/.test(call.operation))
    expect(changes[0]).toMatchObject({
      operation: 'RegisterScalableTarget',
      input: { ResourceId: 'service/sandbox/sample-blue', MinCapacity: 2, SuspendedState: none },
    })
    pass(simulation, halfAnHour)
    expect(counts(simulation)).toEqual({ blue: [7, 7], green: [0, 0] })
    expect(target(simulation, 'blue')).toEqual(scaled)
    expect(note(simulation, 'blue')).toBe('')
    expect(note(simulation, 'green')).toBe('min=2 max=10 suspended=none')
    // Asked again there is nothing to do.
    const again = await simulation.act(afterNext)
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
  })

  test('what was suspended before is suspended again, and bounds that were changed meanwhile stay', async () => {
    const simulation = scaledWorld(3)
    register(simulation, 'blue', { SuspendedState: { ScheduledScalingSuspended: true } })
    await simulation.act(next)
    register(simulation, 'blue', { MaxCapacity: 20 })
    await simulation.act(afterNext)
    expect(target(simulation, 'blue')).toEqual({
      MinCapacity: 2,
      MaxCapacity: 20,
      SuspendedState: { ...none, ScheduledScalingSuspended: true },
    })
  })

  test('a color that is parked at another count keeps the note of how it was', async () => {
    const simulation = scaledWorld(4)
    await simulation.act({ ...next, 'idle-desired-count': '1' })
    expect(target(simulation, 'blue')).toMatchObject({ MinCapacity: 1 })
    await simulation.act(next)
    pass(simulation, halfAnHour)
    expect(counts(simulation).blue).toEqual([0, 0])
    expect(note(simulation, 'blue')).toBe('min=2 max=10 suspended=none')
  })

  test.each([
    ['before it gets traffic', { image: 'sample-app:0.0.3-crash' }],
    [
      'under traffic',
      {
        image: 'sample-app:0.0.3-errors',
        strategy: 'canary',
        'canary-percent': '50',
        'canary-bake-time': '2m',
        'production-url': 'http://www.example.com/version',
      },
    ],
  ])('a version that fails %s leaves the color parked as it was', async (_, inputs) => {
    const simulation = scaledWorld(5)
    await simulation.act(next)
    const { report } = await simulation.act({ ...parked, ...inputs })
    expect(report.outcome).toMatchObject({ status: expect.stringMatching(/^(failed|rolled-back)$/) })
    pass(simulation, halfAnHour)
    expect(counts(simulation)).toEqual({ blue: [0, 0], green: [7, 7] })
    expect(target(simulation, 'blue')).toEqual({ MinCapacity: 0, MaxCapacity: 10, SuspendedState: all })
    expect(target(simulation, 'green')).toEqual(scaled)
  })

  test('a rollback gives the parked color its auto scaling back before its first traffic, and parks the other', async () => {
    const simulation = scaledWorld(16)
    await simulation.act(next)
    pass(simulation, halfAnHour)
    const { report } = await simulation.act({ ...parked, mode: 'rollback' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    pass(simulation, halfAnHour)
    expect(counts(simulation)).toEqual({ blue: [7, 7], green: [0, 0] })
    expect(target(simulation, 'blue')).toEqual(scaled)
    expect(target(simulation, 'green')).toEqual({ MinCapacity: 0, MaxCapacity: 10, SuspendedState: all })
    expect(note(simulation, 'blue')).toBe('')
  })

  test('what is staged on a parked color gets its auto scaling back when it is promoted', async () => {
    const simulation = scaledWorld(17)
    await simulation.act(next)
    await simulation.act({ ...afterNext, 'auto-promote': 'false' })
    pass(simulation, halfAnHour)
    expect(counts(simulation)).toEqual({ blue: [7, 7], green: [7, 7] })
    expect(target(simulation, 'blue')).toMatchObject({ SuspendedState: all })
    const { report } = await simulation.act({ mode: 'promote', image: afterNext.image })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(target(simulation, 'blue')).toEqual(scaled)
  })

  test.each([
    ['the update of the service', 'UpdateService', 1],
    ['the auto scaling was given back', 'RegisterScalableTarget', 1],
    ['the switch', 'ModifyListener', 1],
    ['the auto scaling of the old color was held', 'RegisterScalableTarget', 2],
    ['the old color was parked', 'UpdateService', 2],
  ])('killed around %s: the next attempt leaves live scaled, and the other parked', async (_, operation, call) => {
    const first: ActOptions = { owner: { runId: '9', attempt: 1 } }
    const second: ActOptions = { owner: { runId: '9', attempt: 2 } }
    for (const when of ['before', 'after'] as const) {
      const simulation = parkedWorld()
      await simulation.act(next, [], { ...first, kill: { operation, call, when } })
      await simulation.act(next, [], second)
      pass(simulation, halfAnHour)
      expect([when, counts(simulation)]).toEqual([when, { blue: [3, 3], green: [0, 0] }])
      expect([when, target(simulation, 'blue')]).toEqual([when, scaled])
      expect([when, target(simulation, 'green')]).toMatchObject([when, { MinCapacity: 0, SuspendedState: all }])
    }
  })

  test('what main was killed in, its post step parks again', async () => {
    const simulation = scaledWorld(7)
    await simulation.act(next)
    const run = { nonce: '0123456789abcdef', runId: '9' }
    const canary = { ...afterNext, strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '5m' }
    await simulation.act(canary, [], { owner: run, kill: { operation: 'ModifyListener', call: 1, when: 'after' } })
    expect(target(simulation, 'blue')).toEqual(scaled)
    await simulation.act(canary, [], { owner: run, post: true })
    pass(simulation, halfAnHour)
    expect(counts(simulation)).toEqual({ blue: [0, 0], green: [7, 7] })
    expect(target(simulation, 'blue')).toMatchObject({ MinCapacity: 0, SuspendedState: all })
  })

  test('a live color whose auto scaling is held gets it back, whoever moved the traffic', async () => {
    const simulation = scaledWorld(8)
    await simulation.act(next)
    simulation.wire.faults.add([{ kind: 'denied', operation: 'RegisterScalableTarget', times: 1 }])
    const refused = await simulation.act(afterNext)
    expect(refused.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(refused.report.warnings).toContainEqual(
      expect.stringMatching(/sample-blue[\s\S]*"Action": "application-autoscaling:RegisterScalableTarget"/),
    )
    expect(target(simulation, 'blue')).toMatchObject({ SuspendedState: all })
    const again = await simulation.act(afterNext)
    expect(again.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(target(simulation, 'blue')).toEqual(scaled)
    expect(note(simulation, 'blue')).toBe('')
  })

  test('warns of a maximum below what the new version needs', async () => {
    const simulation = scaledWorld(9)
    register(simulation, 'green', { MaxCapacity: 5 })
    const planned = await simulation.act({ ...next, mode: 'plan' })
    expect(planned.report.checks.map(check => check.says)).toContain(
      'sample-green is kept at 2 to 5 tasks by Application Auto Scaling, fewer than the 7 that the new version gets',
    )
    const { report } = await simulation.act(next)
    expect(report.warnings).toContainEqual(expect.stringMatching(/sample-green down to 5 tasks.*needs 7/))
  })
})

describe('when AWS says no', () => {
  test('a role that may not look learns once how to allow it, and the color is parked all the same', async () => {
    const simulation = scaledWorld(10)
    simulation.wire.faults.add([{ kind: 'denied', service: 'application-autoscaling' }])
    const { report } = await simulation.act(next)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.warnings).toEqual([
      expect.stringMatching(/"Action": "application-autoscaling:DescribeScalableTargets",\s+"Resource": "\*"/),
    ])
    expect(counts(simulation).blue[0]).toBe(0)
  })

  test('what cannot be noted is not changed', async () => {
    const simulation = scaledWorld(11)
    simulation.wire.faults.add([{ kind: 'denied', operation: 'AddTags' }])
    const { report } = await simulation.act({ ...next, lock: 'false' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(target(simulation, 'blue')).toEqual(scaled)
    expect(report.warnings).toContainEqual(expect.stringMatching(/sample-blue.*may change it again/))
  })

  test('a note that somebody has removed is missed', async () => {
    const simulation = scaledWorld(12)
    await simulation.act(next)
    simulation.cloud.call('elbv2', 'RemoveTags', {
      ResourceArns: [simulation.topology.targetGroupArns.blue],
      TagKeys: ['Scaling'],
    })
    const { report } = await simulation.act(afterNext)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.warnings).toContainEqual(expect.stringMatching(/sample-blue.*is suspended \(min=0 max=10/))
  })
})

describe('where nothing is scaled', () => {
  test('one look is all, and none without idle-desired-count', async () => {
    const simulation = simulate({ seed: 13 })
    await simulation.act({ image: 'sample-app:0.0.2' })
    expect(scalingCalls(simulation)).toEqual([])
    await simulation.act(afterNext)
    expect(scalingCalls(simulation)).toEqual(['DescribeScalableTargets'])
    expect(note(simulation, 'green')).toBeUndefined()
  })
})

describe('a plan', () => {
  test('tells what is scaled, and what a deploy does about it', async () => {
    const simulation = scaledWorld(14)
    await simulation.act(next)
    const calls = scalingCalls(simulation).length
    const { report } = await simulation.act({ ...afterNext, mode: 'plan' })
    expect(scalingCalls(simulation).slice(calls)).toEqual(['DescribeScalableTargets'])
    expect(report.checks.filter(check => check.section === 'Auto scaling').map(check => check.says)).toEqual([
      'sample-blue is kept at 0 to 10 tasks by Application Auto Scaling, suspended: in, out, scheduled',
      'sample-green is kept at 2 to 10 tasks by Application Auto Scaling',
    ])
    expect(report.plan?.steps).toEqual(
      expect.arrayContaining([
        {
          says: 'Change the auto scaling of sample-blue',
          before: 'min=0 max=10 suspended=in+out+scheduled',
          after: 'min=2 max=10 suspended=none',
        },
        {
          says: 'Change the auto scaling of sample-green',
          before: 'min=2 max=10 suspended=none',
          after: 'min=0 max=10 suspended=in+out+scheduled',
        },
      ]),
    )
    expect(report.plan?.policy.Statement.map(statement => statement.Sid)).toEqual(
      expect.arrayContaining(['ReadScaling', 'HoldScaling']),
    )
    expect(summaryOf(report)).toContain('Auto scaling')
  })

  test('that may not look says how to allow it', async () => {
    const simulation = scaledWorld(15)
    simulation.wire.faults.add([{ kind: 'denied', service: 'application-autoscaling' }])
    const { report } = await simulation.act({ ...next, mode: 'plan' })
    expect(report.checks.filter(check => check.section === 'Auto scaling')).toEqual([
      { section: 'Auto scaling', mark: 'SKIP', says: expect.stringContaining('DescribeScalableTargets') },
    ])
    expect(report.warnings).toEqual([])
  })
})
