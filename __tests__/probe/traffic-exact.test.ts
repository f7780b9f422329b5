import { afterEach, expect, test } from '@jest/globals'
import type { Clock } from '../../src/deploy/clock.ts'
import {
  type EndedRequest,
  type FailedRequest,
  startTraffic,
  type TrafficReport,
  type VersionChange,
} from '../../src/probe/traffic.ts'
import { closeOrigins, http, type Script, serve, version } from './origin.ts'

afterEach(closeOrigins)

const startedAt = 1_800_000_000_000

/** A clock that only the script of the origin moves: how slow this machine is does not matter. */
function scriptedClock(): Clock & { forward(ms: number): void } {
  let now = startedAt
  return {
    now: () => now,
    sleep: () => Promise.reject(new Error('nothing waits by this clock')),
    forward: ms => {
      now += ms
    },
  }
}

const timeoutMs = 1_000

/** How each request is answered, in order. Every step but `stall`, `half` and `slow` takes 10 ms. */
const script = [
  ...Array.from({ length: 10 }, () => 'a'),
  'closed',
  'lost',
  '500',
  'garbage',
  'no version',
  'slow',
  'stall',
  'half',
  ...['b', 'a', 'b', 'b', 'a', 'b', 'b', 'b', 'b'],
  'last',
  ...Array.from({ length: 4 }, () => 'refused'),
] as const

test('refused, reset, stalled, 500, garbage, slow bodies and a flicker: every number is exact', async () => {
  const clock = scriptedClock()
  const slowly: Script = socket => {
    const parts = ['HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n', '{"version"', ':"a"', '}']
    const next = () => {
      const part = parts.shift()
      if (part === undefined) return
      clock.forward(20)
      socket.write(part)
      setImmediate(next)
    }
    next()
  }
  const origin = await serve((socket, index) => {
    const step = script[index]
    if (step === 'slow') return slowly(socket, index)
    clock.forward(step === 'stall' || step === 'half' ? timeoutMs : 10)
    switch (step) {
      case 'closed':
        return socket.destroy()
      case 'lost':
        return socket.resetAndDestroy()
      case '500':
        return socket.write(http(500, '{"version":"b"}'))
      case 'garbage':
        return socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n')
      case 'no version':
        return socket.write(http(200, '{}'))
      case 'stall':
        return undefined
      case 'half':
        return socket.write('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"ver')
      case 'last':
        origin.refuse()
        return socket.end(http(200, '{"version":"b"}', 'Connection: close'))
      default:
        return socket.write(version(step ?? 'too many'))
    }
  })
  const ended: EndedRequest[] = []
  const failures: FailedRequest[] = []
  const changes: VersionChange[] = []
  const report = await startTraffic(
    {
      url: origin.url,
      rate: 'max',
      connections: 1,
      mode: 'keep-alive',
      timeoutMs,
      requests: script.length,
      versionFrom: { kind: 'json', member: 'version' },
      record: request => ended.push(request),
      onFailure: failure => failures.push(failure),
      onVersionChange: change => changes.push(change),
    },
    clock,
  ).ended

  // 10 good ones of 10 ms, 5 that fail, 80 ms for the slow one, two timeouts, and 10 more of 10 ms; refusals take no time.
  const at = (ms: number) => startedAt + ms
  const slowAt = 150 + 80
  const newAt = slowAt + 2 * timeoutMs + 10
  const endedAt = newAt + 90
  expect(report).toEqual({
    total: 32,
    ok: 21,
    failed: 11,
    failedBy: { refused: 4, reset: 2, timeout: 2, status: 1, unparsable: 2 },
    unsent: 0,
    abandoned: 0,
    // The first; one after each reset, after the garbage and after each timeout.
    connectionsOpened: 6,
    startedAt,
    endedAt: at(endedAt),
    requestsPerSecond: 32_000 / endedAt,
    // 10 ms lie in a bucket from 9.984 to 10.111 ms, which counts as its middle.
    latency: { p50: 10.0475, p95: 10.0475, p99: 80, max: 80 },
    versions: [
      { version: 'a', count: 13, firstAt: at(10), lastAt: at(newAt + 40) },
      { version: 'b', count: 8, firstAt: at(newAt), lastAt: at(endedAt) },
    ],
    wentBack: 2,
    boundaries: [{ from: 'a', to: 'b', firstNewAt: at(newAt), lastOldAt: at(newAt + 40), mixedMs: 40 }],
    lastFailure: expect.stringMatching(/^refused: no connection: .*ECONNREFUSED/),
  } satisfies Record<keyof TrafficReport, unknown>)
  expect(changes).toEqual([
    { at: at(10), kind: 'first', from: undefined, to: 'a' },
    { at: at(newAt), kind: 'new', from: 'a', to: 'b' },
    { at: at(newAt + 10), kind: 'back', from: 'b', to: 'a' },
    { at: at(newAt + 20), kind: 'again', from: 'a', to: 'b' },
    { at: at(newAt + 40), kind: 'back', from: 'b', to: 'a' },
    { at: at(newAt + 50), kind: 'again', from: 'a', to: 'b' },
  ])
  expect(failures.map(failure => [failure.kind, failure.at - startedAt])).toEqual([
    ['reset', 110],
    ['reset', 120],
    ['status', 130],
    ['unparsable', 140],
    ['unparsable', 150],
    ['timeout', slowAt + timeoutMs],
    ['timeout', slowAt + 2 * timeoutMs],
    ...Array.from({ length: 4 }, () => ['refused', endedAt]),
  ])
  // Each once, in the order in which they ended.
  expect(ended.map(request => request.kind)).toEqual(script.map(kindOf))
  expect(ended.filter(request => request.kind === 'ok').map(request => request.latencyMs)).toEqual([
    ...Array.from({ length: 10 }, () => 10),
    80,
    ...Array.from({ length: 10 }, () => 10),
  ])
  expect(origin.requests()).toHaveLength(28)
  expect(origin.connections()).toBe(6)
})

function kindOf(step: string): EndedRequest['kind'] {
  switch (step) {
    case 'closed':
    case 'lost':
      return 'reset'
    case '500':
      return 'status'
    case 'garbage':
    case 'no version':
      return 'unparsable'
    case 'stall':
    case 'half':
      return 'timeout'
    case 'refused':
      return 'refused'
    default:
      return 'ok'
  }
}
