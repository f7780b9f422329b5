import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import {
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import { AddTagsCommand, DescribeTagsCommand, ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { AwsFault } from '../../../sandbox/cloud/ports.ts'
import { seededRandom } from '../../../sandbox/random.ts'
import { createFaultRules, type FaultRule, parseFaultRules } from '../../../sandbox/wire/fault-rules.ts'
import { createInProcessHandler } from '../../../sandbox/wire/in-process.ts'
import { createWire } from '../../../sandbox/wire/wire.ts'
import { jumpingClock } from '../../../src/deploy/jumping-clock.ts'
import { type Connection, clients, connections, scripted } from './scripted.ts'

const update = new UpdateServiceCommand({ cluster: 'web', service: 'blue', desiredCount: 2 })
const tags = new AddTagsCommand({ ResourceArns: ['arn:t'], Tags: [{ Key: 'Image', Value: 'app:1' }] })
const modify = new ModifyListenerCommand({
  ListenerArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/l',
})

describe.each(connections)('%s, a rule', (_, open) => {
  const plane = scripted({})
  let connection: Connection
  let all: Connection['clients']
  beforeEach(async () => {
    plane.answer = {}
    plane.received.length = 0
    connection = await open(plane, { maxAttempts: 3 })
    all = connection.clients
  })
  afterEach(() => connection.close())

  const log = () =>
    connection.calls
      .list()
      .map(({ operation, status, error, attempt, lost }) => [operation, attempt, status, error ?? lost])

  test('throttles in the words of each service, and the SDK tries again', async () => {
    connection.faults.add([
      { kind: 'throttle', times: 1, service: 'ecs' },
      { kind: 'throttle', times: 1, service: 'elbv2' },
    ])
    await all.ecs.send(update)
    await all.elb.send(tags)
    expect(log()).toEqual([
      ['UpdateService', 1, 400, 'ThrottlingException'],
      ['UpdateService', 2, 200, undefined],
      ['AddTags', 1, 400, 'Throttling'],
      ['AddTags', 2, 200, undefined],
    ])
    expect(plane.received).toHaveLength(2)
  })

  test('refuses in the words of each service, and the SDK does not try again', async () => {
    connection.faults.add([{ kind: 'denied' }])
    const caller = 'User: arn:aws:sts::123456789012:assumed-role/deploy/sandbox is not authorized to perform:'
    await expect(all.ecs.send(update)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `${caller} ecs:UpdateService on resource: arn:aws:ecs:eu-west-1:123456789012:service/web/blue because no identity-based policy allows the ecs:UpdateService action`,
    })
    await expect(all.elb.send(modify)).rejects.toMatchObject({
      name: 'AccessDenied',
      Code: 'AccessDenied',
      message: `${caller} elasticloadbalancing:ModifyListener on resource: arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/l because no identity-based policy allows the elasticloadbalancing:ModifyListener action`,
      $metadata: { httpStatusCode: 403 },
    })
    await expect(all.elb.send(new DescribeTagsCommand({ ResourceArns: ['arn:t'] }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `${caller} elasticloadbalancing:DescribeTags because no identity-based policy allows the elasticloadbalancing:DescribeTags action`,
    })
    await expect(all.cloudwatch.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `${caller} cloudwatch:DescribeAlarms on resource: * because no identity-based policy allows the cloudwatch:DescribeAlarms action`,
    })
    expect(log()).toHaveLength(4)
    expect(plane.received).toEqual([])
  })

  test('answers with the error it names, by name or by wire code, with its own text and status', async () => {
    connection.faults.add([
      { kind: 'error', operation: 'AddTags', code: 'TooManyTags', message: 'enough', times: 1 },
      { kind: 'error', operation: 'AddTags', code: 'TooManyTagsException', times: 1 },
      { kind: 'error', operation: 'UpdateService', code: 'ClientException', message: 'no', status: 418 },
    ])
    await expect(all.elb.send(tags)).rejects.toMatchObject({ name: 'TooManyTagsException', message: 'enough' })
    await expect(all.elb.send(tags)).rejects.toMatchObject({ name: 'TooManyTagsException', Code: 'TooManyTags' })
    await expect(all.ecs.send(update)).rejects.toMatchObject({
      name: 'ClientException',
      message: 'no',
      $metadata: { httpStatusCode: 418 },
    })
  })

  test('without a code breaks the service, which the SDK tries again', async () => {
    connection.faults.add([{ kind: 'error', times: 2 }])
    await all.elb.send(tags)
    expect(log()).toEqual([
      ['AddTags', 1, 500, 'InternalFailure'],
      ['AddTags', 2, 500, 'InternalFailure'],
      ['AddTags', 3, 200, undefined],
    ])
  })

  test('loses an answer: the call is carried out, and once more by the retry', async () => {
    connection.faults.add([{ kind: 'lost-answer', operation: 'AddTags', times: 1 }])
    await all.elb.send(tags)
    expect(plane.received).toHaveLength(2)
    expect(log()).toEqual([
      ['AddTags', 1, 200, 'answer'],
      ['AddTags', 2, 200, undefined],
    ])
  })

  test('loses a request: the call is carried out by the retry alone', async () => {
    connection.faults.add([{ kind: 'lost-request', operation: 'AddTags', times: 1 }])
    await all.elb.send(tags)
    expect(plane.received).toHaveLength(1)
    expect(log()).toEqual([
      ['AddTags', 1, 0, 'request'],
      ['AddTags', 2, 200, undefined],
    ])
  })

  test('that loses every answer ends in the error of a reset connection', async () => {
    connection.faults.add([{ kind: 'lost-answer' }])
    await expect(all.ecs.send(update)).rejects.toMatchObject({
      // Not by code: inside of jest, Node's own errors are of another realm, and the SDK wraps what it does not know.
      message: expect.stringContaining('read ECONNRESET'),
      $metadata: { attempts: 3 },
    })
    expect(plane.received).toHaveLength(3)
  })

  test('lets the first calls pass, hits so many, and no other operation', async () => {
    connection.faults.add([{ kind: 'denied', operation: 'UpdateService', after: 1, times: 1 }])
    await all.ecs.send(update)
    await all.elb.send(tags)
    await expect(all.ecs.send(update)).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await all.ecs.send(update)
    expect(connection.faults.list()).toMatchObject([{ matched: 3, hit: 1 }])
    connection.faults.clear()
    expect(connection.faults.list()).toEqual([])
  })
})

describe.each(connections)('%s, the call log', (_, open) => {
  const plane = scripted({})
  let connection: Connection
  beforeEach(async () => {
    plane.answer = {}
    connection = await open(plane)
  })
  afterEach(() => connection.close())

  test('has the whole call, and not one value of an environment variable or secret', async () => {
    await connection.clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'app',
        containerDefinitions: [
          {
            name: 'app',
            image: 'app:1',
            environment: [{ name: 'PASSWORD', value: 'hunter2' }],
            secrets: [{ name: 'TOKEN', valueFrom: 'arn:secret' }],
            logConfiguration: { logDriver: 'splunk', secretOptions: [{ name: 'token', valueFrom: 'arn:other' }] },
          },
        ],
        tags: [{ key: 'team', value: 'shop' }],
      }),
    )
    await connection.clients.ecs.send(
      new RunTaskCommand({
        taskDefinition: 'app',
        clientToken: 't',
        overrides: { containerOverrides: [{ name: 'app', environment: [{ name: 'PASSWORD', value: 'hunter3' }] }] },
      }),
    )
    expect(connection.calls.list().map(call => call.input)).toEqual([
      {
        family: 'app',
        containerDefinitions: [
          {
            name: 'app',
            image: 'app:1',
            environment: [{ name: 'PASSWORD', value: '(redacted)' }],
            secrets: [{ name: 'TOKEN', valueFrom: '(redacted)' }],
            logConfiguration: { logDriver: 'splunk', secretOptions: [{ name: 'token', valueFrom: '(redacted)' }] },
          },
        ],
        tags: [{ key: 'team', value: 'shop' }],
      },
      {
        taskDefinition: 'app',
        clientToken: 't',
        overrides: { containerOverrides: [{ name: 'app', environment: [{ name: 'PASSWORD', value: '(redacted)' }] }] },
      },
    ])
    // What the control plane gets is not the log's copy.
    expect(JSON.stringify(plane.received)).toContain('hunter2')
  })

  test('has the secret of an authenticate action no more than those', async () => {
    const AuthenticateOidcConfig = {
      Issuer: 'https://i',
      AuthorizationEndpoint: 'https://a',
      TokenEndpoint: 'https://t',
      UserInfoEndpoint: 'https://u',
      ClientId: 'id',
      ClientSecret: 'hunter2',
    }
    await connection.clients.elb.send(
      new ModifyListenerCommand({
        ListenerArn: 'l',
        DefaultActions: [{ Type: 'authenticate-oidc', AuthenticateOidcConfig }],
      }),
    )
    expect(JSON.stringify(connection.calls.list())).not.toContain('hunter2')
    expect(JSON.stringify(connection.calls.list())).toContain('"ClientId":"id"')
  })

  test('has the request id that the client got, also for refusals', async () => {
    const answered = await connection.clients.ecs.send(new DescribeServicesCommand({ services: ['a'] }))
    plane.answer = new AwsFault('ClusterNotFoundException', 'Cluster not found.')
    const refused = connection.clients.ecs.send(new DescribeServicesCommand({ services: ['a'] }))
    const error = (await refused.catch((thrown: unknown) => thrown)) as { $metadata: { requestId: string } }
    expect(connection.calls.list()).toMatchObject([
      { service: 'ecs', requestId: answered.$metadata.requestId, status: 200 },
      { service: 'ecs', requestId: error.$metadata.requestId, status: 400, error: 'ClusterNotFoundException' },
    ])
    connection.calls.clear()
    expect(connection.calls.list()).toEqual([])
  })

  test('has calls that could not be read', async () => {
    await expect(connection.clients.ecs.send(new DescribeServicesCommand({} as never))).rejects.toThrow('services')
    expect(connection.calls.list()).toMatchObject([
      { operation: 'DescribeServices', input: {}, status: 400, error: 'InvalidParameterException' },
    ])
  })
})

describe('rules together', () => {
  const kinds = (rules: readonly FaultRule[], calls: number) => {
    const faults = createFaultRules()
    faults.add(rules)
    return Array.from({ length: calls }, () => {
      const { delayMs, rule } = faults.troubleFor('ecs', 'UpdateService')
      return [delayMs, rule?.kind]
    })
  }

  test('the first one decides and uses itself up, then the next; delays add up', () => {
    const rules: FaultRule[] = [
      { kind: 'delay', delayMs: 5 },
      { kind: 'throttle', times: 1 },
      { kind: 'delay', delayMs: 7, times: 1, after: 1 },
      { kind: 'denied', times: 1 },
    ]
    expect(kinds(rules, 3)).toEqual([
      [5, 'throttle'],
      [12, 'denied'],
      [5, undefined],
    ])
  })

  test('a rule of zero times never acts', () => {
    expect(kinds([{ kind: 'denied', times: 0 }], 2)).toEqual([
      [0, undefined],
      [0, undefined],
    ])
  })
})

describe('a rule tells of its hits', () => {
  const heardOf = async (rule: FaultRule) => {
    const plane = scripted({})
    const random = seededRandom(1)
    const wire = createWire({ controlPlane: plane, random })
    const clock = jumpingClock(0)
    const heard: unknown[] = []
    wire.faults.add([{ after: 1, times: 1, ...rule }], hit => heard.push([hit, plane.received.length]))
    const all = clients({
      endpoint: 'http://sandbox.invalid',
      requestHandler: createInProcessHandler({ wire, clock, random }),
    })
    await all.elb.send(tags)
    const second = await all.elb.send(tags).then(
      () => 'answered',
      (error: Error) => error.name,
    )
    return { heard, second, carriedOut: plane.received.length, log: wire.calls.list().map(call => call.lost) }
  }
  const hit = { service: 'elbv2', operation: 'AddTags' }

  test('a call that hangs before it is carried out: at once, and it never is', async () => {
    expect(await heardOf({ kind: 'hang' })).toEqual({
      heard: [[hit, 1]],
      second: 'TimeoutError',
      carriedOut: 1,
      log: [undefined, 'request'],
    })
  })

  test('a call that hangs after it was carried out: then', async () => {
    expect(await heardOf({ kind: 'hang', when: 'after' })).toEqual({
      heard: [[hit, 2]],
      second: 'TimeoutError',
      carriedOut: 2,
      log: [undefined, 'answer'],
    })
  })

  test('any other: before', async () => {
    const rest = { second: 'answered', carriedOut: 2, log: [undefined, undefined] }
    expect(await heardOf({ kind: 'delay', delayMs: 0 })).toEqual({ heard: [[hit, 1]], ...rest })
  })
})

describe('rules that are read', () => {
  test.each([
    [{}, 'the body must be a JSON list of rules'],
    [['throttle'], 'rule 1: must be an object'],
    [[{}], 'rule 1: kind is missing: throttle, error, delay, lost-answer, lost-request, hang, denied'],
    [
      [{ kind: 'throttled' }],
      'rule 1: kind must be one of throttle, error, delay, lost-answer, lost-request, hang, denied',
    ],
    [[{ kind: 'throttle' }, { kind: 'throttle', operations: 'x' }], 'rule 2: unknown member operations'],
    [
      [{ kind: 'throttle', service: 'alb' }],
      'rule 1: service must be one of ecs, elbv2, cloudwatch, logs, application-autoscaling',
    ],
    [[{ kind: 'throttle', operation: 'updateService' }], 'rule 1: operation is no operation: updateService'],
    [[{ kind: 'throttle', service: 'ecs', operation: 'ModifyRule' }], 'rule 1: ecs has no operation ModifyRule'],
    [[{ kind: 'delay' }], 'rule 1: delayMs is missing'],
    [[{ kind: 'delay', delayMs: -1 }], 'rule 1: delayMs must be a whole number of 0 or more'],
    [[{ kind: 'hang', when: 'later' }], 'rule 1: when must be one of before, after'],
    [[{ kind: 'lost-answer', when: 'after' }], 'rule 1: when goes with the kind hang alone'],
    [[{ kind: 'error', status: 200 }], 'rule 1: status must be 400 to 599'],
    [[{ kind: 'error', code: 7 }], 'rule 1: code must be text'],
    [[{ kind: 'denied', times: '1' }], 'rule 1: times must be a whole number of 0 or more'],
  ])('%j is refused', (rules, problem) => {
    expect(parseFaultRules(rules)).toEqual({ problems: [problem] })
  })

  test('are told all their problems at once', () => {
    expect(
      parseFaultRules([
        { kind: 'x', a: 1 },
        { kind: 'throttle', after: 1.5 },
      ]),
    ).toEqual({
      problems: [
        'rule 1: kind must be one of throttle, error, delay, lost-answer, lost-request, hang, denied',
        'rule 1: unknown member a',
        'rule 2: after must be a whole number of 0 or more',
      ],
    })
  })

  test('are taken when there is nothing wrong with them', () => {
    const rules = [
      {
        kind: 'error',
        service: 'elbv2',
        operation: 'CreateRule',
        code: 'PriorityInUse',
        status: 503,
        times: 2,
        after: 0,
      },
      { kind: 'delay', delayMs: 100 },
    ]
    expect(parseFaultRules(rules)).toEqual({ rules })
  })
})
