import type { FailedRequest, TrafficReport, VersionChange } from '../src/probe/traffic.ts'

/** What the traffic client saw, for people. */
export function reportLines(url: string, report: TrafficReport): readonly string[] {
  const ms = latencyOf(report)
  const { latency } = report
  const seconds = ((report.endedAt - report.startedAt) / 1000).toFixed(1)
  return [
    `${url}: ${counted(report.total, 'request')} in ${seconds} s (${rate(report.requestsPerSecond)}), ${count(report.failed)} failed${report.ok === 0 ? ', none was ok' : ''}`,
    `  failed       ${failedBy(report)}`,
    ...(report.lastFailure === undefined ? [] : [`  last failure ${report.lastFailure}`]),
    `  latency      p50 ${ms(latency.p50)}, p95 ${ms(latency.p95)}, p99 ${ms(latency.p99)}, max ${ms(latency.max)}`,
    `  connections  ${count(report.connectionsOpened)} opened`,
    ...report.versions.map(
      seen =>
        `  version      ${seen.version}: ${counted(seen.count, 'answer')}, ${timeOfDay(seen.firstAt)} to ${timeOfDay(seen.lastAt)}`,
    ),
    ...report.boundaries.map(
      ({ from, to, firstNewAt, lastOldAt, mixedMs }) =>
        `  boundary     ${from} -> ${to}: first new ${timeOfDay(firstNewAt)}, last old ${timeOfDay(lastOldAt)}, both answered for ${milliseconds(mixedMs)}`,
    ),
    `  went back    ${times(report.wentBack)} to an older version`,
    ...(report.unsent === 0 ? [] : [`  not sent     ${count(report.unsent)} were due, but every connection was busy`]),
    ...(report.abandoned === 0 ? [] : [`  given up     ${count(report.abandoned)} were unanswered at the end`]),
  ].map(inert)
}

/** @param perSecond of the time since the line before */
export function progressLine(report: TrafficReport, perSecond: number): string {
  const latest = report.versions.reduce<(typeof report.versions)[number] | undefined>(
    (best, seen) => (best === undefined || seen.lastAt > best.lastAt ? seen : best),
    undefined,
  )
  const parts = [
    `${counted(report.total, 'request')}`,
    `${count(report.failed)} failed`,
    rate(perSecond),
    `p99 ${latencyOf(report)(report.latency.p99)}`,
    latest === undefined ? 'no version yet' : `version ${latest.version}`,
  ]
  return inert(parts.join(', '))
}

export function failureLine(failure: FailedRequest): string {
  return inert(`${timeOfDay(failure.at)} failed: ${failure.kind}: ${failure.message}`)
}

export function changeLine(change: VersionChange): string {
  return inert(changeText(change))
}

/** The change, and what was seen up to it, the answer that brought it included. */
export function changeAndSummary(change: VersionChange, report: TrafficReport): string {
  const counts = report.versions.map(({ version, count: answers }) => `${version} ${count(answers)}`)
  const parts = [
    `${counted(report.total, 'request')}`,
    `${count(report.failed)} failed`,
    rate(report.requestsPerSecond),
    `p99 ${latencyOf(report)(report.latency.p99)}`,
    ...(report.wentBack === 0 ? [] : [`went back ${times(report.wentBack)}`]),
  ]
  return inert(`${changeText(change)} (${parts.join(', ')}; answers: ${counts.join(', ')})`)
}

function changeText(change: VersionChange): string {
  const at = timeOfDay(change.at)
  switch (change.kind) {
    case 'first':
      return `${at} version ${change.to} answers`
    case 'new':
      return `${at} version ${change.from} -> ${change.to}`
    case 'back':
      return `${at} version ${change.from} -> ${change.to}: back to the older one`
    case 'again':
      return `${at} version ${change.from} -> ${change.to}: again`
    default:
      return change.kind satisfies never
  }
}

// To make one takes longer than to use it a hundred times.
const thousands = new Intl.NumberFormat('en-US')

export function count(number: number): string {
  return thousands.format(number)
}

function counted(number: number, what: string): string {
  return `${count(number)} ${what}${number === 1 ? '' : 's'}`
}

/** UTC, as in the sandbox's other logs and those of AWS. */
export function timeOfDay(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}

function failedBy({ failedBy }: TrafficReport): string {
  return Object.entries(failedBy)
    .map(([kind, number]) => `${kind} ${count(number)}`)
    .join(', ')
}

function times(number: number): string {
  return number === 1 ? 'once' : `${count(number)} times`
}

function rate(perSecond: number): string {
  return `${perSecond < 100 ? Number(perSecond.toFixed(1)) : count(Math.round(perSecond))}/s`
}

/** How its latencies are written: without an answer that was ok there is none. */
function latencyOf({ ok }: TrafficReport): (value: number) => string {
  return ok === 0 ? () => '–' : milliseconds
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : count(Math.round(value))} ms`
}

/** Versions and messages are the server's words: they must not steer a terminal, nor GitHub's runner. */
function inert(line: string): string {
  return line.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '\ufffd').replace(/##(?=\[)/g, '##\u200b')
}
