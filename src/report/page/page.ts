import type { RunReport } from '../../model/report.ts'
import { fitting, leftOut } from '../budget.ts'
import { list, span, text } from '../markdown.ts'
import { planPart } from '../plan.ts'
import { because, detailParts, eventsPart, headline, linksOf, logsPart, trafficPart } from '../summary.ts'
import { phasesTable, routesTable, stepsTable, targetsTable } from '../tables.ts'
import { type Ways, wayBack } from '../way-back.ts'
import type { Assets } from './assets.ts'
import { type Chart, chartsOf } from './charts.ts'
import { documentOf, figure, type Section } from './document.ts'
import { html } from './html.ts'
import { numbersOf } from './numbers.ts'

/** A run as one page. What it says is said by the job summary, too, and is made inert there: escapes of Markdown are those of HTML. */
export function pageOf(report: RunReport, ways: Ways, assets: Assets): string {
  const charts = chartsOf(report)
  const { outcome } = report
  const page = {
    title: headline(report),
    status: [outcome.status, !('failure' in outcome)],
    opening: html([because(report), linksOf(report)].filter(part => part !== '').join('\n\n')),
    sections: withinBudget(sectionsOf(report, ways, charts).filter(([, , body]) => body !== '')),
    footer: footer(report),
    numbers: numbersOf(report),
    hasCharts: Object.keys(charts).length > 0,
  } as const
  return documentOf(page, assets)
}

/** Bytes of all parts together: with the scripts, the numbers and the opening, the page stays under 4 MB (docs/adr/0017). */
const mostBytes = 1_800_000

function withinBudget(sections: readonly Section[]): readonly Section[] {
  const { kept, left } = fitting(
    sections.map(([, title, body]) => [title, body]),
    mostBytes,
  )
  const end = html(leftOut(left, 'the page would be too long'))
  return [...sections.slice(0, kept.length), ...(end === '' ? [] : [['more', 'More', end] as const])]
}

/** Id, title and body of each part; what there is nothing to say about is empty. */
function sectionsOf(report: RunReport, ways: Ways, charts: Readonly<Record<string, Chart>>): readonly Section[] {
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
    ['warnings', 'Warnings', parts(list(warnings, 50))],
    ['events', 'Events', parts(events.length === 0 ? '' : eventsPart(report))],
    ['checks', 'Checks', planned ? '' : parts(planPart(report))],
  ]
}

function footer({ service, cluster, region, startedAt, endedAt, mode }: RunReport): string {
  const began = new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ')
  return `${mode} of ${text(service)} in cluster ${text(cluster)}, ${text(region)}; ${span(endedAt - startedAt)} from ${began} UTC on. All times are UTC.`
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
