import type { RunReport } from '../../model/report.ts'
import { plain } from '../markdown.ts'
import { chartsOf } from './charts.ts'

/** Every list is bounded, and every text, so that the whole is. */
const most = { items: 200, characters: 500 }

/** What machines may want of a report: the numbers, not the prose. */
export function numbersOf(report: RunReport): string {
  const { mode, outcome, cluster, service, region, startedAt, endedAt, sides, routes, phases, weights, targets } =
    report
  const numbers = {
    mode,
    status: outcome.status,
    code: 'failure' in outcome ? outcome.failure.code : null,
    cluster,
    service,
    region,
    startedAt,
    endedAt,
    before: sides?.before,
    after: sides?.after,
    candidate: sides?.candidate,
    routes,
    phases,
    weights,
    targets,
    traffic: report.traffic,
    charts: chartsOf(report),
  }
  return inertJson(numbers)
}

/** JSON, bounded, in which nothing can end the script element that it is in, or begin a comment there. */
export function inertJson(value: unknown): string {
  return JSON.stringify(value, bounded).replace(/[<>&\u2028\u2029]/g, escaped)
}

function bounded(_: string, value: unknown): unknown {
  if (typeof value === 'string') return plain(value, most.characters)
  return Array.isArray(value) ? value.slice(0, most.items) : value
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
