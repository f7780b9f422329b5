import { appendFile } from 'node:fs/promises'
import type { RunReport } from '../model/report.ts'
import { rollbackPage } from './rollback-page.ts'
import { summaryOf } from './summary.ts'

/** Appends the summary to what other actions have written in the same step. */
export async function writeSummary(
  report: RunReport,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  // Whatever is wrong with files of the job only costs the link.
  const rollback = await rollbackPage(env).catch(() => undefined)
  await appendFile(file, summaryOf(report, rollback === undefined ? {} : { rollback }))
}
