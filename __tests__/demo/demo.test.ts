import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { repositoryPath } from '../e2e/stage.ts'

/** The demo's report says what its client has seen, computed here from every single request and from nothing else. */

const output = (name: string) => repositoryPath('demo-output', name)

interface Line {
  readonly at: number
  readonly kind: string
  readonly version?: string
}

interface Chart {
  readonly x: readonly number[]
  readonly lines: readonly { readonly role: string; readonly label: string; readonly values: readonly number[] }[]
}

function numbersIn(name: string) {
  const page = readFileSync(output(name), 'utf8')
  const [, json = ''] = /<script type="application\/json" id="numbers">(.*?)<\/script>/s.exec(page) ?? []
  return JSON.parse(json)
}

let requests: readonly Line[]
beforeAll(() => {
  const { status } = spawnSync(process.execPath, [repositoryPath('sandbox', 'demo.ts')], { stdio: 'inherit' })
  expect(status).toBe(0)
  const lines = readFileSync(output('requests.jsonl'), 'utf8').trimEnd().split('\n')
  requests = lines.map(line => JSON.parse(line)).filter(line => line.event === undefined)
})

/** When a version answered first, and last. */
function answered(version: string) {
  const at = requests.filter(one => one.kind === 'ok' && one.version === version).map(one => one.at)
  return { first: Math.min(...at), last: Math.max(...at) }
}

describe('the report of the demo', () => {
  test('counts every request, and none failed', () => {
    const { report } = numbersIn('report.html')
    expect(requests.length).toBeGreaterThanOrEqual(10_000)
    expect(report.total).toBe(requests.length)
    expect(report.failed).toBe(0)
    expect(requests.filter(one => one.kind !== 'ok')).toEqual([])
  })

  test.each([
    ['flip-1', '0.0.1', '0.0.2'],
    ['flip-2', '0.0.2', '0.0.3'],
  ])('%s goes from %s to %s, and back and forth as long as the raw file says', (name, from, to) => {
    const { report, charts } = numbersIn('report.html')
    const mixedMs = Math.max(0, answered(from).last - answered(to).first)
    const boundary = report.boundaries.find((one: { to: string }) => one.to === to)
    expect(boundary).toMatchObject({ from, mixedMs, firstNewAt: answered(to).first, lastOldAt: answered(from).last })

    const { x, lines } = charts[name] as Chart
    const values = (role: string) => lines.find(line => line.role === role)?.values ?? []
    expect(lines.map(({ role, label }) => `${role} ${label}`)).toEqual([`old ${from}`, `new ${to}`, 'failed failed'])
    const sum = (counts: readonly number[]) => counts.reduce((one, other) => one + other, 0)
    // A slice is some milliseconds: a busy machine may leave one or the other empty, but not a quarter of them.
    const quarter = Math.floor(x.length / 4)
    expect(sum(values('old').slice(0, quarter))).toBeGreaterThan(0)
    expect(values('old').at(-1)).toBe(0)
    expect(values('new')[0]).toBe(0)
    expect(sum(values('new').slice(-quarter))).toBeGreaterThan(0)
    expect(values('failed').every(count => count === 0)).toBe(true)
    // The last slice in which the old one answers is the one that the raw file says.
    const slice = ((x[1] ?? 0) - (x[0] ?? 0)) * 1_000
    const end = (x[values('old').findLastIndex(count => count > 0)] ?? 0) * 1_000
    expect(Math.abs(mixedMs - end)).toBeLessThanOrEqual(slice + 1)
  })

  test('has the clock of the events of the three runs, although the sandbox runs faster', () => {
    const pages = readdirSync(output('')).filter(name => /^\d-.*\.html$/.test(name))
    for (const name of pages.sort()) {
      const { startedAt, endedAt } = numbersIn(name)
      const summary = readFileSync(output(name.replace(/html$/, 'md')), 'utf8')
      const events = [...summary.matchAll(/^- (\d\d:\d\d:\d\d\.\d{3}) \(service /gm)]
      // Since the run began; over midnight, too.
      const dayMs = 86_400_000
      const after = events.map(([, time]) => (Date.parse(`1970-01-01T${time}Z`) - (startedAt % dayMs) + dayMs) % dayMs)
      expect([name, after.length > 3]).toEqual([name, true])
      expect([name, after.filter(ms => ms > endedAt - startedAt)]).toEqual([name, []])
    }
  })

  test('stands beside the reports of the three runs, whose requests agree with their pages', () => {
    const pages = readdirSync(output('')).filter(name => /^\d-.*\.html$/.test(name))
    expect(pages).toHaveLength(3)
    const [first, second, third] = pages.sort().map(numbersIn)
    expect([first.status, second.status, third.status]).toEqual(['succeeded', 'succeeded', 'failed'])
    for (const { traffic } of [first, second]) expect(traffic).toMatchObject({ failed: 0 })
    expect(Object.keys(first.charts)).toEqual(['flip', 'all', 'weights'])
    expect(third.charts).toEqual({})
  })
})
