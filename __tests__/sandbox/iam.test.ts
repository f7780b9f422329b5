import { describe, expect, test } from '@jest/globals'
import { demandsOf, type Surroundings } from '../../sandbox/iam/demands.ts'
import { type Demand, evaluate, evaluateWithin, type PolicyStatement } from '../../sandbox/iam/policy.ts'

const service = 'arn:aws:ecs:eu-central-1:123456789012:service/shop/web-blue'
const update: Demand = {
  action: 'ecs:UpdateService',
  resource: service,
  context: { 'ecs:cluster': 'arn:aws:ecs:eu-central-1:123456789012:cluster/shop', 'aws:ResourceTag/Team': 'web' },
}
const allow = (more: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action: 'ecs:UpdateService',
  Resource: service,
  ...more,
})
const verdict = (...Statement: readonly PolicyStatement[]) => evaluate([{ Statement }], update).kind

test('within bounds, what both allow', () => {
  const within = (bounds: PolicyStatement, policy: PolicyStatement) =>
    evaluateWithin({ Statement: bounds }, [{ Statement: policy }], update).kind
  const other = allow({ Action: 'ecs:DeleteService' })
  const deny = allow({ Effect: 'Deny' })
  expect([within(allow(), allow()), within(other, allow()), within(allow(), other), within(allow(), deny)]).toEqual([
    'allowed',
    'denied',
    'denied',
    'denied',
  ])
})

describe('a policy', () => {
  test.each<[string, PolicyStatement, 'allowed' | 'denied']>([
    ['the very action on the very resource', allow(), 'allowed'],
    ['actions in any case', allow({ Action: 'ECS:updateservice' }), 'allowed'],
    ['ARNs in their own case', allow({ Resource: service.replace('web', 'WEB') }), 'denied'],
    ['a wildcard over slashes', allow({ Resource: 'arn:aws:ecs:*:service/*' }), 'allowed'],
    ['a question mark is one character', allow({ Resource: service.replace('blue', '????') }), 'allowed'],
    ['a dot is no wildcard', allow({ Resource: service.replace('web', 'w.b') }), 'denied'],
    ['another color', allow({ Resource: service.replace('blue', 'green') }), 'denied'],
    ['another action', allow({ Action: ['ecs:DescribeServices', 'ecs:DeleteService'] }), 'denied'],
    ['a tag', allow({ Condition: { StringEquals: { 'aws:ResourceTag/Team': ['api', 'web'] } } }), 'allowed'],
    [
      'a tag by another case of its key',
      allow({ Condition: { StringEquals: { 'aws:ResourceTag/team': 'web' } } }),
      'denied',
    ],
    ['a tag that is there', allow({ Condition: { Null: { 'aws:ResourceTag/Team': 'false' } } }), 'allowed'],
    ['a tag that is not there', allow({ Condition: { Null: { 'aws:ResourceTag/Preview': 'false' } } }), 'denied'],
    ['all of one', allow({ Condition: { 'ForAllValues:StringEquals': { 'aws:ResourceTag/Team': 'web' } } }), 'allowed'],
    [
      'all of another',
      allow({ Condition: { 'ForAllValues:StringEquals': { 'aws:ResourceTag/Team': 'api' } } }),
      'denied',
    ],
    [
      'all of none',
      allow({ Condition: { 'ForAllValues:StringEquals': { 'aws:ResourceTag/Other': 'api' } } }),
      'allowed',
    ],
    ['a cluster', allow({ Condition: { ArnEquals: { 'ecs:Cluster': 'arn:aws:ecs:*:cluster/shop' } } }), 'allowed'],
    ['another cluster', allow({ Condition: { ArnLike: { 'ecs:cluster': 'arn:aws:ecs:*:cluster/api' } } }), 'denied'],
    [
      'one of two conditions',
      allow({ Condition: { StringLike: { 'aws:ResourceTag/Team': 'w*', 'aws:ResourceTag/Part': '*' } } }),
      'denied',
    ],
  ])('knows %s', (_, statement, expected) => {
    expect(verdict(statement)).toBe(expected)
  })

  test('that denies wins, and nothing is allowed by silence', () => {
    expect(verdict(allow(), allow({ Effect: 'Deny', Resource: '*' }))).toBe('denied')
    expect(verdict()).toBe('denied')
  })

  test('with an operator that is not known is an error, not an allowance', () => {
    expect(() => verdict(allow({ Condition: { NumericLessThan: { 'ecs:cluster': '1' } } }))).toThrow('NumericLessThan')
  })
})

describe('what calls ask leave for', () => {
  const roles = ['arn:aws:iam::123456789012:role/task', 'arn:aws:iam::123456789012:role/execution']
  const around: Surroundings = {
    partition: 'aws',
    region: 'eu-central-1',
    account: '123456789012',
    tagsOf: () => ({}),
    rolesOf: () => roles,
  }
  const asked = (...[aws, operation, input]: [Parameters<typeof demandsOf>[0], string, Record<string, unknown>]) =>
    demandsOf(aws, operation, input, around).map(({ action, resource }) => `${action} ${resource}`)

  test('a service that is only scaled hands no role on, one that gets a revision does', () => {
    const on = { cluster: 'shop', service: 'web-blue' }
    expect(asked('ecs', 'UpdateService', { ...on, desiredCount: 2 })).toEqual([`ecs:UpdateService ${service}`])
    expect(asked('ecs', 'UpdateService', { ...on, taskDefinition: 'web:3' })).toEqual([
      `ecs:UpdateService ${service}`,
      ...roles.map(role => `iam:PassRole ${role}`),
    ])
  })

  test('tags that are given to what is made need leave of their own', () => {
    const group = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/*'
    const Tags = [{ Key: 'a', Value: 'b' }]
    expect(asked('elbv2', 'CreateTargetGroup', { Name: 'web', Tags })).toEqual([
      `elasticloadbalancing:CreateTargetGroup ${group}`,
      `elasticloadbalancing:AddTags ${group}`,
    ])
    expect(asked('elbv2', 'CreateTargetGroup', { Name: 'web' })).toHaveLength(1)
  })

  test('a role that is named without its ARN is one of the account', () => {
    expect(asked('ecs', 'RegisterTaskDefinition', { family: 'web', executionRoleArn: 'execution' })).toEqual([
      'ecs:RegisterTaskDefinition *',
      'iam:PassRole arn:aws:iam::123456789012:role/execution',
    ])
  })

  test('each of several resources is asked for', () => {
    expect(asked('ecs', 'DescribeServices', { cluster: 'shop', services: ['web-blue', service] })).toEqual([
      `ecs:DescribeServices ${service}`,
      `ecs:DescribeServices ${service}`,
    ])
  })
})
