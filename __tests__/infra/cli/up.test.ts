import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { infraStatements, policiesOfInfra } from '../infra-roles.ts'
import { aws, home, image, names, writes } from './each-test.ts'
import { AwsError } from './fake-stack.ts'

/** One command up: what it makes, says, and leaves as it is. */

const yamlIn = (said: string) =>
  parse(/^with:\n(?: {2}.*\n)+/m.exec(said)?.[0] ?? '') as { readonly with: Readonly<Record<string, string>> }

test('from nothing to an app that answers, and again: nothing to change', async () => {
  home.installDocker()
  const everything = ['--github', 'acme/shop', '--scaling', '--set', 'TestCidr=198.51.100.0/24']
  const first = await home.run(['up', 'shop', ...everything])
  expect([first.code, first.said]).toEqual([0, expect.stringContaining('shop: CREATE_COMPLETE')])
  expect(names()).toEqual(['shop-network', 'shop-registry', 'shop', 'shop-scaling', 'shop-github'])

  // The outputs of one are the parameters of the next, and the first image is in the registry before the app is made.
  const app = aws.formation.stack('shop')
  const uri = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop'
  expect(app?.parameters).toMatchObject({
    VpcId: aws.formation.stack('shop-network')?.outputs.VpcId,
    RepositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/shop',
    Image: `${uri}:sample-1`,
    PublicTasks: 'false',
  })
  expect(home.dockerCalls().slice(1)).toEqual([
    expect.stringMatching(
      new RegExp(`^build --platform linux/amd64 --build-arg VERSION=sample-1 --tag ${uri}:sample-1 .*/sample-app$`),
    ),
    'login --username AWS --password-stdin 123456789012.dkr.ecr.eu-central-1.amazonaws.com',
    `push ${uri}:sample-1`,
  ])
  expect(JSON.parse(app?.policy ?? '{}')).toEqual(JSON.parse(readFileSync('infra/stack-policy.json', 'utf8')))

  const { ListenerArns, TestListenerArns, ProductionUrl } = app?.outputs ?? {}
  expect(yamlIn(first.said).with).toMatchObject({
    cluster: 'shop',
    service: 'shop',
    'listener-arns': ListenerArns,
    'test-listener-arns': TestListenerArns,
    'production-url': ProductionUrl,
  })
  const inputs = Object.keys((parse(readFileSync('action.yml', 'utf8')) as { inputs: object }).inputs)
  expect(inputs).toEqual(expect.arrayContaining(Object.keys(yamlIn(first.said).with)))
  expect(first.said).toContain(`Production answers at ${ProductionUrl}`)
  expect(first.said).toContain("gh variable set DEPLOY_ROLE --repo acme/shop --body 'arn:aws:iam::")
  expect(first.said).toContain("gh variable set ECR_REPOSITORY --repo acme/shop --body 'shop'")

  aws.calls.length = 0
  const again = await home.run(['up', 'shop'])
  expect([again.code, again.said.match(/: nothing to change/g)?.length]).toEqual([0, 5])
  expect(yamlIn(again.said)).toEqual(yamlIn(first.said))
  expect(new Set(writes())).toEqual(new Set(['cloudformation.CreateChangeSet', 'cloudformation.DeleteChangeSet']))
})

test('an update keeps what is not given', async () => {
  aws.seed('shop', { app: { TestCidr: '198.51.100.0/24', LogDays: '30' } })
  const { code, said } = await home.run(['up', 'shop', '--set', 'LogDays=90'])
  expect([code, said]).toEqual([0, expect.stringContaining('shop: UPDATE_COMPLETE')])
  expect(aws.formation.stack('shop')?.parameters).toMatchObject({ TestCidr: '198.51.100.0/24', LogDays: '90' })
})

test('a network that changes does not move the tasks', async () => {
  aws.seed('shop')
  const before = aws.formation.stack('shop')?.parameters
  const { code, said } = await home.run(['up', 'shop', '--set', 'network.PrivateSubnets=false'])
  expect([code, said]).toEqual([0, expect.stringContaining('shop: nothing to change')])
  expect(aws.formation.stack('shop-network')?.parameters.PrivateSubnets).toBe('false')
  expect(aws.formation.stack('shop')?.parameters).toEqual(before)
})

test('a VPC of yours: no network is made', async () => {
  const vpc = ['--vpc', 'vpc-0a1b2c3d', '--subnets', 'subnet-0a1b2c3d,subnet-1a2b3c4d']
  const { code, said } = await home.run(['up', 'shop', ...image, ...vpc])
  expect([code, said]).toEqual([0, expect.stringContaining('There are no roles for jobs')])
  expect(names()).toEqual(['shop-registry', 'shop'])
  expect(aws.formation.stack('shop')?.parameters).toMatchObject({ VpcId: 'vpc-0a1b2c3d', PublicTasks: 'true' })
  const again = await home.run(['up', 'shop'])
  expect([again.code, names()]).toEqual([0, ['shop-registry', 'shop']])
})

test('what an account has already is used: a registry with images, GitHub as identity provider, the role of ECS', async () => {
  const provider = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com'
  aws.repositories.set('shop', ['1.0.0', '1.1.0', 'main'])
  aws.identities.add(provider)
  const { code, said } = await home.run(['up', 'shop', '--github', 'acme/shop'])
  expect([code, names()]).toEqual([0, ['shop-network', 'shop', 'shop-github']])
  expect(said).toContain('repository/shop is there already, and is used as it is.')
  // The newest has only a name that moves: then it is its digest.
  expect(aws.formation.stack('shop')?.parameters.Image).toMatch(/\/shop@sha256:2{64}$/)
  expect(aws.formation.stack('shop-github')?.parameters).toMatchObject({
    ProviderArn: provider,
    RepositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/shop',
  })
  expect(aws.calls).not.toContain('iam.CreateServiceLinkedRole')
})

test('what it lacks is made, or told where we may not look', async () => {
  aws.identities.clear()
  const made = await home.run(['up', 'shop', ...image])
  expect([made.code, made.said]).toEqual([0, expect.stringContaining('Made the role AWSServiceRoleForECS')])
  aws.identities.clear()
  const taken = 'Service role name AWSServiceRoleForECS has been taken in this account, please try a different suffix.'
  aws.errors.set('iam.CreateServiceLinkedRole', new AwsError('InvalidInput', taken))
  const raced = await home.run(['up', 'shopper', ...image])
  expect([raced.code, raced.said]).toEqual([0, expect.not.stringContaining('Made the role')])
  const denied = new AwsError('AccessDenied', 'User is not authorized to perform: iam:Get', 403)
  aws.errors.set('iam.GetRole', denied).set('iam.GetOpenIDConnectProvider', denied)
  const blind = await home.run(['up', 'store', ...image, '--github', 'acme/store'])
  expect(blind.code).toBe(0)
  expect(blind.said).toContain('aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com')
  expect(blind.said).toContain('--set github.ProviderArn=')
})

test('--plan shows what a new app is made of, and what an update changes, and changes nothing', async () => {
  const fresh = await home.run(['up', 'shop', ...image, '--plan', '--set', 'TestCidr=198.51.100.0/24'])
  expect([fresh.code, fresh.said]).toEqual([0, expect.stringContaining('Stack shop-network would be made:')])
  expect(fresh.said).toContain('+ TestRule (AWS::ElasticLoadBalancingV2::ListenerRule)')
  // Nobody gave a certificate.
  expect(fresh.said).not.toContain('RedirectListener')
  expect([writes(), names()]).toEqual([[], []])

  aws.seed('shop')
  const before = JSON.stringify(aws.formation.stacks)
  const update = await home.run(['up', 'shop', '--plan', '--set', 'LogDays=90'])
  expect([update.code, update.said]).toEqual([0, expect.stringContaining('Stack shop would be updated:\n  ~ ')])
  expect(update.said).toContain('Stack shop-network: nothing to change')
  expect(update.said).toContain('This was a plan: nothing was changed.')
  expect(new Set(writes())).toEqual(new Set(['cloudformation.CreateChangeSet', 'cloudformation.DeleteChangeSet']))
  expect(JSON.stringify(aws.formation.stacks)).toBe(before)
})

test('--plan needs neither docker nor an image, and says what both colors would start on', async () => {
  const yours = ['--repository-arn', 'arn:aws:ecr:us-east-1:999999999999:repository/shop']
  const build = await home.run(['up', 'shop', '--plan'])
  expect([build.code, build.said]).toEqual([0, expect.stringContaining('Stack shop would be made:')])
  expect(build.said).toContain(
    'Both colors would start on sample-app, which would be built and pushed: that needs docker',
  )
  const needed = await home.run(['up', 'shop', ...yours, '--plan'])
  expect([needed.code, needed.said]).toEqual([0, expect.stringContaining('it would need --image.')])
  aws.repositories.set('shop', ['1.0.0'])
  const found = await home.run(['up', 'shop', '--plan'])
  expect([found.code, found.said]).toEqual([
    0,
    expect.stringContaining('/shop:1.0.0, the newest image of the registry.'),
  ])
  expect(writes()).toEqual([])
})

test('a creation that fails says first why, and the next run clears the remains away when it is told to', async () => {
  const reason = 'Resource handler returned message: "ECS Deployment Circuit Breaker was triggered"'
  aws.formation.troubles.set('shop', { id: 'BlueService', reason })
  const crashing = ['--image', 'registry.example.com/shop:1.0.0-crash']
  const failed = await home.run(['up', 'shop', ...crashing])
  expect(failed.code).toBe(1)
  // AWS has refused to take the protected load balancer away.
  const told = failed.said.slice(failed.said.indexOf('The stack shop is ROLLBACK_FAILED:'))
  expect(told).toMatch(/^ {2}BlueService: .*\n {2}LoadBalancer: .*deletion protection is enabled$/m)
  // What nobody can read any more, because service and log group are gone.
  expect(told).toMatch(/^ {2}The task \w+ of shop-blue has stopped: Essential container in task exited$/m)
  expect(told).toContain('That is: container app gave up by itself (exit code 1).')
  expect(told).toContain('  | Error: this version crashes at its start')
  expect(told).toContain('The first tasks have not become healthy. Check Image,')
  expect(told).toContain('Not all that was made of it could be taken away again.')

  const unsure = await home.run(['up', 'shop', ...image], {}, 'yes\n')
  expect([unsure.code, unsure.said]).toEqual([9, expect.stringContaining("'yes' is not shop. Or give --yes shop.")])
  expect(aws.formation.stack('shop')?.status).toBe('ROLLBACK_FAILED')

  const typed = await home.run(['up', 'shop', ...image], {}, 'shop\n')
  expect([typed.code, typed.said]).toEqual([0, expect.stringContaining('shop-network: nothing to change')])
  expect(typed.said).toContain('Lifting the deletion protection of the load balancer')
  expect(aws.formation.stack('shop')?.status).toBe('CREATE_COMPLETE')
})

test('a creation that fails without a protected load balancer leaves nothing but its name', async () => {
  aws.formation.troubles.set('shop', { id: 'BlueService', reason: 'did not stabilize' })
  const failed = await home.run(['up', 'shop', ...image, '--set', 'DeletionProtection=false'])
  expect([failed.code, failed.said]).toEqual([1, expect.stringContaining('The stack shop is ROLLBACK_COMPLETE:')])
  expect(failed.said).toContain('What was made of it is taken away again.')
  const again = await home.run(['up', 'shop', ...image, '--yes', 'shop'])
  expect([again.code, aws.formation.stack('shop')?.status]).toEqual([0, 'CREATE_COMPLETE'])
})

test('what may not be read about the first tasks is told beside why they failed', async () => {
  aws.formation.troubles.set('shop', { id: 'GreenService', reason: 'did not stabilize' })
  aws.iam.limit(infraStatements(...policiesOfInfra).filter(({ Sid }) => Sid !== 'ListTasks'))
  const failed = await home.run(['up', 'shop', ...image])
  expect([failed.code, failed.said]).toEqual([1, expect.stringContaining('  GreenService: did not stabilize')])
  expect(failed.said).toMatch(/^ {2}More would be known here: .*ecs:ListTasks/m)
})

test('an update that fails leaves the stack as it was, and says what the stack policy means', async () => {
  aws.seed('shop')
  const reason = 'Action denied by stack policy: Statement [#1] does not allow [Update:Modify]'
  aws.formation.troubles.set('shop', { id: 'ProductionRule', reason })
  const { code, said } = await home.run(['up', 'shop', '--set', 'LogDays=90'])
  expect([code, said]).toEqual([
    1,
    expect.stringContaining(`The stack shop is UPDATE_ROLLBACK_COMPLETE:\n  ProductionRule: ${reason}`),
  ])
  expect(said).toContain('That is fixed at creation')
  expect(said).toContain('The stack is as it was before.')
})

test('a call that is denied says which, and what to read', async () => {
  const message = 'User: arn:aws:iam::1:user/x is not authorized to perform: cloudformation:CreateChangeSet'
  aws.errors.set('cloudformation.CreateChangeSet', new AwsError('AccessDenied', message, 403))
  const { code, said } = await home.run(['up', 'shop', ...image])
  expect([code, said]).toEqual([1, expect.stringContaining(message)])
  expect(said).toContain('docs/one-command.md')
})

test('in a job of GitHub Actions: folded groups, a summary, errors as annotations', async () => {
  const summary = home.path('summary.md')
  writeFileSync(summary, '')
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }
  const made = await home.run(['up', 'shop', ...image], env)
  expect([made.code, made.said]).toEqual([0, expect.stringMatching(/^::group::Stack shop\n[\s\S]*?^::endgroup::$/m)])
  expect(readFileSync(summary, 'utf8')).toContain('### shop in eu-central-1')
  aws.formation.troubles.set('shop', { id: 'Logs', reason: '::warning::not so fast' })
  const failed = await home.run(['up', 'shop', '--set', 'LogDays=90'], env)
  expect([failed.code, failed.said]).toEqual([
    1,
    expect.stringMatching(/^::error::The stack shop is UPDATE_ROLLBACK_COMPLETE:%0A/m),
  ])
  // What AWS says is no command of ours.
  expect(failed.said).not.toMatch(/^\s*::warning::/m)
})
