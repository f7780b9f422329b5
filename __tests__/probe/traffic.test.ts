import { afterEach, describe, expect, test } from '@jest/globals'
import { startProductionProbe } from '../../src/probe/production.ts'
import { startTraffic, type Traffic, type VersionChange } from '../../src/probe/traffic.ts'
import type { TrafficOptions } from '../../src/probe/traffic-options.ts'
import { clock, closedPort, closeOrigins, http, type Script, serve, version } from './origin.ts'

const running: Traffic[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map(traffic => traffic.stop(0)))
  await closeOrigins()
})

function start(url: string, options: Partial<TrafficOptions> = {}): Traffic {
  const traffic = startTraffic(
    {
      url,
      rate: 'max',
      connections: 1,
      mode: 'keep-alive',
      timeoutMs: 20_000,
      versionFrom: { kind: 'json', member: 'version' },
      ...options,
    },
    clock,
  )
  running.push(traffic)
  return traffic
}

/** Lets traffic run until so many requests have ended. */
async function until(traffic: Traffic, requests: number) {
  while (traffic.snapshot().total < requests) await clock.sleep(5)
  return traffic.stop()
}

const good: Script = socket => socket.write(version('1'))

describe('how a request ends', () => {
  /** Six kinds of answers in turn for the first 60 requests, good ones after that. */
  const troubled: Script = (socket, index) => {
    switch (index < 60 ? index % 6 : 0) {
      case 1:
        return socket.write(http(500, 'broken'))
      case 2:
        return socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n')
      case 3:
        return socket.write(http(200, '{"name":"app"}'))
      case 4:
        return socket.destroy()
      case 5:
        return undefined
      default:
        return socket.write(version('1'))
    }
  }

  test.each(['keep-alive', 'fresh'] as const)('each is counted once and by its kind (%s)', async mode => {
    const origin = await serve(troubled)
    const failures: string[] = []
    const traffic = start(origin.url, {
      mode,
      connections: 4,
      timeoutMs: 400,
      onFailure: failure => failures.push(failure.kind),
    })
    const report = await until(traffic, 100)
    expect(report.failedBy).toEqual({ refused: 0, reset: 10, timeout: 10, status: 10, unparsable: 20 })
    expect(report.failed).toBe(50)
    expect(failures).toHaveLength(50)
    expect(report.total).toBe(origin.requests().length)
    expect(report.ok).toBe(report.total - 50)
    expect(report.versions).toEqual([expect.objectContaining({ version: '1', count: report.ok })])
    expect(report.connectionsOpened).toBe(origin.connections())
  })

  test.each<[string, Script, string, string]>([
    ['a redirect', socket => socket.write(http(302, '', 'Location: /')), 'status', 'answered 302'],
    [
      'an answer cut short',
      socket => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf'),
      'reset',
      'closed',
    ],
    ['a lost connection', socket => socket.resetAndDestroy(), 'reset', 'ECONNRESET'],
    ['a half answer', socket => socket.write('HTTP/1.1 200 OK\r\n'), 'timeout', 'no complete answer within 200 ms'],
    ['an answer without a version', socket => socket.write(http(200, '{}')), 'unparsable', 'json:version'],
    ['two lengths', socket => socket.write(http(200, '{}', 'Content-Length: 3')), 'unparsable', 'Content-Length'],
    [
      'a head with bare line feeds, and silence',
      socket => socket.write('HTTP/1.1 200 OK\nContent-Length: 15\n\n{"version":"1"}'),
      'unparsable',
      'ends without a carriage return',
    ],
    [
      'JSON of more than is read',
      socket => socket.write(http(200, JSON.stringify({ version: '1', padding: 'p'.repeat(70_000) }))),
      'unparsable',
      'the first 64 KiB of the answer, which are all that is read, hold no whole JSON (looked for json:version)',
    ],
  ])('%s', async (_, script, kind, message) => {
    const origin = await serve(script)
    const report = await until(start(origin.url, { timeoutMs: kind === 'timeout' ? 200 : 20_000 }), 1)
    expect(report).toMatchObject({ ok: 0, versions: [], failedBy: { [kind]: report.total } })
    expect(report.lastFailure).toContain(message)
  })

  test.each(['max', 100] as const)('nobody listens (rate %s)', async rate => {
    const url = `http://127.0.0.1:${await closedPort()}/`
    const report = await until(start(url, { rate, connections: 3 }), 5)
    expect(report).toMatchObject({ ok: 0, connectionsOpened: 0, failedBy: { refused: report.total } })
    expect(report.lastFailure).toContain('ECONNREFUSED')
  })

  test('a name that does not exist', async () => {
    const report = await until(start('http://nobody.invalid/', { rate: 20 }), 1)
    expect(report.failedBy.refused).toBe(report.total)
    expect(report.lastFailure).toContain('nobody.invalid')
  })

  test('a body that comes in small pieces is one good answer', async () => {
    const origin = await serve(socket => {
      const pieces = [...'{"version":"slow"}'].map(byte => `1\r\n${byte}\r\n`)
      const parts = ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', ...pieces, '0\r\n\r\n']
      const timer = setInterval(() => {
        socket.write(parts.shift() ?? '')
        if (parts.length === 0) clearInterval(timer)
      }, 2)
    })
    const report = await until(start(origin.url), 2)
    expect(report).toMatchObject({ failed: 0, versions: [{ version: 'slow' }] })
    expect(report.latency.p50).toBeGreaterThan(30)
  })

  test('a length that is said twice is a length', async () => {
    const origin = await serve(socket => socket.write(http(200, '{"version":"1"}', 'Content-Length: 15')))
    const report = await until(start(origin.url), 3)
    expect(report).toMatchObject({ ok: report.total, failed: 0, connectionsOpened: 1 })
  })

  test('bytes behind an answer are not taken for the next one', async () => {
    const origin = await serve(socket => socket.write(version('right') + version('wrong')))
    const report = await until(start(origin.url), 5)
    expect(report).toMatchObject({ failed: 0, versions: [{ version: 'right', count: report.total }] })
  })
})

describe('connections', () => {
  test('kept connections are used again', async () => {
    const origin = await serve(good)
    const report = await until(start(origin.url, { connections: 3 }), 200)
    expect(report).toMatchObject({ failed: 0, connectionsOpened: 3 })
    expect(origin.connections()).toBe(3)
  })

  test('fresh mode opens one for each request, and says so to the server', async () => {
    const origin = await serve(good)
    const report = await until(start(origin.url, { mode: 'fresh', connections: 3 }), 50)
    expect(report).toMatchObject({ failed: 0, connectionsOpened: report.total })
    expect(origin.connections()).toBe(report.total)
    expect(new Set(origin.requests())).toEqual(
      new Set([
        `GET /version HTTP/1.1\r\nHost: 127.0.0.1:${origin.port}\r\nUser-Agent: ecs-bluegreen\r\nAccept: */*\r\nConnection: close`,
      ]),
    )
  })

  test.each<[string, Script]>([
    ['closed by the server while idle', socket => socket.write(version('1'), () => setTimeout(() => socket.end(), 10))],
    ['lost while idle', socket => socket.write(version('1'), () => setTimeout(() => socket.resetAndDestroy(), 10))],
    ['closed with notice', socket => socket.end(http(200, '{"version":"1"}', 'Connection: close'))],
    ['whose end is the end of the body', socket => socket.end('HTTP/1.1 200 OK\r\n\r\n{"version":"1"}')],
    [
      'told off while idle',
      socket => socket.write(version('1'), () => setTimeout(() => socket.end(http(408, '')), 10)),
    ],
  ])('one that is %s is replaced, and nothing has failed', async (_, script) => {
    const origin = await serve(script)
    const report = await until(start(origin.url, { rate: 5 }), 3)
    expect(report).toMatchObject({ failed: 0, ok: report.total, connectionsOpened: report.total })
  })
})

describe('the schedule', () => {
  test('at a rate, as many requests are due as the time holds', async () => {
    const origin = await serve(good)
    const report = await start(origin.url, { rate: 100, durationMs: 400, connections: 8 }).ended
    expect(report.total + report.unsent).toBe(40)
    expect(report).toMatchObject({ failed: 0, abandoned: 0, total: origin.requests().length })
  })

  test.each([
    ['max', 1],
    ['max', 4],
    [1_000, 4],
  ] as const)('so many requests and no more (rate %s, %d connections)', async (rate, connections) => {
    const origin = await serve(good)
    const report = await start(origin.url, { rate, connections, requests: 50 }).ended
    expect(report).toMatchObject({ total: 50, ok: 50, unsent: 0, abandoned: 0 })
    expect(origin.requests()).toHaveLength(50)
  })

  test.each(['max', 1_000] as const)('also when nobody listens (rate %s)', async rate => {
    const url = `http://127.0.0.1:${await closedPort()}/`
    const report = await start(url, { rate, connections: 3, requests: 7 }).ended
    expect(report).toMatchObject({ total: 7, failedBy: { refused: 7 }, unsent: 0, abandoned: 0 })
  })

  test('the time may be over before so many are sent', async () => {
    const origin = await serve(good)
    const report = await start(origin.url, { rate: 20, durationMs: 200, requests: 1_000 }).ended
    expect(report.total + report.unsent).toBe(4)
  })

  test('a stalled server cannot hide the requests that it holds up', async () => {
    const origin = await serve((socket, index) => {
      setTimeout(() => socket.write(version('1')), index === 0 ? 400 : 0)
    })
    const report = await until(start(origin.url, { rate: 100 }), 40)
    expect(report.failed).toBe(0)
    // One in the middle of the stall was due 200 ms before it could be sent.
    expect(report.latency.p50).toBeGreaterThan(100)
    expect(report.latency.max).toBeGreaterThanOrEqual(399)
  })

  test('what is due and cannot be sent before the end is said', async () => {
    const origin = await serve(() => {})
    const report = await start(origin.url, { rate: 100, durationMs: 200, timeoutMs: 300 }).ended
    expect(report).toMatchObject({ total: 1, unsent: 19, failedBy: { timeout: 1 } })
  })

  test('to stop is to wait for what is under way', async () => {
    const origin = await serve(socket => {
      setTimeout(() => socket.write(version('1')), 100)
    })
    const traffic = start(origin.url, { connections: 4 })
    while (origin.requests().length < 4) await clock.sleep(5)
    const report = await traffic.stop()
    expect(report.total).toBe(origin.requests().length)
    expect(report).toMatchObject({ ok: report.total, abandoned: 0 })
  })

  test('what does not answer in time for the end is given up, and has not failed', async () => {
    const origin = await serve(() => {})
    const ends: number[] = []
    const traffic = start(origin.url, { connections: 2, onEnd: report => ends.push(report.abandoned) })
    while (origin.requests().length < 2) await clock.sleep(5)
    expect(await traffic.stop(50)).toMatchObject({ total: 0, failed: 0, abandoned: 2 })
    expect(await traffic.stop()).toBe(await traffic.ended)
    expect(ends).toEqual([2])
  })

  test('a failure may be the reason to stop', async () => {
    const origin = await serve((socket, index) => socket.write(index < 3 ? version('1') : http(503, '')))
    const traffic = start(origin.url, { onFailure: () => void traffic.stop(0) })
    expect(await traffic.ended).toMatchObject({ total: 4, ok: 3, failed: 1, abandoned: 0 })
  })
})

describe('versions', () => {
  test('a flip with a known flicker', async () => {
    const flicker = `${'a'.repeat(10)}bbbaabbbbba`
    const origin = await serve((socket, index) => socket.write(version(flicker[index] ?? 'b')))
    const changes: VersionChange[] = []
    const report = await until(start(origin.url, { onVersionChange: change => changes.push(change) }), 40)
    expect(changes.map(({ kind, from, to }) => `${kind} ${from} ${to}`)).toEqual([
      'first undefined a',
      'new a b',
      'back b a',
      'again a b',
      'back b a',
      'again a b',
    ])
    const [a, b] = report.versions
    expect(report).toMatchObject({ failed: 0, wentBack: 2 })
    expect([a?.version, a?.count]).toEqual(['a', 13])
    expect([b?.version, b?.count]).toEqual(['b', report.total - 13])
    expect(changes[1]?.at).toBe(b?.firstAt)
    expect(changes[4]?.at).toBe(a?.lastAt)
    const [firstNewAt, lastOldAt] = [b?.firstAt ?? 0, a?.lastAt ?? 0]
    expect(report.boundaries).toEqual([{ from: 'a', to: 'b', firstNewAt, lastOldAt, mixedMs: lastOldAt - firstNewAt }])
  })

  test('a page that never says the same twice is no version', async () => {
    const origin = await serve((socket, index) => socket.write(http(200, `it is ${index}`)))
    const report = await until(start(origin.url, { versionFrom: { kind: 'text' } }), 300)
    expect(report).toMatchObject({ ok: 256, failedBy: { unparsable: report.total - 256 } })
    expect(report.lastFailure).toContain('more than 256 different versions')
  })
})

describe('the probe of a deploy', () => {
  test('sees versions and failures as the deploy needs them', async () => {
    const origin = await serve((socket, index) => socket.write(index === 1 ? http(502, '') : version('0.0.2')))
    const probe = startProductionProbe(origin.url, { kind: 'json', member: 'version' }, clock)
    expect(probe.look()).toEqual({ requests: 0, failed: 0, versions: [] })
    probe.start()
    probe.start()
    while (probe.look().requests < 3) await clock.sleep(5)
    const seen = await probe.stop()
    expect(seen).toMatchObject({
      requests: origin.requests().length,
      failed: 1,
      versions: [{ version: '0.0.2', count: seen.requests - 1 }],
      lastFailure: 'status: answered 502',
    })
    // What a picture of it needs comes at the end only.
    const { slices, ...counts } = seen
    expect(probe.look()).toEqual(counts)
    const answered = slices?.versions.flatMap(one => one.counts) ?? []
    expect(answered.reduce((sum, count) => sum + count, 0)).toBe(seen.requests - 1)
    expect(slices?.failed.reduce((sum, count) => sum + count, 0)).toBe(1)
  })

  test('tells of requests that are not answered, while it asks and when it ends', async () => {
    const origin = await serve((socket, index) => (index === 2 ? undefined : socket.write(version('1'))))
    const probe = startProductionProbe(origin.url, { kind: 'json', member: 'version' }, clock)
    const startedAt = clock.now()
    probe.start()
    while (probe.look().requests < 6) await clock.sleep(5)
    const [waiting = 0] = probe.look().waitingSince ?? []
    expect(waiting).toBeGreaterThan(startedAt + 50)
    expect(waiting).toBeLessThan(clock.now())
    const seen = await probe.stop()
    expect(seen).toMatchObject({ failed: 0, abandoned: 1, requests: origin.requests().length - 1 })
    expect(seen).not.toHaveProperty('waitingSince')
  })

  test('says how often it has asked, where that is less than it was to', async () => {
    const origin = await serve(socket => void setTimeout(() => socket.write(version('1')), 1_500))
    const probe = startProductionProbe(origin.url, { kind: 'json', member: 'version' }, clock)
    probe.start()
    while (probe.look().requests < 30) await clock.sleep(20)
    // Twenty connections, each asked once in a second and a half.
    const { everyMs = 0 } = await probe.stop()
    expect(everyMs).toBeGreaterThan(51)
    expect(everyMs).toBeLessThan(150)
  })

  test('that was never started has seen nothing', async () => {
    const probe = startProductionProbe('http://127.0.0.1:1/', { kind: 'text' }, clock)
    expect(await probe.stop()).toEqual({ requests: 0, failed: 0, versions: [] })
  })
})

test.each([
  { rate: 0 },
  { rate: Number.NaN },
  { connections: 0 },
  { connections: 1.5 },
  { timeoutMs: 0 },
  { requests: 0 },
  { url: 'ftp://127.0.0.1/' },
])('%o makes no sense', options => {
  expect(() => start('http://127.0.0.1:1/', options)).toThrow(/not an? /)
})
