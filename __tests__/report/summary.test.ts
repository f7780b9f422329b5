import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { RunReport } from '../../src/model/report.ts'
import { link, text } from '../../src/report/markdown.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { blue, refused, reportOf, switched } from './reports.ts'

const failure = {
  code: 'NOT_HEALTHY_IN_TIME' as const,
  headline: 'app-green did not become healthy in time: 1/2 targets healthy.',
  details: ['10.0.1.2:8080 is unhealthy: Health checks failed with these codes: [503] (Target.ResponseCodeMismatch)'],
}

/** What a reader sees: entities decoded, marks of code dropped. */
function readable(markdown: string): string {
  return markdown
    .replace(/<\/?code>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}

describe('the job summary', () => {
  test('shows the switch: versions, images, digest, revisions, colors, weights, phases, traffic and the way back', () => {
    const shown = readable(summaryOf(reportOf()))
    for (const part of [
      '## app: 0.0.1 → 0.0.2, now live on green',
      '| color | blue | green |',
      '| version | **0.0.1** | **0.0.2** |',
      '| image | registry.example.com/app:0.0.1 | registry.example.com/app:0.0.2 |',
      `| digest | – | sha256:${'ab'.repeat(32)} |`,
      '| revision | app:1 | app:2 |',
      '| HTTPS:443 | production | blue 100, green 0 | blue 0, green 100 |',
      '| HTTP:9001 | test | green 1 | blue 100, green 0 |',
      '| verify | 12:00:02.000 | 1m 28s |',
      '**420 requests** to https://www.example.com/version during the switch, **0 failed**. Both versions answered for 1.0s; it asked every 50 ms on average.',
      'mode: rollback',
    ]) {
      expect(shown).toContain(part)
    }
  })

  test('says what came of requests that were not answered well, also of those that may fail', () => {
    const { traffic } = reportOf()
    if (traffic === undefined) throw new Error('the report has no traffic')
    const told = {
      failed: 3,
      failedBy: { timeout: 1, status: 2 },
      lastFailure: 'status: answered 502',
      lastFailureAt: Date.UTC(2026, 10, 21, 12, 1, 33, 5),
      abandoned: 2,
      unsent: 1,
      askedAgain: 4,
    }
    const shown = readable(summaryOf(reportOf({ traffic: { ...traffic, ...told } })))
    expect(shown).toContain(
      '**3 failed**. Failed: 2 status, 1 timeout. The last failure (12:01:33.005): status: answered 502. 2 more were not answered when the run ended. 1 was due but not sent, because every connection waited for an answer. 4 were asked once more: the connection had been closed while idle. Both versions',
    )
    expect(readable(summaryOf(reportOf({ traffic: { ...traffic, abandoned: 1 } })))).toContain(
      '**0 failed**. 1 more was not answered when the run ended. Both versions',
    )
  })

  test.each<[string, Partial<RunReport>, readonly string[]]>([
    [
      'failed',
      { outcome: { status: 'failed', failure }, sides: refused, routes: [] },
      ['## app: failed, 0.0.1 is live on blue', '**NOT_HEALTHY_IN_TIME**', '[503]', 'Production never left blue'],
    ],
    [
      'failed after the shift',
      { outcome: { status: 'failed', failure } },
      ['## app: failed, 0.0.2 is live on green', 'To go back'],
    ],
    [
      'failed at once',
      { outcome: { status: 'failed', failure }, sides: undefined as never, routes: [], phases: [] },
      ['## app: failed', '**NOT_HEALTHY_IN_TIME**'],
    ],
    [
      'cancelled',
      { outcome: { status: 'cancelled', failure: { ...failure, code: 'CANCELLED' } }, sides: refused, routes: [] },
      ['## app: cancelled, 0.0.1 is live on blue', 'Production never left blue.'],
    ],
    [
      'cancelled when traffic had moved',
      {
        outcome: { status: 'cancelled', failure: { ...failure, code: 'CANCELLED' } },
        sides: refused,
        routes: [],
        left: true,
      },
      ['Production is on blue, all of it.'],
    ],
    [
      'unchanged',
      { outcome: { status: 'unchanged', because: 'nothing to do' }, sides: { ...switched, after: blue, before: blue } },
      ['## app: unchanged, 0.0.1 is live on green', 'nothing to do.'],
    ],
    [
      'status',
      { mode: 'status', outcome: { status: 'unchanged', because: '' }, sides: refused },
      ['## app: 0.0.1 is live on blue', '| color | blue | green |'],
    ],
  ])('tells the first screen of: %s', (_, change, parts) => {
    const shown = readable(summaryOf(reportOf(change)))
    for (const part of parts) expect(shown).toContain(part)
  })

  test('stays under GitHub’s limit whatever it is fed', () => {
    const long = '𝕏<|`'.repeat(100_000)
    const many = <T>(one: T) => Array.from({ length: 5_000 }, () => one)
    const report = reportOf({
      service: long,
      cluster: long,
      outcome: { status: 'failed', failure: { ...failure, headline: long, details: many(long) } },
      sides: {
        ...refused,
        before: { ...blue, image: long, version: long, digest: long },
        after: { ...blue, image: long },
      },
      routes: many({ label: long, arn: long, audience: 'production' as const, before: {}, after: {} }),
      events: many({ at: 0, message: long }),
      warnings: many(long),
      traffic: {
        url: long,
        requests: 1,
        failed: 1,
        versions: many({ version: long, count: 1, firstAt: Number.NaN, lastAt: 0 }),
        everyMs: 50,
        fresh: long,
      },
    })
    const summary = summaryOf(report)
    expect(new TextEncoder().encode(summary).length).toBeLessThan(1024 * 1024)
    expect(summary).toContain('NOT_HEALTHY_IN_TIME')
    expect(summary).toContain('**1 request** to')
  })
})

test('whatever is cut says how much there is more of', () => {
  const many = <T>(count: number, one: T) => Array.from({ length: count }, () => one)
  const { traffic } = reportOf()
  if (traffic === undefined) throw new Error('the report of tests has traffic')
  const seen = { version: '1', count: 1, firstAt: 1, lastAt: 1 }
  const rows = { id: 'a', port: 1, state: 'healthy' as const }
  const summary = summaryOf(
    reportOf({
      outcome: { status: 'failed', failure: { ...failure, details: many(51, 'x') } },
      links: many(22, { label: 'x', url: 'https://x.example/' }),
      logs: many(13, { container: 'app', task: 'a', lines: ['x'] }),
      traffic: { ...traffic, versions: many(54, seen) },
      steps: many(55, { share: 1, at: 1 }),
      events: many(36, { at: 1, message: 'x' }),
      warnings: many(27, 'x'),
      targets: [{ color: 'blue', at: 1, targets: many(58, rows) }],
      routes: many(59, { label: 'x', arn: 'x', audience: 'production' as const, before: {}, after: {} }),
      checks: many(210, { section: 'Services' as const, mark: 'OK' as const, says: 'x' }),
    }),
  )
  const told = [...summary.matchAll(/and (\d+) (?:more|before them)/g)].map(([, count]) => Number(count))
  expect(told).toEqual([11, 2, 3, 4, 9, 5, 8, 7, 6, 10])
})

describe('text from outside', () => {
  test.each([
    ['<img src=x onerror=alert(1)>', '<'],
    ['| a | b |', '|'],
    ['`code`', '`'],
    ['[click](javascript:x)', '['],
    ['![x](http://evil)', '['],
    ['https://evil.example', '://'],
    ['www.evil.example', 'www.'],
    ['@everyone', '@'],
    ['#1', '#'],
    ['a\n## heading', '\n'],
    ['a\u2028b', '\u2028'],
    ['\u202eright to left', '\u202e'],
    ['a\u0000b', '\u0000'],
    ['**bold**', '*'],
    ['~~gone~~', '~'],
    ['$x^2$', '$'],
    ['\\[x', '\\'],
  ])('%j is inert', (hostile, mark) => {
    // Entities bring their own # and ;, which mean nothing there.
    expect(text(hostile).replace(/&#\d+;/g, '')).not.toContain(mark)
  })

  test.each(['- item', '+ item', '1. item', '2) item', '==='])(
    '%j opens no list or heading at the start of a line',
    hostile => {
      expect(text(hostile)).toMatch(/^&#\d+;/)
    },
  )

  test.each(['javascript:alert', 'data:text/html,x', '//evil.example', 'x', ' https://evil.example', ''])(
    'no link goes to %j',
    url => {
      expect(link('label', url)).toBe('label')
    },
  )

  test('reads the same after the entities are decoded', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'grapheme-ascii' }), hostile => {
        expect(readable(text(hostile))).toBe(
          hostile
            .replace(/<\/?code>/g, '')
            .replace(/\s+/g, ' ')
            .trim(),
        )
      }),
    )
  })
})
