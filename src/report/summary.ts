import { counted } from '../model/count.ts'
import type { RunReport, TrafficSeen } from '../model/report.ts'
import type { Sides } from '../model/sides.ts'
import { lockLines } from '../plan/lock.ts'
import { fitting, leftOut } from './budget.ts'
import { andMore, block, code, details, link, list, note, span, table, text } from './markdown.ts'
import { phasesPicture, switchPicture } from './mermaid.ts'
import { planPart } from './plan.ts'
import { previewHeadline, previewPart } from './preview.ts'
import { howTheyEnded } from './requests.ts'
import { setupHeadline, setupPart } from './setup.ts'
import { driftPart, standingTable } from './status.ts'
import { phasesTable, routesTable, stepsTable, switchTable, targetsTable, time } from './tables.ts'
import { type Ways, wayBack } from './way-back.ts'

/** GitHub drops a step's summary above 1024 KiB; the rest is room for others in the same step. */
const maxBytes = 1_000 * 1_024

/** Bytes for what ends it, whatever is left out. */
const room = 8_192

/** Every list is bounded, so that the whole is. */
const limits = {
  versions: 50,
  events: 30,
  logLine: 500,
  requests: 1_000,
  details: 40,
  warnings: 20,
  links: 20,
  logs: 10,
  logBytes: 200_000,
}

/** The job summary: pure, from data to Markdown. */
export function summaryOf(report: RunReport, ways: Ways = {}): string {
  const plan = planPart(report)
  const planned = report.mode === 'plan' && report.preview === undefined
  const footer = `<sub>${text(report.service)} in cluster ${text(report.cluster)}, ${text(report.region)}; ${span(report.endedAt - report.startedAt)} in all.</sub>`
  // The most important first: what there is no room for goes from the end.
  const { kept, left } = fitting(
    [
      ['the headline', `## ${headline(report)}`],
      ['the cause', because(report)],
      ['links', linksOf(report)],
      ['last lines of containers', logsPart(report)],
      ['the plan', planned ? plan : ''],
      [
        'versions',
        detailParts(report)
          .filter(part => part !== '')
          .join('\n\n'),
      ],
      ['the way back', wayBack(report, ways)],
      ['requests', trafficPart(report.traffic, report.steps !== undefined)],
      ['the picture of the switch', switchPicture(report)],
      ['listeners and rules', report.routes.length === 0 ? '' : routesTable(report.routes)],
      ['steps', report.steps === undefined ? '' : stepsTable(report.steps)],
      ['the picture of the phases', phasesPicture(report)],
      ['phases', report.phases.length === 0 ? '' : phasesTable(report.phases)],
      ['targets', targetsPart(report)],
      ['warnings', report.warnings.length === 0 ? '' : list(report.warnings, limits.warnings)],
      ['events', report.events.length === 0 ? '' : eventsPart(report)],
      ['checks', planned ? '' : plan],
    ],
    maxBytes - room,
  )
  const end = leftOut(left, 'GitHub shows no summary above 1 MiB')
  return `${[...kept, end, footer].filter(part => part !== '').join('\n\n')}\n`
}

/** What is so now, or is to be. */
export function detailParts(report: RunReport): readonly string[] {
  const { preview, setup, policy, lock, standing, endedAt } = report
  return [
    preview === undefined ? '' : previewPart(preview, policy),
    setup === undefined ? '' : setupPart(setup, policy),
    lock === undefined ? '' : list(lockLines(lock, endedAt)),
    standing === undefined ? '' : driftPart(standing),
    sidesPart(report),
  ]
}

export function headline(report: RunReport): string {
  if (report.setup !== undefined) return setupHeadline(report, report.setup)
  if (report.preview !== undefined) return previewHeadline(report, report.preview)
  const { outcome, sides } = report
  const service = text(report.service)
  switch (outcome.status) {
    case 'succeeded':
      return sides === undefined || sides.before.color === sides.after.color
        ? `${service}: done${stillLive(sides)}`
        : `${service}: ${text(sides.before.version)} → ${text(sides.after.version)}, now live on ${sides.active}`
    case 'staged':
      return `${service}: ${text(sides?.candidate?.version ?? '')} is staged${stillLive(sides)}`
    case 'unchanged':
      return sides === undefined
        ? `${service}: unchanged`
        : report.mode === 'plan'
          ? `${service}: plan, ${text(sides.after.version)} is live on ${sides.active}`
          : report.mode === 'status'
            ? `${service}: ${text(sides.after.version)} is live on ${sides.active}`
            : `${service}: unchanged, ${text(sides.after.version)} is live on ${sides.active}`
    case 'failed':
      return `${service}: failed${stillLive(sides)}`
    case 'rolled-back':
      return `${service}: rolled back${stillLive(sides)}`
    case 'cancelled':
      return `${service}: cancelled${stillLive(sides)}`
    default:
      return outcome satisfies never
  }
}

function stillLive(sides: Sides | undefined): string {
  if (sides === undefined) return ''
  return sides.after.version === ''
    ? `, ${sides.active} is live`
    : `, ${text(sides.after.version)} is live on ${sides.active}`
}

export function because(report: RunReport): string {
  const { outcome } = report
  switch (outcome.status) {
    case 'succeeded':
    case 'staged':
    case 'unchanged':
      return report.mode === 'status' ? '' : `${text(outcome.because)}.`
    case 'failed':
    case 'rolled-back':
    case 'cancelled': {
      const { failure } = outcome
      return [
        `**${failure.code}**: ${text(failure.headline, 1_000)}${hintOfLogs(report)}`,
        list(failure.details, limits.details),
      ]
        .filter(part => part !== '')
        .join('\n\n')
    }
    default:
      return outcome satisfies never
  }
}

export function linksOf({ links = [] }: RunReport): string {
  const shown = links.slice(0, limits.links).map(({ label, url }) => link(label, url))
  return `${shown.join(' · ')}${andMore(links.length, limits.links)}`
}

/** Folded, right under the failure: what the containers themselves have said explains most crashes. */
export function logsPart({ logs = [] }: RunReport): string {
  const most = limits.logBytes / Math.min(limits.logs, logs.length)
  const told = logs
    .slice(0, limits.logs)
    .map(({ container, task, lines, note: why }) => {
      const shown = lastLines(lines, most)
      const title = `Last lines of ${container} in task ${task}`
      const folded = shown.length === 0 ? '' : details(`${title} (${shown.length})`, block(shown.join('\n'), most))
      if (why !== undefined) return [folded, note(why)].filter(part => part !== '').join('\n\n')
      return folded === '' ? text(`${title}: it printed nothing.`) : folded
    })
    .join('\n\n')
  return `${told}${andMore(logs.length, limits.logs)}`
}

/** Those that a block of so many bytes surely has room for, escapes included: of a crash, the last ones tell. */
function lastLines(lines: readonly string[], most: number): readonly string[] {
  const clipped = lines.map(line => (line.length > limits.logLine ? `${line.slice(0, limits.logLine)}…` : line))
  let bytes = 0
  const from = clipped.findLastIndex(line => {
    bytes += Buffer.byteLength(block(line)) + 1
    return bytes > most
  })
  return clipped.slice(from + 1)
}

/** In the first screen, which a long list of details would leave to others. */
function hintOfLogs({ logs = [] }: RunReport): string {
  const spoke = [...new Set(logs.filter(({ lines }) => lines.length > 0).map(({ container }) => container))]
  if (spoke.length > 0) return ` What ${text(spoke.join(' and '))} said last is below.`
  return logs.some(log => log.note !== undefined) ? ' Why the last lines of its containers are missing is below.' : ''
}

function sidesPart({ standing, sides }: RunReport): string {
  if (standing !== undefined) return standingTable(standing)
  return sides === undefined ? '' : switchTable(sides)
}

export function trafficPart(traffic: TrafficSeen | undefined, stepped: boolean): string {
  if (traffic === undefined) return ''
  const mixed =
    traffic.mixedMs === undefined
      ? ''
      : traffic.mixedMs === 0
        ? ` ${stepped ? 'Once the new version had all the traffic it' : 'It'} never heard both versions at once; it asked every ${traffic.everyMs} ms on average.`
        : ` Both versions answered for ${span(traffic.mixedMs)}${stepped ? ' after the last step' : ''}; it asked every ${traffic.everyMs} ms on average.`
  const ended = howTheyEnded(traffic)
  const first = `**${counted(traffic.requests, 'request')}** to ${code(traffic.url)} during the switch, **${traffic.failed} failed**.${ended === '' ? '' : ` ${text(ended, limits.requests)}`}${mixed}`
  const rows = traffic.versions
    .slice(0, limits.versions)
    .map(seen => [text(seen.version), String(seen.count), time(seen.firstAt), time(seen.lastAt)])
  const more = andMore(traffic.versions.length, limits.versions)
  return rows.length === 0 ? first : `${first}\n\n${table(['version', 'answers', 'first', 'last'], rows)}${more}`
}

function targetsPart({ targets = [] }: RunReport): string {
  return targets.length === 0 ? '' : details('Targets', targets.map(targetsTable).join('\n\n'))
}

export function eventsPart(report: RunReport): string {
  const lines = report.events.slice(0, limits.events).map(event => `- ${time(event.at)} ${text(event.message)}`)
  return details(
    `Events of ${report.sides?.candidate?.service ?? report.sides?.after.service ?? 'the service'} since the start (${report.events.length})`,
    `${lines.join('\n')}${andMore(report.events.length, limits.events)}`,
  )
}
