import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { failureCodes } from '../../src/model/outcome.ts'

const rows = readFileSync('docs/failures.md', 'utf8')
  .split('\n')
  .map(line => line.split('|').map(cell => cell.trim()))
  .filter(([, code = '']) => /^`[A-Z_]+`$/.test(code))

test('docs/failures.md has every code of the source, in its order, and no other', () => {
  expect(rows.map(([, code = '']) => code.replaceAll('`', ''))).toEqual([...failureCodes])
})

test('each says what it means and what to do', () => {
  for (const [, code, means = '', todo = ''] of rows) {
    expect([code, means]).toEqual([code, expect.stringMatching(/^.{15,}\.$/)])
    expect([code, todo]).toEqual([code, expect.stringMatching(/^.{10,}[.?]$/)])
  }
})
