import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Home } from './command.ts'
import { type Moto, startMoto } from './moto.ts'

/**
 * The same two commands against moto, which others have written: it parses the templates and makes their resources in its own account. It does not know
 * `Fn::Cidr`, so the network is its default one, and its stacks are made at once and never fail: for that there is the fake.
 */

const region = 'eu-central-1'
let moto: Moto
let home: Home
let endpoint: string
beforeAll(async () => {
  moto = await startMoto()
  endpoint = moto.endpoint
  home = new Home({
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'MOTO',
    AWS_SECRET_ACCESS_KEY: 'moto',
  })
})
afterAll(async () => {
  home.close()
  await moto.stop()
})

/** What moto has of itself in each Region. */
async function ask(action: string, element: string): Promise<readonly string[]> {
  const authorization = `AWS4-HMAC-SHA256 Credential=MOTO/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=x`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization }
  const answer = await fetch(endpoint, { method: 'POST', headers, body: `Action=${action}&Version=2016-11-15` })
  return [...(await answer.text()).matchAll(new RegExp(`<${element}>([^<]+)`, 'g'))].map(([, id = '']) => id)
}

test('up, up again, down, down again', async () => {
  const [vpc = ''] = await ask('DescribeVpcs', 'vpcId')
  const subnets = (await ask('DescribeSubnets', 'subnetId')).slice(0, 2).join(',')
  const network = ['--vpc', vpc, '--subnets', subnets, '--task-subnets', subnets, '--ec2']
  const more = [
    '--image',
    'registry.example.com/shop:1.0.0',
    '--scaling',
    '--github',
    'acme/shop',
    '--bootstrap',
    '--set',
    'TestCidr=198.51.100.0/24',
  ]

  const plan = await home.run(['up', 'shop', ...network, ...more, '--plan'])
  expect([plan.code, plan.said]).toEqual([0, expect.stringContaining('Stack shop would be made')])

  const made = await home.run(['up', 'shop', ...network, ...more])
  expect([made.code, made.said]).toEqual([0, expect.stringContaining('shop-github: CREATE_COMPLETE')])
  expect(made.said).toContain('CREATE_COMPLETE    shop (CloudFormation Stack)')
  expect(made.said).toMatch(
    /^ {2}listener-arns: arn:aws:elasticloadbalancing:eu-central-1:\d{12}:listener-rule\/app\/shop\//m,
  )
  expect(made.said).toMatch(
    /^gh variable set DEPLOY_ROLE --repo acme\/shop --body 'arn:aws:iam::\d{12}:role\/shop-deploy'$/m,
  )

  expect(made.said).toMatch(
    /^gh variable set INFRA_ROLE --repo acme\/shop --body 'arn:aws:iam::\d{12}:role\/shop-infra'$/m,
  )

  const again = await home.run(['up', 'shop'])
  expect([again.code, again.said]).toEqual([0, expect.stringContaining('shop-github: nothing to change')])
  expect(again.said.match(/: nothing to change/g)).toHaveLength(5)

  const elsewhere = await home.run(['down', 'shop', '--region', 'eu-west-1'])
  expect([elsewhere.code, elsewhere.said]).toEqual([6, expect.stringContaining(`The stack shop is in ${region}`)])

  const gone = await home.run(['down', 'shop', '--with-images', '--with-bootstrap', '--yes', 'shop'])
  expect([gone.code, gone.said]).toEqual([0, expect.stringContaining('shop is removed.')])
  expect(gone.said).toContain(`the VPC ${vpc}, which is yours`)

  const nothing = await home.run(['down', 'shop'])
  expect([nothing.code, nothing.said]).toEqual([0, expect.stringContaining('There is nothing of shop')])
})
