import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { needs } from '../../sandbox/iam/formation-needs.ts'
import { evaluate } from '../../sandbox/iam/policy.ts'
import { order, templateOf } from '../../scripts/infra/templates.ts'
import { infraPolicies } from '../../scripts/role-policies.ts'
import { bootstrap, everythingAsked, infraStatements, policiesOfInfra } from './infra-roles.ts'
import { infra, propertiesOf } from './resolved.ts'

/**
 * infra/bootstrap.yml: who may make and remove an app's infrastructure, and that this is enough for CloudFormation. That nothing in it is
 * superfluous, and that it is enough for the two commands themselves, is in cli/infra-roles.test.ts.
 */

test.each([
  ['InfraRole', 'repo:acme/shop:environment:infrastructure'],
  ['InfraPlanRole', 'repo:acme/shop:ref:refs/heads/main'],
])('%s is for one kind of job of this repository, word by word', (role, subject) => {
  expect(propertiesOf(bootstrap, role).AssumeRolePolicyDocument).toMatchObject({
    Statement: [
      {
        Principal: { Federated: '<Provider>' },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': [subject],
          },
        },
      },
    ],
  })
})

test('somebody has written down what each type of resource in the templates needs, and no more types', () => {
  const types = order
    .filter(key => key !== 'bootstrap')
    .flatMap(key => Object.values(templateOf(key).resources).map(({ Type }) => Type))
  expect(Object.keys(needs).sort()).toEqual([...new Set(types)].sort())
})

test('CloudFormation may do with the role all that the templates take', () => {
  const policies = [{ Statement: infraStatements(...policiesOfInfra) }]
  const refused = everythingAsked().filter(({ demand }) => evaluate(policies, demand).kind === 'denied')
  expect(refused.map(({ what, demand: { action, resource } }) => `${what}: ${action} on ${resource}`)).toEqual([])
})

describe('what it may not do', () => {
  const policies = [{ Statement: infraStatements(...policiesOfInfra) }]
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
  const verdict = (action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
    evaluate(policies, { action, resource, context }).kind
  const ours = { 'iam:PermissionsBoundary': 'arn:aws:iam::123456789012:policy/shop-boundary' }

  test.each(['CreateRole', 'PutRolePolicy', 'PutRolePermissionsBoundary'])('iam:%s without the bounds', call => {
    const action = `iam:${call}`
    expect(verdict(action, role('shop-deploy'), ours)).toBe('allowed')
    expect(verdict(action, role('shop-deploy'))).toBe('denied')
    expect(verdict(action, role('shop-deploy'), { 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/x' })).toBe(
      'denied',
    )
    for (const other of ['shop-infra', 'shop-infra-plan', 'shop-admin-task', 'admin']) {
      expect(verdict(action, role(other), ours)).toBe('denied')
    }
  })

  test('take the bounds away, or change them, or itself', () => {
    const boundary = 'arn:aws:iam::123456789012:policy/shop-boundary'
    for (const call of ['CreatePolicyVersion', 'DeletePolicy', 'SetDefaultPolicyVersion']) {
      expect(verdict(`iam:${call}`, boundary)).toBe('denied')
    }
    expect(verdict('iam:DeleteRolePermissionsBoundary', role('shop-deploy'), ours)).toBe('denied')
    expect(verdict('iam:UpdateAssumeRolePolicy', role('shop-infra'))).toBe('denied')
    const own = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-bootstrap/1'
    for (const call of ['CreateChangeSet', 'ExecuteChangeSet', 'DeleteStack']) {
      expect(verdict(`cloudformation:${call}`, own)).toBe('denied')
    }
  })

  test('hand a role to anything but tasks and instances', () => {
    expect(verdict('iam:PassRole', role('shop-task'), { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' })).toBe(
      'allowed',
    )
    expect(verdict('iam:PassRole', role('shop-task'), { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe('denied')
    expect(verdict('iam:PassRole', role('admin'), { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' })).toBe('denied')
  })

  test.each([
    ['ec2:DeleteVpc', 'ec2', 'vpc/vpc-1'],
    ['ec2:DeleteSubnet', 'ec2', 'subnet/subnet-1'],
    ['ec2:CreateSubnet', 'ec2', 'vpc/vpc-1'],
    ['ec2:AuthorizeSecurityGroupIngress', 'ec2', 'security-group/sg-1'],
    ['ec2:CreateTags', 'ec2', 'vpc/vpc-1'],
    ['elasticloadbalancing:DeleteLoadBalancer', 'elasticloadbalancing', 'loadbalancer/app/shop-admin/1'],
    ['elasticloadbalancing:DeleteTargetGroup', 'elasticloadbalancing', 'targetgroup/shop-admin-blue/1'],
    ['ecs:DeleteService', 'ecs', 'service/shop/billing'],
    ['ecs:DeleteCluster', 'ecs', 'cluster/store'],
    ['logs:DeleteLogGroup', 'logs', 'log-group:/ecs/shop-admin'],
    ['ecr:DeleteRepository', 'ecr', 'repository/shop-admin'],
    ['cloudwatch:DeleteAlarms', 'cloudwatch', 'alarm:shop-admin-LatencyAlarm-1'],
    ['cloudformation:DeleteStack', 'cloudformation', 'stack/shop-admin/1'],
    ['ec2:CreateLaunchTemplateVersion', 'ec2', 'launch-template/lt-1'],
    ['ec2:DeleteLaunchTemplate', 'ec2', 'launch-template/lt-1'],
    ['ec2:CreateTags', 'ec2', 'launch-template/lt-1'],
    ['ec2:RunInstances', 'ec2', 'launch-template/lt-1'],
    ['ec2:RunInstances', 'ec2', 'instance/*'],
    ['servicediscovery:DeleteService', 'servicediscovery', 'service/srv-1'],
    ['application-autoscaling:DeregisterScalableTarget', 'application-autoscaling', 'scalable-target/1'],
    ['application-autoscaling:RegisterScalableTarget', 'application-autoscaling', 'scalable-target/1'],
  ])('%s on what another app, or nobody here, has made', (action, service, rest) => {
    expect(verdict(action, `arn:aws:${service}:eu-central-1:123456789012:${rest}`)).toBe('denied')
  })

  test('change launch templates that have the tag of another app, or give theirs to one', () => {
    const template = 'arn:aws:ec2:eu-central-1:123456789012:launch-template/lt-1'
    const tagged = (kind: string, app: string) => ({ [`aws:${kind}/ecs-bluegreen:capacity`]: app })
    for (const call of ['CreateLaunchTemplateVersion', 'DeleteLaunchTemplate', 'RunInstances']) {
      expect([call, verdict(`ec2:${call}`, template, tagged('ResourceTag', 'shop'))]).toEqual([call, 'allowed'])
      expect([call, verdict(`ec2:${call}`, template, tagged('ResourceTag', 'shop-admin'))]).toEqual([call, 'denied'])
    }
    const making = { 'ec2:CreateAction': 'CreateLaunchTemplate' }
    expect(verdict('ec2:CreateTags', template, { ...making, ...tagged('RequestTag', 'shop') })).toBe('allowed')
    expect(verdict('ec2:CreateTags', template, { ...making, ...tagged('RequestTag', 'shop-admin') })).toBe('denied')
    expect(verdict('ec2:CreateTags', template, tagged('RequestTag', 'shop'))).toBe('denied')
  })

  test.each([
    ['shop.example.com', 'A', 'allowed'],
    ['example.com', 'A', 'denied'],
    ['mail.example.com', 'A', 'denied'],
    ['shop.example.com', 'NS', 'denied'],
    ['shop.example.com', 'TXT', 'denied'],
  ])('of the records of a zone, %s of the type %s: %s', (name, type, kind) => {
    const context = {
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': name,
      'route53:ChangeResourceRecordSetsRecordTypes': type,
    }
    const zone = 'arn:aws:route53:::hostedzone/Z0123456789ABC'
    expect(verdict('route53:ChangeResourceRecordSets', zone, context)).toBe(kind)
  })
})

test.each(['InfraRole', 'InfraPlanRole'])('%s has its policies, and no other', role => {
  const { ManagedPolicyArns } = propertiesOf(bootstrap, role) as { readonly ManagedPolicyArns: readonly string[] }
  const mine = role === 'InfraRole' ? policiesOfInfra : ['InfraPlanPolicy']
  expect(ManagedPolicyArns).toEqual(mine.map(policy => `<${policy}>`))
})

describe.each(Object.keys(infraPolicies))('infra/iam/%s.json', name => {
  const text = readFileSync(infra(`iam/${name}.json`), 'utf8')
  const filled = (words: Readonly<Record<string, string>>) =>
    Object.entries(words).reduce((all, [word, value]) => all.replaceAll(word, value), text)
  const words = { PARTITION: 'aws', REGION: 'eu-central-1', ACCOUNT: '123456789012', CLUSTER: 'shop', SERVICE: 'shop' }
  const names = { HOSTEDZONE: 'Z0123456789ABC', DOMAINNAME: 'shop.example.com', NAMESPACE: 'ns-abcdefgh' }

  test('says what the template says', () => {
    const id = name.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase())
    const plain = infraStatements(`${id}Policy`).map(one => ({ ...one, Action: [one.Action].flat() }))
    expect(JSON.parse(filled({ ...words, ...names }))).toEqual({ Version: '2012-10-17', Statement: plain })
  })

  test('is short enough for IAM with the longest names', () => {
    const long = { ...words, ...names, REGION: 'ap-southeast-2', SERVICE: 'a'.repeat(26), CLUSTER: 'a'.repeat(40) }
    expect(JSON.stringify(JSON.parse(filled(long))).length).toBeLessThanOrEqual(6144)
  })

  test('has no wildcard in an action, and denies nothing', () => {
    for (const { Action, Effect } of infraPolicies[name]?.Statement ?? []) {
      expect([Effect, Action.filter(action => action.includes('*'))]).toEqual(['Allow', []])
    }
  })
})
