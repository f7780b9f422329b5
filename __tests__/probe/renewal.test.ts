import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Connection } from '../../src/probe/connection.ts'
import { destination } from '../../src/probe/destination.ts'
import { startProductionProbe } from '../../src/probe/production.ts'
import { Renewal } from '../../src/probe/renewal.ts'
import { type ConnectionMode, startTraffic } from '../../src/probe/traffic.ts'
import { clock, closeOrigins, http, type Script, serve, version } from './origin.ts'

/** How the action asks production: over kept connections, of which one after the other is replaced. */

afterEach(closeOrigins)

const good: Script = socket => socket.write(version('1'))

interface Load {
  readonly mode?: ConnectionMode
  readonly connections?: number
  readonly mostConnections?: number
  readonly rate?: number
}

function run(url: string, requests: number, options: Load = {}) {
  return begin(url, requests, options).ended
}

function begin(
  url: string,
  requests: number,
  { mode = 'renewed', connections = 4, mostConnections = connections, rate = 100 }: Load = {},
) {
  const versionFrom = { kind: 'json', member: 'version' } as const
  const options = { url, rate, connections, mostConnections, mode, requests, timeoutMs: 20_000, versionFrom }
  return startTraffic(options, clock)
}

describe('connections are replaced', () => {
  function renewal(count: number) {
    const retired: number[] = []
    const connections = Array.from({ length: count }, (_, index) => ({ retire: () => void retired.push(index) }))
    const keeper = new Renewal(connections, 1_000)
    const at = (now: number) => {
      keeper.keepUp(now)
      return retired.splice(0)
    }
    return { at }
  }

  test('in turn, five a second', () => {
    const { at } = renewal(3)
    expect([1_000, 1_199, 1_200, 1_399, 1_400, 1_650, 1_799, 1_800].map(at)).toEqual([
      [],
      [],
      [0],
      [],
      [1],
      [2],
      [],
      [0],
    ])
  })

  test('once each when nothing was sent for long', () => {
    const { at } = renewal(3)
    expect(at(60_000)).toEqual([0, 1, 2])
    expect(at(60_199)).toEqual([])
    expect(at(60_200)).toEqual([0])
  })

  test('also after the clock was set back', () => {
    const { at } = renewal(2)
    expect([10, 209, 210].map(at)).toEqual([[], [], [0]])
  })

  test('once its request is answered, when it has one', async () => {
    const origin = await serve(good)
    const ended: string[] = []
    const connection = new Connection(destination(origin.url, 'renewed'), {
      answered: () => void ended.push('answered'),
      failed: (_, kind) => void ended.push(kind),
    })
    const ask = async (during: () => void = () => {}) => {
      const { length } = ended
      connection.send()
      during()
      while (ended.length === length) await clock.sleep(5)
      return origin.connections()
    }
    expect([await ask(), await ask(), await ask(() => connection.retire()), await ask(), await ask()]).toEqual([
      ...[1, 1, 1],
      ...[2, 2],
    ])
    connection.retire()
    expect(await ask()).toBe(3)
    expect(ended).toEqual(Array.from({ length: 6 }, () => 'answered'))
    connection.close()
  })

  test('without a failure, and no more often than that', async () => {
    const origin = await serve(good)
    const report = await run(origin.url, 150, { connections: 8 })
    expect(report).toMatchObject({ total: 150, failed: 0, abandoned: 0 })
    const renewed = report.connectionsOpened - 8
    expect(renewed).toBeGreaterThan(3)
    expect(renewed).toBeLessThanOrEqual((report.endedAt - report.startedAt) / 200)
    expect(origin.connections()).toBe(report.connectionsOpened)
    // Browsers do not say so either.
    expect(origin.requests().filter(head => /Connection:/i.test(head))).toEqual([])
  })
})

describe('a connection that was kept', () => {
  /** Each socket answers once, and then does what it is told. */
  function second(then: Script): Script {
    const known = new WeakSet<Socket>()
    return (socket, index) => {
      if (known.has(socket)) return then(socket, index)
      known.add(socket)
      socket.write(version('1'))
    }
  }

  test.each<[string, Script]>([
    ['closed', socket => socket.end()],
    ['reset', socket => socket.resetAndDestroy()],
  ])('and is %s under a request is no failure of that request: a new one is asked', async (_, then) => {
    const origin = await serve(second(then))
    const traffic = begin(origin.url, 60)
    expect(await traffic.ended).toMatchObject({ total: 60, ok: 60, failed: 0 })
    expect(traffic.askedAgain).toBeGreaterThan(10)
    expect(origin.requests()).toHaveLength(60 + traffic.askedAgain)
    // The same server, asked by the client of `npm run traffic`, which tells every loss.
    const strict = await run(origin.url, 60, { mode: 'keep-alive' })
    expect(strict.failedBy.reset).toBeGreaterThan(10)
    expect(strict.ok + strict.failedBy.reset).toBe(60)
  })

  test('and is closed long after the request came has failed, and nothing is asked twice', async () => {
    const origin = await serve(second(socket => void setTimeout(() => socket.destroy(), 1_000)))
    const traffic = begin(origin.url, 20)
    const report = await traffic.ended
    expect(report.failedBy.reset).toBeGreaterThan(0)
    expect(report.ok + report.failedBy.reset).toBe(20)
    // None, but for a machine that was held up just then.
    expect(origin.requests()).toHaveLength(20 + traffic.askedAgain)
  })

  test('and is lost within its answer has failed, once', async () => {
    const origin = await serve(second(socket => void socket.write('HTTP/1.1 200 OK\r\n', () => socket.destroy())))
    const report = await run(origin.url, 60)
    expect(report.failedBy.reset).toBeGreaterThan(10)
    expect(report.ok + report.failedBy.reset).toBe(60)
    expect(origin.requests()).toHaveLength(60)
  })

  test('and one that is new and lost has failed, and nothing is asked twice', async () => {
    const origin = await serve(socket => socket.destroy())
    const report = await run(origin.url, 20)
    expect(report).toMatchObject({ total: 20, failedBy: { reset: 20 } })
    expect(origin.requests()).toHaveLength(20)
  })

  test('tells when nobody accepts a new one any more', async () => {
    const origin = await serve((socket, index) => {
      if (index === 20) origin.refuse()
      socket.write(version('1'))
    })
    const report = await run(origin.url, 100)
    // All four have been replaced within 0.8 s.
    expect(report.failedBy.refused).toBeGreaterThan(0)
    expect(report.ok + report.failedBy.refused).toBe(100)
  })
})

test('the probe of a deploy sees a flip over kept connections, request by request', async () => {
  const origin = await serve((socket, index) => socket.write(index < 20 ? version('1') : version('2')))
  const probe = startProductionProbe(origin.url, { kind: 'json', member: 'version' }, clock, 100)
  probe.start()
  while (probe.look().requests < 60) await clock.sleep(5)
  const seen = await probe.stop()
  expect(seen.versions.map(one => one.version)).toEqual(['1', '2'])
  expect(seen.versions[0]?.count).toBe(20)
  expect(seen.failed).toBe(0)
  expect(origin.connections()).toBeLessThan(seen.requests)
})

test('the probe of a deploy counts answers that are no success over kept connections', async () => {
  const origin = await serve((socket, index) => socket.write(index % 3 === 0 ? http(502, '') : version('1')))
  const probe = startProductionProbe(origin.url, { kind: 'json', member: 'version' }, clock, 100)
  probe.start()
  while (probe.look().requests < 30) await clock.sleep(5)
  const seen = await probe.stop()
  expect(seen.failed).toBe(Math.ceil(seen.requests / 3))
})

describe('when answers take their time', () => {
  const late: Script = socket => void setTimeout(() => socket.write(version('1')), 400)

  test('more connections are opened, and the rate is kept', async () => {
    const origin = await serve(late)
    const report = await run(origin.url, 60, { rate: 50, mostConnections: 60 })
    expect(report).toMatchObject({ total: 60, failed: 0 })
    // Four alone would need six seconds.
    expect(report.endedAt - report.startedAt).toBeLessThan(4_000)
  })

  test('no more than that', async () => {
    const sockets = new Set<Socket>()
    const origin = await serve(socket => void sockets.add(socket))
    const traffic = begin(origin.url, 60, { mostConnections: 6 })
    while (sockets.size < 6) await clock.sleep(5)
    expect(traffic.waitingSince()).toHaveLength(6)
    await clock.sleep(100)
    expect(origin.requests()).toHaveLength(6)
    expect(await traffic.stop(0)).toMatchObject({ total: 0, abandoned: 6 })
  })

  test('those that are not needed any more are closed', async () => {
    let open = 0
    const known = new WeakSet<Socket>()
    const origin = await serve((socket, index) => {
      if (!known.has(socket)) {
        known.add(socket)
        open++
        socket.once('close', () => open--)
      }
      setTimeout(() => socket.write(version('1')), index < 20 ? 500 : 0)
    })
    const traffic = begin(origin.url, 1_000, { mostConnections: 20 })
    while (traffic.snapshot().total < 10) await clock.sleep(5)
    expect(open).toBeGreaterThan(10)
    // One is on its way out when another is opened for a request that the machine has held up.
    while (open > 5) await clock.sleep(20)
    const report = await traffic.stop()
    expect(report.failed).toBe(0)
    expect(report.connectionsOpened).toBe(origin.connections())
  })
})

test.each([
  [20, 4],
  [100, 20],
])('the probe of a deploy asks %i times a second over %i connections at once', async (rate, connections) => {
  const open = new Set<Socket>()
  const origin = await serve(socket => {
    if (!open.has(socket)) socket.once('close', () => open.delete(socket))
    open.add(socket)
    socket.write(version('1'))
  })
  const probe = startProductionProbe(origin.url, { kind: 'json', member: 'version' }, clock, rate)
  probe.start()
  // With fewer of them this never comes about.
  while (open.size < connections) await clock.sleep(5)
  await probe.stop()
})
