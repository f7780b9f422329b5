import { readFileSync } from 'node:fs'
import type { Slices } from '../src/model/probe.ts'
import type { Boundary, TrafficReport } from '../src/probe/traffic.ts'
import { span, table, text } from '../src/report/markdown.ts'
import { readAssets } from '../src/report/page/assets.ts'
import { answers, type Chart } from '../src/report/page/charts.ts'
import { documentOf, figure } from '../src/report/page/document.ts'
import { html } from '../src/report/page/html.ts'
import { inertJson } from '../src/report/page/numbers.ts'
import { time } from '../src/report/tables.ts'

/** What the client of the demo has seen, as a page like that of a deploy: every flip, and all of the time between them. */

interface Request {
  readonly at: number
  readonly kind: string
  readonly version?: string
}

/** Slices of a chart. */
const most = 80

/** Milliseconds that a flip is shown before and after, at least. */
const leastMargin = 500

/** @param file what the client has written: one request a line, and the report at the end */
export function demoPage(file: string, url: string, report: TrafficReport): string {
  const requests = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Request | { readonly event: string })
    .filter((one): one is Request => 'at' in one)
  const flips = report.boundaries.map(boundary => [boundary, flipChart(requests, boundary)] as const)
  const versions = report.versions.map(({ version }) => version)
  const whole = sliced(requests, versions, report.startedAt, report.endedAt)
  const all = answers(whole, report.startedAt, 'seconds since the start')
  const charts = { all, ...Object.fromEntries(flips.map(([, chart], index) => [`flip-${index + 1}`, chart])) }
  const failed = `${report.failed} of ${report.total} requests failed`
  const page = {
    title: `${flips.length} switches under ${Math.round(report.requestsPerSecond)} requests a second: ${failed}`,
    status: report.failed === 0 ? (['no request failed', true] as const) : ([failed, false] as const),
    opening: html(`Asked ${text(url)} for ${span(report.endedAt - report.startedAt)}.`),
    sections: [
      ['switches', 'Switches', html(boundariesTable(report)) + flips.map(flipFigure).join('\n')] as const,
      ['all', 'All of the time', figure('all', 'Answers of each version, and failed requests', all)] as const,
      ['versions', 'Versions', html(versionsTable(report))] as const,
    ],
    footer: `${time(report.startedAt)} to ${time(report.endedAt)} UTC. Every request is in requests.jsonl.`,
    numbers: inertJson({ url, report, charts }),
    hasCharts: true,
  }
  return documentOf(page, readAssets())
}

function flipFigure([{ from, to }, chart]: readonly [Boundary, Chart], index: number): string {
  return figure(`flip-${index + 1}`, `${text(from)} → ${text(to)}`, chart)
}

function flipChart(requests: readonly Request[], { from, to, firstNewAt, lastOldAt, mixedMs }: Boundary): Chart {
  const margin = Math.max(leastMargin, mixedMs)
  const slices = sliced(requests, [from, to], firstNewAt - margin, Math.max(firstNewAt, lastOldAt) + margin)
  return answers(slices, firstNewAt, `seconds since the first answer of ${to}`)
}

function sliced(requests: readonly Request[], versions: readonly string[], from: number, until: number): Slices {
  const sliceMs = Math.max(1, Math.ceil((until - from) / most))
  const count = (of: (request: Request) => boolean) => {
    const counts = Array.from({ length: Math.ceil((until - from) / sliceMs) }, () => 0)
    for (const request of requests) {
      const index = Math.floor((request.at - from) / sliceMs)
      if (index >= 0 && index < counts.length && of(request)) counts[index] = (counts[index] ?? 0) + 1
    }
    return counts
  }
  return {
    startAt: from,
    sliceMs,
    versions: versions.map(version => ({
      version,
      counts: count(one => one.kind === 'ok' && one.version === version),
    })),
    failed: count(({ kind }) => kind !== 'ok'),
  }
}

function boundariesTable({ boundaries }: TrafficReport): string {
  const rows = boundaries.map(({ from, to, firstNewAt, lastOldAt, mixedMs }) => [
    text(from),
    text(to),
    time(firstNewAt),
    time(lastOldAt),
    `${mixedMs.toFixed(1)} ms`,
  ])
  return table(['from', 'to', 'first new', 'last old', 'both answered for'], rows)
}

function versionsTable({ versions }: TrafficReport): string {
  const rows = versions.map(seen => [text(seen.version), String(seen.count), time(seen.firstAt), time(seen.lastAt)])
  return table(['version', 'answers', 'first', 'last'], rows)
}
