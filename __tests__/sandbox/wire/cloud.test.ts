import { DeleteAlarmsCommand, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch'
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import {
  AddTagsCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Cloud, createCloud } from '../../../sandbox/cloud/cloud.ts'
import type { AwsService } from '../../../sandbox/cloud/ports.ts'
import { type CloudSettings, calmSettings } from '../../../sandbox/cloud/settings.ts'
import { createSimulatedRuntime } from '../../../sandbox/cloud/simulated-runtime.ts'
import { isSteady, seedTopology, type Topology } from '../../../sandbox/cloud/topology.ts'
import { seededRandom } from '../../../sandbox/random.ts'
import { VirtualTimeline } from '../../../sandbox/timeline.ts'
import { type Clients, type Connection, inProcess } from './scripted.ts'

/** The sandbox's own cloud behind the wire: what it answers must fit the service models, member by member. */
interface World extends Connection {
  readonly cloud: Cloud
  readonly topology: Topology
  readonly defects: unknown[]
}

async function world(settings: Partial<CloudSettings> = {}): Promise<World> {
  const timeline = new VirtualTimeline(Date.UTC(2026, 0, 5))
  const random = seededRandom(11)
  const runtime = createSimulatedRuntime({ timeline, random })
  const cloud = createCloud({ timeline, random, settings: { ...calmSettings, ...settings }, runtime })
  const topology = seedTopology(cloud)
  while (!isSteady(cloud)) if (!timeline.step()) throw new Error('the world does not become steady')
  const defects: unknown[] = []
  const connection = await inProcess(cloud, { onDefect: defect => defects.push(defect) })
  return { ...connection, cloud, topology, defects }
}

describe('the cloud behind the wire', () => {
  let it: World
  let all: Clients
  beforeEach(async () => {
    it = await world({ throttling: false })
    all = it.clients
  })
  afterEach(async () => {
    await it.close()
    expect(it.defects).toEqual([])
  })

  /** The SDK's reply without its metadata, beside what the cloud says of the same state. */
  const same = (
    reply: { $metadata: object },
    service: AwsService,
    operation: string,
    input: Record<string, unknown>,
  ) => {
    const { $metadata, ...output } = reply
    expect(output).toEqual(it.cloud.call(service, operation, input))
    return output
  }

  test('reads of ECS arrive as the cloud has them', async () => {
    const { cluster } = it.topology.inputs
    const services = {
      cluster,
      services: [...Object.values(it.topology.serviceArns), 'nobody'],
      include: ['TAGS' as const],
    }
    const described = await all.ecs.send(new DescribeServicesCommand(services))
    same(described, 'ecs', 'DescribeServices', services)
    expect(described.failures).toHaveLength(1)

    const service = described.services?.[0]
    const list = { cluster, serviceName: service?.serviceName }
    const { taskArns = [], ...listed } = await all.ecs.send(new ListTasksCommand(list as never))
    same({ taskArns, ...listed } as never, 'ecs', 'ListTasks', list)
    const tasks = { cluster, tasks: taskArns }
    same(await all.ecs.send(new DescribeTasksCommand(tasks)), 'ecs', 'DescribeTasks', tasks)
    const definition = { taskDefinition: service?.taskDefinition ?? '', include: ['TAGS' as const] }
    same(await all.ecs.send(new DescribeTaskDefinitionCommand(definition)), 'ecs', 'DescribeTaskDefinition', definition)
  })

  test('reads of load balancing arrive as the cloud has them', async () => {
    const { elb } = all
    const listener = { ListenerArn: it.topology.productionListenerArns[0] }
    const groups = { TargetGroupArns: Object.values(it.topology.targetGroupArns) }
    const tags = { ResourceArns: groups.TargetGroupArns }
    same(await elb.send(new DescribeLoadBalancersCommand({})), 'elbv2', 'DescribeLoadBalancers', {})
    const listeners = { ListenerArns: [...it.topology.productionListenerArns] }
    same(await elb.send(new DescribeListenersCommand(listeners)), 'elbv2', 'DescribeListeners', listeners)
    same(await elb.send(new DescribeRulesCommand(listener)), 'elbv2', 'DescribeRules', listener)
    same(await elb.send(new DescribeTargetGroupsCommand(groups)), 'elbv2', 'DescribeTargetGroups', groups)
    same(await elb.send(new DescribeTagsCommand(tags)), 'elbv2', 'DescribeTags', tags)
    for (const TargetGroupArn of groups.TargetGroupArns) {
      const group = { TargetGroupArn }
      same(await elb.send(new DescribeTargetHealthCommand(group)), 'elbv2', 'DescribeTargetHealth', group)
      const attributes = await elb.send(new DescribeTargetGroupAttributesCommand(group))
      same(attributes, 'elbv2', 'DescribeTargetGroupAttributes', group)
    }
  })

  test('a write of weights, zero included, comes back as it was sent', async () => {
    const { blue, green } = it.topology.targetGroupArns
    const forward = (first: number, second: number) => ({
      Type: 'forward' as const,
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: blue, Weight: first },
          { TargetGroupArn: green, Weight: second },
        ],
      },
    })
    const ListenerArn = it.topology.productionListenerArns[0]
    await all.elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions: [forward(0, 100)] }))
    const read = await all.elb.send(new DescribeListenersCommand({ ListenerArns: [ListenerArn ?? ''] }))
    expect(read.Listeners?.[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups).toEqual(
      forward(0, 100).ForwardConfig.TargetGroups,
    )

    const Conditions = [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/a&b*'] } }]
    const rule = { ListenerArn, Priority: 10, Conditions, Actions: [forward(100, 0)] }
    const { Rules } = await all.elb.send(new CreateRuleCommand(rule))
    const RuleArn = Rules?.[0]?.RuleArn
    await expect(all.elb.send(new CreateRuleCommand(rule))).rejects.toMatchObject({
      name: 'PriorityInUseException',
      Code: 'PriorityInUse',
      message: "Priority '10' is currently in use",
    })
    const modified = await all.elb.send(new ModifyRuleCommand({ RuleArn, Actions: [forward(0, 0)] }))
    expect(modified.Rules?.[0]).toMatchObject({
      Priority: '10',
      IsDefault: false,
      Conditions,
      Actions: [forward(0, 0)],
    })
    await all.elb.send(new DeleteRuleCommand({ RuleArn }))
  })

  test('a new revision and a rollout of it go through', async () => {
    const { cluster } = it.topology.inputs
    const service = it.topology.serviceArns.green
    const [before] = (await all.ecs.send(new DescribeServicesCommand({ cluster, services: [service] }))).services ?? []
    const { taskDefinition: old } = await all.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: before?.taskDefinition }),
    )
    const { taskDefinition } = await all.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: old?.family,
        networkMode: old?.networkMode,
        cpu: old?.cpu,
        memory: old?.memory,
        requiresCompatibilities: old?.requiresCompatibilities,
        containerDefinitions: old?.containerDefinitions?.map(one => ({
          ...one,
          environment: [{ name: 'EMPTY', value: '' }],
          dockerLabels: { a: '<&>' },
        })),
      }),
    )
    expect(taskDefinition?.containerDefinitions?.[0]).toMatchObject({
      environment: [{ name: 'EMPTY', value: '' }],
      dockerLabels: { a: '<&>' },
    })
    const update = { cluster, service, taskDefinition: taskDefinition?.taskDefinitionArn }
    const { service: updated } = await all.ecs.send(new UpdateServiceCommand(update))
    expect(updated?.deployments?.[0]).toMatchObject({ status: 'PRIMARY', taskDefinition: update.taskDefinition })
    expect(updated?.deployments?.[0]?.createdAt).toBeInstanceOf(Date)
  })

  test('target groups, tags and alarms are made, read and removed', async () => {
    const HealthCheckPath = '/health?a=1&b="<2>"'
    const made = await all.elb.send(
      new CreateTargetGroupCommand({
        Name: 'preview',
        Protocol: 'HTTP',
        Port: 80,
        VpcId: (await all.elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups?.[0]?.VpcId,
        TargetType: 'ip',
        HealthCheckPath,
      }),
    )
    expect(made.TargetGroups?.[0]?.HealthCheckPath).toBe(HealthCheckPath)
    const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn ?? ''
    const Tags = [
      { Key: 'Version', Value: '1 + 2 = 3 @ 4' },
      { Key: 'Empty', Value: '' },
    ]
    await all.elb.send(new AddTagsCommand({ ResourceArns: [TargetGroupArn], Tags }))
    const { TagDescriptions } = await all.elb.send(new DescribeTagsCommand({ ResourceArns: [TargetGroupArn] }))
    expect(TagDescriptions).toEqual([{ ResourceArn: TargetGroupArn, Tags }])
    await all.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }))

    const alarm = {
      AlarmName: 'errors',
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'HTTPCode_Target_5XX_Count',
      Statistic: 'Sum' as const,
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold' as const,
      ActionsEnabled: false,
    }
    await all.cloudwatch.send(new PutMetricAlarmCommand(alarm))
    const { MetricAlarms } = await all.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['errors', 'nobody'] }))
    expect(MetricAlarms).toMatchObject([{ ...alarm, StateValue: 'INSUFFICIENT_DATA' }])
    await all.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['errors'] }))
    expect((await all.cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([])
  })

  test('refusals have the names that the SDK gives them', async () => {
    const { cluster, service } = it.topology.inputs
    const refused = (call: Promise<unknown>) =>
      call.then(
        () => 'done',
        (error: Error) => error.name,
      )
    const missing = `${it.topology.targetGroupArns.blue.replace(/[^/]*$/, '')}0123456789abcdef`
    expect([
      await refused(all.ecs.send(new UpdateServiceCommand({ cluster, service: 'nobody' }))),
      await refused(all.ecs.send(new DescribeServicesCommand({ cluster: 'nowhere', services: [service] }))),
      await refused(all.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'nothing:1' }))),
      await refused(all.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: missing }))),
      await refused(all.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'not an arn' }))),
    ]).toEqual([
      'ServiceNotFoundException',
      'ClusterNotFoundException',
      'ClientException',
      'TargetGroupNotFoundException',
      'ValidationError',
    ])
  })
})

test('the cloud throttles in each service’s own words', async () => {
  const { clients: all, topology, close } = await world()
  const { cluster, service } = topology.inputs
  const until = async (call: () => Promise<unknown>) => {
    for (let calls = 0; calls < 300; calls++) {
      const name = await call().then(
        () => undefined,
        (error: Error) => error.name,
      )
      if (name !== undefined) return name
    }
    return undefined
  }
  const names = [
    await until(() => all.ecs.send(new DescribeServicesCommand({ cluster, services: [service] }))),
    await until(() => all.elb.send(new DescribeTargetGroupsCommand({}))),
  ]
  await close()
  expect(names).toEqual(['ThrottlingException', 'Throttling'])
})
