import type { RunReport } from '../model/report.ts'
import { outputsOf } from './outputs.ts'
import { type Core, loadCore } from './runner.ts'

/** Where a report goes. */
export interface Destination {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether the user wants a job summary. */
  readonly summary: boolean
}

/** Sets the outputs and writes the job summary. Reporting never fails a deploy: what cannot be written becomes a warning. */
export async function publish(report: RunReport, { env, summary }: Destination): Promise<void> {
  const core = await loadCore()
  for (const [name, value] of Object.entries(outputsOf(report))) {
    await orWarn(core, `The output ${name} could not be set`, () => core.setOutput(name, value))
  }
  // Absent on runners without summaries.
  const file = env.GITHUB_STEP_SUMMARY
  if (!summary || file === undefined) return
  await orWarn(core, 'The job summary could not be written', async () => {
    // From a bundle of its own: nothing else of a run needs it (docs/adr/0007).
    const { writeSummary } = await import(/* webpackIgnore: true */ '#summary')
    await writeSummary(report, file, env)
  })
}

async function orWarn(core: Core, what: string, act: () => unknown): Promise<void> {
  try {
    await act()
  } catch (error) {
    core.warning(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
