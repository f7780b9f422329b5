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
  await makeFolder(path.dirname(place))
  await writeFile(place, page)
  return place
}

/** One after the other: Node's recursive `mkdir` goes on for ever where a file system lets nobody make anything, such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || path.dirname(folder) === folder) throw error
    await makeFolder(path.dirname(folder))
    await mkdir(folder)
  }
}
