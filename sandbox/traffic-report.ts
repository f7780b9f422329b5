import type { FailedRequest, TrafficReport, VersionChange } from '../src/probe/traffic.ts'

/** What the traffic client saw, for people. */
export function reportLines(url: string, report: TrafficReport): readonly string[] {
  const { latency, failedBy } = report
  const seconds = ((report.endedAt - report.startedAt) / 1000).toFixed(1)
  const failures = Object.entries(failedBy).filter(([, count]) => count > 0)
  return [
    `${url}: ${count(report.total)} requests in ${seconds} s (${rate(report.requestsPerSecond)}), ${count(report.failed)} failed`,
    ...failures.map(([kind, times]) => `  failed       ${kind}: ${count(times)}`),
    ...(report.lastFailure === undefined ? [] : [`  last failure ${report.lastFailure}`]),
    `  latency      p50 ${ms(latency.p50)}, p95 ${ms(latency.p95)}, p99 ${ms(latency.p99)}, max ${ms(latency.max)}`,
    `  connections  ${count(report.connectionsOpened)} opened`,
    ...report.versions.map(
      seen =>
        `  version      ${seen.version}: ${count(seen.count)} answers, ${timeOfDay(seen.firstAt)} to ${timeOfDay(seen.lastAt)}`,
    ),
    ...report.boundaries.map(
      ({ from, to, mixedMs }) => `  boundary     ${from} -> ${to}: both answered for ${ms(mixedMs)}`,
    ),
    ...(report.wentBack === 0 ? [] : [`  went back    ${times(report.wentBack)} to an older version`]),
    ...(report.unsent === 0 ? [] : [`  not sent     ${count(report.unsent)} were due, but every connection was busy`]),
    ...(report.abandoned === 0 ? [] : [`  given up     ${count(report.abandoned)} were unanswered at the end`]),
  ]
}

/** @param perSecond of the time since the line before */
export function progressLine(report: TrafficReport, perSecond: number): string {
  const latest = report.versions.reduce<(typeof report.versions)[number] | undefined>(
    (best, seen) => (best === undefined || seen.lastAt > best.lastAt ? seen : best),
    undefined,
  )
  return [
    `${count(report.total)} requests`,
    `${count(report.failed)} failed`,
    rate(perSecond),
    `p99 ${ms(report.latency.p99)}`,
    latest === undefined ? 'no version yet' : `version ${latest.version}`,
  ].join(', ')
}

export function failureLine(failure: FailedRequest): string {
  return `${timeOfDay(failure.at)} failed: ${failure.kind}: ${failure.message}`
}

export function changeLine(change: VersionChange): string {
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

function count(number: number): string {
  return number.toLocaleString('en-US')
}

function times(number: number): string {
  return number === 1 ? 'once' : `${count(number)} times`
}

function rate(perSecond: number): string {
  return `${count(Math.round(perSecond))}/s`
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : count(Math.round(value))} ms`
}

/** UTC, as in the sandbox's other logs and those of AWS. */
function timeOfDay(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}
