import { globSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'

/** One word for one thing, in everything that people read. */

const comment = /^\s*(\/\/|\/\*\*|\*)|\/\*\*.*\*\//

/** What a file says to users: of sources, everything but comments. */
function said(file: string): string {
  const text = readFileSync(file, 'utf8')
  if (!file.endsWith('.ts')) return text
  return text
    .split('\n')
    .filter(line => !comment.test(line))
    .join('\n')
}

test('what serves the world is called production, and never by its customers', () => {
  const files = ['action.yml', 'README.md', 'docs/failures.md', ...globSync('src/**/*.ts')]
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter(file => /customer/i.test(said(file)))).toEqual([])
})

test('action.yml says what deployment-status is after each mode', () => {
  const { inputs, outputs } = parse(readFileSync('action.yml', 'utf8')) as Record<
    'inputs' | 'outputs',
    Readonly<Record<string, { readonly description: string }>>
  >
  const { description = '' } = outputs['deployment-status'] ?? {}
  expect(description).toMatch(/`status` and `plan`.*`unchanged`.*`failed`/)
  expect(inputs.mode?.description).toContain('`plan`')
})
