import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { RoutingAction } from '../../src/model/routing.ts'
import { fullShare, keepClientSecrets, readLive, readWeights, withWeights } from '../../src/plan/weights.ts'
import { forwardTo, groupArn, routeWith } from './builders.ts'

const groups = { blue: { arn: groupArn.blue }, green: { arn: groupArn.green } }

describe('which color is live', () => {
  test.each<[string, readonly Parameters<typeof forwardTo>[0][], string]>([
    ['blue only', [{ blue: 100, green: 0 }], 'blue'],
    ['green only', [{ blue: 0, green: 1 }], 'green'],
    ['one color named', [{ green: 1 }], 'green'],
    ['two routes agree', [{ blue: 1, green: 0 }, { blue: 999 }], 'blue'],
    ['a stranger at weight 0', [{ blue: 1, stranger: 0 }], 'blue'],
    ['both', [{ blue: 50, green: 50 }], 'unclear'],
    ['none', [{ blue: 0, green: 0 }], 'unclear'],
    ['neither is named', [{}], 'unclear'],
    [
      'two routes disagree',
      [
        { blue: 1, green: 0 },
        { blue: 0, green: 1 },
      ],
      'unclear',
    ],
    ['a stranger has weight', [{ blue: 1, stranger: 1 }], 'unclear'],
    ['no route', [], 'unclear'],
  ])('%s', (_, weights, expected) => {
    const live = readLive(
      weights.map((one, index) => routeWith([forwardTo(one)], 80 + index)),
      groups,
    )
    expect(live.kind === 'live' ? live.color : live.kind).toBe(expected)
  })

  test('the scalar form counts as the only target group', () => {
    const route = routeWith([{ Type: 'forward', TargetGroupArn: groupArn.blue }])
    expect(readLive([route], groups)).toEqual({ kind: 'live', color: 'blue', idle: 'green' })
  })
})

describe('a listener write', () => {
  const member = fc.constantFrom('Order', 'AuthenticateCognitoConfig', 'JwtValidationConfig', 'SomethingNewer')
  const extras = fc.dictionary(member, fc.jsonValue())
  const stickiness = fc.option(
    fc.record({ Enabled: fc.boolean(), DurationSeconds: fc.integer({ min: 1, max: 604_800 }) }),
    { nil: undefined },
  )
  const weight = fc.integer({ min: 0, max: 999 })
  const forward = fc
    .tuple(extras, stickiness, fc.option(weight, { nil: undefined }), fc.option(weight, { nil: undefined }))
    .filter(([, , blue, green]) => blue !== undefined || green !== undefined)
    .map(([more, TargetGroupStickinessConfig, blue, green]): RoutingAction => {
      const { ForwardConfig } = forwardTo({
        ...(blue === undefined ? {} : { blue }),
        ...(green === undefined ? {} : { green }),
      })
      return {
        ...more,
        Type: 'forward',
        ForwardConfig: { ...ForwardConfig, ...(TargetGroupStickinessConfig && { TargetGroupStickinessConfig }) },
      }
    })
  const before = fc.array(
    extras.map((more): RoutingAction => ({ ...more, Type: 'authenticate-oidc' })),
    { maxLength: 2 },
  )

  test('equals the read action except for the weights', () => {
    fc.assert(
      fc.property(before, forward, fc.constantFrom('blue' as const, 'green' as const), (others, action, color) => {
        const read = [...others, action]
        const written = withWeights(read, groups, fullShare(color))
        const weightless = (actions: readonly RoutingAction[]) =>
          actions.map(one =>
            one.Type !== 'forward' ? one : { ...one, ForwardConfig: { ...one.ForwardConfig, TargetGroups: [] } },
          )
        expect(weightless(written)).toEqual(weightless(read))
        const arns = written.at(-1)?.ForwardConfig?.TargetGroups?.map(group => group.TargetGroupArn)
        expect(new Set(arns)).toEqual(new Set([groupArn.blue, groupArn.green]))
        expect(readLive([routeWith(written)], groups)).toMatchObject({ kind: 'live', color })
      }),
    )
  })

  test('drops the scalar target group, which may not stand beside two', () => {
    const [written] = withWeights(
      [{ Type: 'forward', TargetGroupArn: groupArn.blue, Order: 1 }],
      groups,
      fullShare('green'),
    )
    expect(written).toEqual({
      Type: 'forward',
      Order: 1,
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: groupArn.blue, Weight: 0 },
          { TargetGroupArn: groupArn.green, Weight: 100 },
        ],
      },
    })
  })

  test('keeps an OIDC secret that AWS never gives back', () => {
    const action = {
      Type: 'authenticate-oidc',
      AuthenticateOidcConfig: { Issuer: 'https://id.example.com', ClientId: 'x' },
    }
    expect(keepClientSecrets([action])).toEqual([
      { ...action, AuthenticateOidcConfig: { ...action.AuthenticateOidcConfig, UseExistingClientSecret: true } },
    ])
  })

  test('says no OIDC secret, should one ever be read: AWS refuses it beside the flag', () => {
    const action = { Type: 'authenticate-oidc', AuthenticateOidcConfig: { ClientId: 'x', ClientSecret: 'y' } }
    expect(keepClientSecrets([action])).toEqual([
      { ...action, AuthenticateOidcConfig: { ClientId: 'x', UseExistingClientSecret: true } },
    ])
  })

  test('reports stickiness', () => {
    const action = forwardTo({ blue: 1, green: 0 })
    const sticky = {
      ...action,
      ForwardConfig: { ...action.ForwardConfig, TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 300 } },
    }
    expect(readWeights(routeWith([sticky]), groups)).toMatchObject({
      weights: { blue: 1, green: 0 },
      stickySeconds: 300,
    })
  })
})
