import { describe, expect, test } from '@jest/globals'
import { Masks } from '../../../sandbox/runner/masks.ts'

function masks(...secrets: string[]): Masks {
  const result = new Masks()
  for (const secret of secrets) result.add(secret)
  return result
}

describe('Masks', () => {
  test.each([
    ['every occurrence', ['abc'], 'abc-abc', '***-***'],
    ['one at the start', ['abc'], 'abc d', '*** d'],
    ['overlapping ones as one', ['abcd', 'cdef'], 'xabcdefx', 'x***x'],
    ['touching ones as one', ['ab', 'cd'], 'xabcdx', 'x***x'],
    ['one within another', ['bc', 'abcd'], 'abcd.bc', '***.***'],
    ['one that overlaps itself', ['aa'], 'baaab', 'b***b'],
    ['each line of one', ['line1\nline2'], 'line2 and line1', '*** and ***'],
    ['nothing for blanks', [' ', ''], 'a b', 'a b'],
    ['special characters', ['$&.*'], 'a$&.*b', 'a***b'],
    ['its form in JSON', ['a"b'], '{"x":"a\\"b"}', '{"x":"***"}'],
    ['its form in a URL', ['a b&c'], '?x=a%20b%26c', '?x=***'],
    ['its form in base64', ['hunter2'], Buffer.from('hunter2').toString('base64'), '***'],
  ])('hide %s', (_, secrets, text, shown) => {
    expect(masks(...secrets).apply(text)).toBe(shown)
  })

  test('tell whether there is something to hide', () => {
    expect([masks('abc').hides('xabcx'), masks('abc').hides('xab')]).toEqual([true, false])
  })
})
