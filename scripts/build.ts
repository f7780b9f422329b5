import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { readAssets } from '../src/report/page/assets.ts'

/**
 * Writes `dist` from `lib`, which tsc has written from the sources: the action in one readable file, and beside it, in files of
 * their own, the libraries that it loads only when it needs them (docs/adr/0007). No other command writes `dist`.
 */

/** Bundle, and the entry in `lib` that it is made from. */
const bundles = {
  index: 'src/index.js',
  cloudwatch: 'scripts/entries/cloudwatch.js',
  github: 'scripts/entries/github.js',
  logs: 'scripts/entries/logs.js',
  report: 'src/report/page/page-file.js',
  scaling: 'scripts/entries/scaling.js',
  summary: 'src/report/summary-file.js',
  toolkit: 'scripts/entries/toolkit.js',
  yaml: 'scripts/entries/yaml.js',
} as const

const uplot = path.dirname(createRequire(import.meta.url).resolve('uplot/package.json'))

// The page carries these as text: files beside `dist/report.js` would be two more to lose.
const assets = JSON.stringify(readAssets(), undefined, 2)
writeFileSync('lib/src/report/page/assets.js', `export const readAssets = () => (${assets})\n`)

mkdirSync('lib', { recursive: true })
const folder = mkdtempSync(path.join('lib', 'bundle-'))
try {
  rmSync('dist', { recursive: true, force: true })
  mkdirSync('dist')
  const licenses: string[] = []
  for (const [name, entry] of Object.entries(bundles)) {
    const out = path.join(folder, name)
    const args = ['build', path.join('lib', entry), '--out', out, '--license', 'licenses.txt']
    execFileSync('node_modules/.bin/ncc', args, { stdio: ['ignore', 'ignore', 'inherit'] })
    writeFileSync(path.join('dist', `${name}.js`), inAscii(readFileSync(path.join(out, 'index.js'), 'utf8')))
    // Absent for one that is all our own.
    const license = path.join(out, 'licenses.txt')
    if (existsSync(license)) licenses.push(readFileSync(license, 'utf8').trimEnd())
  }
  licenses.push(`uplot\nMIT\n${readFileSync(path.join(uplot, 'LICENSE'), 'utf8').trimEnd()}`)
  copyFileSync('lib/src/post-entry.js', 'dist/post.js')
  writeFileSync('dist/licenses.txt', `${licenses.join('\n\n')}\n`)
  // What the sources import as #toolkit and the like is a package there (package.json), and a file here.
  const imports = {
    '#cloudwatch': './cloudwatch.js',
    '#github': './github.js',
    '#logs': './logs.js',
    '#report': './report.js',
    '#scaling': './scaling.js',
    '#summary': './summary.js',
    '#toolkit': './toolkit.js',
    '#yaml': './yaml.js',
  }
  writeFileSync('dist/package.json', `${JSON.stringify({ type: 'module', imports }, undefined, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true })
}

/** One character beyond Latin-1 makes V8 keep two bytes for each of a file's characters, which is 2 MiB of every run's memory. */
function inAscii(code: string): string {
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('String.raw would show an escape as it is written')
  return code.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
