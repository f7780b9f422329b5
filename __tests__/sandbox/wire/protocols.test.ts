import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cbor, tag } from '@smithy/core/cbor'
import { AwsFault } from '../../../sandbox/cloud/ports.ts'
import { createWireServer, type WireServer } from '../../../sandbox/wire/server.ts'
import { scripted } from './scripted.ts'

/** What is on the wire, byte for byte: other clients than the SDK for JavaScript read it too. */
const plane = scripted()
let server: WireServer
beforeAll(async () => {
  server = await createWireServer({ controlPlane: plane })
})
afterAll(() => server.close())

const ecs = (
  operation: string,
  body: string | Uint8Array<ArrayBuffer>,
  path = '/',
  headers: Record<string, string> = {},
) =>
  fetch(server.endpoint + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
      ...headers,
    },
    body,
  })

const alarms = (operation: string, body: unknown) =>
  fetch(server.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `GraniteServiceVersion20100801.${operation}`,
    },
    body: JSON.stringify(body),
  })

const query = (parameters: Record<string, string>, path = '/') =>
  fetch(server.endpoint + path, { method: 'POST', body: new URLSearchParams(parameters) })

const elb = (parameters: Record<string, string>, path = '/') => query({ Version: '2015-12-01', ...parameters }, path)

const inCbor = (operation: string, input: unknown) =>
  fetch(`${server.endpoint}/service/GraniteServiceVersion20100801/operation/${operation}`, {
    method: 'POST',
    headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
    body: Uint8Array.from(cbor.serialize(input)),
  })

const received = () => plane.received.at(-1)
const at = new Date('2026-01-05T10:11:12.345Z')

describe('awsJson1_1', () => {
  test('writes epoch seconds with the milliseconds as a fraction, and says who it is', async () => {
    plane.answer = { services: [{ createdAt: at, desiredCount: 0 }] }
    const response = await ecs('DescribeServices', '{"services":["blue"]}')
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1')
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await response.text()).toBe('{"services":[{"desiredCount":0,"createdAt":1767607872.345}]}')
  })

  test('drops members that it does not know, and takes null for absent', async () => {
    plane.answer = {}
    await ecs('DescribeServices', '{"services":["blue"],"newer":{"a":1},"cluster":null,"__proto__":{"x":1}}')
    expect(received()?.input).toEqual({ services: ['blue'] })
  })

  test('is spoken behind any path', async () => {
    plane.answer = { taskArns: [] }
    const response = await ecs('ListTasks', '{}', '/aws/ecs/')
    expect([response.status, await response.text()]).toEqual([200, '{"taskArns":[]}'])
  })

  test.each([
    ['no JSON at all', '{"services":'],
    ['text for a list', '{"services":"blue"}'],
    ['a number for text', '{"services":["blue"],"cluster":7}'],
    ['a list for the whole input', '[]'],
    ['text for a number', '{"service":"x","desiredCount":"2"}', 'UpdateService'],
  ])('refuses %s', async (_what, body, operation = 'DescribeServices') => {
    const response = await ecs(operation, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ __type: 'SerializationException' })
  })

  test('names an operation that it does not have', async () => {
    const response = await ecs('DescribeMoon', '{}')
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      __type: 'UnknownOperationException',
      message: 'Unknown operation DescribeMoon.',
    })
  })

  test('reads compressed bodies, but not bombs', async () => {
    plane.answer = {}
    await ecs('ListTasks', gzipSync('{"cluster":"web"}'), '/', { 'content-encoding': 'gzip' })
    expect(received()?.input).toEqual({ cluster: 'web' })

    const bomb = gzipSync(`{"cluster":"${' '.repeat(17 * 1024 * 1024)}"}`)
    const response = await ecs('ListTasks', bomb, '/', { 'content-encoding': 'gzip' })
    expect(response.status).toBe(400)
  })
})

describe('awsQuery', () => {
  test('answers with the envelope and the namespace of the service', async () => {
    plane.answer = { Listeners: [{ ListenerArn: 'a<b>&c', Port: 0, Certificates: [] }], NextMarker: '' }
    const response = await elb({ Action: 'DescribeListeners' })
    expect(response.headers.get('content-type')).toBe('text/xml')
    expect((await response.text()).replace(/<RequestId>[0-9a-f-]{36}</, '<RequestId>ID<')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<DescribeListenersResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeListenersResult><Listeners><member><ListenerArn>a&lt;b&gt;&amp;c</ListenerArn><Port>0</Port><Certificates/></member></Listeners><NextMarker/></DescribeListenersResult><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></DescribeListenersResponse>\n',
    )
  })

  test('writes errors without the suffix, and timestamps as ISO-8601', async () => {
    plane.answer = new AwsFault('TargetGroupNotFoundException', "Target groups 'x' not found")
    const response = await elb({ Action: 'DescribeTargetGroups' })
    expect(response.status).toBe(400)
    expect((await response.text()).replace(/<RequestId>[0-9a-f-]{36}</, '<RequestId>ID<')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><Error><Type>Sender</Type><Code>TargetGroupNotFound</Code><Message>Target groups &apos;x&apos; not found</Message></Error><RequestId>ID</RequestId></ErrorResponse>\n',
    )

    plane.answer = { LoadBalancers: [{ CreatedTime: at }] }
    const loadBalancers = await elb({ Action: 'DescribeLoadBalancers' })
    expect(await loadBalancers.text()).toContain('<CreatedTime>2026-01-05T10:11:12.345Z</CreatedTime>')
  })

  test('reads lists in the order of their numbers, zero, false and empty lists, and drops what it does not know', async () => {
    plane.answer = {}
    const forward = 'DefaultActions.member.1.ForwardConfig'
    await elb({
      Action: 'ModifyListener',
      ListenerArn: 'l',
      'DefaultActions.member.1.Type': 'forward',
      [`${forward}.TargetGroups.member.10.TargetGroupArn`]: 'ten',
      [`${forward}.TargetGroups.member.2.TargetGroupArn`]: 'two',
      [`${forward}.TargetGroups.member.2.Weight`]: '0',
      [`${forward}.TargetGroupStickinessConfig.Enabled`]: 'false',
      [`${forward}.Newer.member.1`]: 'x',
      Certificates: '',
      __proto__: 'x',
    })
    expect(received()?.input).toEqual({
      ListenerArn: 'l',
      DefaultActions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: 'two', Weight: 0 }, { TargetGroupArn: 'ten' }],
            TargetGroupStickinessConfig: { Enabled: false },
          },
        },
      ],
      Certificates: [],
    })
  })

  test.each([
    ['text for a number', { Action: 'DescribeListeners', PageSize: 'many' }],
    ['nothing for a number', { Action: 'DescribeListeners', PageSize: '' }],
    ['text for a boolean', { Action: 'CreateTargetGroup', Name: 'a', HealthCheckEnabled: 'yes' }],
  ])('refuses %s', async (_what, parameters) => {
    const response = await elb(parameters)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('<Code>MalformedInput</Code>')
  })

  test('names an action that it does not have', async () => {
    const response = await elb({ Action: 'DescribeMoon' })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(
      '<Code>InvalidAction</Code><Message>Could not find operation DescribeMoon for version 2015-12-01</Message>',
    )
  })

  test('takes its parameters from the path of a GET', async () => {
    plane.answer = {}
    const response = await fetch(
      `${server.endpoint}/x/?Action=DescribeTags&Version=2015-12-01&ResourceArns.member.1=a%26b+c`,
    )
    expect(response.status).toBe(200)
    expect(received()?.input).toEqual({ ResourceArns: ['a&b c'] })
  })

  test('is spoken for CloudWatch too, by its version', async () => {
    plane.answer = { MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: at, ActionsEnabled: false }] }
    const response = await query({ Action: 'DescribeAlarms', Version: '2010-08-01', 'AlarmNames.member.1': 'a' })
    expect(received()).toEqual({ service: 'cloudwatch', operation: 'DescribeAlarms', input: { AlarmNames: ['a'] } })
    const text = await response.text()
    expect(text).toContain('<DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">')
    expect(text).toContain('<ActionsEnabled>false</ActionsEnabled><StateUpdatedTimestamp>2026-01-05T10:11:12.345Z<')

    plane.answer = new AwsFault('ValidationException', 'no')
    const refusal = await query({ Action: 'DescribeAlarms', Version: '2010-08-01' })
    expect(await refusal.text()).toContain('<Code>ValidationError</Code>')
  })
})

describe('awsJson1_0', () => {
  test('has the code of the query protocol in a header of its errors', async () => {
    plane.answer = new AwsFault('InternalServiceFault', 'broken')
    const response = await alarms('DescribeAlarms', {})
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0')
    expect(response.headers.get('x-amzn-query-error')).toBe('InternalServiceError;Receiver')
    expect(await response.json()).toEqual({ __type: 'InternalServiceFault', message: 'broken' })
  })

  test('says numbers that JSON does not have in words', async () => {
    plane.answer = { MetricAlarms: [{ Threshold: Number.POSITIVE_INFINITY }, { Threshold: Number.NaN }] }
    const response = await alarms('DescribeAlarms', {})
    expect(await response.text()).toBe('{"MetricAlarms":[{"Threshold":"Infinity"},{"Threshold":"NaN"}]}')
    plane.answer = {}
    await alarms('PutMetricData', {
      Namespace: 'x',
      MetricData: [{ MetricName: 'm', Value: '-Infinity', Timestamp: 1.5 }],
    })
    expect(received()?.input).toEqual({
      Namespace: 'x',
      MetricData: [{ MetricName: 'm', Value: Number.NEGATIVE_INFINITY, Timestamp: new Date(1500) }],
    })
  })
})

describe('rpc-v2-cbor', () => {
  test('reads and writes the types that CBOR has', async () => {
    plane.answer = { MetricAlarms: [{ AlarmName: 'ü', Threshold: 0.25, Period: 0, StateUpdatedTimestamp: at }] }
    const response = await inCbor('DescribeAlarms', { AlarmNames: ['a', ''], MaxRecords: 0, Newer: 1 })
    expect(received()?.input).toEqual({ AlarmNames: ['a', ''], MaxRecords: 0 })
    expect([response.status, response.headers.get('smithy-protocol')]).toEqual([200, 'rpc-v2-cbor'])
    expect(cbor.deserialize(new Uint8Array(await response.arrayBuffer()))).toEqual({
      MetricAlarms: [
        { AlarmName: 'ü', Threshold: 0.25, Period: 0, StateUpdatedTimestamp: tag({ tag: 1, value: 1767607872.345 }) },
      ],
    })

    plane.answer = {}
    const Timestamp = tag({ tag: 1, value: 1767607872.345 })
    await inCbor('PutMetricData', { Namespace: 'x', MetricData: [{ MetricName: 'm', Timestamp }] })
    expect(received()?.input).toEqual({ Namespace: 'x', MetricData: [{ MetricName: 'm', Timestamp: at }] })
  })

  test('has the error in the body and its old code in a header', async () => {
    plane.answer = new AwsFault('ResourceNotFound', 'no')
    const response = await inCbor('DescribeAlarms', {})
    expect([response.status, response.headers.get('x-amzn-query-error')]).toEqual([404, 'ResourceNotFound;Sender'])
    expect(cbor.deserialize(new Uint8Array(await response.arrayBuffer()))).toEqual({
      __type: 'ResourceNotFound',
      message: 'no',
    })
  })

  test('refuses a body that is no CBOR', async () => {
    const response = await fetch(`${server.endpoint}/service/GraniteServiceVersion20100801/operation/DescribeAlarms`, {
      method: 'POST',
      headers: { 'smithy-protocol': 'rpc-v2-cbor' },
      body: '{',
    })
    expect(response.status).toBe(400)
  })
})

test.each([
  ['GET', '/', undefined],
  ['POST', '/', 'Action=DescribeAddresses&Version=2016-11-15'],
])('%s %s that is no call of these services is not found', async (method, path, body) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(server.endpoint + path, { method, headers, ...(body === undefined ? {} : { body }) })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ message: expect.stringContaining('is no call of ECS') })
})

test('a body that no service takes is refused, and the server lives on', async () => {
  const response = await ecs('ListTasks', 'x'.repeat(16 * 1024 * 1024 + 1))
  expect(response.status).toBe(413)
  plane.answer = {}
  expect((await ecs('ListTasks', '{}')).status).toBe(200)
})
