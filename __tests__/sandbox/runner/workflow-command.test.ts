import { expect, test } from '@jest/globals'
import { parseWorkflowCommand } from '../../../sandbox/runner/workflow-command.ts'

const parse = (line: string) => parseWorkflowCommand(line, name => name === 'error' || name === 'group')

test.each<[string, string, Record<string, string>, string]>([
  ['::error::text', 'error', {}, 'text'],
  ['  ::error::text', 'error', {}, 'text'],
  ['\u0085\u00a0::error::text', 'error', {}, 'text'],
  ['::ERROR::text', 'error', {}, 'text'],
  ['::error::a::b', 'error', {}, 'a::b'],
  ['::error::', 'error', {}, ''],
  ['::error file=a.js,line=3::x', 'error', { file: 'a.js', line: '3' }, 'x'],
  ['::error file=a%3Ab%2Cc%25::x', 'error', { file: 'a:b,c%' }, 'x'],
  ['::error file=,line=1::x', 'error', { line: '1' }, 'x'],
  ['::error title=a=b::x', 'error', { title: 'a=b' }, 'x'],
  ['::error::1%0A2%0D3%25', 'error', {}, '1\n2\r3%'],
  ['::error::%250A', 'error', {}, '%0A'],
  ['::error::%3A%2C', 'error', {}, '%3A%2C'],
  ['##[group]title', 'group', {}, 'title'],
  ['before ##[group]title', 'group', {}, 'title'],
  ['##[error file=a%3Bb;line=2]x%5D', 'error', { file: 'a;b', line: '2' }, 'x]'],
])('%s is a command', (line, name, properties, data) => {
  expect(parse(line)).toEqual({ name, properties, data })
})

test.each([
  '',
  'text',
  'text ::error::x',
  '\ufeff::error::x',
  '::error',
  '::error:x',
  '::unknown::x',
  '##[error',
  '##[unknown]x',
  '::::',
])('%p is text', line => {
  expect(parse(line)).toBeUndefined()
})
