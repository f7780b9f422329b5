import { describe, expect, test } from '@jest/globals'
import type { RuleCondition, RuleSeen } from '../../src/model/clone.ts'
import type { PreviewPlace } from '../../src/model/preview.ts'
import { comesFirst, conditionsOf, freePriority, isAt, namesPlace, ruleOf, urlOf } from '../../src/plan/preview-rule.ts'

const host: PreviewPlace = { kind: 'host', host: 'pr-12.preview.example.com' }
const path: PreviewPlace = { kind: 'path', path: '/previews/pr-1' }
const header: PreviewPlace = { kind: 'header', name: 'X-Preview', value: 'pr-1' }

const rule = (...conditions: RuleCondition[]): RuleSeen => ({
  arn: 'rule',
  listenerArn: 'listener',
  priority: 10,
  conditions,
  actions: [],
})
const hosts = (...Values: string[]) => ({ Field: 'host-header', Values, HostHeaderConfig: { Values } })
const paths = (...Values: string[]) => ({ Field: 'path-pattern', PathPatternConfig: { Values } })
const headers = (HttpHeaderName: string, ...Values: string[]) => ({
  Field: 'http-header',
  HttpHeaderConfig: { HttpHeaderName, Values },
})

describe('a rule of production that asks for requests of a preview', () => {
  test.each<[string, PreviewPlace, RuleCondition[], boolean]>([
    ['the same host', host, [hosts('pr-12.preview.example.com')], true],
    ['the same host in capitals', host, [hosts('PR-12.preview.EXAMPLE.com')], true],
    ['one host of several', host, [hosts('a.example.com', 'pr-12.preview.example.com')], true],
    ['a wildcard over the domain', host, [hosts('*.example.com')], true],
    ['a wildcard over everything', host, [hosts('*')], true],
    ['a wildcard for one letter', host, [hosts('pr-?2.preview.example.com')], true],
    ['a part of the host and a path', host, [hosts('*.preview.example.com'), paths('/api/*')], true],
    ['an expression', host, [{ Field: 'host-header', HostHeaderConfig: { RegexValues: ['^pr-\\d+\\.'] } }], true],
    ['an unreadable one', host, [{ Field: 'host-header', HostHeaderConfig: { RegexValues: ['(?<x'] } }], true],
    ...(
      [
        ['an expression for other hosts', '^(www|api)\\.example\\.com$', false],
        ['an expression for small letters only', '^[^A-Z]+$', true],
        ['an expression that begins as others write it', '\\Apr-12', true],
        ['an expression with a named class', '^[[:alnum:]-]+\\.preview', true],
        ['an expression with an escaped hyphen', '^pr\\-13\\.', false],
      ] as const
    ).map(([name, expression, is]): [string, PreviewPlace, RuleCondition[], boolean] => [
      name,
      host,
      [{ Field: 'host-header', HostHeaderConfig: { RegexValues: [expression] } }],
      is,
    ]),
    ['only its old form', host, [{ Field: 'host-header', Values: ['*.preview.example.com'] }], true],
    ['another preview', host, [hosts('pr-123.preview.example.com')], false],
    ['another domain', host, [hosts('*.example.org')], false],
    ['only a path', host, [paths('/*')], false],
    ['nothing that is known here', host, [{ Field: 'source-ip' }], false],
    ['the same path', path, [paths('/previews/pr-1')], true],
    ['all that is under it', path, [paths('/previews/pr-1/api')], true],
    ['all that is over it', path, [paths('/previews/*')], true],
    ['everything', path, [paths('*')], true],
    ['a wildcard in the middle', path, [paths('/*/pr-1/?')], true],
    ['another preview path', path, [paths('/previews/pr-10', '/previews/pr-10/*')], false],
    ['the path in capitals', path, [paths('/Previews/PR-1')], false],
    ['only a host', path, [hosts('*')], false],
    ...(
      [
        ['an expression under it', '^/previews/pr-1/api/.*$', true],
        ['an expression for it alone', '^/previews/pr-1$', true],
        ['an expression over it', '^/previews/', true],
        ['an expression that begins anywhere', '/api/', true],
        ['an expression with a choice', '^/x|^/previews/pr-1/a', true],
        ['an expression with a choice of other paths', '^/(api|admin)/', false],
        ['an expression with a letter that may be absent', '^/previews/pr-10?/', true],
        ['an expression with an escape', '^\\/previews\\/pr-1', true],
        ['an unreadable expression', '(?<x', true],
        ['an expression for another preview', '^/previews/pr-10/', false],
        ['an expression for other paths', '^/api/v[12]/', false],
      ] as const
    ).map(([name, expression, is]): [string, PreviewPlace, RuleCondition[], boolean] => [
      name,
      path,
      [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: [expression] } }],
      is,
    ]),
    ['the same header', header, [headers('x-preview', 'PR-1')], true],
    ['any value of it', header, [headers('x-preview', '*')], true],
    ['another value', header, [headers('x-preview', 'pr-10')], false],
    ['another header', header, [headers('x-test', 'pr-1')], false],
    [
      'an expression for its values',
      header,
      [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-preview', RegexValues: ['^PR-\\d$'] } }],
      true,
    ],
    [
      'an expression for other values',
      header,
      [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-preview', RegexValues: ['^pr-\\d{2}$'] } }],
      true,
    ],
    [
      'an expression for values of other letters',
      header,
      [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-preview', RegexValues: ['^b[0-9]+$'] } }],
      false,
    ],
  ])('%s', (_, place, conditions, asked) => {
    expect(namesPlace(rule(...conditions), place)).toBe(asked)
  })

  test('is no matter of time, however many wildcards it has', () => {
    const many = hosts(`${'*a'.repeat(60)}b.com`)
    const long: PreviewPlace = { kind: 'host', host: `${'a'.repeat(240)}.example.com` }
    const from = performance.now()
    expect(namesPlace(rule(many), long)).toBe(false)
    expect(performance.now() - from).toBeLessThan(1_000)
  })
})

test('a rule that comes first takes requests when it says nothing about the place', () => {
  expect(comesFirst(rule(paths('/api/*')), 40_000, host)).toBe(true)
  expect(comesFirst(rule(paths('/api/*')), 5, host)).toBe(false)
  expect(comesFirst(rule(hosts('a.b')), 40_000, host)).toBe(false)
  expect(comesFirst(rule(hosts('a.b')), 40_000, path)).toBe(true)
  expect(comesFirst(rule(headers('x-beta', '1')), 40_000, header)).toBe(true)
  expect(comesFirst(rule(headers('x-preview', '1')), 40_000, header)).toBe(false)
})

test.each([host, path, header])('a rule that was made for $kind is known again', place => {
  const made = ruleOf('listener', 7, place, 'group')
  expect(isAt({ ...made, arn: 'rule' }, place)).toBe(true)
  // As AWS describes it: with the values in their old place, too.
  const [{ HostHeaderConfig, PathPatternConfig } = {}] = made.conditions
  const Values = HostHeaderConfig?.Values ?? PathPatternConfig?.Values
  const described = conditionsOf(place).map(condition => (Values === undefined ? condition : { ...condition, Values }))
  expect(isAt(rule(...described), place)).toBe(true)
  expect(isAt(rule(...described, paths('/x')), place)).toBe(false)
})

test('the URL has a port only where it must', () => {
  const listener = { arn: '', loadBalancerArn: '', actions: [] }
  const at = (place: PreviewPlace, protocol: string, port: number) =>
    urlOf(place, { ...listener, protocol, port }, 'lb.amazonaws.com')
  expect(at(host, 'HTTPS', 443)).toBe('https://pr-12.preview.example.com/')
  expect(at(host, 'HTTP', 80)).toBe('http://pr-12.preview.example.com/')
  expect(at(host, 'HTTPS', 8443)).toBe('https://pr-12.preview.example.com:8443/')
  expect(at(path, 'HTTP', 80)).toBe('http://lb.amazonaws.com/previews/pr-1/')
  expect(at(header, 'HTTP', 80)).toBe('http://lb.amazonaws.com/')
})

describe('a priority', () => {
  const range = { from: 10, to: 12 }
  test.each<[number[], number, number | undefined]>([
    [[], 0, 10],
    [[], 4, 11],
    [[11], 1, 12],
    [[12], 2, 10],
    [[10, 11, 12], 0, undefined],
    [[10, 11, 13], 0, 12],
  ])('with %j taken and seed %i is %s', (taken, seed, expected) => {
    expect(freePriority(range, new Set(taken), seed)).toBe(expected)
  })
})
