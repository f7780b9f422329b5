import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { evaluate } from '../../sandbox/iam/policy.ts'
import { readTemplate } from '../../sandbox/infra/template.ts'
import { templatePolicies } from '../../scripts/role-policies.ts'
import { pushCalls } from './push.ts'
import { app, infra, propertiesOf, resolve, trial } from './resolved.ts'
import { github, statementsOf } from './roles.ts'

/** infra/github.yml: who may take which role, and what the role may do. */

const actionsOf = (role: string) => statementsOf(role).flatMap(({ Action }) => [Action].flat())

const roles = ['BuildRole', 'DeployRole', 'RollbackRole', 'ReadRole', 'PreviewRole']

test.each([
  ['BuildRole', ['repo:acme/shop:ref:refs/heads/main']],
  ['DeployRole', ['repo:acme/shop:environment:production']],
  ['RollbackRole', ['repo:acme/shop:ref:refs/heads/main', 'repo:acme/shop:environment:production']],
  ['ReadRole', ['repo:acme/shop:ref:refs/heads/main', 'repo:acme/shop:pull_request']],
  ['PreviewRole', ['repo:acme/shop:pull_request', 'repo:acme/shop:ref:refs/heads/main']],
])('%s is for these jobs of this repository, word by word', (role, subjects) => {
  expect(propertiesOf(github, role).AssumeRolePolicyDocument).toMatchObject({
    Statement: [
      {
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: '<Provider>' },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': subjects,
          },
        },
      },
    ],
  })
})

test("a parameter can put no wildcard into a token's subject", () => {
  const template = readTemplate(infra('github.yml'))
  for (const name of ['Repository', 'Environment', 'Branch']) {
    const { AllowedPattern } = template.parameters[name] as unknown as { AllowedPattern: string }
    for (const wild of ['*', 'acme/*', 'ac?e/shop', 'acme/shop:*'])
      expect(new RegExp(AllowedPattern).test(wild)).toBe(false)
  }
  const { AllowedPattern } = template.parameters.Repository as unknown as { AllowedPattern: string }
  for (const name of ['acme/shop', 'acme@123/shop@456']) expect(new RegExp(AllowedPattern).test(name)).toBe(true)
})

describe('what they may do', () => {
  test('no action has a wildcard, and no statement denies: there is nothing to take back', () => {
    for (const role of roles) {
      expect(actionsOf(role).filter(action => action.includes('*'))).toEqual([])
      expect(statementsOf(role).every(({ Effect }) => Effect === 'Allow')).toBe(true)
    }
  })

  test('whoever reads only reads, and whoever builds does not deploy', () => {
    expect(actionsOf('ReadRole').filter(action => !/:(Describe|List|Get)/.test(action))).toEqual([])
    expect(actionsOf('BuildRole').filter(action => !action.startsWith('ecr:'))).toEqual([])
  })

  test('roles are handed over to tasks only, and only the two of the app', () => {
    const passed = statementsOf('DeployRole').find(({ Action }) => Action === 'iam:PassRole')
    const made = resolve(app, trial)
    const names = ['TaskRole', 'ExecutionRole'].map(id => propertiesOf(made, id).RoleName)
    expect(passed).toMatchObject({
      Resource: names.map(name => `arn:aws:iam::123456789012:role/${String(name)}`),
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    })
  })

  test('a rollback registers nothing and starts no task of its own', () => {
    const more = actionsOf('DeployRole').filter(action => !actionsOf('RollbackRole').includes(action))
    expect(more.sort()).toEqual([
      'ecs:DeregisterTaskDefinition',
      'ecs:RegisterTaskDefinition',
      'ecs:RunTask',
      'ecs:StopTask',
      'ecs:TagResource',
    ])
  })
})

test('whoever builds may do what the steps of examples/build.yml ask of ECR, and nothing else', () => {
  const build = readFileSync(infra('../examples/build.yml'), 'utf8')
  const asked: readonly (readonly [string, readonly string[]])[] = [
    // "Log in", of the README of this action.
    ['aws-actions/amazon-ecr-login@', ['ecr:GetAuthorizationToken']],
    // The AWS CLI has one command for each call.
    ['aws ecr describe-images', ['ecr:DescribeImages']],
    ['docker/build-push-action@', pushCalls],
    // It reads what the image is made of, which is a layer to ECR: a GET of a blob is GetDownloadUrlForLayer, a manifest BatchGetImage.
    ['docker buildx imagetools create', ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:PutImage']],
  ]
  for (const [step] of asked) expect(build).toContain(step)
  expect([...new Set(build.match(/aws ecr [\w-]+/g))]).toEqual(['aws ecr describe-images'])
  const actions = [...new Set(asked.flatMap(([, calls]) => calls))].sort()
  expect(actionsOf('BuildRole').sort()).toEqual(actions)
  const [, told = ''] = /## The build role\n([^#]*)/.exec(readFileSync(infra('../examples/README.md'), 'utf8')) ?? []
  expect([...new Set(told.match(/ecr:\w+/g))].sort()).toEqual(actions)
  const repository = 'arn:aws:ecr:eu-central-1:123456789012:repository/shop'
  const may = (action: string, resource: string) =>
    evaluate([{ Statement: statementsOf('BuildRole') }], { action, resource, context: {} }).kind
  for (const action of actions) {
    expect([action, may(action, action === 'ecr:GetAuthorizationToken' ? '*' : repository)]).toEqual([
      action,
      'allowed',
    ])
    expect([action, may(action, `${repository}-admin`)]).toEqual([
      action,
      action === 'ecr:GetAuthorizationToken' ? 'allowed' : 'denied',
    ])
  }
})

test('who makes previews may neither change production, nor give it the tags by which a preview is known', () => {
  const production = (kind: string) => [
    `arn:aws:ecs:eu-central-1:123456789012:service/shop/shop-${kind}`,
    `arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop-${kind}/0123456789abcdef`,
  ]
  const rule = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/shop/0a/0b/0c'
  const writes = actionsOf('PreviewRole').filter(
    action => !/:(Describe|List|Get|Create|Register|Deregister|Pass)/.test(action),
  )
  expect(writes.length).toBeGreaterThan(8)
  for (const action of writes) {
    for (const resource of [...production('blue'), ...production('green'), rule]) {
      const verdict = evaluate([{ Statement: statementsOf('PreviewRole') }], { action, resource, context: {} })
      expect([action, resource, verdict.kind]).toEqual([action, resource, 'denied'])
    }
  }
})

test.each(Object.keys(templatePolicies))('infra/iam/%s.json says what the template says', name => {
  const role = `${name.replace(/^./, first => first.toUpperCase())}Role`
  const words = {
    PARTITION: 'aws',
    REGION: 'eu-central-1',
    ACCOUNT: '123456789012',
    CLUSTER: 'shop',
    SERVICE: 'shop',
    PREVIEWS: 'shop',
    REPOSITORY: 'arn:aws:ecr:eu-central-1:123456789012:repository/shop',
  }
  const text = readFileSync(infra(`iam/${name}.json`), 'utf8')
  const filled = Object.entries(words).reduce((all, [word, value]) => all.replaceAll(word, value), text)
  // Its templates write one action without brackets.
  const plain = statementsOf(role).map(one => ({ ...one, Action: [one.Action].flat() }))
  expect(JSON.parse(filled)).toEqual({ Version: '2012-10-17', Statement: plain })
})
