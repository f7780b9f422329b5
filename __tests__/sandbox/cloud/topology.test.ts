import type { Service } from '@aws-sdk/client-ecs'
import type { Listener, Rule, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, test } from '@jest/globals'
import { type Cloud, createCloud } from '../../../sandbox/cloud/cloud.ts'
import { calmSettings } from '../../../sandbox/cloud/settings.ts'
import { createSimulatedRuntime } from '../../../sandbox/cloud/simulated-runtime.ts'
import { isSteady, seedTopology, type Topology } from '../../../sandbox/cloud/topology.ts'
import type { TopologyOptions } from '../../../sandbox/cloud/topology-options.ts'
import { seededRandom } from '../../../sandbox/random.ts'
import { VirtualTimeline } from '../../../sandbox/timeline.ts'

function seeded(options: Partial<TopologyOptions> = {}) {
  const timeline = new VirtualTimeline(Date.UTC(2026, 0, 5, 9))
  const random = seededRandom(3)
  const runtime = createSimulatedRuntime({ timeline, random })
  const cloud = createCloud({ timeline, random, settings: calmSettings, runtime })
  const topology = seedTopology(cloud, options)
  return { timeline, runtime, cloud, topology }
}

function steady(options: Partial<TopologyOptions> = {}) {
  const world = seeded(options)
  const limit = world.timeline.now() + 300_000
  while (!isSteady(world.cloud)) {
    if (world.timeline.now() > limit || !world.timeline.step()) throw new Error('the world does not become steady')
  }
  return world
}

function service(cloud: Cloud, topology: Topology, color: 'blue' | 'green'): Service {
  const { cluster } = topology.inputs
  const described = cloud.call('ecs', 'DescribeServices', { cluster, services: [topology.serviceArns[color]] })
  return (described.services as Service[])[0] as Service
}

function listener(cloud: Cloud, arn: string | undefined): Listener {
  return (cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [arn] }).Listeners as Listener[])[0] as Listener
}

function weights(action: NonNullable<Listener['DefaultActions']>[number] | undefined) {
  return Object.fromEntries(
    (action?.ForwardConfig?.TargetGroups ?? []).map(one => [one.TargetGroupArn ?? '', one.Weight]),
  )
}

function states(cloud: Cloud, TargetGroupArn: string) {
  const described = cloud.call('elbv2', 'DescribeTargetHealth', { TargetGroupArn })
  return (described.TargetHealthDescriptions as TargetHealthDescription[]).map(one => one.TargetHealth?.State)
}

describe('the standard world', () => {
  const { cloud, topology } = steady()
  const { blue, green } = topology.targetGroupArns

  test('runs two tasks of each color, all healthy', () => {
    for (const color of ['blue', 'green'] as const) {
      expect(service(cloud, topology, color)).toMatchObject({ desiredCount: 2, runningCount: 2, status: 'ACTIVE' })
      expect(states(cloud, topology.targetGroupArns[color])).toEqual(['healthy', 'healthy'])
    }
  })

  test('sends production to blue with green at weight 0, and tests to green', () => {
    expect(weights(listener(cloud, topology.productionArns[0]).DefaultActions?.[0])).toEqual({
      [blue]: 100,
      [green]: 0,
    })
    expect(Object.keys(weights(listener(cloud, topology.testListenerArn).DefaultActions?.[0]))).toEqual([green])
  })

  test('says the inputs of the action', () => {
    expect(topology.inputs).toEqual({
      cluster: 'sandbox',
      service: 'sample',
      'listener-arns': topology.productionListenerArns[0],
      'test-listener-arns': topology.testListenerArn,
    })
  })

  test('has a task definition with more than an image, and tags', () => {
    const described = cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: 'sample', include: ['TAGS'] })
    expect(described).toMatchObject({
      taskDefinition: { containerDefinitions: [{ image: 'sample-app:0.0.1', ulimits: [{ name: 'nofile' }] }] },
      tags: [{ key: 'team' }, { key: 'cost-center' }],
    })
  })
})

describe('other worlds', () => {
  test('with green live and its own task counts', () => {
    const { cloud, topology } = steady({ live: 'green', tasks: { blue: 0, green: 3 } })
    const { blue, green } = topology.targetGroupArns
    expect(weights(listener(cloud, topology.productionArns[0]).DefaultActions?.[0])).toEqual({
      [green]: 100,
      [blue]: 0,
    })
    expect(states(cloud, green)).toEqual(['healthy', 'healthy', 'healthy'])
    expect(states(cloud, blue)).toEqual([])
  })

  test('with the idle color in no listener at all', () => {
    const { cloud, timeline, topology } = steady({ idleInProduction: false, testPort: undefined })
    expect(topology.inputs['test-listener-arns']).toBe('')
    expect(Object.keys(weights(listener(cloud, topology.productionArns[0]).DefaultActions?.[0]))).toEqual([
      topology.targetGroupArns.blue,
    ])
    timeline.advanceTo(timeline.now() + 60_000)
    expect(states(cloud, topology.targetGroupArns.green)).toEqual(['unused', 'unused'])
    cloud.call('ecs', 'UpdateService', {
      cluster: topology.inputs.cluster,
      service: 'sample-green',
      forceNewDeployment: true,
    })
    timeline.advanceTo(timeline.now() + 120_000)
    // ECS calls it done although nobody has checked a single target: proof has to come from the target group.
    expect(service(cloud, topology, 'green').deployments).toMatchObject([
      { rolloutState: 'COMPLETED', runningCount: 2 },
    ])
    expect(states(cloud, topology.targetGroupArns.green)).toEqual(['unused', 'unused'])
  })

  test('with several listeners and rules that all carry production', () => {
    const { cloud, topology } = steady({
      productionPorts: [80, 8080],
      rules: [{ priority: 10, pathPattern: '/api/*' }],
      defaultForwards: false,
    })
    expect(topology.productionArns).toHaveLength(2)
    const described = cloud.call('elbv2', 'DescribeRules', { RuleArns: topology.productionArns })
    for (const rule of described.Rules as Rule[]) {
      expect(rule).toMatchObject({ Priority: '10', IsDefault: false })
      expect(Object.values(weights(rule.Actions?.[0]))).toEqual([100, 0])
    }
    expect(listener(cloud, topology.productionListenerArns[0]).DefaultActions?.[0]?.Type).toBe('fixed-response')
  })

  test('whose services have a circuit breaker roll back by themselves', () => {
    const { cloud, timeline, topology } = steady({ circuitBreaker: 'rollback' })
    const { cluster } = topology.inputs
    const before = service(cloud, topology, 'green').taskDefinition
    const { taskDefinition } = cloud.call('ecs', 'RegisterTaskDefinition', {
      family: 'sample',
      networkMode: 'awsvpc',
      containerDefinitions: [{ name: 'app', image: 'sample-app:0.0.2-crash', portMappings: [{ containerPort: 8080 }] }],
    }) as { taskDefinition: { taskDefinitionArn: string } }
    const update = { cluster, service: 'sample-green', taskDefinition: taskDefinition.taskDefinitionArn }
    cloud.call('ecs', 'UpdateService', update)
    while (!isSteady(cloud)) timeline.step()
    expect(service(cloud, topology, 'green')).toMatchObject({ taskDefinition: before, runningCount: 2 })
    expect(states(cloud, topology.targetGroupArns.green)).toEqual(['healthy', 'healthy'])
  })

  test('the same seed replays the same world', () => {
    const [first, second] = [steady(), steady()]
    expect(first.timeline.now()).toBe(second.timeline.now())
    expect(first.topology).toEqual(second.topology)
    expect(service(first.cloud, first.topology, 'blue')).toEqual(service(second.cloud, second.topology, 'blue'))
  })
})
