import type { LogTail } from '../model/container-log.ts'
import type { Failure, FailureCode } from '../model/outcome.ts'
import { plain } from './markdown.ts'

/** Characters of each part: the whole must fit into a chat message, and no part may push out the next one. */
const longest = { headline: 400, detail: 250, line: 200 }

/** Failures of something that ended: what it said last is nearest to the cause. */
const ended: readonly FailureCode[] = [
  'CIRCUIT_BREAKER',
  'TASKS_CRASHED',
  'TASKS_FAILED',
  'OUT_OF_MEMORY',
  'CANDIDATE_DEGRADED',
  'PRE_DEPLOY_FAILED',
]

/**
 * The output `failure-reason`: one line with what went wrong, and of all the details the one that says why.
 *
 * | failure                             | after code and headline                                    |
 * |-------------------------------------|------------------------------------------------------------|
 * | several inputs are wrong            | the first; the headline says how many                      |
 * | a container ended                   | how many tasks and with which exit code, and its last line |
 * | `test-command`                      | its last line; the headline has the exit code              |
 * | cancelled                           | where production is                                        |
 * | all others                          | what they call telling, else the first that is no ARN      |
 */
export function reasonOf(failure: Failure, logs: readonly LogTail[] = []): string {
  const { code, headline, details } = failure
  const first = failure.telling ?? details.find(detail => !/^arn:\S+$/.test(detail))
  const detail = code === 'INVALID_INPUT' && details.length > 1 ? `The first: ${first}` : first
  const parts = [
    plain(`${code}: ${headline}`, longest.headline),
    detail && plain(detail, longest.detail),
    ended.includes(code) ? lastLine(logs) : undefined,
  ]
  return parts
    .flatMap(part => (part === undefined || part === '' ? [] : [part]))
    .map(closed)
    .join(' ')
}

function lastLine(logs: readonly LogTail[]): string | undefined {
  for (const { container, lines } of logs) {
    const line = lines.findLast(one => one.trim() !== '')
    if (line !== undefined) return `${container} said last: ${plain(line, longest.line)}`
  }
  return undefined
}

/** A sentence, so that the next part does not run into it. */
function closed(part: string, index: number, all: readonly string[]): string {
  return index === all.length - 1 || /[.!?:…]$/.test(part) ? part : `${part}.`
}
