import type { Slices } from '../../model/probe.ts'
import type { RunReport } from '../../model/report.ts'
import { type Reached, wholeShare } from '../../model/strategy.ts'
import { plain } from '../markdown.ts'
import { failedOutside, oldThenNew, switchWindow, wholeSlices } from '../window.ts'

/** A chart as numbers, drawn by `charts.browser.js`. */
export interface Chart {
  /** What the numbers of the horizontal axis are. */
  readonly across: string
  readonly up: string
  /** That not all failures are in it; a sentence. */
  readonly outside?: string
  /** Each value holds from its point to the next one. */
  readonly x: readonly number[]
  readonly lines: readonly ChartLine[]
}

export interface ChartLine {
  readonly role: 'old' | 'new' | 'others' | 'failed'
  readonly label: string
  readonly values: readonly number[]
}

/** Characters of a version's name: longer ones would not fit beside their line. */
const longestName = 60

/** The charts of a run, by name; those for which there are no numbers are absent. */
export function chartsOf(report: RunReport): Readonly<Record<string, Chart>> {
  const { traffic, weights, startedAt } = report
  const { slices, flip, fresh = '', failed = 0 } = traffic ?? {}
  const whole = slices === undefined ? undefined : wholeSlices(oldThenNew(slices, fresh))
  return {
    ...(flip === undefined ? {} : { flip: flipChart(flip, fresh, failed) }),
    ...(whole === undefined
      ? {}
      : { all: { ...answers(whole, startedAt, 'seconds since the start'), ...left(whole, failed) } }),
    ...(weights === undefined ? {} : { weights: weightsChart(weights, report) }),
  }
}

/** @param failed of all requests, also of those that are not in these slices */
function flipChart(flip: Slices, fresh: string, failed: number): Chart {
  const { slices, zero } = switchWindow(oldThenNew(flip, fresh))
  const across = `seconds since the first answer of ${name(slices.versions.at(-1)?.version)}`
  return { ...answers(slices, zero, across), ...left(slices, failed) }
}

function left(shown: Slices, failed: number): Pick<Chart, 'outside'> {
  const outside = failedOutside(shown, failed)
  return outside === '' ? {} : { outside }
}

/** @param zero when the time of the chart is 0, in milliseconds since the Unix epoch */
export function answers({ startAt, sliceMs, versions, failed }: Slices, zero: number, across: string): Chart {
  const last = versions.length - 1
  const role = (index: number): ChartLine['role'] =>
    last > 0 && index === last ? 'new' : index === 0 ? 'old' : 'others'
  // The last slice ends where the next one would begin.
  const closed = (counts: readonly number[]) => [...counts, ...counts.slice(-1)]
  return {
    across,
    up: `answers per ${sliceMs} ms`,
    x: closed(failed).map((_, index) => Math.round(startAt + index * sliceMs - zero) / 1_000),
    lines: [
      ...versions.map(({ version, counts }, index) => ({
        role: role(index),
        label: name(version),
        values: closed(counts),
      })),
      { role: 'failed', label: 'failed', values: closed(failed) },
    ],
  }
}

function weightsChart(weights: readonly Reached[], { startedAt, endedAt, sides, traffic }: RunReport): Chart {
  const points = [...weights, { at: endedAt, share: weights.at(-1)?.share ?? 0 }]
  const percent = (share: number) => (share * 100) / wholeShare
  const fresh = sides?.candidate?.version ?? traffic?.fresh ?? sides?.after.version
  return {
    across: 'seconds since the start',
    up: 'percent of the traffic',
    x: points.map(({ at }) => Math.round(at - startedAt) / 1_000),
    lines: [
      { role: 'old', label: name(sides?.before.version), values: points.map(({ share }) => 100 - percent(share)) },
      { role: 'new', label: name(fresh), values: points.map(({ share }) => percent(share)) },
    ],
  }
}

function name(version: string | undefined): string {
  return version === undefined || version === '' ? 'others' : plain(version, longestName)
}
