import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { summaryOf } from '../../src/report/summary.ts'
import { goldenFile, goldenRuns } from '../report/golden-runs.ts'
import { hostile, hostileReports, megabyte } from '../report/hostile.ts'
import { faults, keep, launch, overflow, type Shown, schemes, show, widths } from './browser.ts'
import { mermaidBlocks, mermaids, openSummaries, showSummary } from './summary-page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

/** GitHub's page has a heading, underlines links for who wants it, and lets tables scroll; the corner of a table has no name in Markdown. */
const githubs = ['page-has-heading-one', 'link-in-text-block', 'scrollable-region-focusable', 'empty-table-header']

const golden = (name: string) => readFileSync(goldenFile(name), 'utf8')
const names = Object.keys(goldenRuns)

test.each(mermaids)('every picture of every summary is read and drawn by %s', async mermaid => {
  const { page, complaints } = await show(browser, 'light', 1280)
  await openSummaries(page, mermaid, 'light')
  let drawn = 0
  for (const name of names) drawn += await showSummary(page, golden(name))
  expect(drawn).toBe(names.flatMap(name => mermaidBlocks(golden(name))).length)
  expect(drawn).toBeGreaterThanOrEqual(10)
  expect(complaints).toEqual([])
  await page.context().close()
})

test.each(mermaids)('hostile summaries are read and drawn by %s, and do nothing', async mermaid => {
  const { page, complaints, requests } = await show(browser, 'light', 1280)
  await openSummaries(page, mermaid, 'light')
  for (const [name, make] of Object.entries(hostileReports)) {
    const summary = summaryOf(make(name === 'deploy' ? megabyte : hostile))
    // What containers have said stands in such a block, where a fence means nothing.
    const pictures = mermaidBlocks(summary.replace(/^<pre>\n[^<>]*\n<\/pre>$/gm, ''))
    expect([name, await showSummary(page, summary)]).toEqual([name, pictures.length])
    const elements =
      'main :is(script, img, iframe, object, embed, form, input, link, style:not(svg style), base, video)'
    expect(await page.locator(elements).count()).toBe(0)
    // Of links there are our own only: places in the console, and what is a preview's.
    const away = await page.locator('main a').evaluateAll(links => links.map(link => String(link)))
    expect(away.filter(url => !/^http[\w:/.?=&#%~-]*$/.test(url))).toEqual([])
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined()
    await keep(page, `summary-hostile-${name}`, false)
  }
  expect(complaints).toEqual([])
  expect(requests).toEqual([])
  await page.context().close()
})

describe.each(schemes)('in the %s theme', scheme => {
  let shown: Shown
  beforeAll(async () => {
    shown = await show(browser, scheme, 1280)
    await openSummaries(shown.page, 'mermaid', scheme)
  })

  test.each(names)('the summary of: %s', async name => {
    const { page, complaints, requests } = shown
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 })
      await showSummary(page, golden(name))
      await keep(page, `summary-${name}-${scheme}-${width}`)
      expect(await faults(page, githubs)).toEqual([])
      expect(await overflow(page)).toBe(0)
    }
    expect(complaints).toEqual([])
    expect(requests).toEqual([])
  })
})
