import { createHash } from 'node:crypto'
import { details, table, text } from '../markdown.ts'
import type { Assets } from './assets.ts'
import type { Chart } from './charts.ts'
import { html } from './html.ts'

/** Id, title and body of a part of a page; HTML. */
export type Section = readonly [id: string, title: string, body: string]

/** A page, as HTML whose texts are inert. */
export interface Page {
  readonly title: string
  /** In a word, and whether that is good. */
  readonly status: readonly [word: string, good: boolean]
  readonly opening: string
  readonly sections: readonly Section[]
  readonly footer: string
  /** JSON with the member `charts`, by `inertJson`. */
  readonly numbers: string
  /** Without charts it has no scripts. */
  readonly hasCharts: boolean
}

/**
 * A page that needs nothing else: no other file, no request. Its policy lets the browser run those scripts only whose hashes it names, so
 * that nothing else in it can act.
 */
export function documentOf(page: Page, assets: Assets): string {
  const { title, sections, numbers } = page
  const [word, good] = page.status
  const scripts = page.hasCharts ? [assets.library, assets.script] : []
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src ${sources(scripts)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${assets.libraryStyle}\n${assets.style}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<p class="status ${good ? 'good' : 'bad'}">${word}</p>`,
    `<h1>${title}</h1>`,
    page.opening,
    `<nav aria-label="Parts of this page">${sections.map(([id, name]) => `<a href="#${id}">${name}</a>`).join('\n')}</nav>`,
    '</header>',
    '<main>',
    ...sections.map(
      ([id, name, body]) => `<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>\n${body}</section>`,
    ),
    '</main>',
    `<footer><p class="faint">${page.footer}</p></footer>`,
    `<script type="application/json" id="numbers">${numbers}</script>`,
    ...scripts.map(script => `<script>${script}</script>`),
    '</body>',
    '</html>',
  ].join('\n')}\n`
}

/**
 * A place for a chart, and its numbers as a table: for who cannot see it, and for paper. The script that draws the chart takes the words out
 * of its place and folds the numbers. Where it does not run, because it may not or the browser has none, both stay; `noscript` would not
 * show where only a policy forbids it, as CI servers do with pages that they keep.
 */
export function figure(name: string, title: string, chart: Chart | undefined): string {
  if (chart === undefined) return ''
  const head = [
    text(chart.across),
    ...chart.lines.map(({ role, label }) => (role === label ? role : `${role}: ${text(label)}`)),
  ]
  const rows = chart.x.map((x, index) => [String(x), ...chart.lines.map(({ values }) => String(values[index] ?? 0))])
  const button = (act: string, says: string) =>
    `<button type="button" hidden data-zoom="${name}" ${act} aria-label="${says}: ${title}">${says}</button>`
  return [
    `<figure><figcaption>${title}${chart.outside === undefined ? '' : `. <strong>${chart.outside}</strong>`}</figcaption>`,
    `<div class="chart" data-chart="${name}"><p class="faint">${withoutScript}</p></div>`,
    `${button('data-by="0.5"', 'Zoom in')}${button('data-by="2"', 'Zoom out')}${button('data-go="-0.5"', 'Earlier')}${button('data-go="0.5"', 'Later')}${button('data-by="0"', 'Show all')}`,
    html(details(`Its numbers (${chart.up})`, table(head, rows), true)),
    '</figure>',
  ].join('\n')
}

const withoutScript = 'The chart is drawn by a script, which does not run here. Its numbers are below.'

function sources(scripts: readonly string[]): string {
  const hashes = scripts.map(script => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)
  return hashes.length === 0 ? "'none'" : hashes.join(' ')
}
