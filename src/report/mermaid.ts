import { type Color, otherColor } from '../model/color.ts'
import type { Slices } from '../model/probe.ts'
import type { Phase, RunReport } from '../model/report.ts'
import { span, text } from './markdown.ts'
import { failedOutside, merged, oldThenNew, switchWindow, wholeSlices } from './window.ts'

/*
 * Pictures for the job summary. GitHub draws Mermaid by a version of its own choice, in the reader's light or dark theme: so only
 * what has been there since Mermaid 10 is used, and the lines have colors that stand out from both backgrounds.
 */

/** Points of a line: more are not told apart on a phone. */
const mostPoints = 40

/** At least 3:1 on white and on GitHub's dark gray. The old and the new version have the colors of their services. */
const palette = { blue: '#2f81f7', green: '#2da44e', yellow: '#bf8700', red: '#e5534b' } as const

/**
 * Text from outside as a label of Mermaid. Everything but a few characters that mean nothing in any of its grammars becomes a
 * dot: there is no way to escape that all versions of Mermaid share, and no label is worth a picture that does not draw.
 */
export function label(hostile: string, maxLength = 40): string {
  const dead = hostile.replace(/[^A-Za-z0-9._+/-]+/g, '·')
  // Two hyphens may be an arrow, and three end or begin what is not the picture.
  const single = dead.replace(/-{2,}/g, '-')
  return single.length > maxLength ? `${single.slice(0, maxLength)}…` : single
}

/** Answers of each version around the moment when the new one first answered; without any, of all the time when requests failed. */
export function switchPicture({ traffic, sides }: RunReport): string {
  if (traffic === undefined || sides === undefined) return ''
  const { flip, slices: whole, fresh, failed } = traffic
  const from = sides.before.color
  if (flip !== undefined) {
    const { slices, zero } = switchWindow(oldThenNew(flip, fresh))
    const around = `around the first one of ${text(slices.versions.at(-1)?.version ?? '')}`
    return picture(slices, { zero, around, fresh, failed, from })
  }
  if (whole === undefined || failed === 0) return ''
  const slices = wholeSlices(oldThenNew(whole, fresh))
  return picture(slices, { zero: slices.startAt, around: 'since the first request', fresh, failed, from })
}

interface Frame {
  /** When the time of the picture is 0. */
  readonly zero: number
  readonly around: string
  readonly fresh: string
  /** Of all requests, drawn or not. */
  readonly failed: number
  /** What was live before. */
  readonly from: Color
}

function picture(slices: Slices, { zero, around, fresh, failed, from }: Frame): string {
  const shown = merged(slices, Math.ceil(slices.failed.length / mostPoints))
  const lines = linesOf(shown, from, fresh)
  const second = (index: number) => ((shown.startAt - zero + index * shown.sliceMs) / 1_000).toFixed(1)
  const names = [...shown.versions.slice(0, 1), ...shown.versions.slice(1).slice(-1)].map(one => label(one.version))
  const outside = failedOutside(shown, failed)
  return [
    `Answers per ${span(shown.sliceMs)} ${around}: ${lines.map(line => `${line.color} ${line.means}`).join(', ')}.${outside === '' ? '' : ` **${outside}**`}`,
    fenced([
      '---',
      'config:',
      '  themeVariables:',
      '    xyChart:',
      `      plotColorPalette: "${lines.map(line => palette[line.color]).join(', ')}"`,
      '---',
      'xychart-beta',
      `  title "${names.join(' to ') || 'no version'}"`,
      `  x-axis "seconds" ${second(0)} --> ${second(Math.max(1, shown.failed.length - 1))}`,
      `  y-axis "answers per ${span(shown.sliceMs)}" 0 --> ${Math.max(1, ...lines.flatMap(line => line.counts))}`,
      ...lines.map(line => `  line [${line.counts.join(', ')}]`),
    ]),
  ].join('\n\n')
}

interface Line {
  readonly color: keyof typeof palette
  readonly means: string
  readonly counts: readonly number[]
}

/** The old version, the new one, all others in one, and failed requests; only what there was. */
function linesOf({ versions, failed }: Slices, from: Color, fresh: string): readonly Line[] {
  const [first, ...rest] = versions
  const last = rest.at(-1)
  const others = failed.map((_, index) => rest.slice(0, -1).reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0))
  const any = (counts: readonly number[]) => counts.some(count => count > 0)
  const line = (color: Line['color'], version: Slices['versions'][number] | undefined) =>
    version === undefined ? [] : [{ color, means: text(version.version), counts: version.counts }]
  return [
    ...line(last === undefined && first?.version === fresh ? otherColor(from) : from, first),
    ...line(otherColor(from), last),
    ...(any(others) ? [{ color: 'yellow' as const, means: 'other versions', counts: others }] : []),
    ...(any(failed) ? [{ color: 'red' as const, means: 'failed', counts: failed }] : []),
  ]
}

/** How long each phase took, since the beginning of the run. */
export function phasesPicture({ phases, startedAt }: RunReport): string {
  const [last] = phases.slice(-1)
  if (last === undefined || last.endedAt <= startedAt) return ''
  const tookMs = last.endedAt - startedAt
  const [every, unit] = ticks.find(([count, one]) => tookMs <= mostTicks * count * milliseconds[one]) ?? longestTick
  return fenced([
    'gantt',
    '  title Phases',
    '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
    `  axisFormat ${tookMs >= 3_600_000 ? '%H:%M' : '%M:%S'}`,
    `  tickInterval ${every}${unit}`,
    '  todayMarker off',
    ...phases.map(phase => `  ${phase.name} :${phase.name === 'rollback' ? 'crit, ' : ''}${times(phase, startedAt)}`),
  ])
}

/** More would be written over each other on a phone. */
const mostTicks = 5

const milliseconds = { second: 1_000, minute: 60_000 } as const

const longestTick = [240, 'minute'] as const

const ticks = [
  ...[1, 2, 5, 10, 20, 30].map(count => [count, 'second'] as const),
  ...[1, 2, 5, 10, 20, 30, 60, 120].map(count => [count, 'minute'] as const),
]

/** Mermaid reads and writes local time: on this day every clock is regular, so that no time zone can be seen. */
const day = Date.UTC(2001, 0, 10)

function times(phase: Phase, startedAt: number): string {
  const shown = (at: number) =>
    new Date(day + Math.max(0, at - startedAt)).toISOString().replace('T', ' ').replace('Z', '')
  return `${shown(phase.startedAt)}, ${shown(phase.endedAt)}`
}

function fenced(lines: readonly string[]): string {
  return ['```mermaid', ...lines, '```'].join('\n')
}
