import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { type Demand, evaluateWithin, type PolicyDocument, type PolicyStatement } from '../../sandbox/iam/policy.ts'
import { readTemplate } from '../../sandbox/infra/template.ts'
import { bootstrap, bootstrapWith, boundsIn } from './infra-roles.ts'
import { pushCalls } from './push.ts'
import { app, https, infra, propertiesOf, resolve } from './resolved.ts'

/**
 * The bounds of infra/bootstrap.yml, after the worst that somebody with the role of examples/infra.yml can do to a role of the app: give it
 * every right there is. That all modes run within them is in ../matrix/least-privilege.test.ts.
 */

const everyRight: PolicyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
const account = 'eu-central-1:123456789012'
const arn = (service: string, rest: string) => `arn:aws:${service}:${account}:${rest}`

const verdict = (action: string, resource: string, context: Demand['context'] = {}, made = bootstrap) =>
  evaluateWithin(boundsIn(made), [everyRight], { action, resource, context }).kind

describe('a role that may do everything may not', () => {
  test.each([
    ['iam:CreateUser', 'arn:aws:iam::123456789012:user/eve'],
    ['iam:CreateAccessKey', 'arn:aws:iam::123456789012:user/admin'],
    ['iam:PutRolePolicy', 'arn:aws:iam::123456789012:role/shop-task'],
    ['iam:CreatePolicyVersion', 'arn:aws:iam::123456789012:policy/shop-boundary'],
    ['sts:AssumeRole', 'arn:aws:iam::123456789012:role/admin'],
    ['organizations:LeaveOrganization', '*'],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:billing/database-0a1b2c')],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:shop-admin/database-0a1b2c')],
    ['secretsmanager:PutSecretValue', arn('secretsmanager', 'secret:shop/database-0a1b2c')],
    ['secretsmanager:ListSecrets', '*'],
    ['ssm:GetParameter', arn('ssm', 'parameter/billing/key')],
    ['ssm:SendCommand', arn('ec2', 'instance/i-0a1b2c3d')],
    ['ssm:StartSession', arn('ec2', 'instance/i-0a1b2c3d')],
    ['kms:Decrypt', arn('kms', 'key/0a1b2c3d')],
    ['lambda:UpdateFunctionCode', arn('lambda', 'function:billing')],
    ['lambda:InvokeFunction', arn('lambda', 'function:billing')],
    ['cloudformation:UpdateStack', arn('cloudformation', 'stack/billing/0a1b')],
    ['cloudformation:CreateStack', arn('cloudformation', 'stack/shop/0a1b')],
    ['s3:GetObject', 'arn:aws:s3:::billing/invoices'],
    ['s3:PutObject', 'arn:aws:s3:::billing/invoices'],
    ['s3:ListAllMyBuckets', '*'],
    ['dynamodb:Scan', arn('dynamodb', 'table/billing')],
    ['rds:DeleteDBInstance', arn('rds', 'db:billing')],
    ['ec2:RunInstances', arn('ec2', 'instance/*')],
    ['ec2:TerminateInstances', arn('ec2', 'instance/i-0a1b2c3d')],
    ['ec2:AuthorizeSecurityGroupIngress', arn('ec2', 'security-group/sg-0a1b2c3d')],
    ['route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/Z0123456789ABC'],
    ['logs:GetLogEvents', arn('logs', 'log-group:/ecs/billing:log-stream:a')],
    ['logs:DeleteLogGroup', arn('logs', 'log-group:/ecs/shop')],
    ['ecr:PutImage', arn('ecr', 'repository/billing')],
    ['ecr:BatchDeleteImage', arn('ecr', 'repository/shop')],
    ['ecs:UpdateService', arn('ecs', 'service/shop/billing')],
    ['ecs:UpdateService', arn('ecs', 'service/billing/shop-blue')],
    ['ecs:DeleteService', arn('ecs', 'service/shop/shop-blue')],
    ['ecs:CreateService', arn('ecs', 'service/shop/billing')],
    ['ecs:ExecuteCommand', arn('ecs', 'task/shop/0a1b')],
    ['ecs:StopTask', arn('ecs', 'task/billing/0a1b')],
    ['ecs:RegisterContainerInstance', arn('ecs', 'cluster/billing')],
    ['elasticloadbalancing:ModifyListener', arn('elasticloadbalancing', 'listener/app/shop/0a/0b')],
    ['elasticloadbalancing:ModifyRule', arn('elasticloadbalancing', 'listener-rule/app/billing/0a/0b/0c')],
    ['elasticloadbalancing:DeleteTargetGroup', arn('elasticloadbalancing', 'targetgroup/billing/0a')],
    ['elasticloadbalancing:DeleteLoadBalancer', arn('elasticloadbalancing', 'loadbalancer/app/shop/0a')],
  ])('%s on %s', (action, resource) => {
    expect(verdict(action, resource)).toBe('denied')
  })

  test('change the previews of another app, or make any in its name', () => {
    const preview = arn('ecs', 'service/shop/billing-pr-7-0a1b2c3d')
    const of = (kind: string, app: string) => ({ [`aws:${kind}/ecs-bluegreen:service`]: app })
    for (const action of ['ecs:DeleteService', 'ecs:UpdateService']) {
      expect(verdict(action, preview, of('ResourceTag', 'shop/shop'))).toBe('allowed')
      expect(verdict(action, preview, of('ResourceTag', 'shop/billing'))).toBe('denied')
    }
    expect(verdict('ecs:CreateService', preview, of('RequestTag', 'shop/billing'))).toBe('denied')
    // A tag can be given to what is made, and not to what is there.
    expect(verdict('ecs:TagResource', preview, of('RequestTag', 'shop/shop'))).toBe('denied')
  })

  test('hand over other roles than those of its tasks, or these to anything else', () => {
    const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
    const pass = (name: string, to: string) => verdict('iam:PassRole', role(name), { 'iam:PassedToService': to })
    expect(pass('shop-task', 'ecs-tasks.amazonaws.com')).toBe('allowed')
    expect(pass('shop-task', 'lambda.amazonaws.com')).toBe('denied')
    expect(pass('shop-deploy', 'ecs-tasks.amazonaws.com')).toBe('denied')
    expect(pass('admin', 'ecs-tasks.amazonaws.com')).toBe('denied')
  })
})

describe('within them there is room for', () => {
  test('builds, in the registry of the app', () => {
    for (const action of [...pushCalls, 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer']) {
      expect([action, verdict(action, arn('ecr', 'repository/shop'))]).toEqual([action, 'allowed'])
    }
    expect(verdict('ecr:GetAuthorizationToken', '*')).toBe('allowed')
  })

  test('what ECS needs to start tasks', () => {
    const { Policies } = propertiesOf(
      resolve(app, { ...https, RepositoryArn: arn('ecr', 'repository/shared') }),
      'ExecutionRole',
    ) as unknown as { Policies: readonly { PolicyDocument: { Statement: readonly PolicyStatement[] } }[] }
    const statements = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    for (const { Action, Resource } of statements) {
      const resource = Resource === '<Logs.Arn>' ? arn('logs', 'log-group:/ecs/shop:log-stream:a') : String(Resource)
      for (const action of [Action].flat()) expect([action, verdict(action, resource)]).toEqual([action, 'allowed'])
    }
    expect(statements.length).toBe(3)
  })

  // What AmazonEC2ContainerServiceforEC2Role gives the agent, but for making clusters, and AmazonSSMManagedInstanceCore for sessions.
  test.each([
    ...['RegisterContainerInstance', 'DeregisterContainerInstance', 'SubmitTaskStateChange'].map(call => [
      `ecs:${call}`,
      arn('ecs', 'cluster/shop'),
    ]),
    ...['Poll', 'StartTelemetrySession', 'UpdateContainerInstancesState'].map(call => [
      `ecs:${call}`,
      arn('ecs', 'container-instance/shop/0a1b'),
    ]),
    ['ecs:DiscoverPollEndpoint', '*'],
    ['ssm:UpdateInstanceInformation', arn('ec2', 'instance/i-0a1b2c3d')],
    ['ssmmessages:OpenDataChannel', '*'],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:shop/database-0a1b2c')],
    ['ssm:GetParameters', arn('ssm', 'parameter/shop/level')],
    ['cloudwatch:PutMetricData', '*'],
    ['xray:PutTraceSegments', '*'],
  ])('%s on %s', (action, resource) => {
    expect(verdict(action, resource)).toBe('allowed')
  })

  test('what whoever makes the bounds has named for tasks, and no more', () => {
    const TaskResources = `arn:aws:s3:::shop-uploads/*,${arn('dynamodb', 'table/orders')}`
    const made = bootstrapWith({ TaskResources })
    expect(verdict('s3:PutObject', 'arn:aws:s3:::shop-uploads/1', {}, made)).toBe('allowed')
    expect(verdict('dynamodb:PutItem', arn('dynamodb', 'table/orders'), {}, made)).toBe('allowed')
    expect(verdict('s3:PutObject', 'arn:aws:s3:::billing/1', {}, made)).toBe('denied')
    expect(verdict('s3:PutObject', 'arn:aws:s3:::shop-uploads/1')).toBe('denied')
  })

  test.each([
    ['', true],
    ['arn:aws:s3:::shop-uploads/*', true],
    ['arn:aws:s3:::shop-uploads/*,arn:aws:dynamodb:eu-central-1:123456789012:table/orders', true],
    ['*', false],
    ['arn:aws:*:*:*:*', false],
    ['arn:aws:iam::123456789012:role/admin', false],
    ['arn:aws:s3:::shop-uploads/*,arn:aws:sts::123456789012:x', false],
    ['arn:aws:s3:::shop-uploads/*,*', false],
  ])('%p among them: %p', (value, taken) => {
    const { AllowedPattern } = readTemplate(infra('bootstrap.yml')).parameters.TaskResources ?? {}
    expect(new RegExp(AllowedPattern ?? 'none').test(value)).toBe(taken)
  })
})

describe('infra/iam/boundary.json', () => {
  const text = readFileSync(infra('iam/boundary.json'), 'utf8')
  const filled = (words: Readonly<Record<string, string>>) =>
    Object.entries(words).reduce((all, [word, value]) => all.replaceAll(word, value), text)
  const words = { PARTITION: 'aws', REGION: 'eu-central-1', ACCOUNT: '123456789012', CLUSTER: 'shop', SERVICE: 'shop' }

  test('says what the template says without resources of tasks', () => {
    const { Statement } = boundsIn(bootstrap)
    const plain = [Statement].flat().map(one => ({ ...one, Action: [one.Action].flat() }))
    expect(JSON.parse(filled(words))).toEqual({ Version: '2012-10-17', Statement: plain })
  })

  test('leaves room for some resources of tasks with the longest names', () => {
    const long = { ...words, REGION: 'ap-southeast-2', SERVICE: 'a'.repeat(26), CLUSTER: 'a'.repeat(40) }
    expect(JSON.stringify(JSON.parse(filled(long))).length).toBeLessThanOrEqual(6144 - 500)
  })
})
