import { expect, test } from '@jest/globals'
import { playOf } from '../../sandbox/simulated-command.ts'

test.each<[string | readonly string[], ReturnType<typeof playOf>]>([
  ['exit 3', { lasts: 0, exitCode: 3, prints: [], at: [] }],
  ['sleep 60', { lasts: 60_000, exitCode: 0, prints: [], at: [] }],
  ['echo a b && sleep 2; exit 1; echo never', { lasts: 2_000, exitCode: 1, prints: ['a b'], at: [0] }],
  [['sh', '-c', 'sleep 1; exit 2'], { lasts: 1_000, exitCode: 2, prints: [], at: [] }],
  [['exit', '4'], { lasts: 0, exitCode: 4, prints: [], at: [] }],
  [['bin/migrate'], { lasts: 0, exitCode: 0, prints: [], at: [] }],
])('%j', (command, expected) => {
  expect(playOf(command)).toEqual(expected)
})
