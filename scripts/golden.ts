import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { goldenFile, goldenRuns, ways } from '../__tests__/report/golden-runs.ts'
import { summaryOf } from '../src/report/summary.ts'

/** Writes the summaries that `__tests__/report/golden.test.ts` compares with (`npm run golden`). */

rmSync(path.dirname(goldenFile('')), { recursive: true, force: true })
mkdirSync(path.dirname(goldenFile('')))
for (const [name, run] of Object.entries(goldenRuns)) {
  writeFileSync(goldenFile(name), summaryOf(await run(), ways))
  console.log(`Wrote ${path.relative('.', goldenFile(name))}`)
}
