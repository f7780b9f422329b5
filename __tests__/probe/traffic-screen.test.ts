import { describe, expect, test } from '@jest/globals'
import { changeAndSummary, failureLine, progressLine, reportLines } from '../../sandbox/traffic-report.ts'
import { Screen, type ScreenOptions } from '../../sandbox/traffic-screen.ts'
import type { TrafficReport, VersionChange } from '../../src/probe/traffic.ts'

const startedAt = Date.UTC(2027, 0, 15, 8)

/** The run of a demo system, 1,075 requests in 139 s, with a failure of each kind but one. */
const report: TrafficReport = {
  total: 1_075,
  ok: 1_071,
  failed: 4,
  failedBy: { refused: 1, reset: 1, timeout: 0, status: 1, unparsable: 1 },
  unsent: 1,
  abandoned: 2,
  connectionsOpened: 3,
  startedAt,
  endedAt: startedAt + 139_000,
  requestsPerSecond: 1_075 / 139,
  latency: { p50: 1.25, p95: 9.96, p99: 12.4, max: 1_234.5 },
  versions: [
    { version: '0.0.1', count: 1_007, firstAt: startedAt + 10, lastAt: startedAt + 131_512 },
    { version: '0.0.2', count: 64, firstAt: startedAt + 131_250, lastAt: startedAt + 138_900 },
  ],
  wentBack: 1,
  boundaries: [
    {
      from: '0.0.1',
      to: '0.0.2',
      firstNewAt: startedAt + 131_250,
      lastOldAt: startedAt + 131_512,
      mixedMs: 262,
    },
  ],
  lastFailure: 'status: answered 502',
}

const back: VersionChange = { at: startedAt + 131_512, kind: 'back', from: '0.0.2', to: '0.0.1' }

function screen(options: Partial<ScreenOptions> = {}) {
  const written: string[] = []
  const shown = new Screen({
    write: text => written.push(text),
    live: false,
    quiet: false,
    startedAt,
    look: () => report,
    ...options,
  })
  return { shown, written }
}

describe('what people read', () => {
  test('the closing report', () => {
    expect(reportLines('http://app/version', report)).toEqual([
      'http://app/version: 1,075 requests in 139.0 s (7.7/s), 4 failed',
      '  failed       refused 1, reset 1, timeout 0, status 1, unparsable 1',
      '  last failure status: answered 502',
      '  latency      p50 1.3 ms, p95 10.0 ms, p99 12 ms, max 1,235 ms',
      '  connections  3 opened',
      '  version      0.0.1: 1,007 answers, 08:00:00.010 to 08:02:11.512',
      '  version      0.0.2: 64 answers, 08:02:11.250 to 08:02:18.900',
      '  boundary     0.0.1 -> 0.0.2: first new 08:02:11.250, last old 08:02:11.512, both answered for 262 ms',
      '  went back    once to an older version',
      '  not sent     1 were due, but every connection was busy',
      '  given up     2 were unanswered at the end',
    ])
  })

  test('a change, with what was seen so far', () => {
    expect(changeAndSummary(back, report)).toBe(
      '08:02:11.512 version 0.0.2 -> 0.0.1: back to the older one (1,075 requests, 4 failed, 7.7/s, p99 12 ms, went back once; answers: 0.0.1 1,007, 0.0.2 64)',
    )
  })

  test('words of the server steer neither a terminal nor a workflow', () => {
    const evil = '\u001b[2J\r\n::error::x ##[add-mask]y \u202egnp\u0085\u2028'
    const versions = report.versions.map(seen => ({ ...seen, version: evil }))
    const hostile = { ...report, versions, lastFailure: evil }
    const lines = [
      ...reportLines('http://app/', hostile),
      progressLine(hostile, 1),
      failureLine({ at: startedAt, sentAt: 0, kind: 'unparsable', message: evil }),
      changeAndSummary({ ...back, to: evil }, hostile),
    ]
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]|##\[|^\s*::/u)
    }
    expect(lines.filter(line => line.includes('add-mask'))).toHaveLength(6)
  })
})

describe('the screen', () => {
  test('has a line for exactly each 1,000 requests', () => {
    let total = 0
    const { shown, written } = screen({
      look: () => ({ ...report, total, endedAt: startedAt + total * 2 }),
    })
    for (total = 1; total <= 3_500; total++) shown.ended()
    expect(written).toEqual(
      ['1,000', '2,000', '3,000'].map(at => `${at} requests, 4 failed, 500/s, p99 12 ms, version 0.0.2\n`),
    )
  })

  test('on a terminal has one live line below all others', () => {
    const { shown, written } = screen({ live: true })
    for (let request = 0; request < 1_000; request++) shown.ended()
    shown.tick()
    shown.changed(back)
    shown.failed({ at: startedAt, sentAt: 0, kind: 'reset', message: 'closed by the server' })
    shown.close('http://app/', report, false)
    expect(written).toEqual([
      '\r\u001b[K1,075 requests, 4 failed, 7.7/s, p99 12 ms, version 0.0.2',
      `\r\u001b[K${changeAndSummary(back, report)}\n`,
      '\r\u001b[K08:00:00.000 failed: reset: closed by the server\n',
      '\r\u001b[K',
    ])
  })

  test('when quiet has the closing report only', () => {
    const { shown, written } = screen({ live: true, quiet: true })
    shown.ended()
    shown.tick()
    shown.changed(back)
    shown.failed({ at: startedAt, sentAt: 0, kind: 'reset', message: 'closed by the server' })
    shown.close('http://app/', report, true)
    expect(written).toEqual([`${reportLines('http://app/', report).join('\n')}\n`])
  })

  test('has each failure up to 1,000 in a second, and then how many more', () => {
    const { shown, written } = screen()
    const fail = (at: number) => shown.failed({ at: startedAt + at, sentAt: 0, kind: 'refused', message: 'no' })
    for (let index = 0; index < 1_234; index++) fail(100 + index / 2)
    for (let index = 0; index < 5; index++) fail(1_000 + index)
    for (let index = 0; index < 1_001; index++) fail(5_000)
    shown.close('http://app/', report, false)
    expect(written.filter(text => text.includes(' failed: refused: no\n'))).toHaveLength(1_000 + 5 + 1_000)
    expect(written.filter(text => text.includes('have no line'))).toEqual([
      '08:00:00 failed requests in this second that have no line: 234\n',
      '08:00:05 failed requests in this second that have no line: 1\n',
    ])
  })

  test('has each change in the same way, apart from failures', () => {
    const { shown, written } = screen()
    for (let index = 0; index < 1_500; index++) {
      shown.changed({ ...back, at: startedAt })
      if (index < 1_000) shown.failed({ at: startedAt, sentAt: 0, kind: 'refused', message: 'no' })
    }
    shown.close('http://app/', report, false)
    expect(written).toHaveLength(2_001)
    expect(written.at(-1)).toBe('08:00:00 changes of version in this second that have no line: 500\n')
  })
})
