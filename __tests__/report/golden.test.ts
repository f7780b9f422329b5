import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { summaryOf } from '../../src/report/summary.ts'
import { goldenFile, goldenRuns, ways } from './golden-runs.ts'

/** What people read, word for word. After a change on purpose: `npm run golden`, and look at the difference. */

test.each(Object.entries(goldenRuns))('the summary of: %s', async (name, run) => {
  expect(summaryOf(await run(), ways)).toBe(readFileSync(goldenFile(name), 'utf8'))
})

test('there is no summary of a run that is not made any more', () => {
  const files = readdirSync(path.dirname(goldenFile('')))
  expect(files.sort()).toEqual(
    Object.keys(goldenRuns)
      .map(name => `${name}.md`)
      .sort(),
  )
})
