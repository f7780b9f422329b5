import { expect, test } from '@jest/globals'
import { bodyOf } from '../../../scripts/infra/templates.ts'
import { aws, home, image, writes } from './each-test.ts'
import { AwsError } from './fake-stack.ts'

/** What is found out before anything is changed, each with a message and an exit code of its own. */

test.each(['up', 'down'])('%s without credentials', async verb => {
  const { code, said } = await home.run([verb, 'shop'], { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' })
  expect([code, said]).toEqual([
    3,
    expect.stringContaining('No AWS credentials were found. Run aws configure or aws sso login'),
  ])
  expect(aws.calls).toEqual([])
})

test.each([
  [
    'ExpiredToken',
    'The security token included in the request is expired',
    'Your AWS credentials have expired. Log in again',
  ],
  [
    'InvalidClientTokenId',
    'The security token included in the request is invalid.',
    'AWS does not know these credentials',
  ],
])('credentials that AWS answers with %s', async (name, message, told) => {
  aws.errors.set('sts.GetCallerIdentity', new AwsError(name, message, 403))
  const { code, said } = await home.run(['up', 'shop', ...image])
  expect([code, said]).toEqual([4, expect.stringContaining(told)])
  expect(aws.calls).toEqual(['sts.GetCallerIdentity'])
})

test('credentials that expire half-way are told as such, too', async () => {
  aws.errors.set('cloudformation.DescribeStacks', new AwsError('ExpiredToken', 'The security token is expired', 403))
  const { code, said } = await home.run(['up', 'shop', ...image])
  expect([code, said]).toEqual([4, expect.stringContaining('have expired')])
})

test('no Region, and the one that the AWS CLI knows', async () => {
  const none = await home.run(['up', 'shop', ...image], { AWS_REGION: '' })
  expect([none.code, none.said]).toEqual([5, expect.stringContaining('No Region is set. Give --region')])
  expect(aws.calls).toEqual([])
  const other = await home.run(['down', 'shop'], { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' })
  expect([other.code, other.said]).toEqual([0, expect.stringContaining('There is nothing of shop in eu-west-1')])
})

test.each(['up', 'down'])('%s in another Region than that of the stacks', async verb => {
  aws.seed('shop')
  const { code, said } = await home.run([verb, 'shop', '--region', 'us-east-1', '--yes', 'shop'])
  expect([code, said]).toEqual([
    6,
    expect.stringContaining('The stack shop is in eu-central-1, and this is us-east-1. Nothing was changed.'),
  ])
  expect(said).toContain('Run it with --region eu-central-1')
  expect(writes()).toEqual([])
})

test('a Region that is closed to us is not in the way', async () => {
  const denied = new AwsError(
    'AccessDenied',
    'User is not authorized, with an explicit deny in a service control policy',
    403,
  )
  aws.errors.set('cloudformation.DescribeStacks in us-east-1', denied)
  const { code, said } = await home.run(['up', 'shop', '--plan', ...image])
  expect([code, said]).toEqual([0, expect.stringContaining('Stack shop would be made')])
})

test('another account than the one that was meant', async () => {
  const { code, said } = await home.run(['up', 'shop', '--account', '999999999999', ...image])
  expect([code, said]).toEqual([7, expect.stringContaining('These are credentials of account 123456789012')])
  expect(aws.calls).toEqual(['sts.GetCallerIdentity'])
})

test.each([
  ['UPDATE_IN_PROGRESS', 'Wait until that has ended'],
  ['UPDATE_ROLLBACK_FAILED', 'aws cloudformation continue-update-rollback --stack-name shop'],
  ['DELETE_FAILED', 'Run npm run infra:down again'],
])('up on a stack that is %s', async (status, told) => {
  aws.seed('shop')
  Object.assign(aws.formation.stack('shop') ?? {}, { status })
  const { code, said } = await home.run(['up', 'shop'])
  expect([code, said]).toEqual([8, expect.stringContaining(`The stack shop is ${status}. `)])
  expect(said).toContain(told)
  expect(writes()).toEqual([])
})

test.each(['up', 'down'])('%s leaves alone a stack of that name that was made from something else', async verb => {
  aws.formation.made(
    'shop',
    'eu-central-1',
    'Parameters: { Bucket: { Default: x } }\nResources: { It: { Type: A } }',
    {},
  )
  const { code, said } = await home.run([verb, 'shop', '--yes', 'shop'])
  expect([code, said]).toEqual([
    8,
    expect.stringContaining('The stack shop (Bucket) in eu-central-1 was not made from these templates.'),
  ])
  expect(writes()).toEqual([])
})

test('the app of somebody else under the name of ours is not ours', async () => {
  const given = {
    Service: 'store',
    VpcId: 'vpc-1',
    LoadBalancerSubnets: 'subnet-a,subnet-b',
    TaskSubnets: 'subnet-a',
    Image: 'i',
  }
  aws.formation.made('shop', 'eu-central-1', bodyOf('app'), given)
  const { code, said } = await home.run(['up', 'shop', ...image])
  expect([code, said]).toEqual([8, expect.stringContaining('was not made from these templates')])
})

test('a first image has to be built, and there is no docker', async () => {
  const none = await home.run(['up', 'shop'])
  expect([none.code, none.said]).toEqual([10, expect.stringContaining('There is no image in the registry shop yet')])
  expect(none.said).toContain('docker was not found. Install it, or give --image')
  home.installDocker('exit 1')
  const silent = await home.run(['up', 'shop'])
  expect([silent.code, silent.said]).toEqual([10, expect.stringContaining('docker is here, but does not answer')])
  expect(writes()).toEqual([])
})

test.each([
  [
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:9.9.9',
    'there is no 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:9.9.9 yet',
  ],
  [
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/store:1.0.0',
    'tasks may pull from shop only: give its --repository-arn',
  ],
])('an image that no task could pull: %s', async (name, told) => {
  aws.repositories.set('shop', ['1.0.0'])
  const { code, said } = await home.run(['up', 'shop', '--image', name])
  expect([code, said]).toEqual([2, expect.stringContaining(told)])
  expect(writes()).toEqual([])
})

test('a registry of yours that is elsewhere needs --image', async () => {
  const arn = 'arn:aws:ecr:us-east-1:999999999999:repository/shop'
  const { code, said } = await home.run(['up', 'shop', '--repository-arn', arn])
  expect([code, said]).toEqual([2, expect.stringContaining(`There is no registry ${arn} in account 123456789012`)])
  expect(writes()).toEqual([])
})

test('what a template does not take is told before AWS is asked anything, all at once', async () => {
  const wrong = ['TestCidr=everybody', 'Cpu=300', 'ContainerPort=0', 'network.Cidr=10.0.0.0/8', 'Colour=red']
  const { code, said } = await home.run(['up', 'shop', ...wrong.flatMap(one => ['--set', one])])
  expect(code).toBe(2)
  expect(said.trim().split('\n')).toEqual([
    "network.Cidr: '10.0.0.0/8' is not what it takes: an IPv4 range of the size /16.",
    "TestCidr: 'everybody' is not what it takes: an IPv4 range, or nothing.",
    "Cpu: '300' is none of 256, 512, 1024, 2048, 4096.",
    "ContainerPort: '0' is too small: at least 1.",
    'Colour: infra/app.yml has no such parameter.',
  ])
  expect(aws.calls).toEqual([])
})

test('what the template says of several parameters together, and what is fixed', async () => {
  const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'
  const far = certificate.replace('eu-central-1', 'us-east-1')
  const foreign = await home.run(['up', 'shop', ...image, '--set', `CertificateArn=${far}`, '--set', 'DomainName=a.b'])
  expect([foreign.code, foreign.said]).toEqual([
    2,
    expect.stringContaining('is in us-east-1, and the app in eu-central-1'),
  ])
  const nameless = await home.run(['up', 'shop', ...image, '--set', `CertificateArn=${certificate}`])
  expect([nameless.code, nameless.said]).toEqual([2, expect.stringContaining('CertificateArn needs DomainName')])
  aws.seed('shop', { app: { DomainName: 'shop.example.com' } })
  const fixed = await home.run(['up', 'shop', '--set', `CertificateArn=${certificate}`, '--set', 'ContainerPort=9090'])
  expect([fixed.code, fixed.said]).toEqual([
    2,
    expect.stringContaining("ContainerPort is fixed at creation: it is '8080'"),
  ])
  // The stack has the name, so the certificate is well.
  expect(fixed.said).not.toContain('CertificateArn needs')
  expect(writes()).toEqual([])
})

test.each([
  [['up'], 'NAME: one is needed, and 0 were given.'],
  [['up', 'Shop'], 'lower-case letters, digits and hyphens'],
  [['down', 'shop', '--yes', 'shopp'], "--yes: 'shopp' is not the name shop."],
  [['up', 'shop', '--vpc', 'vpc-0a1b2c3d'], '--vpc and --subnets go together.'],
  [['up', 'shop', '--vpc', 'mine', '--subnets', 'subnet-0a1b2c3d,x'], "VpcId: 'mine' is no AWS::EC2::VPC::Id"],
  [['up', 'shop', '--set', 'Service=other'], 'Service of infra/app.yml is NAME'],
  [['down', 'shop', '--force'], '--force'],
])('%j', async (args, told) => {
  const { code, said } = await home.run(args)
  expect([code, said]).toEqual([2, expect.stringContaining(told)])
  expect(aws.calls).toEqual([])
})
