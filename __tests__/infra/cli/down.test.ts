import { beforeEach, describe, expect, test } from '@jest/globals'
import { tagKeys } from '../../../src/plan/preview-names.ts'
import { aws, home, names } from './each-test.ts'
import { AwsError } from './fake-stack.ts'
import { beside, besideAtAnother, lock, ofOurs } from './others.ts'

/** One command down: what it asks, empties, removes and leaves. */

beforeEach(() => {
  aws.seed('shop')
})

const everything = ['shop-network', 'shop-registry', 'shop', 'shop-scaling', 'shop-github']
const targetGroups = () => {
  const { TargetGroups } = aws.cloud.call('elbv2', 'DescribeTargetGroups', {}) as {
    TargetGroups: readonly { TargetGroupName: string }[]
  }
  return TargetGroups.map(({ TargetGroupName }) => TargetGroupName)
}

test('nothing goes before the name is typed', async () => {
  for (const answer of ['', 'y\n', 'shop-blue\n']) {
    const { code, said } = await home.run(['down', 'shop'], {}, answer)
    expect([code, said]).toEqual([9, expect.stringContaining('Type shop to remove all of this:')])
  }
  expect(names()).toEqual(everything)
})

test('all of it goes, the last made first, and is told; and again: there is nothing', async () => {
  const { code, said } = await home.run(['down', 'shop'], {}, 'shop\n')
  expect([code, said]).toEqual([0, expect.stringContaining('shop is removed.')])
  expect(names()).toEqual([])
  expect([...said.matchAll(/^ {2}(\S+): deleted$/gm)].map(([, name]) => name)).toEqual(everything.toReversed())
  const kept = said.slice(said.indexOf('shop is removed.'))
  expect(kept).toContain('the registry shop, because with the last image the last way back would be gone')
  expect(kept).toContain('registered revisions of task definitions')
  expect(kept).toContain("GitHub's identity provider in IAM")
  expect(aws.repositories.has('shop')).toBe(true)

  const again = await home.run(['down', 'shop'])
  expect([again.code, again.said]).toEqual([0, expect.stringContaining('There is nothing of shop in eu-central-1')])
  expect(again.said).toContain('the registry shop, because')
})

test('--with-images removes the registry, too, also later', async () => {
  aws.repositories.set('shop', ['1.0.0'])
  const first = await home.run(['down', 'shop', '--yes', 'shop'])
  expect([first.code, aws.repositories.has('shop')]).toEqual([0, true])
  const second = await home.run(['down', 'shop', '--with-images', '--yes', 'shop'])
  expect([second.code, second.said]).toEqual([
    0,
    expect.stringContaining('Deleted the registry shop with all its images.'),
  ])
  expect(aws.repositories.has('shop')).toBe(false)
  const third = await home.run(['down', 'shop', '--with-images', '--yes', 'shop'])
  expect([third.code, third.said]).toEqual([0, expect.stringContaining('There is nothing of shop')])
})

describe('a registry of the same name that no stack of the app has made is left', () => {
  const ours = 'arn:aws:ecr:eu-central-1:123456789012:repository/shop'
  const theirs = 'arn:aws:ecr:eu-central-1:999999999999:repository/shop'
  const untagged = `the registry ${ours}, which was not made by a stack shop-registry and so is yours`
  beforeEach(() => {
    Object.assign(aws.formation.stack('shop-registry') ?? {}, { status: 'DELETE_COMPLETE' })
    aws.repositories.set('shop', ['1.0.0'])
    aws.registryTags.clear()
  })
  const goes = (said: string) => said.slice(0, said.indexOf('This is left:'))

  test.each([
    ['given to the app', ours],
    ['the namesake of one in another account', theirs],
  ])('%s', async (_, RepositoryArn) => {
    Object.assign(aws.formation.stack('shop')?.parameters ?? {}, { RepositoryArn })
    const { code, said } = await home.run(['down', 'shop', '--with-images', '--yes', 'shop'])
    expect([code, said]).toEqual([0, expect.stringContaining(untagged)])
    expect(goes(said)).not.toContain('the registry')
    expect(said.includes(`the registry ${theirs}, which is yours`)).toBe(RepositoryArn === theirs)
    expect([aws.repositories.has('shop'), names()]).toEqual([true, []])
  })

  test('without any stack, or made by a stack of somebody else', async () => {
    aws.formation.stacks.length = 0
    for (const stack of [undefined, 'legacy-registry', 'shop']) {
      const tags = { 'aws:cloudformation:stack-name': stack ?? '', 'aws:cloudformation:logical-id': 'Images' }
      aws.registryTags.set('shop', stack === undefined ? {} : tags)
      const { code, said } = await home.run(['down', 'shop', '--with-images', '--yes', 'shop'])
      expect([code, said]).toEqual([0, expect.stringContaining('There is nothing of shop')])
      expect([said.includes(untagged), aws.repositories.has('shop')]).toEqual([true, true])
    }
  })

  test('nor is one whose tags may not be read taken for ours', async () => {
    aws.formation.stacks.length = 0
    aws.errors.set('ecr.ListTagsForResource', new AwsError('AccessDeniedException', 'not authorized', 400))
    const { code, said } = await home.run(['down', 'shop', '--with-images', '--yes', 'shop'])
    expect([code, said]).toEqual([0, expect.stringContaining('may not read its tags (ecr:ListTagsForResource)')])
    expect(aws.repositories.has('shop')).toBe(true)
  })
})

test('previews and the lock of a dead run are in the way, and go first', async () => {
  beside(aws, 'shop-pr-12-0a1b2c3d', ofOurs)
  lock(aws, Date.now() - 60_000)
  const plan = await home.run(['down', 'shop', '--plan'])
  expect([plan.code, plan.said]).toEqual([0, expect.stringContaining('shop-pr-12-0a1b2c3d, of a preview')])
  expect(plan.said).toContain('This was a plan: nothing was removed.')
  expect([names(), targetGroups().length]).toEqual([everything, 4])

  const { code, said } = await home.run(['down', 'shop', '--yes', 'shop'])
  expect([code, said]).toEqual([0, expect.stringContaining('Deleting the service shop-pr-12-0a1b2c3d of a preview')])
  expect([names(), targetGroups()]).toEqual([[], []])
})

test('a preview of another app with such a name stays', async () => {
  const Tags = Object.entries({ ...ofOurs, [tagKeys.of]: 'shop/store' }).map(([Key, Value]) => ({ Key, Value }))
  const Name = 'shop-pr-9-0a1b2c3d'
  aws.cloud.call('elbv2', 'CreateTargetGroup', {
    Name,
    TargetType: 'ip',
    Protocol: 'HTTP',
    Port: 1,
    VpcId: 'vpc-1',
    Tags,
  })
  const { code } = await home.run(['down', 'shop', '--yes', 'shop'])
  expect([code, targetGroups()]).toEqual([0, [Name]])
})

test('services of others keep the cluster: nothing is removed', async () => {
  beside(aws, 'billing', {})
  const { code, said } = await home.run(['down', 'shop', '--yes', 'shop'])
  expect([code, said]).toEqual([
    8,
    expect.stringContaining('The cluster shop goes with its stack, and has services of others: billing.'),
  ])
  expect(names()).toEqual(everything)
})

test('a deploy that is under way keeps everything', async () => {
  lock(aws, Date.now() + 60_000)
  const { code, said } = await home.run(['down', 'shop', '--yes', 'shop'])
  expect([code, said]).toEqual([
    8,
    expect.stringContaining('A run deploys right now: https://github.com/acme/shop/actions/runs/7.'),
  ])
  expect(names()).toEqual(everything)
})

test('termination protection and an update that is under way are told together, before anything is removed', async () => {
  Object.assign(aws.formation.stack('shop') ?? {}, { isProtected: true })
  Object.assign(aws.formation.stack('shop-network') ?? {}, { status: 'UPDATE_IN_PROGRESS' })
  const { code, said } = await home.run(['down', 'shop', '--yes', 'shop'])
  expect([code, said]).toEqual([
    8,
    expect.stringContaining('update-termination-protection --no-enable-termination-protection --stack-name shop,'),
  ])
  expect(said).toContain('The stack shop-network is UPDATE_IN_PROGRESS.')
  expect(names()).toEqual(everything)
})

test('what cannot be deleted is told, and the next run goes on from there', async () => {
  aws.formation.troubles.set('shop-network', {
    id: 'Vpc',
    reason: "The vpc 'vpc-1' has dependencies and cannot be deleted.",
  })
  const { code, said } = await home.run(['down', 'shop', '--yes', 'shop'])
  expect([code, said]).toEqual([
    1,
    expect.stringContaining("The stack shop-network is DELETE_FAILED:\n  Vpc: The vpc 'vpc-1' has dependencies"),
  ])
  expect(said).toContain('Somebody else has put something into it.')
  expect(names()).toEqual(['shop-network'])
  const again = await home.run(['down', 'shop', '--yes', 'shop'])
  expect([again.code, names()]).toEqual([0, []])
})

test('the remains of a creation that failed are removed like the rest', async () => {
  for (const stack of aws.formation.stacks) stack.status = 'DELETE_COMPLETE'
  aws.formation.troubles.set('store', { id: 'Logs', reason: 'no' })
  const failed = await home.run(['up', 'store', '--image', 'registry.example.com/store:1.0.0'])
  expect([failed.code, aws.formation.stack('store')?.status]).toEqual([1, 'ROLLBACK_FAILED'])
  const { code } = await home.run(['down', 'store', '--yes', 'store'])
  expect([code, names()]).toEqual([0, []])
})

test('previews behind a load balancer of their own go, too', async () => {
  besideAtAnother(aws, 'shop-pr-12-0a1b2c3d')
  const { code, said } = await home.run(['down', 'shop', '--yes', 'shop'])
  expect([code, said]).toEqual([0, expect.stringMatching(/Deleting the rule \S+listener-rule\/app\/previews\//)])
  expect(targetGroups()).toEqual([])
})

test('what others have on our listeners is shown before, with where it leads', async () => {
  beside(aws, 'billing', {})
  aws.cloud.call('ecs', 'DeleteService', { cluster: 'shop', service: 'billing', force: true })
  const { code, said } = await home.run(['down', 'shop', '--plan'])
  expect([code, said]).toEqual([
    0,
    expect.stringMatching(/listener-rule\S+, of somebody else, to billing: a rule goes/),
  ])
})
