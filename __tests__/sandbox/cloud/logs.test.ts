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

/** What was printed is readable after this long, however it is sent. */
const arrivalMs = 7_000

function stream(lines: number) {
  const timeline = new VirtualTimeline(1_000)
  const logs = createLogs({ timeline, settings: calmSettings })
  const arrive = () => timeline.advanceTo(timeline.now() + arrivalMs)
  logs.call('CreateLogGroup', { logGroupName: '/ecs/app' })
  for (let line = 1; line <= lines; line++) logs.write('/ecs/app', 'app/web/1', `line ${line}`)
  arrive()
  const get = (more: object = {}) =>
    logs.call('GetLogEvents', { logGroupName: '/ecs/app', logStreamName: 'app/web/1', ...more }) as unknown as Page
  return { timeline, arrive, logs, get, texts: (page: Page) => page.events.map(event => event.message) }
}

describe('a log stream', () => {
  test('is read from its end, in the order in which it was written', () => {
    const { get, texts } = stream(5)
    expect(texts(get({ limit: 2 }))).toEqual(['line 4', 'line 5'])
    expect(texts(get({ limit: 2, startFromHead: true }))).toEqual(['line 1', 'line 2'])
    expect(texts(get())).toHaveLength(5)
  })

  test('is followed by its forward token, which comes back unchanged at the end', () => {
    const { logs, arrive, get, texts } = stream(3)
    const first = get({ limit: 2, startFromHead: true })
    const second = get({ nextToken: first.nextForwardToken })
    expect(texts(second)).toEqual(['line 3'])
    const third = get({ nextToken: second.nextForwardToken })
    expect(third).toMatchObject({ events: [], nextForwardToken: second.nextForwardToken })
    logs.write('/ecs/app', 'app/web/1', 'line 4')
    arrive()
    expect(texts(get({ nextToken: third.nextForwardToken }))).toEqual(['line 4'])
    expect(texts(get({ nextToken: second.nextBackwardToken }))).toEqual(['line 1', 'line 2'])
  })

  test.each([
    ['forward', true],
    ['backward', false],
  ] as const)('has pages that are not full, and empty ones, before its end: %s', (_, startFromHead) => {
    const { get, texts } = stream(250)
    const pages: (readonly string[])[] = []
    let token: string | undefined
    for (;;) {
      const page = get({ startFromHead, ...(token === undefined ? {} : { nextToken: token }) })
      const next = startFromHead ? page.nextForwardToken : page.nextBackwardToken
      pages.push(texts(page))
      if (next === token) break
      token = next
    }
    expect(pages.slice(0, -1).filter(page => page.length === 0).length).toBeGreaterThan(0)
    const all = (startFromHead ? pages : pages.reverse()).flat()
    expect(all).toEqual(Array.from({ length: 250 }, (_, index) => `line ${index + 1}`))
  })

  test('shows lines some seconds after they were printed, and what a container says at its end no later', () => {
    const { timeline, logs, get, texts } = stream(1)
    const at = timeline.now()
    logs.write('/ecs/app', 'app/web/1', 'late')
    timeline.advanceTo(at + 2_500)
    expect(texts(get())).toEqual(['line 1'])
    logs.write('/ecs/app', 'app/web/1', 'last')
    logs.end('/ecs/app', 'app/web/1')
    expect(texts(get())).toEqual(['line 1'])
    timeline.advanceTo(at + 4_500)
    expect(texts(get())).toEqual(['line 1', 'late', 'last'])
  })

  test('goes with its group', () => {
    const { logs, get } = stream(1)
    logs.call('DeleteLogGroup', { logGroupName: '/ecs/app' })
    expect(() => get()).toThrow('The specified log group does not exist.')
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
