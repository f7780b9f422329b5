import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

/** A real browser that may look at nothing but what it is shown, and what it complains about. */

export const schemes = ['light', 'dark'] as const
export type Scheme = (typeof schemes)[number]

/** A phone, and a window on a desk. */
export const widths = [390, 1280] as const

/** Ignored by git; CI keeps it. */
export const pictures = fileURLToPath(new URL('../../pictures', import.meta.url))

export function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM
  if (executablePath === undefined) throw new Error('CHROMIUM is not set: run npm run test:pictures')
  // Containers and CI have no sandbox to give; the pages are our own, and nothing else can be reached.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

export interface Shown {
  readonly page: Page
  /** Errors and warnings of the console, uncaught ones too. */
  readonly complaints: readonly string[]
  /** Everything that the page asked for, beside itself. */
  readonly requests: readonly string[]
}

/** @param url a file, or nothing for an empty page */
export async function show(browser: Browser, scheme: Scheme, width: number, url = 'about:blank'): Promise<Shown> {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 } })
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  await page.route('**/*', async route => {
    const asked = route.request().url()
    if (asked === url) return route.continue()
    requests.push(asked)
    return route.abort()
  })
  await page.goto(url)
  return { page, complaints, requests }
}

/** @param fullPage false for a page that is longer than a picture may be */
export async function keep(page: Page, name: string, fullPage = true): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage })
}

/**
 * What axe finds wrong, each with where.
 *
 * @param others rules for what is not ours
 */
export async function faults(page: Page, others: readonly string[] = []): Promise<readonly string[]> {
  // By the page's own engine: a script element would be asked for by a policy.
  await page.evaluate(axe.source)
  return page.evaluate(
    async rules => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run('html', { rules })
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => `${node.target} ${node.failureSummary}`)}`)
    },
    Object.fromEntries(others.map(rule => [rule, { enabled: false }])),
  )
}

/** Pixels that the page is wider than the window: a phone would scroll sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
