import { appendFile } from 'node:fs/promises'
import type { RunReport } from '../model/report.ts'
import { outputsOf } from './outputs.ts'
import { loadCore } from './runner.ts'
import { summaryOf } from './summary.ts'

/**
 * Sets the outputs and writes the job summary. Reporting never fails a deploy: what cannot be written becomes a warning.
 *
 * @param summaryPath GITHUB_STEP_SUMMARY; undefined on runners without summaries, or when the user wants none
 */
export async function publish(report: RunReport, summaryPath: string | undefined): Promise<void> {
  const core = await loadCore()
  for (const [name, value] of Object.entries(outputsOf(report))) {
    try {
      core.setOutput(name, value)
    } catch (error) {
      core.warning(`The output ${name} could not be set: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (summaryPath === undefined) return
  try {
    await appendFile(summaryPath, summaryOf(report))
  } catch (error) {
    core.warning(`The job summary could not be written: ${error instanceof Error ? error.message : String(error)}`)
  }
}
