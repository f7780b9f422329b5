import { colors } from '../model/color.ts'
import type { Phase, RouteChange, TargetsReport } from '../model/report.ts'
import type { Weights } from '../model/routing.ts'
import type { Side, Sides } from '../model/sides.ts'
import type { Reached } from '../model/strategy.ts'
import { andMore, code, span, table, text } from './markdown.ts'

/** Every list is bounded, so that the whole is. */
const limits = { steps: 50, routes: 50, targets: 50 }

/** What was live before and is now, or what is live and idle when nothing was switched. */
export function switchTable(sides: Sides): string {
  const shown: readonly (readonly [string, Side])[] =
    sides.before.color === sides.after.color
      ? [['live', sides.after], ...idleColumns(sides)]
      : [
          ['before', sides.before],
          ['after', sides.after],
        ]
  const row = (name: string, cell: (side: Side) => string) => [name, ...shown.map(([, side]) => cell(side))]
  return table(
    ['', ...shown.map(([title]) => title)],
    [
      row('color', side => side.color),
      row('version', side => (side.version === '' ? '–' : `**${text(side.version)}**`)),
      row('image', side => (side.image === '' ? '–' : code(side.image))),
      row('digest', side => (side.digest === undefined ? '–' : code(side.digest))),
      row('revision', side => code(revision(side.taskDefinition))),
      row('service', side => code(side.service)),
      row('tasks', side => `${side.running}/${side.desired}`),
    ],
  )
}

/** Once idle has been put back, what was tried is nowhere any more, and has a column of its own. */
function idleColumns({ idle, candidate }: Sides): readonly (readonly [string, Side])[] {
  if (candidate === undefined) return [['idle', idle]]
  return candidate.taskDefinition === idle.taskDefinition
    ? [['idle, tried', candidate]]
    : [
        ['idle', idle],
        ['tried', candidate],
      ]
}

export function routesTable(routes: readonly RouteChange[]): string {
  const rows = routes
    .slice(0, limits.routes)
    .map(route => [text(route.label), route.audience, weights(route.before), weights(route.after)])
  return `${table(['listener or rule', 'for', 'before', 'after'], rows)}${andMore(routes.length, limits.routes)}`
}

function weights(shares: Weights): string {
  const named = colors.filter(color => shares[color] !== undefined)
  return named.length === 0 ? '–' : named.map(color => `${color} ${shares[color]}`).join(', ')
}

export function phasesTable(phases: readonly Phase[]): string {
  const rows = phases.map(phase => [phase.name, time(phase.startedAt), span(phase.endedAt - phase.startedAt)])
  return table(['phase', 'began', 'took'], rows)
}

export function stepsTable(steps: readonly Reached[]): string {
  const rows = steps.slice(-limits.steps).map(step => [`${step.share / 10}%`, time(step.at)])
  const earlier = steps.length - rows.length
  const more = earlier > 0 ? `\n\nand ${earlier} before them` : ''
  return `${table(['traffic on the new version', 'since'], rows)}${more}`
}

/** Who was behind the load balancer, as far as this run has looked. */
export function targetsTable({ color, targets, at }: TargetsReport): string {
  const healthy = targets.filter(({ state }) => state === 'healthy').length
  const rows = targets
    .slice(0, limits.targets)
    .map(target => [
      code(`${target.id}:${target.port}`),
      text(target.state),
      text([target.reason, target.description].filter(part => part !== undefined).join(': ')),
    ])
  return `${healthy} of ${targets.length} targets of ${color} were healthy at ${time(at)}.\n\n${table(['target', 'health', 'why'], rows)}${andMore(targets.length, limits.targets)}`
}

function revision(taskDefinition: string): string {
  return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1)
}

/** Time of day with milliseconds. */
export function time(at: number): string {
  return Number.isFinite(at) && at > 0 ? new Date(at).toISOString().slice(11, 23) : '–'
}
