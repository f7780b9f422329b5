import { expect, test } from '@jest/globals'
import { splitCommand } from '../../../sandbox/runtime/command.ts'

test.each([
  ['node server.js', ['node', 'server.js']],
  ['  npm   run "start it" ', ['npm', 'run', 'start it']],
  [`sh -c 'exec "$0"' a"b c"d`, ['sh', '-c', 'exec "$0"', 'ab cd']],
  ['x ""', ['x', '']],
])('%j is split into words', (text, words) => {
  expect(splitCommand(text)).toEqual(words)
})

test.each(['', '  ', 'node "server.js', "sh -c 'x"])('%j is refused', text => {
  expect(() => splitCommand(text)).toThrow(/command/)
})
