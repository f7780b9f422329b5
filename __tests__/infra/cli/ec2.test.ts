import { beforeEach, describe, expect, test } from '@jest/globals'
import { aws, home, image, names } from './each-test.ts'

/** Tasks on instances by the same two commands: `--ec2`. */

test('up makes the instances before the app, which runs on them, and a second run changes nothing', async () => {
  const type = ['--set', 'capacity.InstanceType=m7g.large', '--set', 'capacity.Architecture=ARM64']
  const plan = await home.run(['up', 'shop', ...image, '--ec2', ...type, '--plan'])
  expect([plan.code, plan.said]).toEqual([0, expect.stringContaining('Stack shop-capacity would be made:')])
  expect(plan.said.match(/\(AWS::ECS::Cluster\)/g)).toHaveLength(1)

  const { code, said } = await home.run(['up', 'shop', ...image, '--ec2', ...type])
  expect([code, said]).toEqual([0, expect.stringContaining('shop-capacity: CREATE_COMPLETE')])
  expect(names()).toEqual(['shop-network', 'shop-registry', 'shop-capacity', 'shop'])
  expect(aws.formation.stack('shop-capacity')?.parameters).toMatchObject({
    VpcId: aws.formation.stack('shop-network')?.outputs.VpcId,
    TaskSubnets: aws.formation.stack('shop-network')?.outputs.TaskSubnets,
  })
  expect(aws.formation.stack('shop')?.parameters).toMatchObject({
    Cluster: 'shop',
    CapacityProvider: 'shop',
    Architecture: 'ARM64',
    PublicTasks: 'false',
  })

  const again = await home.run(['up', 'shop'])
  expect([again.code, again.said.match(/: nothing to change/g)?.length]).toEqual([0, 4])
})

test.each([
  ['without private subnets', ['--set', 'network.PrivateSubnets=false'], '--ec2: tasks on instances get no public'],
  [
    'in a VPC with public subnets only',
    ['--vpc', 'vpc-0a1b2c3d', '--subnets', 'subnet-0a1b2c3d,subnet-1a2b3c4d'],
    '--task-subnets',
  ],
  ['in a cluster of yours', ['--set', 'Cluster=web'], '--set: with --ec2 Cluster is what NAME-capacity says'],
  ['with the wrong processor', ['--set', 'capacity.InstanceType=c7g.large'], 'Architecture is not the processor of'],
])('%s it says what is wrong, and makes nothing', async (_, options, why) => {
  const { code, said } = await home.run(['up', 'shop', ...image, '--ec2', ...options])
  expect([code, said]).toEqual([2, expect.stringContaining(why)])
  expect(names()).toEqual([])
})

test('a name that ECS keeps for itself is refused with --ec2, and good enough without', async () => {
  const refused = await home.run(['up', 'ecs-shop', ...image, '--ec2'])
  expect([refused.code, refused.said]).toEqual([2, expect.stringContaining("--ec2: 'ecs-shop' begins with")])
  const { code } = await home.run(['up', 'ecs-shop', ...image, '--plan'])
  expect(code).toBe(0)
})

test('an app on Fargate cannot be moved by a flag', async () => {
  aws.seed('shop')
  const { code, said } = await home.run(['up', 'shop', '--ec2'])
  expect([code, said]).toEqual([2, expect.stringContaining('fixed at creation, and shop runs on FARGATE')])
})

describe('down', () => {
  beforeEach(() => aws.seed('shop', { capacity: {} }))

  test('waits until ECS has ended the instances, and then removes them with their cluster', async () => {
    aws.instances.set('shop', 2)
    const { code, said } = await home.run(['down', 'shop', '--yes', 'shop'])
    expect([code, said]).toEqual([0, expect.stringContaining('waiting for ECS to end 2 instances')])
    expect(said).toContain('waiting for ECS to end 1 instance,')
    expect(said).not.toContain('the cluster shop, which is yours')
    expect(names()).toEqual([])
  })

  test('removes nothing while services of others run on them', async () => {
    aws.cloud.call('ecs', 'CreateService', {
      cluster: 'shop',
      serviceName: 'billing',
      taskDefinition: 'shop',
      desiredCount: 0,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    })
    const { code, said } = await home.run(['down', 'shop', '--yes', 'shop'])
    expect([code, said]).toEqual([8, expect.stringContaining('has services of others: billing')])
    expect(names()).toContain('shop-capacity')
  })
})
