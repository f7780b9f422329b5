import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { list } from '../../src/report/markdown.ts'
import { readAssets } from '../../src/report/page/assets.ts'
import { pageOf } from '../../src/report/page/page.ts'
import { writePage } from '../../src/report/page/page-file.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { goldenRuns, ways } from './golden-runs.ts'
import { hostileReport } from './hostile.ts'
import { reportOf } from './reports.ts'

const assets = readAssets()
const pageFor = (report = reportOf()) => pageOf(report, ways, assets)

function numbersIn(page: string) {
  const [, json = ''] = /<script type="application\/json" id="numbers">(.*?)<\/script>/s.exec(page) ?? []
  return JSON.parse(json)
}

/** What is left when scripts and styles are taken out: what a browser would read as elements. */
function markup(page: string): string {
  return page.replace(/<style>.*?<\/style>/gs, '').replace(/(<script[^>]*>).*?(<\/script>)/gs, '$1$2')
}

describe('the report', () => {
  test('has the switch, the weights and the phases as numbers, as this run has seen them', async () => {
    const report = await goldenRuns.succeeded?.()
    const numbers = numbersIn(pageFor(report))
    expect(numbers).toMatchObject({ status: 'succeeded', before: { version: '0.0.1' }, after: { version: '0.0.2' } })
    expect(numbers.traffic).toMatchObject({
      requests: report?.traffic?.requests,
      failed: 0,
      slices: report?.traffic?.slices,
    })
    // Only of a report whose lists or texts were cut.
    expect(numbers).not.toHaveProperty('truncated')
    const [old, fresh, failed] = numbers.charts.flip.lines
    expect([old.role, old.label, fresh.role, fresh.label, failed.role]).toEqual([
      'old',
      '0.0.1',
      'new',
      '0.0.2',
      'failed',
    ])
    // From only the old one, to only the new one, and zero is where the new one began.
    const zero = numbers.charts.flip.x.indexOf(0)
    expect(fresh.values[zero - 1]).toBe(0)
    expect(fresh.values[zero]).toBeGreaterThan(0)
    expect(old.values.at(-1)).toBe(0)
    expect(numbers.charts.weights.lines[1]).toMatchObject({ role: 'new', values: [0, 100, 100] })
    expect(numbers.phases.map((phase: { name: string }) => phase.name)).toEqual(report?.phases.map(phase => phase.name))
  })

  test('draws each failed request in the slice that it was seen in, and tells those that no slice has', () => {
    const zeros = (count: number) => Array.from({ length: count }, () => 0)
    const failed = [4, ...zeros(20), 7, ...zeros(19), 2, 5]
    const old = [...zeros(1), ...Array.from({ length: 25 }, () => 2), ...zeros(17)]
    const fresh = [...zeros(20), ...Array.from({ length: 23 }, () => 1)]
    const base = reportOf()
    const { traffic } = base
    if (traffic === undefined) throw new Error('the report of tests has traffic')
    const versions = [
      { version: '0.0.1', counts: old },
      { version: '0.0.2', counts: fresh },
    ]
    const seen = { startAt: base.startedAt, sliceMs: 100, versions, failed }
    const report = reportOf({ traffic: { ...traffic, failed: 21, slices: seen, flip: seen } })
    const page = pageFor(report)
    const { charts } = numbersIn(page)
    for (const [name, zero] of [
      ['flip', 20],
      ['all', 0],
    ] as const) {
      const [before, after, red] = charts[name].lines
      // Each value holds to the next point: the last one stands twice.
      expect([name, red]).toEqual([name, { role: 'failed', label: 'failed', values: [...failed, 5] }])
      expect(before.values).toEqual([...old, 0])
      expect(after.values).toEqual([...fresh, 1])
      expect(charts[name].x[zero]).toBe(0)
      expect(charts[name].outside).toBe('3 more failed outside of this picture.')
    }
    expect(page.match(/<figcaption>[^\n]*3 more failed outside of this picture/g)).toHaveLength(2)
    // Each can be moved through without a mouse.
    for (const act of ['by="0.5"', 'by="2"', 'go="-0.5"', 'go="0.5"', 'by="0"'])
      expect(page.split(`data-${act}`)).toHaveLength(3)
    // The same in the tables for those who see no chart.
    expect(page.match(/<td>7<\/td>/g)).toHaveLength(2)
  })

  test('has the numbers of its charts open, for where no script draws and folds them', async () => {
    const page = markup(pageFor(await goldenRuns.succeeded?.()))
    const figures = page.match(/<figure>.*?<\/figure>/gs) ?? []
    expect(figures).toHaveLength(3)
    for (const figure of figures) {
      expect(figure).toContain('drawn by a script, which does not run here')
      expect(figure).toMatch(/<details open><summary>Its numbers .*<td>/s)
    }
  })

  test.each(Object.keys(goldenRuns))('of %s needs no other file and asks nobody', async name => {
    const page = pageFor(await goldenRuns[name]?.())
    expect(markup(page)).not.toMatch(/<(link|img|iframe|object|embed|base|form|video|audio)\b|\ssrc\s*=|@import|url\(/i)
    for (const script of page.match(/<script(?![^>]*json)[^>]*>.*?<\/script>/gs) ?? []) {
      const body = script.replace(/^<script>|<\/script>$/g, '')
      expect(page).toContain(`'sha256-${createHash('sha256').update(body).digest('base64')}'`)
    }
    expect(page).toContain("default-src 'none'")
  })

  test('has no script when it has no chart', () => {
    const page = pageFor(reportOf({ traffic: undefined as never }))
    expect(page).toContain("script-src 'none'")
    expect(page.match(/<script/g)).toHaveLength(1)
  })

  test('is written with the folders that it is in, from the workspace on', async () => {
    const workspace = mkdtempSync(path.join(tmpdir(), 'workspace-'))
    try {
      const place = await writePage(reportOf(), 'out/of/it/report.html', { GITHUB_WORKSPACE: workspace })
      expect(place).toBe(path.join(workspace, 'out', 'of', 'it', 'report.html'))
      expect(readFileSync(place, 'utf8')).toMatch(/^<!doctype html>/)
    } finally {
      rmSync(workspace, { recursive: true })
    }
  })

  // A recursive mkdir of Node never ends there.
  const testOnLinux = process.platform === 'linux' ? test : test.skip
  testOnLinux.each(['/proc/nope/report.html', '/proc/nope/in/report.html', '/dev/null/report.html'])(
    'is refused at %s, where nobody can make a folder',
    async place => {
      await expect(writePage(reportOf(), place, {})).rejects.toThrow(/ENOENT|ENOTDIR/)
    },
  )
})

describe.each([
  ['entities', '&'.repeat(100_000)],
  ['tags', '<'.repeat(100_000)],
  ['emoji', '🦊'.repeat(100_000)],
  ['combining marks', `e${'\u0301'.repeat(100_000)}`],
  ['words of another script', '日本語 '.repeat(30_000)],
  ['JSON', `{\n${'<'.repeat(10_000)}`],
])('a report of nothing but %s', (_, evil) => {
  const report = hostileReport(evil)

  test('has a summary that GitHub shows, from its cause to what was left out', () => {
    const summary = summaryOf(report, ways)
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024)
    // By name: a megabyte is nothing to read when one is missing.
    const there = (part: RegExp) => part.test(summary)
    expect([/\*\*UNHEALTHY\*\*/, /and 2\d\d more/, /```mermaid/].map(there)).toEqual([true, true, true])
    // Entities are whole, and so is each block.
    expect(there(/&(?!#\d+;)/)).toBe(false)
    expect(summary.match(/<pre>/g)?.length).toBe(summary.match(/<\/pre>/g)?.length)
    expect(summary.slice(-18)).toMatch(/ in all\.<\/sub>\n$/)
  })

  test('has a page of less than 4 MB, with all its charts', () => {
    const page = pageFor(report)
    expect(Buffer.byteLength(page)).toBeLessThan(4_000_000)
    expect(page.includes('UNHEALTHY')).toBe(true)
    const numbers = numbersIn(page)
    expect(numbers.truncated).toBe(true)
    expect(numbers.charts.all.lines.at(-1).values).toHaveLength(121)
  })
})

test('a summary without room for all says which parts are not there', () => {
  const wide = '<'.repeat(300)
  const report = hostileReport(wide)
  const rows = Array.from({ length: 50 }, () => ({ id: wide, port: 1, state: wide, reason: wide, description: wide }))
  const targets = Array.from({ length: 20 }, () => ({ color: 'green' as const, at: report.startedAt, targets: rows }))
  const summary = summaryOf({ ...report, targets })
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024)
  const [told] = /\*\*Left out.*/.exec(summary) ?? []
  expect(told).toBe('**Left out, because GitHub shows no summary above 1 MiB: targets, warnings, events, checks.**')
  const page = pageFor({ ...report, targets })
  expect(Buffer.byteLength(page)).toBeLessThan(4_000_000)
  const [left] = /Left out[^<]*/.exec(page) ?? []
  expect(left).toMatch(/^Left out, because the page would be too long: Targets, .*Checks\.$/)
})

test('a list without room for all says how many are not there', () => {
  expect(list(['a', 'b', 'c'], 2)).toBe('- a\n- b\n- and 1 more')
  expect(list(['a', '{\n}', 'c'], 2)).toBe('- a\n\n<pre>\n{\n}\n</pre>\n\n- and 1 more')
  const long = list(Array.from({ length: 500 }, () => 'x'.repeat(1_000)))
  expect(Buffer.byteLength(long)).toBeLessThan(210_000)
  expect(long).toMatch(/\n- and 30\d more$/)
})
