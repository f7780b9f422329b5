import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, test } from '@jest/globals'
import type { RoutedRequest } from '../../../sandbox/cloud/ports.ts'
import {
  blueGreen,
  cookieHeader,
  type ElbWorld,
  elbWorld,
  fixed,
  forward,
  place,
  request,
  SECOND,
  weighted,
} from './elb-world.ts'

function withRules(...rules: readonly (readonly [number, readonly RuleCondition[]])[]): ElbWorld {
  const world = elbWorld()
  const listener = world.listener(world.loadBalancer(), [fixed(404)])
  for (const [priority, conditions] of rules) world.rule(listener, priority, conditions, [fixed(200 + priority)])
  world.advance(60 * SECOND)
  return world
}

const matches: readonly (readonly [string, readonly RuleCondition[], RoutedRequest, boolean])[] = [
  ['host', [{ Field: 'host-header', Values: ['pr-1.example.com'] }], request({ host: 'PR-1.Example.com:8443' }), true],
  [
    'another host',
    [{ Field: 'host-header', Values: ['pr-1.example.com'] }],
    request({ host: 'pr-12.example.com' }),
    false,
  ],
  ['host with a star', [{ Field: 'host-header', HostHeaderConfig: { Values: ['*.example.com'] } }], request(), true],
  [
    'a dot is a dot',
    [{ Field: 'host-header', Values: ['app.example.com'] }],
    request({ host: 'appxexample.com' }),
    false,
  ],
  ['path with ?', [{ Field: 'path-pattern', Values: ['/v?/*'] }], request({ path: '/v1/users' }), true],
  ['paths have case', [{ Field: 'path-pattern', Values: ['/V1'] }], request({ path: '/v1' }), false],
  [
    'path by expression',
    [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/a+$'] } }],
    request({ path: '/aa' }),
    true,
  ],
  [
    'header',
    [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Canary', Values: ['Yes*'] } }],
    request({ headers: { 'x-canary': 'yes please' } }),
    true,
  ],
  [
    'no header',
    [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Canary', Values: ['*'] } }],
    request(),
    false,
  ],
  [
    'method',
    [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['PUT', 'POST'] } }],
    request({ method: 'POST' }),
    true,
  ],
  [
    'query pair',
    [{ Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'preview', Value: 'p*' }] } }],
    request({ query: 'a=1&preview=pr-7' }),
    true,
  ],
  [
    'query value',
    [{ Field: 'query-string', QueryStringConfig: { Values: [{ Value: 'pr-7' }] } }],
    request({ query: 'any=pr-7' }),
    true,
  ],
  ['source', [{ Field: 'source-ip', SourceIpConfig: { Values: ['203.0.113.0/24'] } }], request(), true],
  [
    'IPv6 source',
    [{ Field: 'source-ip', SourceIpConfig: { Values: ['2001:db8::/32'] } }],
    request({ sourceIp: '2001:db8::7' }),
    true,
  ],
  ['another source', [{ Field: 'source-ip', SourceIpConfig: { Values: ['203.0.112.0/24'] } }], request(), false],
  [
    'one of two conditions',
    [
      { Field: 'path-pattern', Values: ['/'] },
      { Field: 'host-header', Values: ['other.example.com'] },
    ],
    request(),
    false,
  ],
]

describe('rules', () => {
  test.each(matches)('%s', (_name, conditions, asked, expected) => {
    const world = withRules([1, conditions])
    expect(place(world.node().route(asked))).toBe(expected ? '201' : '404')
  })

  test('the lowest priority number wins, whatever the order of creation, and the default comes last', () => {
    const any: RuleCondition = { Field: 'path-pattern', Values: ['*'] }
    const world = withRules(
      [30, [any]],
      [2, [{ Field: 'path-pattern', Values: ['/two'] }]],
      [1, [{ Field: 'path-pattern', Values: ['/t*'] }]],
    )
    expect(place(world.node().route(request({ path: '/two' })))).toBe('201')
    expect(place(world.node().route(request({ path: '/other' })))).toBe('230')
  })

  test('SetRulePriorities lets two rules change places', () => {
    const world = elbWorld()
    const listener = world.listener(world.loadBalancer(), [fixed(404)])
    const any: RuleCondition = { Field: 'path-pattern', Values: ['*'] }
    const one = world.rule(listener, 1, [any], [fixed(201)])
    const two = world.rule(listener, 2, [any], [fixed(202)])
    world.call('SetRulePriorities', {
      RulePriorities: [
        { RuleArn: one, Priority: 2 },
        { RuleArn: two, Priority: 1 },
      ],
    })
    world.advance(5 * SECOND)
    expect(place(world.node().route(request()))).toBe('202')
  })

  test('a redirect keeps what it does not name', () => {
    const world = elbWorld()
    const redirect: Action = {
      Type: 'redirect',
      RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
    }
    world.listener(world.loadBalancer(), [redirect])
    world.advance(5 * SECOND)
    const asked = request({ path: '/a/b', query: 'c=d', host: 'app.example.com:80' })
    expect(world.node().route(asked)).toEqual({
      kind: 'redirect',
      status: 301,
      location: 'https://app.example.com:443/a/b?c=d',
    })
  })
})

describe('weights', () => {
  test('share requests by chance in their proportion; within a group targets take turns', () => {
    const world = elbWorld()
    const { listener, blue, green } = blueGreen(world)
    world.register(blue, '10.0.0.4')
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [weighted([blue, 90], [green, 10])] })
    world.advance(5 * SECOND)
    const seen = new Map<string, number>()
    for (let index = 0; index < 10_000; index++) {
      const where = place(world.node().route(request()))
      seen.set(where, (seen.get(where) ?? 0) + 1)
    }
    const count = (ip: string) => seen.get(ip) ?? 0
    expect(count('10.0.0.2')).toBeGreaterThan(900)
    expect(count('10.0.0.2')).toBeLessThan(1100)
    expect(Math.abs(count('10.0.0.1') - count('10.0.0.4'))).toBeLessThanOrEqual(1)
  })

  test('all at 0 leaves nobody: 503', () => {
    const world = elbWorld()
    const { listener, blue, green } = blueGreen(world)
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [weighted([blue, 0], [green, 0])] })
    world.advance(5 * SECOND)
    expect(place(world.node().route(request()))).toBe('503')
  })
})

describe('stickiness', () => {
  const sticky = (blue: [string, number], green: [string, number]): Action => ({
    Type: 'forward',
    ForwardConfig: {
      ...weighted(blue, green).ForwardConfig,
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
    },
  })

  test('a group cookie beats the weights, at 0 too, until its time is over', () => {
    const world = elbWorld()
    const { listener, blue, green } = blueGreen(world)
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [sticky([blue, 100], [green, 0])] })
    world.advance(5 * SECOND)
    const first = world.node().route(request())
    expect(place(first)).toBe('10.0.0.1')
    const again = request({ headers: { cookie: `other=1; ${cookieHeader(first)}` } })
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [sticky([blue, 0], [green, 100])] })
    world.advance(5 * SECOND)
    for (const node of world.nodes()) {
      expect(place(node.route(again))).toBe('10.0.0.1')
      expect(place(node.route(request()))).toBe('10.0.0.2')
    }
    world.advance(60 * SECOND)
    expect(place(world.node().route(again))).toBe('10.0.0.2')
  })

  test('a group cookie means nothing to a rule without group stickiness, nor does a forged one', () => {
    const world = elbWorld()
    const { listener, blue, green } = blueGreen(world)
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [sticky([blue, 100], [green, 0])] })
    world.advance(5 * SECOND)
    const cookie = cookieHeader(world.node().route(request()))
    expect(place(world.node().route(request({ headers: { cookie: 'AWSALBTG=nonsense' } })))).toBe('10.0.0.1')
    world.call('ModifyListener', { ListenerArn: listener, DefaultActions: [weighted([blue, 0], [green, 100])] })
    world.advance(5 * SECOND)
    expect(place(world.node().route(request({ headers: { cookie } })))).toBe('10.0.0.2')
  })

  test('a target cookie leads back to its target while that is healthy', () => {
    const world = elbWorld()
    const group = world.targetGroup('solo')
    world.listener(world.loadBalancer(), [forward(group)])
    world.register(group, '10.0.0.1', '10.0.0.2', '10.0.0.3')
    world.advance(10 * SECOND)
    world.call('ModifyTargetGroupAttributes', {
      TargetGroupArn: group,
      Attributes: [{ Key: 'stickiness.enabled', Value: 'true' }],
    })
    world.advance(SECOND)
    const first = world.node().route(request())
    const again = request({ headers: { cookie: cookieHeader(first) } })
    const visits = Array.from({ length: 6 }, () => place(world.node().route(again)))
    expect(new Set(visits)).toEqual(new Set([place(first)]))
    world.answer(place(first), { kind: 'failed' })
    world.advance(25 * SECOND)
    expect(place(world.node().route(again))).not.toBe(place(first))
  })
})

describe('authentication', () => {
  const oidc: Action = {
    Type: 'authenticate-oidc',
    AuthenticateOidcConfig: {
      Issuer: 'https://id.example.com',
      AuthorizationEndpoint: 'https://id.example.com/auth',
      TokenEndpoint: 'https://id.example.com/token',
      UserInfoEndpoint: 'https://id.example.com/me',
      ClientId: 'me',
      ClientSecret: 'hush',
    },
  }
  const jwt: Action = {
    Type: 'jwt-validation',
    JwtValidationConfig: { Issuer: 'https://id.example.com', JwksEndpoint: 'https://id.example.com/keys' },
  }
  const session = { cookie: 'AWSELBAuthSessionCookie-0=x' }
  const token = { authorization: 'Bearer x' }

  function secured(...before: readonly Action[]): (headers: Record<string, string>) => string {
    const world = elbWorld()
    const group = world.targetGroup('blue')
    const actions = before.map((action, index) => ({ ...action, Order: index + 1 }))
    world.call('CreateListener', {
      LoadBalancerArn: world.loadBalancer(),
      Protocol: 'HTTPS',
      Port: 443,
      Certificates: [{ CertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1' }],
      DefaultActions: [{ ...forward(group), Order: 9 }, ...actions],
    })
    world.register(group, '10.0.0.1')
    world.advance(10 * SECOND)
    return headers => place(world.node().route(request({ listenerPort: 443, headers })))
  }

  test('strangers are sent to the provider, holders of a session go on', () => {
    const ask = secured(oidc)
    expect(ask({})).toContain('https://id.example.com/auth?client_id=me')
    expect(ask(session)).toBe('10.0.0.1')
  })

  test('strangers may be denied or let through instead', () => {
    const unauthenticated = (OnUnauthenticatedRequest: 'deny' | 'allow'): Action => ({
      ...oidc,
      AuthenticateOidcConfig: { ...oidc.AuthenticateOidcConfig, OnUnauthenticatedRequest } as never,
    })
    expect(secured(unauthenticated('deny'))({})).toBe('401')
    expect(secured(unauthenticated('allow'))({})).toBe('10.0.0.1')
  })

  test('actions are taken in their order', () => {
    expect(secured(jwt, oidc)({})).toBe('401')
    expect(secured(jwt, oidc)(token)).toContain('https://id.example.com/auth')
    expect(secured(oidc, jwt)({})).toContain('https://id.example.com/auth')
    expect(secured(oidc, jwt)({ ...session, ...token })).toBe('10.0.0.1')
  })
})
