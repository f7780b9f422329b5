import { describe, expect, test } from '@jest/globals'
import { type ActOptions, type Simulation, simulate } from '../../sandbox/simulation.ts'
import type { Drift } from '../../src/model/standing.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { iso, leaveLock } from '../deploy/leave-lock.ts'
import { service, writes } from '../deploy/locking.ts'

/** What `mode: status` finds that does not fit together, in virtual time; it never writes. */

async function status(simulation: Simulation, more: ActOptions = {}) {
  const before = writes(simulation).length
  const { report, lines } = await simulation.act({ mode: 'status' }, [], more)
  expect(writes(simulation)).toHaveLength(before)
  const { drift = '' } = outputsOf(report)
  const found = drift === '' ? undefined : (JSON.parse(drift) as readonly Drift[])
  return { found, kinds: found?.map(({ kind }) => kind), log: lines.join('\n'), summary: summaryOf(report) }
}

const settings = { settings: { throttling: false } } as const

function setWeights({ cloud, topology }: Simulation, arn: string | undefined, blue: number, green: number): void {
  const { targetGroupArns: groups } = topology
  const TargetGroups = [
    { TargetGroupArn: groups.blue, Weight: blue },
    { TargetGroupArn: groups.green, Weight: green },
  ]
  cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: arn,
    DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
  })
}

function tag({ cloud, topology }: Simulation, color: 'blue' | 'green', Key: string, Value: string): void {
  cloud.call('elbv2', 'AddTags', { ResourceArns: [topology.targetGroupArns[color]], Tags: [{ Key, Value }] })
}

function update({ cloud }: Simulation, color: 'blue' | 'green', change: object): void {
  cloud.call('ecs', 'UpdateService', { cluster: 'sandbox', service: `sample-${color}`, ...change })
}

const killed: ActOptions = {
  owner: { runId: '9', attempt: 1 },
  kill: { operation: 'ModifyListener', call: 1, when: 'after' },
}

async function deployed(seed: number, inputs = {}): Promise<Simulation> {
  const simulation = simulate({ seed, topology: { productionPorts: [80, 443] }, ...settings })
  const { report } = await simulation.act({ image: 'sample-app:0.0.2', ...inputs })
  expect(report.outcome).toMatchObject({ status: 'succeeded' })
  return simulation
}

describe('nothing has drifted', () => {
  test('at any step of a life', async () => {
    const simulation = simulate({ seed: 1, topology: { productionPorts: [80, 443] }, ...settings })
    const parks = { 'idle-desired-count': '0' }
    const steps: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ['staged', { image: 'sample-app:0.0.2', 'auto-promote': 'false' }],
      ['succeeded', { mode: 'promote', image: 'sample-app:0.0.2' }],
      ['succeeded', { mode: 'rollback' }],
      ['succeeded', { image: 'sample-app:0.0.3', ...parks }],
      ['staged', { image: 'sample-app:0.0.4', ...parks, 'auto-promote': 'false' }],
      ['failed', { image: 'sample-app:0.0.5-unhealthy', timeout: '90s' }],
      ['succeeded', { mode: 'rollback', version: '0.0.1' }],
      ['succeeded', { image: 'sample-app:0.0.6' }],
    ]
    expect((await status(simulation)).found).toEqual([])
    for (const [expected, inputs] of steps) {
      const { report } = await simulation.act(inputs)
      expect([inputs, report.outcome.status]).toEqual([inputs, expected])
      const { found, log } = await status(simulation)
      expect([inputs, found]).toEqual([inputs, []])
      expect(log).toContain('No drift')
    }
  })

  test('while a run that may be alive is at work: what it has begun is its own', async () => {
    const simulation = simulate({ seed: 2, topology: { productionPorts: [80, 443] } })
    await simulation.act({ image: 'sample-app:0.0.2' }, [], killed)
    const { found, log } = await status(simulation)
    expect(found).toBeUndefined()
    expect(log).toContain('is not looked for while that run may be at work')
  })
})

describe('drift', () => {
  test('of listeners that disagree, and of the lock of the run that has left them', async () => {
    const simulation = simulate({ seed: 3, topology: { productionPorts: [80, 443] } })
    await simulation.act({ image: 'sample-app:0.0.2' }, [], killed)
    const { kinds, found, log, summary } = await status(simulation, { owner: { runId: '9', attempt: 2 } })
    expect(kinds).toEqual(['listeners', 'lock'])
    expect(found?.[0]?.says).toContain('HTTP:80 has blue 0, green 100, HTTP:443 has blue 100, green 0')
    expect(found?.[1]?.says).toMatch(/octo-org\/octo-repo run 9 attempt 1 .*moving traffic from blue to green/)
    expect(log).toContain('Drift (listeners) of arn:')
    expect(summary).toMatch(/\*\*Drift\*\*[\s\S]*\| listeners \|/)
  })

  test('of weights, tags and testers, when somebody moves all the traffic by hand', async () => {
    const simulation = await deployed(4)
    for (const arn of simulation.topology.productionArns) setWeights(simulation, arn, 100, 0)
    const { kinds, found } = await status(simulation)
    expect(kinds).toEqual(['test-listener', 'tags', 'tags'])
    expect(found?.map(({ on }) => on).slice(1)).toEqual(['sample-blue', 'sample-green'])
  })

  test.each<['blue' | 'green', RegExp]>([
    ['green', /has deployed to the color that has the traffic/],
    ['blue', /has never had the traffic here and was not staged/],
  ])('of the revision, when somebody deploys to %s by hand', async (color, says) => {
    const simulation = await deployed(5)
    const { taskDefinition } = simulation.cloud.call('ecs', 'RegisterTaskDefinition', {
      ...described(simulation, color),
      containerDefinitions: [{ name: 'app', image: 'sample-app:0.0.8', portMappings: [{ containerPort: 8080 }] }],
    }) as { taskDefinition: { taskDefinitionArn: string } }
    update(simulation, color, { taskDefinition: taskDefinition.taskDefinitionArn })
    const { kinds, found } = await status(simulation)
    expect(kinds).toEqual(['revision'])
    expect(found?.[0]).toMatchObject({ on: `sample-${color}`, says: expect.stringMatching(says) })
  })

  test('of a parked color that somebody has raised by hand', async () => {
    const simulation = await deployed(6, { 'idle-desired-count': '0' })
    expect(service(simulation, 'blue').desiredCount).toBe(0)
    update(simulation, 'blue', { desiredCount: 2 })
    const { found } = await status(simulation)
    expect(found).toEqual([
      {
        kind: 'parked',
        on: 'sample-blue',
        says: expect.stringMatching(/^It was parked with 0 tasks, and is asked for 2 /),
      },
    ])
    expect(found?.[0]?.says).toContain('Application Auto Scaling has not done it')
  })

  test('of a parked color whose auto scaling was resumed, before and after it is raised', async () => {
    const simulation = simulate({ seed: 7, topology: { tasks: { blue: 3, green: 2 } }, ...settings })
    for (const color of ['blue', 'green']) scale(simulation, color, 2)
    await simulation.act({ image: 'sample-app:0.0.2', 'idle-desired-count': '0' })
    expect((await status(simulation)).found).toEqual([])
    scale(simulation, 'blue', 2)
    expect((await status(simulation)).kinds).toEqual(['scaling'])
    await simulation.timeline.advanceTo(simulation.timeline.now() + 600_000)
    expect(service(simulation, 'blue').desiredCount).toBe(2)
    const { kinds, found } = await status(simulation)
    expect(kinds).toEqual(['parked'])
    expect(found?.[0]?.says).toContain('Application Auto Scaling is not held there (min=2 max=10 suspended=none)')
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DescribeScalableTargets' }])
    const denied = await status(simulation)
    expect(denied.kinds).toEqual(['parked', 'unread'])
    expect(denied.found?.[0]?.says).toContain('by whom is not known')
  })

  test('of a live color that cannot grow', async () => {
    const simulation = simulate({ seed: 8, topology: { tasks: { blue: 3, green: 2 } }, ...settings })
    for (const color of ['blue', 'green']) scale(simulation, color, 2)
    await simulation.act({ image: 'sample-app:0.0.2', 'idle-desired-count': '1' })
    for (const arn of simulation.topology.productionArns) setWeights(simulation, arn, 100, 0)
    const { found } = await status(simulation)
    expect(found).toContainEqual({
      kind: 'scaling',
      on: 'sample-blue',
      says: expect.stringMatching(/cannot grow.*min=2 max=10 suspended=none/),
    })
  })

  test('of a lock and a journal that dead runs have left', async () => {
    const simulation = await deployed(9)
    leaveLock(simulation, { ExpiresAt: iso(simulation, -1) })
    tag(simulation, 'blue', 'UnfinishedShift', `blue to green at ${iso(simulation, -60)}`)
    const { kinds, found } = await status(simulation)
    expect(kinds).toEqual(['lock', 'journal'])
    expect(found?.[0]?.says).toContain('https://github.com/octo-org/other/actions/runs/77')
  })

  test('is not said to be absent when the tags may not be read', async () => {
    const simulation = await deployed(10)
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DescribeTags' }])
    const { kinds } = await status(simulation)
    expect(kinds).toEqual(['unread'])
  })
})

function described({ cloud }: Simulation, color: 'blue' | 'green'): object {
  const [found] = cloud.call('ecs', 'DescribeServices', { cluster: 'sandbox', services: [`sample-${color}`] })
    .services as readonly { readonly taskDefinition: string }[]
  const { taskDefinition } = cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: found?.taskDefinition })
  const { family, networkMode, cpu, memory, requiresCompatibilities, executionRoleArn } = taskDefinition as Record<
    string,
    unknown
  >
  return { family, networkMode, cpu, memory, requiresCompatibilities, executionRoleArn }
}

function scale({ cloud }: Simulation, color: string, MinCapacity: number): void {
  cloud.call('application-autoscaling', 'RegisterScalableTarget', {
    ServiceNamespace: 'ecs',
    ResourceId: `service/sandbox/sample-${color}`,
    ScalableDimension: 'ecs:service:DesiredCount',
    MinCapacity,
    MaxCapacity: 10,
    SuspendedState: {
      DynamicScalingInSuspended: false,
      DynamicScalingOutSuspended: false,
      ScheduledScalingSuspended: false,
    },
  })
}
