import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { baseNameOf, isTwin, pairOf, setupTags, twinGroupName, twinTags } from '../../src/plan/setup-names.ts'

const digest = '0123456789abcdef'

test.each([
  ['shop', 'shop-green', undefined],
  ['shop-blue', 'shop-green', 'shop'],
  ['shop-green', 'shop-green-green', undefined],
  ['-blue', '-blue-green', undefined],
  ['blue', 'blue-green', undefined],
])('the twin of %s is %s, and deploys name them by %s', (service, green, base) => {
  const pair = pairOf(service)
  expect(pair).toEqual({ blue: service, green })
  expect(baseNameOf(pair)).toBe(base)
})

describe('the target group of the twin', () => {
  test.each([
    ['shop', 'shop-green'],
    ['shop-blue', 'shop-green'],
    ['a'.repeat(26), `${'a'.repeat(26)}-green`],
    ['a'.repeat(27), `${'a'.repeat(17)}-01234567-green`],
    [`${'a'.repeat(16)}-${'b'.repeat(15)}`, `${'a'.repeat(16)}-01234567-green`],
  ])('of %s is %s', (group, name) => {
    expect(twinGroupName(group, digest)).toBe(name)
  })

  test('has a name that AWS takes, whatever the original is called', () => {
    const letters = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/)
    fc.assert(
      fc.property(letters, group => {
        expect(twinGroupName(group, digest)).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/)
        expect(twinGroupName(group, digest)).not.toBe(group)
      }),
    )
  })
})

describe('tags', () => {
  const own = setupTags('default/shop', { repository: 'octo-org/shop', id: '7', created: '2026-01-01T00:00:00Z' })

  test('say whose twin it is', () => {
    expect(isTwin(own, 'default/shop')).toBe(true)
    expect(isTwin(own, 'other/shop')).toBe(false)
    expect(isTwin({}, 'default/shop')).toBe(false)
    expect(isTwin(undefined, 'default/shop')).toBe(false)
  })

  test('of the original come along, but for those that AWS keeps to itself and notes of deploys', () => {
    const original = {
      team: 'checkout',
      'aws:cloudformation:stack-name': 'shop',
      'ecs-bluegreen:setup': 'default/other',
      Revision: 'arn',
      Staged: 'arn',
      Scaling: '{}',
    }
    expect(twinTags(original, own)).toEqual({ team: 'checkout', ...own })
  })

  test('are no more than AWS takes, and its own are among them', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`tag-${index}`, 'x']))
    const tags = twinTags(many, own)
    expect(Object.keys(tags)).toHaveLength(50)
    expect(tags).toMatchObject(own)
  })
})
