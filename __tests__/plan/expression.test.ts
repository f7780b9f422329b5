import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { mayMatch } from '../../src/plan/expression.ts'

describe('an expression that may match', () => {
  test.each<[string, string, boolean]>([
    ['', 'x', true],
    ['b', 'abc', true],
    ['d', 'abc', false],
    ['^b', 'abc', false],
    ['^abc$', 'abc', true],
    ['^ab$', 'abc', false],
    ['^a.c$', 'abc', true],
    ['^a\\.c$', 'abc', false],
    ['^a[a-c]c$', 'abc', true],
    ['^a[^a-c]c$', 'abc', false],
    ['^a[\\d_-]c$', 'a-c', true],
    ['^a[x-]c$', 'a-c', true],
    ['^a(b|x)c$', 'abc', true],
    ['^a(?:y|x)c$', 'abc', false],
    ['^(a|b|c)*$', 'abc', true],
    ['^(ab)+$', 'abab', true],
    ['^(ab)+$', 'aba', false],
    ['^a{3}$', 'aaa', true],
    ['^a{2,}b?$', 'aa', true],
    ['^ab?c$', 'ac', true],
    ['^a+?$', 'aaa', true],
    ['^\\w+-\\d$', 'pr-1', true],
    ['^\\w+-\\D$', 'pr-1', false],
  ])('%s and %s: %s', (expression, text, is) => {
    expect(mayMatch(expression, { text })).toBe(is)
  })

  test.each(['(', 'a)', '[a', '[]', 'a**', 'a++', '*a', '(?i)x', '(?=x)', '\\bx', '\\Ax', 'x\\', '[[:digit:]]', '{x}'])(
    '%s cannot be read, so it may',
    expression => {
      expect(mayMatch(expression, { text: 'abc' })).toBe(true)
    },
  )

  test.each<[string, string, boolean]>([
    ['^/previews/', '/previews/pr-1/', true],
    ['^/previews/pr-1/a$', '/previews/pr-1/', true],
    ['^/previews/pr-2', '/previews/pr-1/', false],
    ['^/$', '/previews/pr-1/', false],
    ['\\.php$', '/previews/pr-1/', true],
    ['^/[a-z]+/[^/]+/edit', '/previews/pr-1/', true],
    ['^/[a-z]+/edit', '/previews/pr-1/', false],
  ])('%s with more than %s: %s', (expression, text, is) => {
    expect(mayMatch(expression, { text, open: true })).toBe(is)
  })

  test('never misses what JavaScript finds, in any case', () => {
    const atom = fc.constantFrom('a', 'B', '.', '[ab]', '[^a]', '\\d', '\\w', '(a|b)', '(?:aB)', '-', '\\-')
    const piece = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{0,1}')).map(parts => parts.join(''))
    const expression = fc.tuple(
      fc.constantFrom('', '^'),
      fc.array(piece, { maxLength: 5 }).map(all => all.join('')),
      fc.constantFrom('', '$'),
    )
    fc.assert(
      fc.property(
        expression,
        fc.string({ unit: fc.constantFrom('a', 'b', 'B', '1', '-'), maxLength: 6 }),
        (parts, text) => {
          const written = parts.join('')
          for (const [flags, anyCase] of [
            ['', false],
            ['', true],
            ['i', true],
          ] as const) {
            if (new RegExp(written, flags).test(text))
              expect([written, mayMatch(written, { text, anyCase })]).toEqual([written, true])
          }
        },
      ),
    )
  })

  test('is no matter of time, whatever it repeats', () => {
    const from = performance.now()
    expect(mayMatch('^(([a-z0-9]+-?)+)+\\.org$', { text: `${'a'.repeat(200)}.example.com` })).toBe(false)
    expect(performance.now() - from).toBeLessThan(2_000)
  })
})
