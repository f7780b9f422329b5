import type { RuleTransform } from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, test } from '@jest/globals'
import { blueGreen, elbWorld, faultOf, forward, request, SECOND } from './elb-world.ts'

const host = (Regex: string, Replace: string): RuleTransform => ({
  Type: 'host-header-rewrite',
  HostHeaderRewriteConfig: { Rewrites: [{ Regex, Replace }] },
})
const url = (Regex: string, Replace: string): RuleTransform => ({
  Type: 'url-rewrite',
  UrlRewriteConfig: { Rewrites: [{ Regex, Replace }] },
})

/** A rule for everything on the listener of blue and green, with these transforms. */
function ruled(...transforms: readonly RuleTransform[]) {
  const world = elbWorld()
  const { listener, blue } = blueGreen(world)
  const { Rules } = world.call('CreateRule', {
    ListenerArn: listener,
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
    Actions: [forward(blue)],
    Transforms: transforms,
  })
  const [rule] = (Rules ?? []) as { RuleArn: string }[]
  const RuleArn = rule?.RuleArn ?? ''
  world.advance(10 * SECOND)
  const described = () =>
    (world.call('DescribeRules', { RuleArns: [RuleArn] }).Rules ?? []) as { Transforms?: unknown }[]
  return {
    RuleArn,
    call: world.call,
    transforms: () => described()[0]?.Transforms,
    ask: (path: string, more = {}) => world.node().route(request({ path, ...more })),
  }
}

describe('what goes to the target', () => {
  test.each([
    [[url('^/dp/([A-Z0-9]+)/?$', '/product.php?id=$1')], '/dp/B09', '', { target: '/product.php?id=B09' }],
    [[url('^/api/v1/', '/v1/')], '/api/v1/users', 'page=2', { target: '/v1/users?page=2' }],
    [[host('^app\\.(.+)$', 'internal.$1')], '/', '', { host: 'internal.example.com' }],
    [[host('^app', 'in'), url('^/$', '/home')], '/', '', { host: 'in.example.com', target: '/home' }],
    [[url('^/other', '/x')], '/', '', undefined],
  ])('%#', (transforms, path, query, expected) => {
    const route = ruled(...transforms).ask(path, { query })
    expect(route).toMatchObject({ kind: 'forward', target: { ip: '10.0.0.1' } })
    expect(route.kind === 'forward' ? route.rewrite : 'none').toEqual(
      expected && { host: undefined, target: undefined, ...expected },
    )
  })

  test('a port is no part of the host that patterns see', () => {
    expect(ruled(host('\\.com$', '.net')).ask('/', { host: 'app.example.com:8443' })).toMatchObject({
      rewrite: { host: 'app.example.net' },
    })
  })

  test.each([
    ['no path', url('^/', '')],
    ['white space', url('^/', '/a b')],
    ['no host', host('.*', '')],
  ])('%s is a 500 of the load balancer', (_, transform) => {
    expect(ruled(transform).ask('/')).toMatchObject({ kind: 'unavailable', status: 500 })
  })
})

describe('ModifyRule', () => {
  const transforms = [host('^app', 'in'), url('^/a', '/b')]
  const { RuleArn, ...rule } = ruled(...transforms)

  test('keeps transforms that it does not name', () => {
    rule.call('ModifyRule', { RuleArn, Conditions: [{ Field: 'path-pattern', Values: ['/x*'] }] })
    rule.call('ModifyRule', { RuleArn, Transforms: [] })
    expect(rule.transforms()).toEqual(transforms)
  })

  test('replaces them whole', () => {
    rule.call('ModifyRule', { RuleArn, Transforms: [url('^/c', '/d')] })
    expect(rule.transforms()).toEqual([url('^/c', '/d')])
  })

  test('takes them away when told so, and not while given others', () => {
    const both = () => rule.call('ModifyRule', { RuleArn, Transforms: transforms, ResetTransforms: true })
    expect(faultOf(both)[0]).toBe('ValidationError')
    rule.call('ModifyRule', { RuleArn, ResetTransforms: true })
    expect(rule.transforms()).toBeUndefined()
  })
})

test.each<[string, readonly RuleTransform[]]>([
  ['two of a type', [url('a', 'b'), url('c', 'd')]],
  ['an unknown type', [{ Type: 'body-rewrite' as never }]],
  ['no rewrite', [{ Type: 'url-rewrite', UrlRewriteConfig: { Rewrites: [] } }]],
  [
    'two rewrites',
    [
      {
        Type: 'url-rewrite',
        UrlRewriteConfig: {
          Rewrites: [
            { Regex: 'a', Replace: 'b' },
            { Regex: 'c', Replace: 'd' },
          ],
        },
      },
    ],
  ],
  ['the config of the other type', [{ ...url('a', 'b'), HostHeaderRewriteConfig: { Rewrites: [] } }]],
  ['a broken expression', [url('(', 'b')]],
  ['a lookahead', [url('^/(?=a)', '/')]],
  ['a backreference', [url('(a)\\1', '/')]],
  ['an endless expression', [url('a'.repeat(1_025), '/')]],
])('%s is refused', (_, transforms) => {
  expect(faultOf(() => ruled(...transforms))[0]).toBe('ValidationError')
})
