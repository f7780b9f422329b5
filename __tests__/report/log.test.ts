import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { parseWorkflowCommand } from '../../sandbox/runner/workflow-command.ts'

/** What the log of a step says on its standard output, in a process of its own. */
function said(statements: string): readonly string[] {
  const source = new URL('../../src/report/log.ts', import.meta.url).href
  const program = `import { actionLog } from ${JSON.stringify(source)}; const log = actionLog(); ${statements}; await log.flushed()`
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  }).split('\n')
}

const commands = (lines: readonly string[]) => lines.flatMap(line => parseWorkflowCommand(line, () => true)?.name ?? [])

test('at most three warnings are annotations; the others are lines', () => {
  const lines = said("for (const number of [1, 2, 3, 4, 5]) log.warn('warning ' + number)")
  expect(commands(lines)).toEqual(['warning', 'warning', 'warning'])
  expect(lines.filter(line => /^Warning: warning [45]$/.test(line))).toHaveLength(2)
})

test('a group ends before the next begins', () => {
  expect(commands(said("log.phase('a'); log.info('x'); log.phase('b'); log.endPhase(); log.endPhase()"))).toEqual([
    'group',
    'endgroup',
    'group',
    'endgroup',
  ])
})

test('nothing in a title, a line or a warning is a command', () => {
  const hostile = JSON.stringify('x\n::error::y\n##[group]z')
  const lines = said(`log.phase(${hostile}); log.info(${hostile}); log.warn(${hostile}); log.endPhase()`)
  expect(commands(lines)).toEqual(['group', 'warning', 'endgroup'])
})
