import type { RunReport } from '../../model/report.ts'
import { plain } from '../markdown.ts'
import { chartsOf } from './charts.ts'

/** Charts have up to 121 numbers in a list, and stay whole. Texts become shorter until all of it has room. */
const most = { items: 200, characters: [500, 100, 20], bytes: 1_500_000 }

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

/**
 * JSON, bounded, in which nothing can end the script element that it is in, or begin a comment there. It has the member `truncated` when
 * a list or a text was cut.
 */
export function inertJson(value: object): string {
  const tries = most.characters.map(characters => jsonOf(value, characters))
  return tries.find(json => Buffer.byteLength(json) <= most.bytes) ?? '{"charts":{},"truncated":true}'
}

function jsonOf(value: object, characters: number): string {
  let truncated = false
  const bounded = (_: string, one: unknown) => {
    if (typeof one === 'string') {
      const short = plain(one, characters)
      truncated ||= short !== one && short.endsWith('…')
      return short
    }
    if (!Array.isArray(one) || one.length <= most.items) return one
    truncated = true
    return one.slice(0, most.items)
  }
  const json = JSON.stringify(value, bounded)
  // Known only now.
  const whole = truncated ? json.replace(/\}$/, `${json === '{}' ? '' : ','}"truncated":true}`) : json
  return whole.replace(/[<>&\u2028\u2029]/g, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
