import * as scaling from '@aws-sdk/client-application-auto-scaling'
import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as ecs from '@aws-sdk/client-ecs'
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { AwsService } from '../../../sandbox/cloud/ports.ts'
import { between, type Random, seededRandom } from '../../../sandbox/random.ts'
import { requiredMembers, services } from '../../../sandbox/wire/catalog.ts'
import { kindOf, membersOf } from '../../../sandbox/wire/shape.ts'
import { type Connection, connections, inProcess, scripted } from './scripted.ts'

const sdks = { ecs, elbv2, cloudwatch, logs, 'application-autoscaling': scaling } as const

/** Sends `operation` with the SDK's own command. */
async function send(connection: Connection, service: AwsService, operation: string, input: object): Promise<object> {
  const Command = (sdks[service] as unknown as Record<string, new (input: object) => unknown>)[`${operation}Command`]
  if (Command === undefined) throw new Error(`${service} has no ${operation}Command`)
  const client = {
    ecs: connection.clients.ecs,
    elbv2: connection.clients.elb,
    cloudwatch: connection.clients.cloudwatch,
    logs: connection.clients.logs,
    'application-autoscaling': connection.clients.scaling,
  }
  const sender = client[service] as unknown as { send(command: unknown): Promise<{ $metadata: object }> }
  const { $metadata, ...output } = await sender.send(new Command(input))
  return output
}

const nasty = ' a & b < c > "d" \'e\' \t ]]> &amp; %41+%2B \r\n ü 😀 '
const forward = {
  Type: 'forward',
  Order: 0,
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: 'arn:blue', Weight: 100 },
      { TargetGroupArn: 'arn:green', Weight: 0 },
    ],
    TargetGroupStickinessConfig: { Enabled: false, DurationSeconds: 0 },
  },
}
const at = new Date('2026-01-05T10:11:12.345Z')

/** What the product calls, with everything that protocols like to lose: zero, false, empty text, lists of lists, maps. */
const calls: readonly (readonly [service: AwsService, operation: string, input: object, output: object])[] = [
  [
    'ecs',
    'DescribeServices',
    { cluster: 'web', services: ['blue', 'green'], include: ['TAGS'] },
    {
      services: [
        {
          serviceName: nasty,
          desiredCount: 0,
          runningCount: 2,
          enableExecuteCommand: false,
          roleArn: '',
          tags: [{ key: 'Empty', value: '' }],
          createdAt: at,
          deployments: [
            { id: 'ecs-svc/1', status: 'PRIMARY', failedTasks: 0, rolloutState: 'COMPLETED', updatedAt: at },
          ],
          deploymentConfiguration: { maximumPercent: 200, deploymentCircuitBreaker: { enable: true, rollback: false } },
          networkConfiguration: { awsvpcConfiguration: { subnets: [], assignPublicIp: 'DISABLED' } },
        },
      ],
      failures: [{ arn: 'arn:x', reason: 'MISSING' }],
    },
  ],
  [
    'ecs',
    'UpdateService',
    { service: 'blue', desiredCount: 0, forceNewDeployment: false, loadBalancers: [] },
    {
      service: { serviceName: 'blue' },
    },
  ],
  [
    'ecs',
    'DescribeTaskDefinition',
    { taskDefinition: 'app:1', include: ['TAGS'] },
    {
      taskDefinition: {
        family: 'app',
        revision: 1,
        containerDefinitions: [
          {
            name: 'app',
            essential: false,
            cpu: 0,
            command: ['sh', '-c', ''],
            environment: [{ name: 'A', value: '' }],
            dockerLabels: { 'com.example/a b': '', '': 'empty name' },
            logConfiguration: { logDriver: 'awslogs', options: { group: nasty } },
          },
        ],
      },
      tags: [],
    },
  ],
  [
    'ecs',
    'RegisterTaskDefinition',
    {
      family: 'app',
      containerDefinitions: [{ name: 'app', image: 'app:1', essential: false, dockerLabels: { a: '', b: nasty } }],
      volumes: [{ name: 'v', host: {} }],
      tags: [{ key: 'k', value: '' }],
    },
    { taskDefinition: { taskDefinitionArn: 'arn:app:2' } },
  ],
  ['ecs', 'ListTasks', { cluster: 'web', serviceName: 'blue', desiredStatus: 'STOPPED' }, { taskArns: [] }],
  [
    'ecs',
    'DescribeTasks',
    { cluster: 'web', tasks: ['t'] },
    {
      tasks: [
        {
          taskArn: 't',
          containers: [{ name: 'app', exitCode: 0, reason: nasty }],
          attachments: [{ type: 'eni', details: [{ name: 'privateIPv4Address', value: '10.0.0.1' }] }],
          stoppedAt: at,
        },
      ],
      failures: [],
    },
  ],
  [
    'elbv2',
    'DescribeListeners',
    { ListenerArns: ['arn:l'], PageSize: 1 },
    {
      Listeners: [
        { ListenerArn: 'arn:l', Port: 80, Certificates: [], DefaultActions: [forward], MutualAuthentication: {} },
      ],
      NextMarker: nasty,
    },
  ],
  [
    'elbv2',
    'DescribeRules',
    { ListenerArn: 'arn:l' },
    {
      Rules: [
        { RuleArn: 'arn:r', Priority: 'default', IsDefault: true, Conditions: [], Actions: [forward] },
        {
          Priority: '10',
          IsDefault: false,
          Conditions: [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x', Values: [nasty, ''] } }],
          Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', MessageBody: '' } }],
        },
      ],
    },
  ],
  [
    'elbv2',
    'ModifyListener',
    { ListenerArn: 'arn:l', DefaultActions: [forward], Certificates: [] },
    {
      Listeners: [{ DefaultActions: [forward] }],
    },
  ],
  ['elbv2', 'ModifyRule', { RuleArn: 'arn:r', Actions: [forward] }, { Rules: [{ Actions: [forward] }] }],
  [
    'elbv2',
    'CreateRule',
    {
      ListenerArn: 'arn:l',
      Priority: 0,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/a*', nasty] } }],
      Actions: [forward],
      Tags: [{ Key: 'k', Value: '' }],
    },
    { Rules: [] },
  ],
  [
    'elbv2',
    'DescribeTargetGroups',
    { TargetGroupArns: ['a', 'b'] },
    {
      TargetGroups: [
        {
          TargetGroupName: 'a',
          Port: 0,
          HealthCheckEnabled: false,
          Matcher: { HttpCode: '200' },
          LoadBalancerArns: [],
        },
      ],
    },
  ],
  [
    'elbv2',
    'DescribeTargetHealth',
    { TargetGroupArn: 'a', Targets: [{ Id: '10.0.0.1', Port: 0 }] },
    {
      TargetHealthDescriptions: [
        {
          Target: { Id: '10.0.0.1', Port: 80 },
          HealthCheckPort: '80',
          TargetHealth: { State: 'unhealthy', Description: nasty },
        },
        { Target: { Id: '10.0.0.2' }, TargetHealth: { State: 'healthy' } },
      ],
    },
  ],
  [
    'elbv2',
    'DescribeTags',
    { ResourceArns: ['a'] },
    { TagDescriptions: [{ ResourceArn: 'a', Tags: [{ Key: 'k', Value: '' }] }] },
  ],
  [
    'elbv2',
    'AddTags',
    {
      ResourceArns: ['a', 'b'],
      Tags: [
        { Key: nasty, Value: nasty },
        { Key: 'empty', Value: '' },
      ],
    },
    {},
  ],
  [
    'logs',
    'GetLogEvents',
    { logGroupName: '/ecs/app', logStreamName: nasty, limit: 50, startFromHead: false, nextToken: '' },
    {
      events: [{ timestamp: 1_767_607_872_345, message: nasty, ingestionTime: 0 }],
      nextForwardToken: 'f/1',
      nextBackwardToken: '',
    },
  ],
  [
    'application-autoscaling',
    'RegisterScalableTarget',
    {
      ServiceNamespace: 'ecs',
      ResourceId: nasty,
      ScalableDimension: 'ecs:service:DesiredCount',
      MinCapacity: 0,
      SuspendedState: { DynamicScalingInSuspended: false, ScheduledScalingSuspended: true },
    },
    { ScalableTargetARN: nasty },
  ],
  [
    'cloudwatch',
    'DescribeAlarms',
    { AlarmNames: [nasty, ''], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 0 },
    {
      MetricAlarms: [
        {
          AlarmName: nasty,
          ActionsEnabled: false,
          Threshold: 0.25,
          Period: 0,
          StateUpdatedTimestamp: at,
          Dimensions: [],
        },
      ],
      CompositeAlarms: [],
    },
  ],
]

describe.each(connections)('%s, the SDK and the control plane understand each other in', (_, open) => {
  const plane = scripted()
  let connection: Connection
  beforeAll(async () => {
    connection = await open(plane)
  })
  afterAll(() => connection.close())

  test.each(calls)('%s %s', async (service, operation, input, output) => {
    plane.answer = output
    expect(await send(connection, service, operation, input)).toEqual(output)
    expect(plane.received.at(-1)).toEqual({ service, operation, input })
  })
})

/** Not only what the product calls today: values made from the schemas themselves, for every operation there is. */
describe('values made from the schemas survive both ways in every operation of', () => {
  const plane = scripted()
  let connection: Connection
  beforeAll(async () => {
    connection = await inProcess(plane)
  })
  afterAll(() => connection.close())

  test.each(['ecs', 'elbv2', 'cloudwatch', 'application-autoscaling'] as const)('%s', async service => {
    const random = seededRandom(7)
    for (const operation of services[service].operations.values()) {
      const input = madeOf(operation.input, random, 0) as object
      const output = madeOf(operation.output, random, 0) as object
      plane.answer = output
      expect({ operation: operation.name, output: await send(connection, service, operation.name, input) }).toEqual({
        operation: operation.name,
        output,
      })
      expect(plane.received.at(-1)).toEqual({ service, operation: operation.name, input })
    }
  })
})

const texts = ['', nasty, 'x', '0', 'false', ' ', 'a.member.1']

function madeOf(schema: NormalizedSchema, random: Random, depth: number): unknown {
  const pick = <T>(values: readonly T[]) => values[Math.floor(between(random, 0, values.length))] as T
  switch (kindOf(schema)) {
    case 'structure':
      return structureOf(schema, random, depth)
    case 'list':
      return Array.from({ length: pick([1, 2, 11]) }, () => madeOf(schema.getValueSchema(), random, depth + 1))
    case 'map':
      return Object.fromEntries(['a', nasty].map(key => [key, madeOf(schema.getValueSchema(), random, depth + 1)]))
    case 'timestamp':
      return new Date(pick([0, at.getTime(), 1_700_000_000_001]))
    case 'blob':
      return Uint8Array.from([0, 255, 10])
    case 'boolean':
      return pick([true, false])
    case 'number':
      return pick([0, -1, 1, 2_147_483_647])
    case 'string':
      return pick(texts)
    case 'document':
      return { a: [0, false, '', { b: 1.5 }] }
  }
}

function structureOf(schema: NormalizedSchema, random: Random, depth: number): Record<string, unknown> {
  const all = membersOf(schema)
  const required = new Set(requiredMembers(schema))
  // Deep inside, only what must be there, and one member: the SDK leaves empty structures out of queries.
  const wanted = all.filter(
    ([name, member]) =>
      required.has(name) || member.isIdempotencyToken() || random() < (depth < 3 ? 0.6 : 0) || all[0]?.[0] === name,
  )
  const chosen = schema.isUnionSchema() ? wanted.slice(0, 1) : wanted
  return Object.fromEntries(chosen.map(([name, member]) => [name, madeOf(member, random, depth + 1)]))
}
