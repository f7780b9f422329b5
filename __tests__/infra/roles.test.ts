import { describe, expect, test } from '@jest/globals'
import { seedFromTemplate } from '../../sandbox/infra/stack.ts'
import { readTemplate } from '../../sandbox/infra/template.ts'
import { simulate } from '../../sandbox/simulation.ts'
import { app, https, infra, propertiesOf, resolve, trial } from './resolved.ts'

/** infra/github.yml: who may take which role, and what the role may do. */

interface RoleStatement {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const resolved = resolve(readTemplate(infra('github.yml')), {
  Repository: 'acme/shop',
  Service: 'shop',
  Cluster: 'shop',
  RepositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/shop',
})

function statementsOf(role: string): readonly RoleStatement[] {
  const { Policies } = propertiesOf(resolved, role) as unknown as {
    Policies: readonly { PolicyDocument: { Statement: readonly RoleStatement[] } }[]
  }
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
}

const actionsOf = (role: string) => statementsOf(role).flatMap(({ Action }) => [Action].flat())

const roles = ['BuildRole', 'DeployRole', 'RollbackRole', 'ReadRole']

test.each([
  ['BuildRole', ['repo:acme/shop:ref:refs/heads/main']],
  ['DeployRole', ['repo:acme/shop:environment:production']],
  ['RollbackRole', ['repo:acme/shop:ref:refs/heads/main', 'repo:acme/shop:environment:production']],
  ['ReadRole', ['repo:acme/shop:ref:refs/heads/main', 'repo:acme/shop:pull_request']],
])('%s is for these jobs of this repository, word by word', (role, subjects) => {
  expect(propertiesOf(resolved, role).AssumeRolePolicyDocument).toMatchObject({
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

  test('a rollback hands over no role, registers nothing and starts no task of its own', () => {
    const more = actionsOf('DeployRole').filter(action => !actionsOf('RollbackRole').includes(action))
    expect(more.sort()).toEqual([
      'ecs:DeregisterTaskDefinition',
      'ecs:RegisterTaskDefinition',
      'ecs:RunTask',
      'ecs:StopTask',
      'ecs:TagResource',
      'iam:PassRole',
    ])
  })
})

describe('calls on what app.yml makes', () => {
  const iamPrefix: Readonly<Record<string, string>> = {
    ecs: 'ecs',
    elbv2: 'elasticloadbalancing',
    cloudwatch: 'cloudwatch',
    logs: 'logs',
    'application-autoscaling': 'application-autoscaling',
  }

  /** `beyond` are the calls that the role's policy does not name. */
  async function runs(role: string, run: Parameters<ReturnType<typeof simulate>['act']>[0]) {
    const simulation = simulate({ seed: 3, seedWith: cloud => seedFromTemplate(cloud, infra('app.yml'), https) })
    const { inputs } = simulation.topology
    await simulation.act({ ...inputs, image: 'sample-app:0.0.2' })
    simulation.wire.calls.clear()
    const { report } = await simulation.act({ ...inputs, ...run })
    const called = simulation.wire.calls.list().map(call => `${iamPrefix[call.service] ?? ''}:${call.operation}`)
    return { report, beyond: [...new Set(called)].filter(action => !actionsOf(role).includes(action)), called }
  }

  test.each([
    [
      'DeployRole',
      'a deploy',
      { image: 'sample-app:0.0.3', 'idle-desired-count': '0', 'keep-revisions': '1' },
      'succeeded',
    ],
    ['RollbackRole', 'a rollback', { mode: 'rollback' }, 'succeeded'],
    ['RollbackRole', 'a rollback to a version', { mode: 'rollback', version: '0.0.1' }, 'succeeded'],
    ['ReadRole', 'a look', { mode: 'status' }, 'unchanged'],
    ['ReadRole', 'a plan', { mode: 'plan', image: 'sample-app:0.0.3' }, 'unchanged'],
  ])('%s is enough for %s', async (role, _, run, status) => {
    const { report, beyond, called } = await runs(role, run)
    expect(report.outcome).toMatchObject({ status })
    expect(called).not.toEqual([])
    expect(beyond).toEqual([])
  })
})
