import { createHash } from 'node:crypto'
import type { RunReport } from '../../model/report.ts'
import { details, span, table, text } from '../markdown.ts'
import { planPart } from '../plan.ts'
import {
  because,
  detailParts,
  eventsPart,
  headline,
  linksOf,
  logsPart,
  trafficPart,
  type Ways,
  wayBack,
} from '../summary.ts'
import { phasesTable, routesTable, stepsTable, targetsTable } from '../tables.ts'
import type { Assets } from './assets.ts'
import { type Chart, chartsOf } from './charts.ts'
import { html } from './html.ts'
import { numbersOf } from './numbers.ts'

/**
 * A run as one page that needs nothing else: no other file, no request. What it says is said by the job summary, too, and is made inert
 * there; besides, the page's policy lets the browser run those scripts only whose hashes it names, so that nothing else in it can act.
 */
export function pageOf(report: RunReport, ways: Ways, assets: Assets): string {
  const charts = chartsOf(report)
  const sections = sectionsOf(report, ways, charts).filter(([, , body]) => body !== '')
  const scripts = Object.keys(charts).length === 0 ? [] : [assets.library, assets.script]
  // The headline's texts are escaped, and escapes of Markdown are those of HTML.
  const title = headline(report)
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src ${sources(scripts)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${assets.libraryStyle}\n${assets.style}</style>`,
    '</head>',
    '<body>',
    '<header>',
    status(report),
    `<h1>${title}</h1>`,
    html([because(report), linksOf(report)].filter(part => part !== '').join('\n\n')),
    `<nav aria-label="Parts of this page">${sections.map(([id, name]) => `<a href="#${id}">${name}</a>`).join('\n')}</nav>`,
    '</header>',
    '<main>',
    ...sections.map(
      ([id, name, body]) => `<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>\n${body}</section>`,
    ),
    '</main>',
    `<footer><p class="faint">${footer(report)}</p></footer>`,
    `<script type="application/json" id="numbers">${numbersOf(report)}</script>`,
    ...scripts.map(script => `<script>${script}</script>`),
    '</body>',
    '</html>',
    '',
  ]
    .filter((line, index, all) => line !== '' || index === all.length - 1)
    .join('\n')
}

/** Id, title and body of each part; what there is nothing to say about is empty. */
function sectionsOf(
  report: RunReport,
  ways: Ways,
  charts: Readonly<Record<string, Chart>>,
): readonly (readonly [string, string, string])[] {
  const { traffic, routes, steps, phases, targets = [], events, warnings, mode, preview } = report
  const planned = mode === 'plan' || preview !== undefined
  const parts = (...some: readonly string[]) => html(some.filter(part => part !== '').join('\n\n'))
  return [
    ['versions', 'Versions', parts(...detailParts(report), planned ? planPart(report) : '', wayBack(report, ways))],
    [
      'requests',
      'Requests',
      figure('flip', 'The switch: answers of each version, and failed requests', charts.flip) +
        figure('all', 'All of the time', charts.all) +
        parts(trafficPart(traffic, steps !== undefined)),
    ],
    [
      'weights',
      'Weights',
      figure('weights', 'Who was to get the traffic', charts.weights) +
        parts(routes.length === 0 ? '' : routesTable(routes), steps === undefined ? '' : stepsTable(steps)),
    ],
    ['phases', 'Phases', phases.length === 0 ? '' : bars(report) + parts(phasesTable(phases))],
    ['targets', 'Targets', parts(...targets.map(targetsTable))],
    ['logs', 'Last lines of containers', parts(logsPart(report))],
    [
      'warnings',
      'Warnings',
      parts(
        warnings
          .slice(0, 50)
          .map(line => `- ${text(line, 1_000)}`)
          .join('\n'),
      ),
    ],
    ['events', 'Events', parts(events.length === 0 ? '' : eventsPart(report))],
    ['checks', 'Checks', planned ? '' : parts(planPart(report))],
  ]
}

function status({ outcome }: RunReport): string {
  return `<p class="status ${'failure' in outcome ? 'bad' : 'good'}">${outcome.status}</p>`
}

function footer({ service, cluster, region, startedAt, endedAt, mode }: RunReport): string {
  const began = new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ')
  return `${mode} of ${text(service)} in cluster ${text(cluster)}, ${text(region)}; ${span(endedAt - startedAt)} from ${began} UTC on. All times are UTC.`
}

/** A place for a chart, and its numbers as a table: for who cannot see it, and for paper. */
function figure(name: string, title: string, chart: Chart | undefined): string {
  if (chart === undefined) return ''
  const head = [
    text(chart.across),
    ...chart.lines.map(({ role, label }) => (role === label ? role : `${role}: ${text(label)}`)),
  ]
  const rows = chart.x.map((x, index) => [String(x), ...chart.lines.map(({ values }) => String(values[index] ?? 0))])
  const button = (by: string, says: string) =>
    `<button type="button" hidden data-zoom="${name}" data-by="${by}" aria-label="${says}: ${title}">${says}</button>`
  return [
    `<figure><figcaption>${title}</figcaption>`,
    `<div class="chart" data-chart="${name}"></div>`,
    `${button('0.5', 'Zoom in')}${button('2', 'Zoom out')}${button('0', 'Show all')}`,
    html(details(`Its numbers (${chart.up})`, table(head, rows))),
    '</figure>',
  ].join('\n')
}

/** What the table beside it says, to the eye. */
function bars({ phases, startedAt, endedAt }: RunReport): string {
  const percent = (ms: number) => ((Math.max(0, ms) * 100) / Math.max(1, endedAt - startedAt)).toFixed(2)
  const rows = phases.map(phase => {
    const place = `left: ${percent(phase.startedAt - startedAt)}%; width: ${percent(phase.endedAt - phase.startedAt)}%`
    return `<span>${phase.name}</span><span class="track"><span${phase.name === 'rollback' ? ' class="bad"' : ''} style="${place}"></span></span>`
  })
  return `<div class="bars" aria-hidden="true">\n${rows.join('\n')}\n</div>\n`
}

function sources(scripts: readonly string[]): string {
  const hashes = scripts.map(script => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)
  return hashes.length === 0 ? "'none'" : hashes.join(' ')
}
