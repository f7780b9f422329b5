import { colors } from '../model/color.ts'
import type { RouteChange, RunReport } from '../model/report.ts'
import type { ColorStanding, Shift, Standing, TargetsSeen } from '../model/standing.ts'
import { describeJournal } from '../plan/journal.ts'
import { lockLines } from '../plan/lock.ts'
import { andMore, code, table, text } from './markdown.ts'

/** Routes are the only thing of which there may be many. */
const mostDrift = 30

/** Where everything stands, for the log. */
export function statusLines(report: RunReport): readonly string[] {
  const { standing, lock } = report
  if (standing === undefined) return []
  return [
    ...colors.flatMap(color => colorLines(standing.colors[color], report.routes)),
    ...(lock === undefined ? [] : lockLines(lock, report.endedAt)),
    ...(standing.unlocked === undefined ? [] : ['Nobody holds the lock of these two services']),
    ...(standing.shift === undefined ? [] : [shiftText(standing.shift)]),
    ...driftLines(standing),
  ]
}

function driftLines({ drift }: Standing): readonly string[] {
  if (drift === undefined) return ['What does not fit together is not looked for while that run may be at work']
  if (drift.length === 0) return ['No drift: weights, tags and counts fit together']
  return drift.map(({ kind, on, says }) => `Drift (${kind}) of ${on}: ${says}`)
}

/** The same for the job summary. */
export function driftPart({ drift = [] }: Standing): string {
  if (drift.length === 0) return ''
  const rows = drift.slice(0, mostDrift).map(({ kind, on, says }) => [kind, code(on), text(says, 1_000)])
  return `**Drift**\n\n${table(['what', 'of', ''], rows)}${andMore(drift.length, mostDrift)}`
}

function colorLines(side: ColorStanding, routes: readonly RouteChange[]): readonly string[] {
  const weights = routes.flatMap(({ label, audience, after }) => {
    const weight = after[side.color]
    return weight === undefined ? [] : `${label} ${weight} (${audience})`
  })
  const rows: readonly (readonly [string, string])[] = [
    ['version', side.version === '' ? 'unknown' : side.version],
    ['image', `${side.image === '' ? 'unknown' : side.image}${side.digest === undefined ? '' : ` (${side.digest})`}`],
    ['revision', revision(side)],
    ['tasks', `${side.running}/${side.desired} running`],
    ['targets', targetsText(side.targets)],
    ['weights', weights.length === 0 ? 'named by no listener or rule' : weights.join(', ')],
  ]
  return [`${roleText(side)}: ${side.service}`, ...rows.map(([name, says]) => `  ${name.padEnd(8)}  ${says}`)]
}

/** The same for the job summary; weights and lock have places of their own there. */
export function standingTable({ colors: sides }: Standing): string {
  const row = (name: string, cell: (side: ColorStanding) => string) => [
    name,
    ...colors.map(color => cell(sides[color])),
  ]
  const known = (said: string | undefined) => (said === undefined || said === '' ? '–' : code(said))
  return table(
    ['', ...colors.map(color => `${color} (${sides[color].role})`)],
    [
      row('version', side => (side.version === '' ? '–' : `**${text(side.version)}**`)),
      row('image', side => known(side.image)),
      row('digest', side => known(side.digest)),
      row('revision', side => code(revision(side))),
      row('service', side => code(side.service)),
      row('tasks', side => `${side.running}/${side.desired}`),
      row('targets', side => text(targetsText(side.targets))),
    ],
  )
}

/** What half a shift means, and who ends it. */
export function shiftText({ journal, alive }: Shift): string {
  return alive
    ? `Traffic is between the colors: the run that holds the lock is ${describeJournal(journal)}`
    : 'A run was ended in the middle of a shift: the next deploy gives all the traffic to one color first'
}

function roleText({ color, role }: ColorStanding): string {
  return role === 'unclear' ? `${color}, live or idle` : `${color} is ${role}`
}

function targetsText(targets: TargetsSeen): string {
  return targets.kind === 'read' ? `${targets.healthy}/${targets.total} healthy` : `unknown: ${targets.because}`
}

function revision({ taskDefinition }: ColorStanding): string {
  return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1)
}
