import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** What a page carries beside its text. */
export interface Assets {
  /** uPlot, which defines the name `uPlot`. */
  readonly library: string
  readonly libraryStyle: string
  /** Draws the charts. */
  readonly script: string
  readonly style: string
}

/** Read from where they are developed; `scripts/build.ts` puts their text in the place of this file. */
export function readAssets(): Assets {
  const require = createRequire(import.meta.url)
  const own = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
  const uplot = (name: string) => readFileSync(require.resolve(`uplot/dist/${name}`), 'utf8')
  return {
    library: uplot('uPlot.iife.min.js'),
    libraryStyle: uplot('uPlot.min.css'),
    script: own('./charts.browser.js'),
    style: own('./page.css'),
  }
}
