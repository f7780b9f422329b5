import type { RunReport } from '../model/report.ts'
import { harmless, warn } from './log.ts'
import { withinLimits } from './output-limits.ts'
import { outputsOf } from './outputs.ts'
import { type Core, loadCore } from './runner.ts'

/** Where a report goes. */
export interface Destination {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether the user wants a job summary. */
  readonly summary: boolean
  /** File for the HTML report; empty when the user wants none. */
  readonly reportPath: string
}

/**
 * Sets the outputs, and writes the report and the job summary. Reporting never fails a deploy: what cannot be written becomes a warning.
 * Both come from bundles of their own: nothing else of a run needs them (docs/adr/0007).
 */
export async function publish(report: RunReport, { env, summary, reportPath }: Destination): Promise<void> {
  const core = await loadCore()
  const unset = new Map<string, unknown>()
  const set = (name: string, value: string) => {
    try {
      core.setOutput(name, value)
    } catch (error) {
      unset.set(name, error)
    }
  }
  const { kept, tooLong } = withinLimits(outputsOf(report))
  for (const [name, value] of Object.entries(kept)) set(name, value)
  for (const name of tooLong) unset.set(name, 'it is longer than GitHub takes')
  // Absent on runners without summaries.
  const file = env.GITHUB_STEP_SUMMARY
  if (summary && file !== undefined) {
    await orWarn(core, 'The job summary could not be written', async () => {
      const { writeSummary } = await import(/* webpackIgnore: true */ '#summary')
      await writeSummary(report, file, env)
    })
  }
  if (reportPath !== '') {
    await orWarn(core, `The report could not be written to ${reportPath}`, async () => {
      const { writePage } = await import(/* webpackIgnore: true */ '#report')
      const place = await writePage(report, reportPath, env)
      core.info(harmless(`Wrote the report to ${place}`))
      set('report-path', place)
    })
  }
  tellUnset(core, unset)
}

/** All in one: they have one cause, and an annotation each would hide those that matter. */
function tellUnset(core: Core, unset: ReadonlyMap<string, unknown>): void {
  const [first] = unset.values()
  if (unset.size === 0) return
  const what = `${unset.size === 1 ? 'The output' : 'The outputs'} ${[...unset.keys()].join(', ')} could not be set`
  warn(core, `${what}: ${first instanceof Error ? first.message : String(first)}`)
}

async function orWarn(core: Core, what: string, act: () => unknown): Promise<void> {
  try {
    await act()
  } catch (error) {
    warn(core, `${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
