import { beforeEach, expect, test } from '@jest/globals'
import { type Demand, evaluate, type PolicyStatement } from '../../../sandbox/iam/policy.ts'
import { bodyOf } from '../../../scripts/infra/templates.ts'
import { everythingAsked, infraStatements, policiesOfInfra } from '../infra-roles.ts'
import { pushCalls } from '../push.ts'
import { aws, home } from './each-test.ts'
import { region } from './fake-account.ts'
import { beside, besideAtAnother, lock, ofOurs } from './others.ts'

/** The roles of examples/infra.yml are enough for all that the two commands do, and nothing in them is superfluous. */

beforeEach(() => {
  const given = { Service: 'shop', Cluster: 'shop', Repository: 'acme/shop', Ec2: 'true', ...names }
  aws.formation.made('shop-bootstrap', region, bodyOf('bootstrap'), given)
})

const names = { HostedZoneId: 'Z0123456789ABC', NamespaceId: 'ns-abcdefgh' }
const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'
const values = { ...names, CertificateArn: certificate, DomainName: 'shop.example.com', TestCidr: '198.51.100.0/24' }
const set = Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`])
const everything = ['--github', 'acme/shop', '--scaling', '--ec2', ...set, '--set', 'github.Previews=shop']

/** Whether one is allowed, and ended well. */
async function runs(...args: readonly string[]): Promise<void> {
  const { code, said } = await home.run(args)
  expect([code, said.split('\n').filter(line => line.includes('not authorized'))]).toEqual([0, []])
}

/** Docker asks, and not this program. */
const push: readonly Demand[] = pushCalls.map(action => ({
  action,
  resource: `arn:aws:ecr:${region}:123456789012:repository/shop`,
  context: {},
}))

/** Actions of statements without which everything would still be allowed. */
function superfluous(statements: readonly PolicyStatement[], asked: readonly Demand[]): readonly string[] {
  return statements.flatMap((statement, index) =>
    [statement.Action].flat().flatMap(action => {
      const Action = [statement.Action].flat().filter(one => one !== action)
      const Statement = statements.map((one, other) => (other === index ? { ...one, Action } : one))
      const missed = asked.some(
        demand => demand.action === action && evaluate([{ Statement }], demand).kind === 'denied',
      )
      return missed ? [] : [`${statement.Sid} ${action}`]
    }),
  )
}

test('InfraRole is enough for up, up again and down, and would miss each action', async () => {
  const statements = infraStatements(...policiesOfInfra)
  aws.iam.limit(statements)
  home.installDocker()
  aws.identities.delete('AWSServiceRoleForECS')
  // Why the first tasks are not healthy, and the remains of that.
  aws.formation.troubles.set('shop', { id: 'BlueService', reason: 'did not stabilize' })
  const failed = await home.run(['up', 'shop', ...everything, '--image', 'registry.example.com/shop:1.0.0-crash'])
  expect([failed.code, failed.said]).toEqual([1, expect.stringContaining('  | Error: this version crashes')])
  await runs('up', 'shop', ...everything, '--yes', 'shop')
  await runs('up', 'shop', '--set', 'LogDays=90')
  beside(aws, 'shop-pr-12-0a1b2c3d', ofOurs)
  besideAtAnother(aws, 'shop-pr-13-0a1b2c3d')
  lock(aws, Date.now() - 60_000)
  aws.instances.set('shop', 1)
  await runs('down', 'shop', '--yes', 'shop')
  // Its images are still there.
  aws.repositories.set('shop', ['1.0.0'])
  await runs('up', 'shop', ...everything)
  await runs('down', 'shop', '--with-images', '--yes', 'shop')
  await runs('down', 'shop')

  const asked = [...aws.iam.asked, ...push, ...everythingAsked().map(({ demand }) => demand)]
  expect(superfluous(statements, asked)).toEqual([])
}, 300_000)

test('InfraPlanRole is enough for each plan, and would miss each action', async () => {
  const statements = infraStatements('InfraPlanPolicy')
  aws.iam.limit(statements)
  home.installDocker()
  await runs('up', 'shop', ...everything, '--plan')
  aws.repositories.set('shop', ['1.0.0'])
  await runs('up', 'shop', ...everything, '--plan')
  const before = aws.iam.asked
  aws.iam.limit(infraStatements(...policiesOfInfra))
  await runs('up', 'shop', ...everything)
  aws.iam.limit(statements)
  await runs('up', 'shop', '--set', 'LogDays=90', '--plan')
  beside(aws, 'shop-pr-12-0a1b2c3d', ofOurs)
  await runs('down', 'shop', '--plan')
  expect(superfluous(statements, [...before, ...aws.iam.asked])).toEqual([])
})

test('with a right too few, a command says which, and where to read on', async () => {
  const statements = infraStatements(...policiesOfInfra).filter(({ Sid }) => Sid !== 'MakeVpc')
  aws.iam.limit(statements)
  const { code, said } = await home.run(['up', 'shop', '--image', 'registry.example.com/shop:1.0.0'])
  expect([code, said]).toEqual([1, expect.stringContaining('not authorized to perform: ec2:CreateVpc')])
  expect(said).toContain('docs/one-command.md says what they need')
})

test('roles without bounds cannot be made', async () => {
  aws.iam.limit(infraStatements(...policiesOfInfra))
  const bounds = 'github.Boundary=arn:aws:iam::123456789012:policy/other'
  const { code, said } = await home.run([
    'up',
    'shop',
    ...everything,
    '--image',
    'r.example.com/shop:1',
    '--set',
    bounds,
  ])
  expect([code, said]).toEqual([1, expect.stringContaining('not authorized to perform: iam:CreateRole')])
})
