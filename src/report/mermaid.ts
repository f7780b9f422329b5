import { type Color, otherColor } from '../model/color.ts'
import type { Slices } from '../model/probe.ts'
import type { Phase, RunReport } from '../model/report.ts'
import { span, text } from './markdown.ts'
import { merged, oldThenNew, switchWindow } from './window.ts'

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

/** Answers of each version around the moment when the new one first answered; empty without any. */
export function switchPicture({ traffic, sides }: RunReport): string {
  if (traffic?.flip === undefined || sides === undefined) return ''
  const { slices, zero } = switchWindow(oldThenNew(traffic.flip, traffic.fresh))
  const shown = merged(slices, Math.ceil(slices.failed.length / mostPoints))
  const lines = linesOf(shown, sides.before.color)
  const second = (index: number) => ((shown.startAt - zero + index * shown.sliceMs) / 1_000).toFixed(1)
  const name = (version: string | undefined) => label(version ?? '')
  const fresh = shown.versions.at(-1)?.version
  return [
    `Answers per ${span(shown.sliceMs)} around the first one of ${text(fresh ?? '')}: ${lines.map(line => `${line.color} ${line.means}`).join(', ')}.`,
    fenced([
      '---',
      'config:',
      '  themeVariables:',
      '    xyChart:',
      `      plotColorPalette: "${lines.map(line => palette[line.color]).join(', ')}"`,
      '---',
      'xychart-beta',
      `  title "${name(shown.versions[0]?.version)} to ${name(fresh)}"`,
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

/** The old version, the new one, all others in one, and failed requests; of the last two only what there was. */
function linesOf({ versions, failed }: Slices, from: Color): readonly Line[] {
  const [old, ...rest] = versions
  const fresh = rest.at(-1)
  const others = failed.map((_, index) => rest.slice(0, -1).reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0))
  const any = (counts: readonly number[]) => counts.some(count => count > 0)
  return [
    { color: from, means: text(old?.version ?? ''), counts: old?.counts ?? [] },
    { color: otherColor(from), means: text(fresh?.version ?? ''), counts: fresh?.counts ?? [] },
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
