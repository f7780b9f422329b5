import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

/**
 * Writes the tables of inputs and outputs in README.md from action.yml, between their markers. With --check it writes
 * nothing, and fails when the README is not what it would write.
 */

interface Described {
  readonly description: string
  readonly default?: string
}

const action = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, Described>>
  readonly outputs: Readonly<Record<string, Described>>
}

const oneCell = (text: string) => text.trim().replace(/\s+/g, ' ').replace(/\|/g, '\\|')

function rows(described: Readonly<Record<string, Described>>, withDefault: boolean): string {
  const lines = Object.entries(described).map(([name, { description, default: fallback }]) => {
    const cells = [`\`${name}\``, oneCell(description)]
    if (withDefault) cells.push(fallback === undefined || fallback === '' ? '' : `\`${fallback}\``)
    return `| ${cells.join(' | ')} |`
  })
  const head = withDefault ? ['input', 'what it is', 'default'] : ['output', 'what it is']
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...lines].join('\n')
}

function between(text: string, marker: string, body: string): string {
  const pattern = new RegExp(`(<!-- ${marker} start -->\\n)[\\s\\S]*?(<!-- ${marker} end -->)`)
  if (!pattern.test(text))
    throw new Error(`README.md has no place for ${marker}: <!-- ${marker} start --> … <!-- ${marker} end -->`)
  return text.replace(pattern, (_, start: string, end: string) => `${start}\n${body}\n\n${end}`)
}

const before = readFileSync('README.md', 'utf8')
const after = between(between(before, 'inputs', rows(action.inputs, true)), 'outputs', rows(action.outputs, false))

if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('README.md is not what action.yml says: run npm run docs.')
    process.exitCode = 1
  }
} else writeFileSync('README.md', after)
