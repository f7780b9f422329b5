import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { runWorkflow, type WorkflowResult } from '../../../sandbox/workflows/act.ts'
import { type Outside, startOutside } from '../../../sandbox/workflows/outside.ts'
import { Registry } from '../../../sandbox/workflows/registry.ts'
import { Repository } from '../../../sandbox/workflows/repository.ts'
import { bodyOf } from '../../../scripts/infra/templates.ts'
import { repositoryPath } from '../../e2e/stage.ts'
import { region } from '../../infra/cli/fake-account.ts'
import { type FakeAws, startAws } from '../../infra/cli/fake-aws.ts'
import { infraStatements, policiesOfInfra } from '../../infra/infra-roles.ts'
import { scriptAlone, step, succeeded } from './outcome.ts'

/** infra.yml from nothing and back, run by act under the very roles of infra/bootstrap.yml, against the fake AWS of `npm run infra:test`. */

const roles = {
  'arn:aws:iam::123456789012:role/shop-infra': policiesOfInfra,
  'arn:aws:iam::123456789012:role/shop-infra-plan': ['InfraPlanPolicy'],
} as const

let aws: FakeAws
let outside: Outside
let repository: Repository
let temp: string
/** Jobs that have asked for credentials, and for whose. */
const asked: string[] = []
let runs = 0

beforeAll(async () => {
  aws = await startAws()
  const given = { Service: 'shop', Cluster: 'shop', Repository: 'acme/shop' }
  aws.formation.made('shop-bootstrap', region, bodyOf('bootstrap'), given)
  temp = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-act-'))
  repository = new Repository(repositoryPath('examples'))
  repository.commit()
  outside = await startOutside({
    aws: aws.env,
    registry: new Registry('shop'),
    approve: async (job, role) => {
      const policies = Object.entries(roles).find(([arn]) => arn === role)?.[1]
      if (policies === undefined) throw new Error(`nobody has made ${role}`)
      asked.push(`${job}: ${role.split('/')[1]}`)
      aws.iam.limit(infraStatements(...policies))
    },
  })
})
beforeEach(() => {
  asked.length = 0
  aws.calls.length = 0
})
afterAll(async () => {
  await outside.close()
  await aws.close()
  repository.close()
  rmSync(temp, { recursive: true, force: true })
})

function dispatch(inputs: Readonly<Record<string, string>>): Promise<WorkflowResult> {
  return runWorkflow({
    workflow: 'infra.yml',
    event: 'workflow_dispatch',
    ref: 'refs/heads/main',
    inputs,
    repository: repository.folder,
    variables: {
      AWS_REGION: region,
      ECS_SERVICE: 'shop',
      INFRA_ROLE: 'arn:aws:iam::123456789012:role/shop-infra',
      INFRA_PLAN_ROLE: 'arn:aws:iam::123456789012:role/shop-infra-plan',
      INFRA_OPTIONS: '--github acme/shop --scaling --image registry.example.com/shop:1.0.0',
    },
    github: { apiUrl: outside.url, token: 'the-token-of-the-job', runId: String(++runs) },
    outsideUrl: outside.url,
    temp,
  })
}

const names = () => aws.formation.stacks.filter(({ status }) => status !== 'DELETE_COMPLETE').map(({ name }) => name)
const everything = ['shop-bootstrap', 'shop-network', 'shop-registry', 'shop', 'shop-scaling', 'shop-github']
const writes = () => aws.calls.filter(call => !/\.(Describe|Get|List)/.test(call))

test('plan: shows what would be made, and makes nothing', async () => {
  const result = succeeded(await dispatch({ what: 'plan' }))
  expect(asked).toEqual(['plan: shop-infra-plan'])
  expect([names(), writes()]).toEqual([['shop-bootstrap'], []])
  expect(step(result, 'plan', '4').result).toBe('success')
  expect(result.jobs.change?.steps ?? {}).toEqual({})
})

test('up: the plan first, then everything, with bounds', async () => {
  succeeded(await dispatch({ what: 'up' }))
  expect(asked).toEqual(['plan: shop-infra-plan', 'change: shop-infra'])
  expect(names()).toEqual(everything)
  const { Boundary } = aws.formation.stack('shop-github')?.parameters ?? {}
  expect(Boundary).toBe('arn:aws:iam::123456789012:policy/shop-boundary')
})

test('up again: nothing to change', async () => {
  succeeded(await dispatch({ what: 'up' }))
  expect(new Set(writes())).toEqual(new Set(['cloudformation.CreateChangeSet', 'cloudformation.DeleteChangeSet']))
})

test.each(['', 'store'])("down with '%s' in the place of the name: asks AWS nothing", async name => {
  const result = await dispatch({ what: 'down', name })
  expect(result).toMatchObject({ exitCode: 1, jobs: { plan: { result: 'failure' } } })
  expect(step(result, 'plan', '0').result).toBe('failure')
  expect([asked, aws.calls, names()]).toEqual([[], [], everything])
  expect(scriptAlone('infra.yml', 'plan', '0', { NAME: 'shop', TYPED: name })).toEqual({
    status: 1,
    said: "::error::To remove shop, type its name into 'name'.\n",
  })
})

test('down with the name: removes all but the roles that it runs with', async () => {
  succeeded(await dispatch({ what: 'down', name: 'shop' }))
  expect(asked).toEqual(['plan: shop-infra-plan', 'change: shop-infra'])
  expect(names()).toEqual(['shop-bootstrap'])
})

test('down again: there is nothing, and that is well', async () => {
  succeeded(await dispatch({ what: 'down', name: 'shop' }))
  expect(writes()).toEqual([])
})
