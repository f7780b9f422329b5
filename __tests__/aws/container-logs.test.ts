import { describe, expect, test } from '@jest/globals'
import { createLogs } from '../../sandbox/cloud/logs/logs.ts'
import { AwsFault } from '../../sandbox/cloud/ports.ts'
import { calmSettings } from '../../sandbox/cloud/settings.ts'
import { seededRandom } from '../../sandbox/random.ts'
import { VirtualTimeline } from '../../sandbox/timeline.ts'
import { createInProcessHandler } from '../../sandbox/wire/in-process.ts'
import { createWire } from '../../sandbox/wire/wire.ts'
import { createClients } from '../../src/aws/clients.ts'
import { containerLogs } from '../../src/aws/container-logs.ts'
import { jumpingClock } from '../../src/deploy/jumping-clock.ts'

/** The real SDK client against the sandbox's CloudWatch Logs. */

const place = {
  group: '/ecs/app',
  stream: 'app/web/1',
  region: 'eu-west-1',
  arn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/app:log-stream:*',
}

function world(lines: number) {
  const timeline = new VirtualTimeline(1_000)
  const logs = createLogs({ timeline, settings: calmSettings })
  logs.createGroup(place.group)
  for (let line = 1; line <= lines; line++) logs.write(place.group, place.stream, `line ${line}`)
  timeline.advanceTo(60_000)
  const random = seededRandom(3)
  const wire = createWire({
    random,
    controlPlane: {
      call(service, operation, input) {
        if (service !== 'logs') throw new AwsFault('AccessDeniedException', service)
        return logs.call(operation, input)
      },
    },
  })
  const clock = jumpingClock(60_000)
  const { signal } = new AbortController()
  const clients = createClients({
    clock,
    signal,
    region: 'eu-central-1',
    onThrottled: () => undefined,
    userAgent: [],
    sdk: {
      credentials: { accessKeyId: 'TEST', secretAccessKey: 'test' },
      endpoint: 'http://sandbox.invalid',
      requestHandler: createInProcessHandler({ wire, clock, random }),
    },
  })
  return { wire, port: containerLogs(clients.logs, signal) }
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)

describe('the latest lines', () => {
  test.each([
    [3, 1],
    [100, 51],
    // Over the end of a page, with an empty one between.
    [130, 81],
    [101, 52],
    [400, 351],
  ])('of %d begin with line %d', async (lines, first) => {
    expect(await world(lines).port.tail(place, 50)).toEqual(numbered(first, lines))
  })

  test('of a stream that nobody has written to are none', async () => {
    const { port } = world(0)
    expect(await port.tail(place, 50)).toEqual([])
    expect(await port.follow(place, undefined)).toEqual({ lines: [] })
  })

  test('come after throttling', async () => {
    const { wire, port } = world(3)
    wire.faults.add([{ kind: 'throttle', operation: 'GetLogEvents', times: 3 }])
    expect(await port.tail(place, 50)).toEqual(numbered(1, 3))
  })

  test('are refused in words: what is missing, and on what', async () => {
    const { wire, port } = world(3)
    await expect(port.tail({ ...place, group: '/gone' }, 50)).rejects.toMatchObject({
      failure: { code: 'AWS_ERROR', headline: expect.stringMatching(/app\/web\/1 of \/gone: .*group does not exist/) },
    })
    wire.faults.add([{ kind: 'denied', operation: 'GetLogEvents' }])
    await expect(port.tail(place, 50)).rejects.toMatchObject({
      failure: { code: 'ACCESS_DENIED', details: [expect.stringContaining('logs:GetLogEvents'), expect.anything()] },
    })
  })
})

test('a stream is followed from its beginning, each line once, to where the token comes back', async () => {
  const { port } = world(250)
  const heard: string[] = []
  let from: string | undefined
  for (;;) {
    const { lines, next } = await port.follow(place, from)
    heard.push(...lines)
    if (next === from) break
    from = next
  }
  expect(heard).toEqual(numbered(1, 250))
  expect(await port.follow(place, from)).toEqual({ lines: [], next: from })
})
