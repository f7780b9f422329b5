import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { RoutingAction } from '../../src/model/routing.ts'
import { withoutTwin, withTwin } from '../../src/plan/setup-route.ts'
import { readWeights } from '../../src/plan/weights.ts'
import { groupArn, routeWith, targetGroupView } from './builders.ts'

/** Whatever a listener or rule does, only the twin comes in, and its way out leads back. */

const blue = targetGroupView('blue')
const green = targetGroupView('green')

const before = fc.option(
  fc.record({
    Type: fc.constantFrom('authenticate-cognito', 'jwt-validation', 'something-newer'),
    Order: fc.integer({ min: 1, max: 9 }),
    AuthenticateCognitoConfig: fc.dictionary(fc.string(), fc.string()),
  }),
  { nil: undefined },
)
const stickiness = fc.option(
  fc.record({ Enabled: fc.boolean(), DurationSeconds: fc.integer({ min: 1, max: 604_800 }) }),
  {
    nil: undefined,
  },
)
const others = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })

/** A forward action that names blue with weight, and perhaps others with none. */
const several = fc.record({ weight: fc.integer({ min: 1, max: 999 }), others, stickiness, before }).map(made => {
  const strangers = made.others.map(name => ({ TargetGroupArn: `arn:${name}`, Weight: 0 }))
  const ForwardConfig = {
    TargetGroups: [...strangers, { TargetGroupArn: groupArn.blue, Weight: made.weight }],
    ...(made.stickiness === undefined ? {} : { TargetGroupStickinessConfig: made.stickiness }),
  }
  return [...(made.before === undefined ? [] : [made.before]), { Type: 'forward', Order: 50_000, ForwardConfig }]
})

test('of an action with weights, all stays but for the twin at weight 0, and taking it out gives what was read', () => {
  fc.assert(
    fc.property(several, actions => {
      const read: readonly RoutingAction[] = actions
      const written = withTwin(routeWith(read), blue, green)
      const forward = written.at(-1)
      const groups = forward?.ForwardConfig?.TargetGroups ?? []
      expect(groups.at(-1)).toEqual({ TargetGroupArn: groupArn.green, Weight: 0 })
      expect([
        ...written.slice(0, -1),
        { ...forward, ForwardConfig: { ...forward?.ForwardConfig, TargetGroups: groups.slice(0, -1) } },
      ]).toEqual(read)
      expect(withoutTwin(written, groupArn.green)).toEqual(read)
    }),
  )
})

test.each<[string, RoutingAction]>([
  ['the short form', { Type: 'forward', TargetGroupArn: groupArn.blue }],
  [
    'both forms, as AWS shows one group',
    {
      Type: 'forward',
      Order: 3,
      TargetGroupArn: groupArn.blue,
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: groupArn.blue, Weight: 1 }],
        TargetGroupStickinessConfig: { Enabled: false },
      },
    },
  ],
])('%s becomes weights of 100 and 0', (_, action) => {
  const written = withTwin(routeWith([action]), blue, green)
  const { TargetGroupArn: _short, ForwardConfig, ...rest } = action
  expect(written).toEqual([
    {
      ...rest,
      ForwardConfig: {
        ...ForwardConfig,
        TargetGroups: [
          { TargetGroupArn: groupArn.blue, Weight: 100 },
          { TargetGroupArn: groupArn.green, Weight: 0 },
        ],
      },
    },
  ])
  expect(readWeights(routeWith(written), { blue, green }).weights).toEqual({ blue: 100, green: 0 })
})

test('a log-in by OpenID Connect keeps the secret that AWS never shows', () => {
  const login = { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ClientId: 'web' } }
  const forward = { Type: 'forward', TargetGroupArn: groupArn.blue }
  for (const written of [
    withTwin(routeWith([login, forward]), blue, green),
    withoutTwin([login, forward], green.arn),
  ]) {
    expect(written[0]).toEqual({ ...login, AuthenticateOidcConfig: { ClientId: 'web', UseExistingClientSecret: true } })
  }
})
