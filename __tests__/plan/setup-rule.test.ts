import { expect, test } from '@jest/globals'
import type { RuleCondition, RuleSeen } from '../../src/model/clone.ts'
import type { RouteView } from '../../src/model/routing.ts'
import type { SetupSeen } from '../../src/model/setup.ts'
import { testPriority, testRuleFor } from '../../src/plan/setup-rule.ts'

/** Where the rule of `test-header` goes, and what it takes over from production's. */

const paths = (...Values: string[]) => ({ Field: 'path-pattern', PathPatternConfig: { Values } })
const hosts = (...Values: string[]) => ({ Field: 'host-header', HostHeaderConfig: { Values } })
const headers = (HttpHeaderName: string, ...Values: string[]) => ({
  Field: 'http-header',
  HttpHeaderConfig: { HttpHeaderName, Values },
})
const header = { name: 'X-Stage', value: 'idle' }
const transforms = [{ Type: 'url-rewrite', UrlRewriteConfig: { Rewrites: [{ Regex: '^/api/(.*)$', Replace: '/$1' }] } }]

function rule(priority: number, ...conditions: readonly RuleCondition[]): RuleSeen {
  return { arn: `rule-${priority}`, listenerArn: 'listener', priority, conditions, actions: [] }
}

const seenWith = (...rules: readonly RuleSeen[]) => ({ rules }) as unknown as SetupSeen
const production = rule(10, hosts('shop.example.com'), paths('/api/*'))
const byRule = { arn: 'rule-10', kind: 'rule', label: 'HTTPS:443 rule 10', actions: [] } as unknown as RouteView
const byDefault = { arn: 'listener', kind: 'listener', label: 'HTTPS:443', actions: [] } as unknown as RouteView

test.each<[string, RouteView, readonly RuleSeen[], number | undefined]>([
  ['right before production', byRule, [], 9],
  ['before a rule for another host', byRule, [rule(9, hosts('admin.example.com'))], 8],
  ['before one for other paths', byRule, [rule(9, paths('/static/*'))], 8],
  ['before one for another value of the header', byRule, [rule(9, headers('x-stage', 'live'))], 8],
  ['before two of these', byRule, [rule(9, hosts('a.b')), rule(8, paths('/x'))], 7],
  ['not before one for the same host', byRule, [rule(9, hosts('shop.example.com'))], undefined],
  ['not before one for some hosts', byRule, [rule(9, hosts('*.example.com'))], undefined],
  ['not before one for a part of the paths', byRule, [rule(9, paths('/api/admin'))], undefined],
  ['not before one that may ask for the header', byRule, [rule(9, headers('X-Stage', 'i*'))], undefined],
  ['not before one for another header', byRule, [rule(9, headers('X-Beta', '1'))], undefined],
  ['not before what it cannot read', byRule, [rule(9, { Field: 'source-ip' })], undefined],
  [
    'not before an expression',
    byRule,
    [rule(9, { Field: 'host-header', HostHeaderConfig: { RegexValues: ['^admin'] } })],
    undefined,
  ],
  ['last of all before a default action', byDefault, [rule(40_000, paths('/x'))], 50_000],
  ['not before the last rule of others there', byDefault, [rule(50_000, paths('/x'))], undefined],
])('a rule for testers stands %s', (_, route, others, priority) => {
  expect(testPriority(route, seenWith(production, ...others), [], header)).toBe(priority)
})

test('it takes over what production changes about a request', () => {
  const seen = seenWith({ ...production, transforms })
  expect(testRuleFor(byRule, seen, 9, header, { arn: 'green' } as never).transforms).toEqual(transforms)
  expect(testRuleFor(byDefault, seen, 50_000, header, { arn: 'green' } as never).transforms).toEqual([])
})
