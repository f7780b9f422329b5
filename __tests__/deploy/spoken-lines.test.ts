import { expect, test } from '@jest/globals'
import { spokenLines } from '../../src/deploy/spoken-lines.ts'

test.each<[string, string, readonly string[]]>([
  ['plain', 'started', ['started']],
  ['empty', '', ['']],
  ['a line break at its end', 'a\r\n', ['a']],
  ['several lines in one event', 'Error: x\n\tat f\n\n  at g', ['Error: x', '\tat f', '', '  at g']],
  ['colors', '\u001b[1;31mred\u001b[0m and \u001b[38;5;9mmore', ['red and more']],
  ['a link and a title of the terminal', '\u001b]8;;https://a.example\u0007text\u001b]8;;\u0007', ['text']],
  ['a progress bar', ' 10%\r 50%\r100%', ['100%']],
  ['control signs', 'a\u0000b\u0007c\u0085::error::x', ['abc::error::x']],
  ['a bracket after a tab', '\t[info] x', ['\t[info] x']],
  ['a long line', 'x'.repeat(30), [`${'x'.repeat(20)}…`]],
])('%s', (_, event, lines) => {
  expect(spokenLines(event, 20)).toEqual(lines)
})
