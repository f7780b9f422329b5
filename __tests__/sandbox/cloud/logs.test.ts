import { describe, expect, test } from '@jest/globals'
import { createLogs } from '../../../sandbox/cloud/logs/logs.ts'
import { AwsFault } from '../../../sandbox/cloud/ports.ts'
import { calmSettings } from '../../../sandbox/cloud/settings.ts'
import { simulate } from '../../../sandbox/simulation.ts'
import { VirtualTimeline } from '../../../sandbox/timeline.ts'

interface Page {
  readonly events: readonly { readonly message: string }[]
  readonly nextForwardToken: string
  readonly nextBackwardToken: string
}

function stream(lines: number) {
  const logs = createLogs({ timeline: new VirtualTimeline(1_000), settings: calmSettings })
  logs.call('CreateLogGroup', { logGroupName: '/ecs/app' })
  for (let line = 1; line <= lines; line++) logs.write('/ecs/app', 'app/web/1', `line ${line}`)
  const get = (more: object = {}) =>
    logs.call('GetLogEvents', { logGroupName: '/ecs/app', logStreamName: 'app/web/1', ...more }) as unknown as Page
  return { logs, get, texts: (page: Page) => page.events.map(event => event.message) }
}

describe('a log stream', () => {
  test('is read from its end, in the order in which it was written', () => {
    const { get, texts } = stream(5)
    expect(texts(get({ limit: 2 }))).toEqual(['line 4', 'line 5'])
    expect(texts(get({ limit: 2, startFromHead: true }))).toEqual(['line 1', 'line 2'])
    expect(texts(get())).toHaveLength(5)
  })

  test('is followed by its forward token, which comes back unchanged at the end', () => {
    const { logs, get, texts } = stream(3)
    const first = get({ limit: 2, startFromHead: true })
    const second = get({ nextToken: first.nextForwardToken })
    expect(texts(second)).toEqual(['line 3'])
    const third = get({ nextToken: second.nextForwardToken })
    expect(third).toMatchObject({ events: [], nextForwardToken: second.nextForwardToken })
    logs.write('/ecs/app', 'app/web/1', 'line 4')
    expect(texts(get({ nextToken: third.nextForwardToken }))).toEqual(['line 4'])
    expect(texts(get({ nextToken: second.nextBackwardToken }))).toEqual(['line 1', 'line 2'])
  })

  test.each([
    [{ logGroupName: '/ecs/other' }, 'ResourceNotFoundException', 'The specified log group does not exist.'],
    [{ logStreamName: 'app/web/2' }, 'ResourceNotFoundException', 'The specified log stream does not exist.'],
    [{ nextToken: 'x' }, 'InvalidParameterException', 'The specified nextToken is invalid.'],
  ])('%j is refused', (input, code, message) => {
    const { get } = stream(1)
    expect(() => get(input)).toThrow(new AwsFault(code, message))
    try {
      get(input)
    } catch (error) {
      expect(error).toMatchObject({ code })
    }
  })
})

test('a task logs to a stream of its own, and does not start without the group', async () => {
  const simulation = simulate({ seed: 1 })
  const { cloud, topology } = simulation
  const { logStreams } = cloud.call('logs', 'DescribeLogStreams', { logGroupName: '/ecs/sample' })
  expect(logStreams).toHaveLength(4)
  const { taskDefinition } = cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: topology.taskDefinitionArn })
  const { containerDefinitions, ...definition } = taskDefinition as { containerDefinitions: object[] }
  const elsewhere = { logDriver: 'awslogs', options: { 'awslogs-group': '/gone', 'awslogs-stream-prefix': 'x' } }
  const { taskDefinition: broken } = cloud.call('ecs', 'RegisterTaskDefinition', {
    ...definition,
    containerDefinitions: [{ ...containerDefinitions[0], logConfiguration: elsewhere }],
  })
  const arn = (broken as { taskDefinitionArn: string }).taskDefinitionArn
  const { report } = await simulation.act({ 'task-definition-arn': arn })
  expect(report.outcome).toMatchObject({ status: 'failed' })
  expect(JSON.stringify(report.outcome)).toContain('The specified log group does not exist')
})
