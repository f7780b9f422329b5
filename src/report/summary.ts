import { type Color, colors } from '../model/color.ts'
import { counted } from '../model/count.ts'
import type { RouteChange, RunReport, Sides, TrafficSeen } from '../model/report.ts'
import { lockLines } from '../plan/lock.ts'
import { block, code, details, link, list, note, span, table, text } from './markdown.ts'
import { phasesPicture, switchPicture } from './mermaid.ts'
import { planPart } from './plan.ts'
import { previewHeadline, previewPart } from './preview.ts'
import { setupHeadline, setupPart } from './setup.ts'
import { driftPart, standingTable } from './status.ts'
import { phasesTable, routesTable, stepsTable, switchTable, targetsTable, time } from './tables.ts'

/** GitHub drops a step's summary above 1024 KiB; the rest is room for others in the same step. */
const maxBytes = 1_000 * 1_024

/** Every list is bounded, so that the whole is. */
const limits = { versions: 50, events: 30, logLine: 500, details: 40, warnings: 20 }

/** Where people go on from the summary. */
export interface Ways {
  /** The page of the workflow that rolls back, with its button. */
  readonly rollback?: string
}

/** The job summary: pure, from data to Markdown. */
export function summaryOf(report: RunReport, ways: Ways = {}): string {
  const parts = [
    `## ${headline(report)}`,
    because(report),
    linksOf(report),
    logsPart(report),
    report.mode === 'plan' && report.preview === undefined ? planPart(report) : '',
    ...detailParts(report),
    wayBack(report, ways),
    trafficPart(report.traffic, report.steps !== undefined),
    switchPicture(report),
    report.routes.length === 0 ? '' : routesTable(report.routes),
    report.steps === undefined ? '' : stepsTable(report.steps),
    phasesPicture(report),
    report.phases.length === 0 ? '' : phasesTable(report.phases),
    targetsPart(report),
    report.warnings.length === 0 ? '' : list(report.warnings.slice(0, limits.warnings)),
    report.events.length === 0 ? '' : eventsPart(report),
    report.mode === 'plan' && report.preview === undefined ? '' : planPart(report),
    `<sub>${text(report.service)} in cluster ${text(report.cluster)}, ${text(report.region)}; ${span(report.endedAt - report.startedAt)} in all.</sub>`,
  ]
  const markdown = `${parts.filter(part => part !== '').join('\n\n')}\n`
  // Bounded by construction; should a bound ever be wrong, a short summary is better than GitHub's none.
  return new TextEncoder().encode(markdown).length > maxBytes
    ? `## ${headline(report)}\n\n${because(report)}\n`
    : markdown
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
        list(failure.details.slice(0, limits.details)),
      ]
        .filter(part => part !== '')
        .join('\n\n')
    }
    default:
      return outcome satisfies never
  }
}

export function linksOf({ links = [] }: RunReport): string {
  return links.map(({ label, url }) => link(label, url)).join(' · ')
}

/** Folded, right under the failure: what the containers themselves have said explains most crashes. */
export function logsPart({ logs = [] }: RunReport): string {
  return logs
    .map(({ container, task, lines, note: why }) => {
      const shown = lines.map(line => (line.length > limits.logLine ? `${line.slice(0, limits.logLine)}…` : line))
      const title = `Last lines of ${container} in task ${task}`
      const folded = shown.length === 0 ? '' : details(`${title} (${shown.length})`, block(shown.join('\n')))
      if (why !== undefined) return [folded, note(why)].filter(part => part !== '').join('\n\n')
      return folded === '' ? text(`${title}: it printed nothing.`) : folded
    })
    .join('\n\n')
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
        ? ` ${stepped ? 'Once the new version had all the traffic it' : 'It'} never heard both versions at once; it asked every ${traffic.everyMs} ms.`
        : ` Both versions answered for ${span(traffic.mixedMs)}${stepped ? ' after the last step' : ''}; it asked every ${traffic.everyMs} ms.`
  const first = `**${counted(traffic.requests, 'request')}** to ${code(traffic.url)} during the switch, **${traffic.failed} failed**.${mixed}`
  const rows = traffic.versions
    .slice(0, limits.versions)
    .map(seen => [text(seen.version), String(seen.count), time(seen.firstAt), time(seen.lastAt)])
  return rows.length === 0 ? first : `${first}\n\n${table(['version', 'answers', 'first', 'last'], rows)}`
}

function targetsPart({ targets = [] }: RunReport): string {
  return targets.length === 0 ? '' : details('Targets', targets.map(targetsTable).join('\n\n'))
}

export function eventsPart(report: RunReport): string {
  const lines = report.events.slice(0, limits.events).map(event => `- ${time(event.at)} ${text(event.message)}`)
  return details(
    `Events of ${report.sides?.candidate?.service ?? report.sides?.after.service ?? 'the service'} since the start (${report.events.length})`,
    lines.join('\n'),
  )
}

export function wayBack(report: RunReport, { rollback }: Ways): string {
  const { outcome, sides } = report
  if (report.mode === 'status' || report.mode === 'plan' || sides === undefined) return ''
  switch (outcome.status) {
    case 'rolled-back':
      return `Production is back on ${sides.before.color}, all of it. Mend the cause and run again.`
    case 'staged':
      return `**To go on**: run this action with ${code('mode: promote')} and ${code(`task-definition-arn: ${sides.candidate?.taskDefinition ?? ''}`)}.`
    case 'succeeded':
      if (sides.before.color === sides.after.color) return ''
      if (report.mode === 'rollback') {
        return `To deploy ${text(sides.before.version)} again once it is mended, run this action with ${code(`image: ${sides.before.image}`)}.`
      }
      return `**To go back**: ${
        rollback === undefined
          ? `run this action with ${code('mode: rollback')}.`
          : `${link('run the rollback workflow', rollback)}.`
      } ${
        sides.before.desired === 0
          ? `${text(sides.before.version)} is parked on ${sides.before.color}, and started again first.`
          : `${text(sides.before.version)} still runs on ${sides.before.color}.`
      }`
    case 'failed':
    case 'cancelled':
      if (!allOn(report.routes, sides.before.color)) {
        return `**To go back**: run this action with ${code(`image: ${sides.before.image}`)}, or set the weights by hand.`
      }
      return [
        report.left
          ? `Production is on ${sides.before.color}, all of it.`
          : `Production never left ${sides.before.color}.`,
        ...(outcome.status === 'cancelled' ? [] : ['Mend the cause and run again.']),
      ].join(' ')
    case 'unchanged':
      return ''
    default:
      return outcome satisfies never
  }
}

/** Whether every production route sends to this color only, by its weights at the end. */
function allOn(routes: readonly RouteChange[], color: Color): boolean {
  return routes
    .filter(route => route.audience === 'production')
    .every(route => colors.every(one => (route.after[one] ?? 0) > 0 === (one === color)))
}
