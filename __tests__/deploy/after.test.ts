import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import type { Clock } from '../../src/deploy/clock.ts'

/** What becomes of the old version, in virtual time. */

const operations = (simulation: Simulation) =>
  simulation.wire.calls.list().filter(call => !/^(Describe|List)/.test(call.operation))

function service(simulation: Simulation, color: 'blue' | 'green') {
  const { cloud, topology } = simulation
  const { services } = cloud.call('ecs', 'DescribeServices', {
    cluster: topology.inputs.cluster,
    services: [`${topology.inputs.service}-${color}`],
  })
  return (services as readonly { readonly desiredCount: number; readonly taskDefinition: string }[])[0]
}

function tags(simulation: Simulation, color: 'blue' | 'green'): Readonly<Record<string, string>> {
  const { cloud, topology } = simulation
  const { TagDescriptions } = cloud.call('elbv2', 'DescribeTags', { ResourceArns: [topology.targetGroupArns[color]] })
  const [first] = TagDescriptions as readonly { readonly Tags: readonly { Key: string; Value: string }[] }[]
  return Object.fromEntries((first?.Tags ?? []).map(tag => [tag.Key, tag.Value]))
}

const active = (simulation: Simulation) =>
  simulation.cloud.call('ecs', 'ListTaskDefinitions', {}).taskDefinitionArns as readonly string[]

describe('idle-desired-count', () => {
  test('parks the old color once every node has had its time, and remembers its count', async () => {
    const simulation = simulate({ seed: 1, topology: { tasks: { blue: 3, green: 0 } } })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'idle-desired-count': '0' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(service(simulation, 'blue')?.desiredCount).toBe(0)
    expect(service(simulation, 'green')?.desiredCount).toBe(3)
    expect(tags(simulation, 'blue')).toMatchObject({ IsProduction: 'false', Version: '0.0.1', Tasks: '3' })
    const shift = operations(simulation).find(call => call.operation === 'ModifyListener')
    const park = operations(simulation).findLast(call => call.operation === 'UpdateService')
    expect((park?.at ?? 0) - (shift?.at ?? 0)).toBeGreaterThanOrEqual(120_000)
    // Only the count: naming a revision that somebody has deregistered meanwhile would be refused.
    expect(park?.input).toEqual({ cluster: 'sandbox', service: 'sample-blue', desiredCount: 0 })
  })

  test('asked again writes nothing; and a deploy to the parked color starts it again', async () => {
    const simulation = simulate({ seed: 2 })
    const inputs = { image: 'sample-app:0.0.2', 'idle-desired-count': '0' }
    await simulation.act(inputs)
    const before = operations(simulation).length
    const again = await simulation.act(inputs)
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(operations(simulation)).toHaveLength(before)
    const next = await simulation.act({ image: 'sample-app:0.0.3', 'idle-desired-count': '1' })
    expect(next.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(service(simulation, 'blue')?.desiredCount).toBe(2)
    expect(service(simulation, 'green')?.desiredCount).toBe(1)
  })

  test('is made up for when the run before was killed first', async () => {
    const simulation = simulate({ seed: 3 })
    await simulation.act({ image: 'sample-app:0.0.2' })
    const late = await simulation.act({ image: 'sample-app:0.0.2', 'idle-desired-count': '0' })
    expect(late.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(service(simulation, 'blue')?.desiredCount).toBe(0)
  })

  test('leaves the old color alone when somebody moves traffic back to it meanwhile', async () => {
    const simulation = simulate({ seed: 4 })
    const { cloud, topology } = simulation
    const back = async (clock: Clock) => {
      while (operations(simulation).every(call => call.operation !== 'AddTags')) await clock.sleep(1_000)
      cloud.call('elbv2', 'ModifyListener', {
        ListenerArn: topology.productionArns[0],
        DefaultActions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: topology.targetGroupArns.blue, Weight: 50 },
                { TargetGroupArn: topology.targetGroupArns.green, Weight: 50 },
              ],
            },
          },
        ],
      })
    }
    await simulation.act({ image: 'sample-app:0.0.2', 'idle-desired-count': '0' }, [back])
    expect(service(simulation, 'blue')?.desiredCount).toBe(2)
  })

  test('that may not be written is a warning: customers are on the new version', async () => {
    const simulation = simulate({ seed: 5 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'UpdateService', after: 1 }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'idle-desired-count': '0' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.warnings).toContainEqual(expect.stringContaining('sample-blue keeps its 2 tasks'))
  })

  test('waits for the cookies of group stickiness', async () => {
    const simulation = simulate({ seed: 6 })
    const { cloud, topology } = simulation
    cloud.call('elbv2', 'ModifyListener', {
      ListenerArn: topology.productionArns[0],
      DefaultActions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: topology.targetGroupArns.blue, Weight: 100 },
              { TargetGroupArn: topology.targetGroupArns.green, Weight: 0 },
            ],
            TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
          },
        },
      ],
    })
    await simulation.act({ image: 'sample-app:0.0.2', 'idle-desired-count': '0' })
    const shift = operations(simulation).find(call => call.operation === 'ModifyListener')
    const park = operations(simulation).findLast(call => call.operation === 'UpdateService')
    expect((park?.at ?? 0) - (shift?.at ?? 0)).toBeGreaterThanOrEqual(600_000)
  })
})

describe('keep-revisions', () => {
  test('deregisters the oldest, and never what a color uses', async () => {
    const simulation = simulate({ seed: 7 })
    for (const number of [2, 3, 4]) await simulation.act({ image: `sample-app:0.0.${number}` })
    expect(active(simulation)).toHaveLength(4)
    const { report } = await simulation.act({ image: 'sample-app:0.0.5', 'keep-revisions': '1' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const used = [service(simulation, 'blue')?.taskDefinition, service(simulation, 'green')?.taskDefinition]
    expect([...active(simulation)].sort()).toEqual([...used].sort())
  })

  test('that may not be written is a warning', async () => {
    const simulation = simulate({ seed: 8 })
    await simulation.act({ image: 'sample-app:0.0.2' })
    await simulation.act({ image: 'sample-app:0.0.3' })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DeregisterTaskDefinition' }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.4', 'keep-revisions': '1' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.warnings).toContainEqual(expect.stringMatching(/stay registered.*ecs:DeregisterTaskDefinition/))
  })
})
