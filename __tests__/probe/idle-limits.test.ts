import { afterEach, describe, expect, test } from '@jest/globals'
import { IdleLimits } from '../../src/probe/idle-limits.ts'
import { type EndedRequest, startTraffic } from '../../src/probe/traffic.ts'
import { clock, closeOrigins, http, type Script, serve, version } from './origin.ts'

afterEach(closeOrigins)

describe('the time that a server says it keeps an idle connection', () => {
  test.each([
    ['timeout=5', 4_000],
    ['timeout=5, max=100', 4_000],
    ['max=100, Timeout = "5"', 4_000],
    ['timeout=60', 59_000],
    ['timeout=2', 1_000],
    // Half of it, because nothing would be left of it.
    ['timeout=1', 500],
    ['timeout=0', 0],
  ])('%j lets it be used for %d ms', (hint, ms) => {
    const limits = new IdleLimits<object>()
    const connection = {}
    expect(limits.isOver(connection, 0)).toBe(false)
    limits.answered(connection, hint, 10_000)
    if (ms > 0) expect(limits.isOver(connection, 10_000 + ms - 1)).toBe(false)
    expect(limits.isOver(connection, 10_000 + ms)).toBe(true)
    expect(limits.isOver({}, 10_000 + ms)).toBe(false)
  })

  test.each([undefined, '', 'max=100', 'timeout=', 'timeout=-1', 'timeout=soon', 'idletimeout=1'])(
    '%j is no limit, and takes back the one before it',
    hint => {
      const limits = new IdleLimits<object>()
      const connection = {}
      limits.answered(connection, 'timeout=1', 0)
      limits.answered(connection, hint, 0)
      expect(limits.isOver(connection, 1e12)).toBe(false)
    },
  )
})

async function ask(script: Script) {
  const origin = await serve(script)
  const ended: EndedRequest[] = []
  const options = { url: origin.url, rate: 200, connections: 1, requests: 5, timeoutMs: 20_000 } as const
  const versionFrom = { kind: 'json', member: 'version' } as const
  const record = (request: EndedRequest) => void ended.push(request)
  const report = await startTraffic({ ...options, mode: 'keep-alive', versionFrom, record }, clock).ended
  return { origin, report, ended }
}

describe('a kept connection', () => {
  const hinted =
    (hint: string): Script =>
    socket =>
      socket.write(http(200, '{"version":"1"}', `Keep-Alive: ${hint}`))

  test('is replaced when the server keeps it no longer, and every request counts once', async () => {
    const { origin, report, ended } = await ask(hinted('timeout=0'))
    expect(report).toMatchObject({ total: 5, ok: 5, failed: 0, connectionsOpened: 5 })
    expect(origin.requests()).toHaveLength(5)
    expect(ended).toHaveLength(5)
  })

  test('is used again before that', async () => {
    const { report } = await ask(hinted('timeout=3600'))
    expect(report).toMatchObject({ ok: 5, connectionsOpened: 1 })
  })

  test('is used again without a hint, and its loss says what it was', async () => {
    const { origin, report, ended } = await ask((socket, index) =>
      index === 2 ? socket.end() : socket.write(version('1')),
    )
    expect(report).toMatchObject({ total: 5, ok: 4, failedBy: { reset: 1 }, connectionsOpened: 2 })
    expect(origin.requests()).toHaveLength(5)
    expect(ended[2]?.message).toBe(
      'the connection was closed before the answer: lost on a kept connection before a byte of the answer; --fresh avoids that',
    )
  })

  test.each<[string, Script]>([
    ['new', (socket, index) => (index === 0 ? socket.end() : socket.write(version('1')))],
    [
      'lost within its answer',
      (socket, index) => (index === 2 ? socket.end('HTTP/1.1 200 OK\r\n') : socket.write(version('1'))),
    ],
  ])('that is %s does not say so', async (_, script) => {
    const { report } = await ask(script)
    expect(report.failedBy.reset).toBe(1)
    expect(report.lastFailure).not.toContain('kept connection')
  })
})
