import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { RunReport } from '../../model/report.ts'
import { rollbackPage } from '../rollback-page.ts'
import { readAssets } from './assets.ts'
import { pageOf } from './page.ts'

/**
 * Writes the report, and the folders that it is to be in.
 *
 * @param file as the input `report-path` has it: from the workspace on
 * @returns where it is
 */
export async function writePage(
  report: RunReport,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const place = path.resolve(env.GITHUB_WORKSPACE ?? '.', file)
  // Whatever is wrong with files of the job only costs the link.
  const rollback = await rollbackPage(env).catch(() => undefined)
  const page = pageOf(report, rollback === undefined ? {} : { rollback }, readAssets())
  await mkdir(path.dirname(place), { recursive: true })
  await writeFile(place, page)
  return place
}
