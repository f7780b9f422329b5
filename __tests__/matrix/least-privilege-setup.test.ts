import { describe, expect, test } from '@jest/globals'
import type { TopologyOptions } from '../../sandbox/cloud/topology-options.ts'
import type { PlainOptions } from '../../sandbox/cloud/topology-plain.ts'
import type { PolicyStatement } from '../../sandbox/iam/policy.ts'
import type { Simulation } from '../../sandbox/simulation.ts'
import { parkOther } from '../modes/setup-others.ts'
import { plainWorld, setupInputs } from '../modes/setup-world.ts'

/** `mode: setup` under the very policy that its plan prints; and nothing in it that no run needs. */

interface Scenario {
  readonly name: string
  readonly topology?: Partial<TopologyOptions>
  readonly more?: PlainOptions['more']
  readonly before?: (simulation: Simulation) => Promise<void> | void
  /** The policy is enough to say no. */
  readonly refused?: boolean
  /** The plan is what is run. */
  readonly plan?: boolean
}

const withRule = { ...setupInputs, 'test-header': 'X-Stage: idle' } as const

/** A run that ended right after the target group was made, and somebody who has changed the original since. */
async function brokenOff(simulation: Simulation): Promise<void> {
  const kill = { call: 1, operation: 'CreateTargetGroup', when: 'after' } as const
  await simulation.act(withRule, [], { kill })
  const TargetGroupArn = simulation.topology.targetGroupArns.blue
  simulation.cloud.call('elbv2', 'ModifyTargetGroup', { TargetGroupArn, HealthCheckIntervalSeconds: 11 })
}

/** As two runs at the same moment would leave it. */
async function doubleRule(simulation: Simulation): Promise<void> {
  await simulation.act(withRule)
  const { cloud, topology } = simulation
  const [ListenerArn = ''] = topology.productionListenerArns
  const { Rules } = cloud.call('elbv2', 'DescribeRules', { ListenerArn }) as {
    Rules: readonly { readonly RuleArn: string; readonly Conditions: readonly object[]; readonly Actions: unknown }[]
  }
  const tested = Rules.find(({ Conditions }) => JSON.stringify(Conditions).includes('X-Stage'))
  if (tested === undefined) throw new Error('setup has made no rule for testers')
  const { TagDescriptions } = cloud.call('elbv2', 'DescribeTags', { ResourceArns: [tested.RuleArn] }) as {
    TagDescriptions: readonly { readonly Tags: unknown }[]
  }
  const Conditions = tested.Conditions.map(condition => {
    const { Values: _, ...rest } = condition as Readonly<Record<string, unknown>>
    return rest
  })
  const Tags = TagDescriptions[0]?.Tags
  cloud.call('elbv2', 'CreateRule', { ListenerArn, Priority: 4_000, Conditions, Actions: tested.Actions, Tags })
}

const scenarios: readonly Scenario[] = [
  { name: 'one that reaches production by the default action' },
  {
    name: 'one that reaches it by a rule',
    topology: { defaultForwards: false, rules: [{ priority: 7, pathPattern: '/version' }] },
  },
  { name: 'what an earlier run has left', before: brokenOff },
  { name: 'a rule that is there twice', before: doubleRule },
  { name: 'the half of a pair', before: parkOther, refused: true },
  { name: 'a plan', plan: true },
]

/** A world in which this is to be set up, and the policy that a plan in it prints. */
async function prepared({ topology = {}, more, before }: Scenario) {
  const open = () => plainWorld(topology, { unsigned: false, ...(more === undefined ? {} : { more }) })
  // A plan of what is refused has no policy: the one of before is the one that people have.
  const { report } = await open().act({ ...withRule, mode: 'plan', 'plan-for': 'setup' })
  const simulation = open()
  await before?.(simulation)
  return { simulation, statements: report.policy?.Statement ?? [] }
}

async function runUnder(scenario: Scenario, leaveOut?: string) {
  const { simulation, statements } = await prepared(scenario)
  const Statement = statements.flatMap((statement): readonly PolicyStatement[] => {
    const Action = statement.Action.filter(action => idOf(statement, action) !== leaveOut)
    return Action.length === 0 ? [] : [{ ...statement, Action }]
  })
  const inputs = scenario.plan === true ? { ...withRule, mode: 'plan', 'plan-for': 'setup' } : withRule
  const { report, lines } = await simulation.act(inputs, [], { policies: [{ Statement }] })
  const told = { ...report, plan: undefined, policy: undefined }
  const said = lines.filter(line => !/^\s*"[\w-]+:\w+",?$/.test(line))
  return { report, statements, says: [...said, JSON.stringify(told)].join('\n'), uses: simulation.iam.uses }
}

const idOf = ({ Sid }: PolicyStatement, action: string) => `${Sid ?? ''} ${action}`

describe('the policy of a setup', () => {
  const neededBy = new Map<string, Scenario>()
  const all = new Set<string>()

  test.each(scenarios)('is enough for $name', async scenario => {
    const { report, statements, says, uses } = await runUnder(scenario)
    expect(says.split('\n').filter(line => line.includes('is not authorized'))).toEqual([])
    const status = scenario.refused === true ? 'failed' : scenario.plan === true ? 'unchanged' : 'succeeded'
    expect(report.outcome).toMatchObject({ status })
    for (const statement of statements) for (const action of statement.Action) all.add(idOf(statement, action))
    for (const { statement, demand } of uses) {
      const id = idOf(statement, demand.action)
      if (!neededBy.has(id)) neededBy.set(id, scenario)
    }
  })

  test('has nothing that no run needs', () => {
    expect([...all].filter(id => !neededBy.has(id))).toEqual([])
  })

  test('misses each action that is taken away, and says which', async () => {
    const silent: string[] = []
    for (const [id, scenario] of neededBy) {
      const { says } = await runUnder(scenario, id)
      if (!says.includes(id.split(' ')[1] ?? '')) silent.push(`${id}: ${scenario.name}`)
    }
    expect(silent).toEqual([])
  })
})
