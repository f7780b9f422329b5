import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { RunReport } from '../../src/model/report.ts'
import { readAssets } from '../../src/report/page/assets.ts'
import { pageOf } from '../../src/report/page/page.ts'
import { goldenRuns, ways } from '../report/golden-runs.ts'
import { hostile, hostileReport, hostileReports } from '../report/hostile.ts'
import { faults, keep, launch, overflow, pictures, schemes, show, widths } from './browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
  mkdirSync(pictures, { recursive: true })
})
afterAll(() => browser.close())

function written(name: string, report: RunReport): string {
  const file = path.join(pictures, `report-${name}.html`)
  writeFileSync(file, pageOf(report, ways, readAssets()))
  return pathToFileURL(file).href
}

/** Those whose pages differ from each other. */
const shown = ['succeeded', 'succeeded-canary', 'rolled-back', 'failed', 'preview', 'setup', 'status', 'plan']
const runs = {
  ...Object.fromEntries(Object.entries(goldenRuns).filter(([name]) => shown.includes(name))),
  hostile: async () => hostileReport(),
}

/** Words of cells that are not long are not torn apart, however narrow the window is: there are no more lines than words. */
const torn = `[...document.querySelectorAll('.scroll td:not(.long)')]
  .map(cell => {
    const range = document.createRange()
    range.selectNodeContents(cell)
    const lines = new Set([...range.getClientRects()].map(box => Math.round(box.bottom / 8)))
    return [cell.textContent, lines.size]
  })
  .filter(([text, lines]) => lines > text.split(/[ -]/).length)`

describe.each(Object.entries(runs))('the report of: %s', (name, run) => {
  test('is readable in both themes, on a phone and on a desk, asks for nothing, and has no faults', async () => {
    const url = written(name, await run())
    for (const scheme of schemes) {
      const { page, complaints, requests } = await show(browser, scheme, widths[0], url)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        await page.waitForFunction(
          '[...document.querySelectorAll(".u-wrap")].every(chart => chart.clientWidth <= innerWidth)',
        )
        await keep(page, `report-${name}-${scheme}-${width}`, name !== 'hostile')
        expect(await page.evaluate(torn)).toEqual([])
        expect(await faults(page)).toEqual([])
        expect(await overflow(page)).toBe(0)
      }
      expect(complaints).toEqual([])
      expect(requests).toEqual([])
      expect(await page.evaluate('globalThis.pwned')).toBeUndefined()
      await page.context().close()
    }
  })
})

test.each(Object.entries(hostileReports))(
  'the hostile report of: %s does nothing, and fits a phone',
  async (name, make) => {
    const { page, complaints, requests } = await show(browser, 'dark', 390, written(`hostile-${name}`, make(hostile)))
    await keep(page, `report-hostile-${name}`, false)
    expect(await overflow(page)).toBe(0)
    expect(await page.evaluate('globalThis.pwned')).toBeUndefined()
    expect([complaints, requests]).toEqual([[], []])
    await page.context().close()
  },
)

test('the charts are drawn, and zoom by keys', async () => {
  const url = written('succeeded', await (goldenRuns.succeeded?.() as Promise<RunReport>))
  const { page, complaints } = await show(browser, 'light', 1280, url)
  expect(await page.locator('[data-chart] canvas').count()).toBe(3)
  const drawn = () => page.locator('[data-chart=flip] canvas').evaluate(canvas => (canvas as Canvas).toDataURL())
  const before = await drawn()
  await page.getByRole('button', { name: /^Zoom in: The switch/ }).focus()
  await page.keyboard.press('Enter')
  await page.waitForTimeout(100)
  const zoomed = await drawn()
  expect(zoomed).not.toBe(before)
  await page.getByRole('button', { name: /^Show all: The switch/ }).press('Space')
  await page.waitForTimeout(100)
  expect(await drawn()).toBe(before)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the charts go earlier and later by keys, and no further than there are numbers', async () => {
  const url = written('succeeded', await (goldenRuns.succeeded?.() as Promise<RunReport>))
  const { page, complaints } = await show(browser, 'light', 1280, url)
  const drawn = () => page.locator('[data-chart=flip] canvas').evaluate(canvas => (canvas as Canvas).toDataURL())
  const press = async (says: string) => {
    await page
      .getByRole('button', { name: `${says}: The switch: answers of each version, and failed requests` })
      .press('Enter')
    await page.waitForTimeout(100)
    return drawn()
  }
  const whole = await drawn()
  expect(await press('Later')).toBe(whole)
  const middle = await press('Zoom in')
  const later = await press('Later')
  expect(later).not.toBe(middle)
  expect(await press('Later')).toBe(later)
  expect(await press('Earlier')).toBe(middle)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('one failure among thousands of answers is seen', async () => {
  const report = await (goldenRuns.succeeded?.() as Promise<RunReport>)
  const { traffic } = report
  if (traffic?.flip === undefined) throw new Error('the run has no switch')
  const { flip } = traffic
  const versions = flip.versions.map(({ version, counts }) => ({ version, counts: counts.map(count => count * 5_000) }))
  const redPixels = async (failed: number) => {
    const some = flip.failed.map((_, index) => (index === 40 ? failed : 0))
    const url = written('one-failure', {
      ...report,
      traffic: { ...traffic, failed, flip: { ...flip, versions, failed: some } },
    })
    const { page } = await show(browser, 'light', 390, url)
    await page.waitForTimeout(100)
    const count = await page.locator('[data-chart=flip] canvas').evaluate(element => {
      const canvas = element as Canvas
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      let red = 0
      for (let at = 0; at < data.length; at += 4) {
        const [r = 0, g = 0, b = 0] = data.slice(at, at + 3)
        if (r > 190 && g < 60 && b < 70) red++
      }
      return red
    })
    await page.context().close()
    return count
  }
  expect((await redPixels(1)) - (await redPixels(0))).toBeGreaterThan(4 * 10)
})

interface Canvas {
  readonly width: number
  readonly height: number
  toDataURL(): string
  getContext(kind: '2d'): { getImageData(...box: readonly number[]): { readonly data: Uint8ClampedArray } }
}

test('prints black on white from a dark screen, with everything unfolded', async () => {
  const url = written('succeeded', await (goldenRuns.succeeded?.() as Promise<RunReport>))
  const { page } = await show(browser, 'dark', 1280, url)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  const looks = 'const { backgroundColor, color } = getComputedStyle(document.body); [backgroundColor, color]'
  expect(await page.evaluate(looks)).toEqual(['rgb(255, 255, 255)', 'rgb(31, 35, 40)'])
  const pdf = await page.pdf({ path: path.join(pictures, 'report-succeeded.pdf') })
  expect(pdf.length).toBeGreaterThan(10_000)
  expect(await page.evaluate('[...document.querySelectorAll("details")].every(one => one.open)')).toBe(true)
  await page.context().close()
})

test('says everything without scripts, too', async () => {
  const report = await (goldenRuns.succeeded?.() as Promise<RunReport>)
  const url = written('succeeded', report)
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(url)
  const said = await page.locator('main').innerText()
  for (const part of ['0.0.2', `${report.traffic?.requests} requests`, 'bake', 'HTTP:80']) expect(said).toContain(part)
  const figures = await page.locator('figure').all()
  expect(figures).toHaveLength(3)
  for (const figure of figures) {
    expect(await figure.locator('.chart').innerText()).toContain('does not run here')
    const last = figure.getByRole('row').last()
    expect(await last.isVisible()).toBe(true)
    expect(await last.innerText()).toMatch(/^[\d.]+(\t\d+)+$/)
  }
  await context.close()
})

test('shows charts in place of the words about scripts, and their numbers folded', async () => {
  const url = written('succeeded', await (goldenRuns.succeeded?.() as Promise<RunReport>))
  const { page, complaints } = await show(browser, 'light', 1280, url)
  expect(await page.locator('figure').count()).toBe(3)
  expect(await page.getByText('does not run here').count()).toBe(0)
  expect(await page.locator('figure details[open]').count()).toBe(0)
  expect(complaints).toEqual([])
  await page.context().close()
})
