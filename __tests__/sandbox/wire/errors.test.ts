import {
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  ResourceNotFound,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import { DescribeServicesCommand, ServiceNotFoundException, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import {
  CreateRuleCommand,
  type CreateRuleCommandInput,
  DescribeTargetHealthCommand,
  PriorityInUseException,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { AwsFault } from '../../../sandbox/cloud/ports.ts'
import { type Connection, connections, scripted } from './scripted.ts'

const rule: CreateRuleCommandInput = { ListenerArn: 'arn:l', Priority: 10, Conditions: [], Actions: [] }

describe.each(connections)('%s, an error of the control plane', (_, open) => {
  const plane = scripted()
  const defects: unknown[] = []
  let connection: Connection
  beforeAll(async () => {
    connection = await open(plane, { onDefect: defect => defects.push(defect) })
  })
  afterEach(() => {
    defects.length = 0
  })
  afterAll(() => connection.close())

  test('of load balancing has the name of the model, and the wire code without its suffix', async () => {
    plane.answer = new AwsFault('PriorityInUseException', "Priority '10' is <currently> in use & taken")
    const error = await connection.clients.elb.send(new CreateRuleCommand(rule)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(PriorityInUseException)
    expect(error).toMatchObject({
      name: 'PriorityInUseException',
      Code: 'PriorityInUse',
      message: "Priority '10' is <currently> in use & taken",
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(requestIdForm) },
    })
  })

  test('of load balancing that the model does not list has the wire code as its name', async () => {
    plane.answer = new AwsFault('Throttling', 'Rate exceeded')
    await expect(connection.clients.elb.send(new CreateRuleCommand(rule))).rejects.toMatchObject({
      name: 'Throttling',
      Code: 'Throttling',
      $metadata: { httpStatusCode: 400 },
    })
  })

  test('has the HTTP status of the model, whatever the thrower says', async () => {
    plane.answer = new AwsFault('HealthUnavailableException', 'not now')
    const call = connection.clients.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'arn:t' }))
    await expect(call).rejects.toMatchObject({ name: 'HealthUnavailableException', $metadata: { httpStatusCode: 500 } })
  })

  test('of ECS has its name in the body', async () => {
    plane.answer = new AwsFault('ServiceNotFoundException', 'Service not found.')
    const call = connection.clients.ecs.send(new UpdateServiceCommand({ service: 'blue' }))
    const error = await call.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ServiceNotFoundException)
    expect(error).toMatchObject({
      name: 'ServiceNotFoundException',
      message: 'Service not found.',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(requestIdForm) },
    })
  })

  test('of CloudWatch has its name, its code for clients of the query protocol, and its own status', async () => {
    plane.answer = new AwsFault('ResourceNotFound', 'no such alarm')
    const call = connection.clients.cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName: 'a', StateValue: 'OK', StateReason: '' }),
    )
    const error = await call.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ResourceNotFound)
    expect(error).toMatchObject({
      name: 'ResourceNotFound',
      Code: 'ResourceNotFound',
      $metadata: { httpStatusCode: 404 },
    })

    plane.answer = new AwsFault('LimitExceededFault', 'too many')
    const put = new PutMetricAlarmCommand({
      AlarmName: 'a',
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    })
    await expect(connection.clients.cloudwatch.send(put)).rejects.toMatchObject({
      name: 'LimitExceededFault',
      Code: 'LimitExceeded',
    })
  })

  test.each([
    [
      'elb',
      (all: Connection['clients']) => all.elb.send(new CreateRuleCommand({ ListenerArn: 'l', Actions: [{}] } as never)),
      'ValidationError',
      "3 validation errors detected: Value null at 'conditions' failed to satisfy constraint: Member must not be null; Value null at 'priority' failed to satisfy constraint: Member must not be null; Value null at 'actions' failed to satisfy constraint: Member must not be null",
    ],
    [
      'ecs',
      (all: Connection['clients']) => all.ecs.send(new DescribeServicesCommand({} as never)),
      'InvalidParameterException',
      "1 validation error detected: Value null at 'services' failed to satisfy constraint: Member must not be null",
    ],
    [
      'cloudwatch',
      (all: Connection['clients']) => all.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'a' } as never)),
      'ValidationException',
      "2 validation errors detected: Value null at 'stateValue' failed to satisfy constraint: Member must not be null; Value null at 'stateReason' failed to satisfy constraint: Member must not be null",
    ],
  ])('is not even asked for when %s lacks required members', async (_service, send, name, message) => {
    plane.received.length = 0
    await expect(send(connection.clients)).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode: 400 } })
    expect(plane.received).toEqual([])
  })

  test('names the place of a member that is missing deep inside', async () => {
    const call = new CreateRuleCommand({ ...rule, Actions: [{ Type: 'forward' }, { Order: 2 } as never] })
    await expect(connection.clients.elb.send(call)).rejects.toMatchObject({
      message:
        "1 validation error detected: Value null at 'actions.2.member.type' failed to satisfy constraint: Member must not be null",
    })
  })

  test('that is a defect of the sandbox is said loudly, and reaches the client as a 500', async () => {
    plane.answer = new TypeError('cannot read properties of undefined')
    await expect(connection.clients.ecs.send(new UpdateServiceCommand({ service: 'blue' }))).rejects.toMatchObject({
      name: 'ServerException',
      message: 'The sandbox has a defect: cannot read properties of undefined',
      $metadata: { httpStatusCode: 500 },
    })
    expect(defects).toEqual([plane.answer])
  })

  test.each([
    ['a member that the model does not have', { services: [], surprise: 1 }],
    ['a number where the model has text', { services: [{ serviceName: 7 }] }],
    ['null', { services: null }],
  ])('is made of an answer with %s', async (_what, answer) => {
    plane.answer = answer
    const call = connection.clients.ecs.send(new DescribeServicesCommand({ services: ['blue'] }))
    await expect(call).rejects.toMatchObject({
      name: 'ServerException',
      message: expect.stringContaining('The sandbox has a defect: '),
    })
    expect(defects).toHaveLength(1)
  })

  test('can be text that XML cannot have: it is replaced, and the rest stays', async () => {
    plane.answer = new AwsFault('TargetGroupNotFoundException', 'a\u0000b\u001bc\ud800d\r\ne\tf')
    const call = connection.clients.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'arn:t' }))
    await expect(call).rejects.toMatchObject({ message: 'a\ufffdb\ufffdc\ufffdd\r\ne\tf' })
  })

  test('does not come from a large answer', async () => {
    const TargetHealthDescriptions = Array.from({ length: 10_000 }, (_each, index) => ({
      Target: { Id: `10.0.${index >> 8}.${index & 255}`, Port: 8080, AvailabilityZone: 'eu-west-1a' },
      HealthCheckPort: '8080',
      TargetHealth: { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out <&>' },
    }))
    plane.answer = { TargetHealthDescriptions }
    const { elb } = connection.clients
    const { $metadata, ...output } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'arn:t' }))
    expect($metadata.httpStatusCode).toBe(200)
    expect(output).toEqual(plane.answer)
  })

  test('does not come from an output that is empty', async () => {
    plane.answer = {}
    const { $metadata, ...output } = await connection.clients.cloudwatch.send(new DescribeAlarmsCommand({}))
    expect($metadata.httpStatusCode).toBe(200)
    expect(output).toEqual({})
  })
})

const requestIdForm = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/
