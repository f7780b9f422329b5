import { describe, expect, test } from '@jest/globals'
import type { RuleCondition } from '../../src/model/clone.ts'
import type { PreviewOrigin, PreviewPlace, PreviewSeen } from '../../src/model/preview.ts'
import type { RoutingAction } from '../../src/model/routing.ts'
import { refusedPlace } from '../../src/plan/preview-refusals.ts'
import { loginText } from '../../src/plan/preview-text.ts'

/** Which rules of others keep a preview away: production keeps every path, host and header that it asks for by name. */

const path: PreviewPlace = { kind: 'path', path: '/previews/pr-1' }
const host: PreviewPlace = { kind: 'host', host: 'pr-1.preview.example.com' }
const header: PreviewPlace = { kind: 'header', name: 'X-Preview', value: 'pr-1' }

const paths = (...Values: string[]) => ({ Field: 'path-pattern', PathPatternConfig: { Values } })
const hosts = (...Values: string[]) => ({ Field: 'host-header', HostHeaderConfig: { Values } })
const headers = (HttpHeaderName: string, ...Values: string[]) => ({
  Field: 'http-header',
  HttpHeaderConfig: { HttpHeaderName, Values },
})

interface Rule {
  readonly to: 'blue' | 'other' | 'preview'
  readonly priority: number
  readonly conditions: readonly RuleCondition[]
}

function refused(place: PreviewPlace, rules: readonly Rule[], priorities = { from: 40_000, to: 49_999 }) {
  const seen = {
    group: { value: { view: { arn: 'preview' } } },
    rules: {
      value: rules.map(({ to, priority, conditions }) => ({
        arn: `rule-${priority}`,
        listenerArn: 'listener',
        priority,
        conditions,
        actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: to, Weight: 1 }] } }],
      })),
    },
  } as unknown as PreviewSeen
  const origin = { group: { view: { arn: 'blue' } } } as unknown as PreviewOrigin
  const decision = refusedPlace({ place, priorities }, origin, seen)
  return decision?.kind === 'finish' && 'failure' in decision.outcome ? decision.outcome.failure : undefined
}

test.each<[string, PreviewPlace, Rule, string | undefined]>([
  [
    "production's rule for all paths, later",
    path,
    { to: 'blue', priority: 50_000, conditions: [paths('*')] },
    undefined,
  ],
  ['all paths with a slash', path, { to: 'blue', priority: 50_000, conditions: [paths('/*')] }, undefined],
  ['all paths of one host', path, { to: 'blue', priority: 50_000, conditions: [hosts('a.b'), paths('*')] }, undefined],
  ['all hosts', host, { to: 'blue', priority: 50_000, conditions: [hosts('*')] }, undefined],
  ['all paths and a header', header, { to: 'blue', priority: 50_000, conditions: [paths('*')] }, undefined],
  ['all paths, before the previews', path, { to: 'blue', priority: 9, conditions: [paths('*')] }, 'preview-priorities'],
  ['all paths, amid them', path, { to: 'blue', priority: 45_000, conditions: [paths('*')] }, 'preview-priorities'],
  [
    'all paths, with the last of them',
    path,
    { to: 'blue', priority: 49_999, conditions: [paths('*')] },
    'before 49999',
  ],
  ['all paths of somebody else', path, { to: 'other', priority: 50_000, conditions: [paths('*')] }, 'preview-path'],
  ['the very path', path, { to: 'blue', priority: 50_000, conditions: [paths('/previews/pr-1')] }, 'preview-path'],
  ['paths over it', path, { to: 'blue', priority: 50_000, conditions: [paths('/previews/*')] }, 'preview-path'],
  ['paths under it', path, { to: 'blue', priority: 50_000, conditions: [paths('/previews/pr-1/a')] }, 'preview-path'],
  ['half of all paths', path, { to: 'blue', priority: 50_000, conditions: [paths('/p*')] }, 'preview-path'],
  ['paths of one letter or more', path, { to: 'blue', priority: 50_000, conditions: [paths('/?*')] }, 'preview-path'],
  ['a part of all hosts', host, { to: 'blue', priority: 50_000, conditions: [hosts('*.com')] }, 'preview-domain'],
  [
    'any value of the header',
    header,
    { to: 'blue', priority: 50_000, conditions: [headers('x-preview', '*')] },
    'preview-header',
  ],
])('%s', (_, place, rule, hint) => {
  const failure = refused(place, [rule])
  expect(failure?.code).toBe(hint === undefined ? undefined : 'PREVIEW_SHADOWS')
  if (hint !== undefined) expect(failure?.details.join()).toContain(hint)
})

test('a rule of the preview that is there counts with the priority that it has', () => {
  const catchAll: Rule = { to: 'blue', priority: 45_000, conditions: [paths('*')] }
  const own = (priority: number): Rule => ({ to: 'preview', priority, conditions: [paths('/previews/pr-1')] })
  expect(refused(path, [catchAll, own(41_000)])).toBeUndefined()
  expect(refused(path, [catchAll, own(46_000)])?.details.join()).toMatch(/preview-destroy.*46000/)
})

test('a rule for everything does not hide one that asks for the place', () => {
  const catchAll: Rule = { to: 'blue', priority: 50_000, conditions: [paths('*')] }
  const named: Rule = { to: 'blue', priority: 100, conditions: [paths('/previews/*')] }
  expect(refused(path, [catchAll, named])?.headline).toContain('Rule 100')
  expect(refused(path, [named, catchAll])?.headline).toContain('Rule 100')
})

describe('a log-in that production asks for', () => {
  const login = { Type: 'authenticate-oidc' }
  const to = (TargetGroupArn: string) => ({ Type: 'forward', TargetGroupArn })
  const said = (ofListener: readonly RoutingAction[], ofRule: readonly RoutingAction[]) =>
    loginText(
      {
        group: { view: { arn: 'blue' } },
        listener: { protocol: 'HTTPS', port: 443, actions: ofListener },
        production: [],
      } as never,
      [{ arn: 'rule', listenerArn: 'listener', priority: 50_000, conditions: [paths('*')], actions: ofRule }],
    )

  test.each<[string, readonly RoutingAction[], readonly RoutingAction[], string | undefined]>([
    ['by nobody', [to('blue')], [to('blue')], undefined],
    ['by the listener', [login, to('blue')], [to('blue')], 'HTTPS:443 asks'],
    ['by the rule for all paths', [to('blue')], [login, to('blue')], 'Rule 50000 asks'],
    ['by a rule of somebody else', [to('blue')], [login, to('other')], undefined],
  ])('%s', (_, ofListener, ofRule, text) => {
    expect(said(ofListener, ofRule)?.slice(0, text?.length)).toBe(text)
  })
})
