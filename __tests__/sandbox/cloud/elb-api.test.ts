import type { Action, Listener, Rule, RuleCondition, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { calmSettings } from '../../../sandbox/cloud/settings.ts'
import { blueGreen, type ElbWorld, elbWorld, faultOf, fixed, forward, SECOND, weighted } from './elb-world.ts'

const HOST: RuleCondition = { Field: 'host-header', Values: ['pr-1.example.com'] }
let world: ElbWorld
let setup: ReturnType<typeof blueGreen>

beforeEach(() => {
  world = elbWorld()
  setup = blueGreen(world)
})

const listenerNow = () =>
  list<Listener>(world.call('DescribeListeners', { ListenerArns: [setup.listener] }), 'Listeners')[0]
const rulesNow = (more: object = {}) =>
  list<Rule>(world.call('DescribeRules', { ListenerArn: setup.listener, ...more }), 'Rules')
const groupsNow = (input: object) => list<TargetGroup>(world.call('DescribeTargetGroups', { ...input }), 'TargetGroups')
const modify = (...actions: Action[]) =>
  world.call('ModifyListener', { ListenerArn: setup.listener, DefaultActions: actions })

function list<T>(output: Record<string, unknown>, name: string): T[] {
  return output[name] as T[]
}

describe('what is read back', () => {
  test('several groups show ForwardConfig only', () => {
    const { blue, green } = setup
    expect(listenerNow()?.DefaultActions).toEqual([
      {
        Type: 'forward',
        Order: 1,
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: blue, Weight: 100 },
            { TargetGroupArn: green, Weight: 0 },
          ],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ])
  })

  test('a single group shows both forms, however it was sent', () => {
    const shown = {
      Type: 'forward',
      Order: 1,
      TargetGroupArn: setup.blue,
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: setup.blue, Weight: 1 }],
        TargetGroupStickinessConfig: { Enabled: false },
      },
    }
    modify(forward(setup.blue))
    expect(listenerNow()?.DefaultActions).toEqual([shown])
    modify({ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: setup.blue }] } })
    expect(listenerNow()?.DefaultActions).toEqual([shown])
    modify(...(listenerNow()?.DefaultActions ?? []))
    expect(listenerNow()?.DefaultActions).toEqual([shown])
  })

  test('host and path conditions show the legacy values and their config; priorities are text; the default rule is last', () => {
    world.rule(setup.listener, 20, [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/x'] } }], [fixed(201)])
    world.rule(setup.listener, 3, [HOST], [fixed(202)])
    expect(rulesNow().map(rule => [rule.Priority, rule.IsDefault, rule.Conditions])).toEqual([
      ['3', false, [{ ...HOST, HostHeaderConfig: { Values: ['pr-1.example.com'] } }]],
      ['20', false, [{ Field: 'path-pattern', Values: ['/x'], PathPatternConfig: { Values: ['/x'] } }]],
      ['default', true, []],
    ])
  })

  test('what a caller does to an answer does not reach the load balancer', () => {
    const shown = listenerNow()?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups?.[0]
    if (shown !== undefined) shown.Weight = 7
    expect(listenerNow()?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups?.[0]?.Weight).toBe(100)
  })

  test('a client secret is never shown, and can be kept', () => {
    const oidc = {
      Issuer: 'https://id.example.com',
      AuthorizationEndpoint: 'https://id.example.com/auth',
      TokenEndpoint: 'https://id.example.com/token',
      UserInfoEndpoint: 'https://id.example.com/me',
      ClientId: 'me',
    }
    const login = (more: object): Action => ({
      Type: 'authenticate-oidc',
      Order: 1,
      AuthenticateOidcConfig: { ...oidc, ...more },
    })
    const then = (group: string): Action => ({ ...forward(group), Order: 2 })
    expect(faultOf(() => modify(login({ ClientSecret: 'hush' }), then(setup.blue)))[0]).toBe(
      'InvalidLoadBalancerActionException',
    )
    const made = list<Listener>(
      world.call('CreateListener', {
        LoadBalancerArn: setup.loadBalancer,
        Protocol: 'HTTPS',
        Port: 443,
        Certificates: [{ CertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1' }],
        DefaultActions: [login({ ClientSecret: 'hush' }), then(setup.blue)],
      }),
      'Listeners',
    )[0]
    expect(JSON.stringify(made)).not.toContain('hush')
    const flip = (action: Action) =>
      world.call('ModifyListener', { ListenerArn: made?.ListenerArn, DefaultActions: [action, then(setup.green)] })
    expect(faultOf(() => flip(login({})))[0]).toBe('ValidationError')
    expect(faultOf(() => flip(login({ UseExistingClientSecret: true, ClientId: 'other' })))[0]).toBe('ValidationError')
    const flipped = list<Listener>(flip(login({ UseExistingClientSecret: true })), 'Listeners')[0]
    expect(flipped?.DefaultActions).toEqual([
      {
        Type: 'authenticate-oidc',
        Order: 1,
        AuthenticateOidcConfig: {
          ...oidc,
          SessionCookieName: 'AWSELBAuthSessionCookie',
          Scope: 'openid',
          SessionTimeout: 604_800,
          OnUnauthenticatedRequest: 'authenticate',
        },
      },
      expect.objectContaining({ Type: 'forward', Order: 2, TargetGroupArn: setup.green }),
    ])
  })

  test('modifying changes only what is given', () => {
    world.call('ModifyListener', { ListenerArn: setup.listener, Port: 8080 })
    expect(listenerNow()).toMatchObject({ Port: 8080, Protocol: 'HTTP', DefaultActions: [{ Type: 'forward' }] })
    const rule = world.rule(setup.listener, 1, [HOST], [fixed(201)])
    world.call('ModifyRule', { RuleArn: rule, Actions: [fixed(202)] })
    expect(rulesNow()[0]).toMatchObject({
      Conditions: [HOST],
      Actions: [{ FixedResponseConfig: { StatusCode: '202' } }],
    })
  })
})

describe('actions that are refused', () => {
  const refused: readonly (readonly [string, (blue: string, green: string) => Action[], string])[] = [
    ['no action', () => [], 'ValidationError'],
    ['weight 1000', (blue, green) => [weighted([blue, 1000], [green, 0])], 'ValidationError'],
    ['weight -1', (blue, green) => [weighted([blue, -1], [green, 0])], 'ValidationError'],
    ['the same group twice', blue => [weighted([blue, 1], [blue, 2])], 'ValidationError'],
    [
      'six groups',
      blue => [weighted([blue, 1], [blue, 1], [blue, 1], [blue, 1], [blue, 1], [blue, 1])],
      'ValidationError',
    ],
    ['both forms that differ', (blue, green) => [{ ...weighted([green, 1]), TargetGroupArn: blue }], 'ValidationError'],
    [
      'both forms with two groups',
      (blue, green) => [{ ...weighted([blue, 1], [green, 1]), TargetGroupArn: blue }],
      'ValidationError',
    ],
    [
      'a missing weight',
      (blue, green) => [
        {
          Type: 'forward',
          ForwardConfig: { TargetGroups: [{ TargetGroupArn: blue }, { TargetGroupArn: green, Weight: 1 }] },
        },
      ],
      'ValidationError',
    ],
    [
      'stickiness without a duration',
      blue => [
        { Type: 'forward', TargetGroupArn: blue, ForwardConfig: { TargetGroupStickinessConfig: { Enabled: true } } },
      ],
      'ValidationError',
    ],
    [
      'two routing actions',
      blue => [
        { ...forward(blue), Order: 1 },
        { ...fixed(200), Order: 2 },
      ],
      'TooManyActionsException',
    ],
    ['two actions without order', blue => [fixed(200), forward(blue)], 'InvalidLoadBalancerActionException'],
    ['a strange type', () => [{ Type: 'teleport' as 'forward' }], 'ValidationError'],
    ['no ARN', () => [forward('blue')], 'ValidationError'],
    ['another Region', blue => [forward(blue.replace('eu-central-1', 'us-east-1'))], 'ValidationError'],
    [
      'a group that does not exist',
      blue => [forward(blue.replace(/.{16}$/, '0123456789abcdef'))],
      'TargetGroupNotFoundException',
    ],
  ]

  test.each(refused)('%s', (_name, actions, code) => {
    const before = listenerNow()
    expect(faultOf(() => modify(...actions(setup.blue, setup.green)))[0]).toBe(code)
    expect(listenerNow()).toEqual(before)
  })

  test('a group behind another load balancer', () => {
    const other = world.loadBalancer('other')
    expect(faultOf(() => world.listener(other, [forward(setup.blue)]))).toEqual([
      'TargetGroupAssociationLimitException',
      `The following target groups cannot be associated with more than one load balancer: ${setup.blue}`,
    ])
  })
})

describe('stickiness', () => {
  const enable = (group: string) =>
    world.call('ModifyTargetGroupAttributes', {
      TargetGroupArn: group,
      Attributes: [{ Key: 'stickiness.enabled', Value: 'true' }],
    })

  test('of targets needs that of groups, whichever comes first', () => {
    const [code, text] = faultOf(() => enable(setup.blue))
    expect(code).toBe('InvalidConfigurationRequestException')
    expect(text).toMatch(
      /^This target group appears behind a rule with group stickiness disabled \(arn:.*\)\. You must/,
    )
    modify(forward(setup.blue))
    enable(setup.blue)
    modify(forward(setup.blue))
    expect(faultOf(() => modify(weighted([setup.blue, 1], [setup.green, 0])))).toEqual([
      'InvalidConfigurationRequestException',
      'You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups',
    ])
    const action = weighted([setup.blue, 1], [setup.green, 0])
    modify({
      ...action,
      ForwardConfig: { ...action.ForwardConfig, TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 } },
    })
    enable(setup.green)
    expect(listenerNow()?.DefaultActions?.[0]?.ForwardConfig?.TargetGroupStickinessConfig).toEqual({
      Enabled: true,
      DurationSeconds: 60,
    })
  })

  test.each([
    ['stickiness.enabled', 'yes'],
    ['deregistration_delay.timeout_seconds', '3601'],
    ['slow_start.duration_seconds', '5'],
    ['no.such.key', '1'],
  ])('attribute %s = %s is refused', (Key, Value) => {
    const set = () =>
      world.call('ModifyTargetGroupAttributes', { TargetGroupArn: setup.blue, Attributes: [{ Key, Value }] })
    expect(faultOf(set)[0]).toBe('ValidationError')
  })
})

describe('rules', () => {
  test('a priority that is taken is refused, also for the repeat of a call whose answer was lost', () => {
    world.rule(setup.listener, 10, [HOST], [fixed(200)])
    expect(faultOf(() => world.rule(setup.listener, 10, [HOST], [fixed(200)]))).toEqual([
      'PriorityInUseException',
      "Priority '10' is currently in use",
    ])
    expect(faultOf(() => world.rule(setup.listener, 0, [HOST], [fixed(200)]))[0]).toBe('ValidationError')
  })

  test('new priorities are all or nothing', () => {
    const one = world.rule(setup.listener, 1, [HOST], [fixed(200)])
    world.rule(setup.listener, 2, [HOST], [fixed(200)])
    const three = world.rule(setup.listener, 3, [HOST], [fixed(200)])
    const set = () =>
      world.call('SetRulePriorities', {
        RulePriorities: [
          { RuleArn: one, Priority: 9 },
          { RuleArn: three, Priority: 2 },
        ],
      })
    expect(faultOf(set)[0]).toBe('PriorityInUseException')
    expect(rulesNow().map(rule => rule.Priority)).toEqual(['1', '2', '3', 'default'])
  })

  test('the default rule is the listener’s: it cannot be modified, moved or deleted as a rule', () => {
    const arn = rulesNow().at(-1)?.RuleArn
    for (const [operation, input] of [
      ['ModifyRule', { RuleArn: arn, Actions: [fixed(200)] }],
      ['DeleteRule', { RuleArn: arn }],
      ['SetRulePriorities', { RulePriorities: [{ RuleArn: arn, Priority: 1 }] }],
    ] as const) {
      expect(faultOf(() => world.call(operation, input))[0]).toBe('OperationNotPermittedException')
    }
    expect(world.call('DescribeRules', { RuleArns: [arn] })).toEqual({ Rules: [rulesNow().at(-1)] })
  })

  test.each([
    ['no condition', []],
    ['an unknown field', [{ Field: 'moon-phase', Values: ['full'] }]],
    ['no value', [{ Field: 'host-header', Values: [] }]],
    ['a host without a dot', [{ Field: 'host-header', Values: ['localhost'] }]],
    ['two hosts conditions', [HOST, HOST]],
    ['four values in one', [{ Field: 'path-pattern', Values: ['/1', '/2', '/3', '/4'] }]],
    ['a source that is no CIDR', [{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.1'] } }]],
    [
      'the host as a plain header',
      [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'Host', Values: ['x'] } }],
    ],
    ['too many wildcards', [{ Field: 'path-pattern', Values: ['/*******'] }]],
    ['a broken expression', [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['('] } }]],
  ] as [string, RuleCondition[]][])('%s is refused', (_name, conditions) => {
    expect(faultOf(() => world.rule(setup.listener, 1, conditions, [fixed(200)]))[0]).toBe('ValidationError')
  })

  test('quotas: 100 rules, which take two pages', () => {
    for (let priority = 1; priority <= 100; priority++) world.rule(setup.listener, priority, [HOST], [fixed(200)])
    expect(faultOf(() => world.rule(setup.listener, 101, [HOST], [fixed(200)]))[0]).toBe('TooManyRulesException')
    const first = world.call('DescribeRules', { ListenerArn: setup.listener })
    expect(list(first, 'Rules')).toHaveLength(100)
    const rest = rulesNow({ Marker: first.NextMarker })
    expect(rest.map(rule => rule.Priority)).toEqual(['default'])
    expect(rulesNow({ PageSize: 7 })).toHaveLength(7)
    expect(world.call('DescribeRules', { ListenerArn: setup.listener, PageSize: 101 })).not.toHaveProperty('NextMarker')
    expect(faultOf(() => rulesNow({ Marker: 'nonsense' }))[0]).toBe('ValidationError')
  })

  test('quotas: 100 target groups behind one load balancer', () => {
    for (let index = 0; index < 98; index++) {
      const group = world.targetGroup(`pr-${index}`)
      world.rule(setup.listener, index + 1, [HOST], [forward(group)])
    }
    const last = world.targetGroup('one-too-many')
    expect(faultOf(() => world.rule(setup.listener, 99, [HOST], [forward(last)]))[0]).toBe(
      'TooManyUniqueTargetGroupsPerLoadBalancerException',
    )
    const rule = world.rule(setup.listener, 99, [HOST], [forward(setup.blue)])
    expect(faultOf(() => world.call('ModifyRule', { RuleArn: rule, Actions: [forward(last)] }))[0]).toBe(
      'TooManyUniqueTargetGroupsPerLoadBalancerException',
    )
    // In exchange for the only use of another one it fits.
    world.call('ModifyRule', { RuleArn: rulesNow()[0]?.RuleArn, Actions: [forward(last)] })
  })
})

describe('target groups', () => {
  test('creating the same again answers with the same; other settings are refused', () => {
    expect(world.targetGroup('blue')).toBe(setup.blue)
    expect(faultOf(() => world.targetGroup('blue', { HealthCheckPath: '/health' }))).toEqual([
      'DuplicateTargetGroupNameException',
      "A target group with the same name 'blue' exists, but with different settings",
    ])
    world.call('ModifyTargetGroup', { TargetGroupArn: setup.blue, HealthCheckPath: '/health' })
    expect(world.targetGroup('blue', { HealthCheckPath: '/health' })).toBe(setup.blue)
    expect(faultOf(() => world.targetGroup('blue'))[0]).toBe('DuplicateTargetGroupNameException')
  })

  test('are found by name, ARN and load balancer, and know the latter', () => {
    const lonely = world.targetGroup('lonely')
    expect(groupsNow({ Names: ['lonely'] })).toMatchObject([{ TargetGroupArn: lonely, LoadBalancerArns: [] }])
    expect(groupsNow({ TargetGroupArns: [setup.green] })).toMatchObject([{ LoadBalancerArns: [setup.loadBalancer] }])
    expect(groupsNow({ LoadBalancerArn: setup.loadBalancer }).map(group => group.TargetGroupName)).toEqual([
      'blue',
      'green',
    ])
    expect(groupsNow({})).toHaveLength(3)
    expect(faultOf(() => groupsNow({ Names: ['nobody'] }))[0]).toBe('TargetGroupNotFoundException')
  })

  test.each([
    [{ Name: 'x'.repeat(33) }],
    [{ Name: '-x' }],
    [{ Name: 'a_b' }],
    [{ Protocol: undefined }],
    [{ Port: undefined }],
    [{ HealthCheckIntervalSeconds: 4 }],
    [{ HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 10 }],
    [{ UnhealthyThresholdCount: 11 }],
    [{ HealthCheckPath: 'health' }],
    [{ Matcher: { HttpCode: '500' } }],
  ])('%j is refused', more => {
    expect(faultOf(() => world.targetGroup('fresh', more))[0]).toBe('ValidationError')
  })

  test('stay in use while a rule names them, and for a moment after', () => {
    const group = world.targetGroup('preview')
    const remove = () => world.call('DeleteTargetGroup', { TargetGroupArn: group })
    const rule = world.rule(setup.listener, 1, [HOST], [forward(group)])
    world.advance(60 * SECOND)
    const inUse = ['ResourceInUseException', `Target group '${group}' is currently in use by a listener or a rule`]
    expect(faultOf(remove)).toEqual(inUse)
    world.call('DeleteRule', { RuleArn: rule })
    expect(faultOf(remove)).toEqual(inUse)
    world.advance(calmSettings.propagation.maxMs)
    remove()
    expect(faultOf(() => groupsNow({ TargetGroupArns: [group] }))).toEqual([
      'TargetGroupNotFoundException',
      `Target groups '${group}' not found`,
    ])
    remove()
  })

  test('go free with their load balancer', () => {
    world.call('DeleteLoadBalancer', { LoadBalancerArn: setup.loadBalancer })
    expect(world.health(setup.blue)[0]?.[1]).toBe('unused')
    world.advance(calmSettings.propagation.maxMs)
    world.checked.length = 0
    world.advance(60 * SECOND)
    expect(world.checked).toEqual([])
    world.call('DeleteTargetGroup', { TargetGroupArn: setup.blue })
    expect(groupsNow({}).map(group => group.TargetGroupName)).toEqual(['green'])
  })

  test('say that a target is not registered only when asked for it', () => {
    const ask = (Targets?: object[]) =>
      world.call('DescribeTargetHealth', { TargetGroupArn: setup.blue, ...(Targets && { Targets }) })
    expect(list(ask([{ Id: '10.7.7.7', Port: 80 }]), 'TargetHealthDescriptions')).toMatchObject([
      { Target: { Id: '10.7.7.7', Port: 80 }, TargetHealth: { State: 'unused', Reason: 'Target.NotRegistered' } },
    ])
    expect(list(ask(), 'TargetHealthDescriptions')).toMatchObject([
      { Target: { Id: '10.0.0.1', Port: 8080 }, HealthCheckPort: '8080', TargetHealth: { State: 'healthy' } },
    ])
  })

  test('tell the container service whether a rule names them', () => {
    const find = (arn: string) => world.elb.targets.find(arn)
    expect(find(setup.green)).toMatchObject({ associated: true, targetType: 'ip', deregistrationDelayMs: 300_000 })
    expect(find(world.targetGroup('lonely'))?.associated).toBe(false)
    expect(find('arn:nothing')).toBeUndefined()
  })
})

describe('tags', () => {
  test('are put, replaced and removed on anything that has an ARN', () => {
    const rule = world.rule(setup.listener, 1, [HOST], [fixed(200)])
    const arns = [setup.loadBalancer, setup.listener, setup.blue, rule]
    world.call('AddTags', {
      ResourceArns: arns,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '' },
      ],
    })
    world.call('AddTags', { ResourceArns: [rule], Tags: [{ Key: 'a', Value: '2' }] })
    world.call('RemoveTags', { ResourceArns: arns, TagKeys: ['b', 'never-was'] })
    expect(world.call('DescribeTags', { ResourceArns: arns })).toEqual({
      TagDescriptions: arns.map(arn => ({ ResourceArn: arn, Tags: [{ Key: 'a', Value: arn === rule ? '2' : '1' }] })),
    })
  })

  test('have limits', () => {
    const tag = (...keys: string[]) =>
      world.call('AddTags', { ResourceArns: [setup.blue], Tags: keys.map(Key => ({ Key, Value: 'x' })) })
    expect(faultOf(() => tag('a', 'a'))[0]).toBe('DuplicateTagKeysException')
    expect(faultOf(() => tag('aws:mine'))[0]).toBe('ValidationError')
    expect(faultOf(() => tag('a,b'))[0]).toBe('ValidationError')
    expect(faultOf(() => tag(...Array.from({ length: 51 }, (_, index) => `k${index}`)))[0]).toBe('TooManyTagsException')
    const many = Array.from({ length: 21 }, () => setup.blue)
    expect(faultOf(() => world.call('DescribeTags', { ResourceArns: many }))[0]).toBe('ValidationError')
  })
})

describe('throttling', () => {
  test('40 calls at once, then 10 a second; a write bucket of its own: 20, then 3', () => {
    const { elb, timeline } = elbWorld({ throttling: true })
    const ok = (operation: string) => faultOf(() => elb.call(operation, {}))[0] !== 'Throttling'
    const passing = (operation: string, calls: number) =>
      Array.from({ length: calls }, () => ok(operation)).filter(Boolean)
    expect(passing('DescribeLoadBalancers', 60)).toHaveLength(40)
    timeline.advanceTo(timeline.now() + SECOND)
    expect(passing('DescribeTargetGroups', 60)).toHaveLength(10)
    timeline.advanceTo(timeline.now() + 60 * SECOND)
    expect(passing('CreateRule', 60)).toHaveLength(20)
    timeline.advanceTo(timeline.now() + SECOND)
    expect(passing('ModifyListener', 60)).toHaveLength(3)
    expect(faultOf(() => elb.call('DeleteRule', {}))).toEqual(['Throttling', 'Rate exceeded'])
  })

  test('all calls together have 40 as well', () => {
    const { elb } = elbWorld({ throttling: true })
    const codes = (operation: string) => Array.from({ length: 20 }, () => faultOf(() => elb.call(operation, {}))[0])
    expect(codes('DescribeTargetGroups')).not.toContain('Throttling')
    expect(codes('CreateRule')).not.toContain('Throttling')
    expect(new Set(codes('RegisterTargets'))).toEqual(new Set(['Throttling']))
  })

  test('the container service does not draw from it', () => {
    const throttled = elbWorld({ throttling: true })
    const group = throttled.targetGroup('blue')
    for (let index = 0; index < 250; index++) {
      throttled.elb.targets.register(group, { ip: `10.0.0.${index}`, port: 80 }, 'eu-central-1a')
    }
    expect(throttled.health(group)).toHaveLength(250)
  })

  test('an operation that does not exist is refused', () => {
    expect(faultOf(() => world.call('FlipEverything', {}))[0]).toBe('InvalidAction')
  })
})
