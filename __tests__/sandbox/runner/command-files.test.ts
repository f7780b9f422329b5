import { describe, expect, test } from '@jest/globals'
import { readPairs, readPaths } from '../../../sandbox/runner/command-files.ts'

/** The pairs that count, and the error that ends them. */
function read(text: string): { pairs: (readonly [string, string])[]; error?: string } {
  const pairs: (readonly [string, string])[] = []
  try {
    for (const pair of readPairs(text)) pairs.push(pair)
  } catch (error) {
    return { pairs, error: (error as Error).message }
  }
  return { pairs }
}

describe('Pairs of a command file', () => {
  test.each<[string, string, [string, string][]]>([
    ['nothing', '', []],
    ['empty lines', '\n\na=1\n\n', [['a', '1']]],
    ['no last line feed', 'a=1', [['a', '1']]],
    ['an equals sign in the value', 'a=b=c\n', [['a', 'b=c']]],
    ['an empty value', 'a=\n', [['a', '']]],
    ['<< in a plain value', 'a=1<<2\n', [['a', '1<<2']]],
    ['blanks', ' a = 1 \n', [[' a ', ' 1 ']]],
    [
      'a heredoc',
      'a<<EOF\n1\n\n2\nEOF\nb=3\n',
      [
        ['a', '1\n\n2'],
        ['b', '3'],
      ],
    ],
    ['an empty heredoc', 'a<<EOF\nEOF\n', [['a', '']]],
    ['a heredoc of one empty line', 'a<<EOF\n\nEOF\n', [['a', '']]],
    ['an equals sign in the delimiter', 'a<<E=F\nx\nE=F\n', [['a', 'x']]],
    ['a delimiter that ends the file', 'a<<EOF\nx\nEOF', [['a', 'x']]],
    ['lines that only look like the delimiter', 'a<<EOF\n EOF\nEOF \nEOF\n', [['a', ' EOF\nEOF ']]],
    ['carriage returns', 'a=1\r\n', [['a', '1\r']]],
  ])('with %s', (_, text, pairs) => {
    expect(read(text)).toEqual({ pairs })
  })

  test.each([
    ['neither form', 'hello\n', "Invalid format 'hello'"],
    ['no name', '=1\n', "Invalid format '=1'. Name must not be empty"],
    [
      'no name before <<',
      '<<EOF\nEOF\n',
      "Invalid format '<<EOF'. Name must not be empty and delimiter must not be empty",
    ],
    ['no delimiter', 'a<<\n', "Invalid format 'a<<'. Name must not be empty and delimiter must not be empty"],
    ['no end', 'a<<EOF\nx\n', "Invalid value. Matching delimiter not found 'EOF'"],
    ['an end that is no line', 'a<<EOF\nx EOF', 'Invalid value. EOF marker missing new line.'],
  ])('with %s: the pairs before it count, and the rest is an error', (_, text, error) => {
    expect(read(`first=1\n${text}`)).toEqual({ pairs: [['first', '1']], error })
  })
})

test('Paths are lines that are not empty', () => {
  expect(readPaths('/a\n\n/b c\r\n')).toEqual(['/a', '/b c'])
})
