import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

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
  scaling: 'scripts/entries/scaling.js',
  summary: 'src/report/summary-file.js',
  toolkit: 'scripts/entries/toolkit.js',
  yaml: 'scripts/entries/yaml.js',
} as const

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
    copyFileSync(path.join(out, 'index.js'), path.join('dist', `${name}.js`))
    licenses.push(readFileSync(path.join(out, 'licenses.txt'), 'utf8').trimEnd())
  }
  copyFileSync('lib/src/post-entry.js', 'dist/post.js')
  writeFileSync('dist/licenses.txt', `${licenses.join('\n\n')}\n`)
  // What the sources import as #toolkit and the like is a package there (package.json), and a file here.
  const imports = {
    '#cloudwatch': './cloudwatch.js',
    '#github': './github.js',
    '#logs': './logs.js',
    '#scaling': './scaling.js',
    '#summary': './summary.js',
    '#toolkit': './toolkit.js',
    '#yaml': './yaml.js',
  }
  writeFileSync('dist/package.json', `${JSON.stringify({ type: 'module', imports }, undefined, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true })
}
