import { describe, expect, test } from '@jest/globals'
import { seedPlain } from '../../sandbox/cloud/topology-plain.ts'
import type { PolicyStatement } from '../../sandbox/iam/policy.ts'
import { seedFromTemplate } from '../../sandbox/infra/stack.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { bootstrap, boundsIn } from '../infra/infra-roles.ts'
import { https, infra } from '../infra/resolved.ts'
import { statementsOf } from '../infra/roles.ts'

/**
 * infra/github.yml: every mode under the very policy of its role and within the bounds of infra/bootstrap.yml, which the sandbox's IAM holds it to; and nothing in a policy that no
 * run needs.
 */

type Inputs = Readonly<Record<string, string>>

interface Scenario {
  readonly role: string
  readonly name: string
  /** What was deployed before, by somebody who may do everything. */
  readonly before?: readonly Inputs[]
  /** What somebody has changed since. */
  readonly meanwhile?: (simulation: Simulation) => void
  readonly run: Inputs
  readonly status: string
}

const next = 'sample-app:0.0.3'
const parks = { image: 'sample-app:0.0.2', 'idle-desired-count': '0' }

const ofPullRequest = {
  'preview-id': 'pr-7',
  'pull-request': '7',
  'preview-domain': 'preview.example.com',
  'alarm-names': '',
}
const preview = { ...ofPullRequest, mode: 'preview', image: next }
const shortLived = { ...preview, 'preview-ttl': '10m' }

const scenarios: readonly Scenario[] = [
  {
    role: 'DeployRole',
    name: 'a deploy with all that it can be asked for',
    run: {
      image: next,
      'idle-desired-count': '0',
      'keep-revisions': '1',
      'pre-deploy-command': 'sleep 1',
      'bake-time': '1m',
    },
    status: 'succeeded',
  },
  {
    role: 'DeployRole',
    name: 'a migration that does not end',
    run: { image: next, 'pre-deploy-command': `sh -c 'echo waits;sleep 600'`, timeout: '90s' },
    status: 'failed',
  },
  { role: 'DeployRole', name: 'a crash', run: { image: 'sample-app:0.0.3-crash' }, status: 'failed' },
  {
    role: 'DeployRole',
    name: 'a canary of a definition with tags',
    run: { image: next, strategy: 'canary', 'canary-percent': '10' },
    status: 'succeeded',
  },
  { role: 'DeployRole', name: 'a rollback', run: { mode: 'rollback' }, status: 'succeeded' },
  { role: 'RollbackRole', name: 'a rollback', run: { mode: 'rollback' }, status: 'succeeded' },
  {
    role: 'RollbackRole',
    name: 'a rollback to what is parked',
    before: [parks],
    run: { mode: 'rollback', 'idle-desired-count': '0' },
    status: 'succeeded',
  },
  {
    role: 'RollbackRole',
    name: 'a rollback to a version',
    before: [{ image: 'sample-app:0.0.2' }, { image: next }],
    run: { mode: 'rollback', version: '0.0.1' },
    status: 'succeeded',
  },
  {
    role: 'RollbackRole',
    name: 'a gradual rollback',
    run: { mode: 'rollback', strategy: 'linear' },
    status: 'succeeded',
  },
  {
    role: 'RollbackRole',
    name: 'a rollback to a version that crashes',
    before: [{ image: 'sample-app:0.0.2' }, { image: 'sample-app:0.0.3-crash' }],
    run: { mode: 'rollback', version: '0.0.3-crash' },
    status: 'failed',
  },
  { role: 'ReadRole', name: 'a look', run: { mode: 'status' }, status: 'unchanged' },
  { role: 'ReadRole', name: 'a plan', run: { mode: 'plan', image: next }, status: 'unchanged' },
  { role: 'PreviewRole', name: 'a preview', run: preview, status: 'succeeded' },
  {
    role: 'PreviewRole',
    name: 'a preview by a header, at the name of the load balancer',
    run: { ...preview, 'preview-domain': '', 'preview-header': 'X-Preview' },
    status: 'succeeded',
  },
  {
    role: 'PreviewRole',
    name: 'a second push, to where the health checks are others by now',
    before: [preview],
    meanwhile: ({ cloud, topology }) => {
      const TargetGroupArn = topology.targetGroupArns.blue
      cloud.call('elbv2', 'ModifyTargetGroup', { TargetGroupArn, HealthCheckIntervalSeconds: 11 })
      const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '7' }]
      cloud.call('elbv2', 'ModifyTargetGroupAttributes', { TargetGroupArn, Attributes })
    },
    run: { ...preview, image: 'sample-app:0.0.4', 'preview-domain': 'previews.example.com' },
    status: 'succeeded',
  },
  {
    role: 'PreviewRole',
    name: 'the end of a preview',
    before: [preview],
    run: { ...ofPullRequest, mode: 'preview-destroy' },
    status: 'succeeded',
  },
  {
    role: 'PreviewRole',
    name: 'a sweep',
    before: [shortLived],
    run: { mode: 'preview-sweep', 'alarm-names': '' },
    status: 'succeeded',
  },
  {
    role: 'ReadRole',
    name: 'the plan of a preview',
    run: { ...preview, mode: 'plan', 'plan-for': 'preview' },
    status: 'unchanged',
  },
  {
    role: 'ReadRole',
    name: 'the plan of a second push',
    before: [preview],
    run: { ...preview, image: 'sample-app:0.0.4', mode: 'plan', 'plan-for': 'preview' },
    status: 'unchanged',
  },
  {
    role: 'ReadRole',
    name: 'the plan of the end of a preview',
    before: [preview],
    run: { ...ofPullRequest, mode: 'plan', 'plan-for': 'preview-destroy' },
    status: 'unchanged',
  },
  {
    role: 'ReadRole',
    name: 'the plan of a sweep',
    before: [shortLived],
    run: { mode: 'plan', 'plan-for': 'preview-sweep', 'alarm-names': '' },
    status: 'unchanged',
  },
  {
    role: 'ReadRole',
    name: 'the plan of a preview by a path',
    run: { ...preview, 'preview-domain': '', 'preview-path': '/previews', mode: 'plan', 'plan-for': 'preview' },
    status: 'unchanged',
  },
]

async function worldBefore({ before = [{ image: 'sample-app:0.0.2' }], meanwhile }: Scenario): Promise<Simulation> {
  const simulation = simulate({ seed: 3, seedWith: cloud => seedFromTemplate(cloud, infra('app.yml'), https) })
  for (const color of ['blue', 'green']) {
    simulation.cloud.call('application-autoscaling', 'RegisterScalableTarget', {
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceId: `service/shop/shop-${color}`,
      MinCapacity: 1,
      MaxCapacity: 4,
    })
  }
  simulation.cloud.call('ecs', 'TagResource', {
    resourceArn: simulation.topology.taskDefinitionArn,
    tags: [{ key: 'team', value: 'shop' }],
  })
  for (const inputs of before) await simulation.act(inputs)
  meanwhile?.(simulation)
  return simulation
}

async function runUnder(scenario: Scenario, Statement: readonly PolicyStatement[]) {
  const simulation = await worldBefore(scenario)
  const { report, lines } = await simulation.act(scenario.run, [], {
    policies: [{ Statement }],
    bounds: boundsIn(bootstrap),
    afterMs: 1_200_000,
  })
  // The policy that a plan prints has every action, missed or not.
  const told = { ...report, plan: undefined, policy: undefined }
  const said = lines.filter(line => !/^\s*"[\w-]+:\w+",?$/.test(line))
  return { report, says: [...said, JSON.stringify(told)].join('\n'), uses: simulation.iam.uses }
}

const idOf = ({ Sid }: PolicyStatement, action: string) => `${Sid ?? ''} ${action}`

function without(role: string, id: string): readonly PolicyStatement[] {
  return statementsOf(role).flatMap(statement => {
    const Action = [statement.Action].flat().filter(action => idOf(statement, action) !== id)
    return Action.length === 0 ? [] : [{ ...statement, Action }]
  })
}

describe.each(['DeployRole', 'RollbackRole', 'ReadRole', 'PreviewRole'])('%s', role => {
  const own = scenarios.filter(scenario => scenario.role === role)
  const neededBy = new Map<string, Scenario>()

  test.each(own)('is enough for $name', async scenario => {
    const { report, says, uses } = await runUnder(scenario, statementsOf(role))
    expect(says.split('\n').filter(line => line.includes('is not authorized'))).toEqual([])
    expect(report.outcome).toMatchObject({ status: scenario.status })
    for (const { statement, demand } of uses) {
      const id = idOf(statement, demand.action)
      if (!neededBy.has(id)) neededBy.set(id, scenario)
    }
  })

  test('has nothing that no run needs', () => {
    const all = statementsOf(role).flatMap(statement =>
      [statement.Action].flat().map(action => idOf(statement, action)),
    )
    expect(all.filter(id => !neededBy.has(id))).toEqual([])
  })

  test('misses each action that is taken away, and says which', async () => {
    const silent: string[] = []
    for (const [id, scenario] of neededBy) {
      const { says } = await runUnder(scenario, without(role, id))
      if (!says.includes(id.split(' ')[1] ?? '')) silent.push(`${id}: ${scenario.name}`)
    }
    expect(silent).toEqual([])
  })
})

test('ReadRole is enough for the plan of a setup, of a service with any name', async () => {
  const simulation = simulate({
    seed: 3,
    seedWith: cloud => seedPlain(cloud, { cluster: 'shop', service: 'sample' }, {}),
  })
  const policies = [{ Statement: statementsOf('ReadRole') }]
  const { report, lines } = await simulation.act({ mode: 'plan', 'plan-for': 'setup' }, [], { policies })
  expect(lines.filter(line => line.includes('is not authorized'))).toEqual([])
  expect(report.outcome).toMatchObject({ status: 'unchanged', because: expect.stringContaining('Setup would take') })
})

describe('the policy that a plan prints', () => {
  const migrates = { image: next, 'idle-desired-count': '0', 'pre-deploy-command': 'sleep 1', 'keep-revisions': '1' }

  test.each<[string, readonly Inputs[], Inputs, Inputs]>([
    ['a deploy', [], migrates, { ...migrates, mode: 'plan' }],
    ['a rollback', [parks], { mode: 'rollback' }, { ...migrates, mode: 'plan' }],
    ['a preview', [], preview, { ...preview, mode: 'plan', 'plan-for': 'preview' }],
    [
      'a second push',
      [preview],
      { ...preview, image: 'sample-app:0.0.4' },
      { ...preview, mode: 'plan', 'plan-for': 'preview' },
    ],
    [
      'the end of a preview',
      [preview],
      { ...ofPullRequest, mode: 'preview-destroy' },
      { ...preview, mode: 'plan', 'plan-for': 'preview' },
    ],
    [
      'a sweep',
      [shortLived],
      { mode: 'preview-sweep', 'preview-ttl': '10m' },
      { ...preview, mode: 'plan', 'plan-for': 'preview' },
    ],
  ])('is enough for %s', async (_, before, run, plan) => {
    const simulation = simulate({ seed: 5 })
    for (const inputs of before) await simulation.act(inputs)
    const { report: planned } = await simulation.act(plan)
    const policy = planned.plan?.policy ?? planned.policy
    if (policy === undefined) throw new Error('the plan has no policy')
    const { report, lines } = await simulation.act(run, [], { policies: [policy], afterMs: 1_200_000 })
    expect(lines.filter(line => line.includes('is not authorized'))).toEqual([])
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
  })
})
