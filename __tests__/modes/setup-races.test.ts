import { describe, expect, test } from '@jest/globals'
import type { ControlPlane } from '../../sandbox/cloud/ports.ts'
import { services } from '../../sandbox/wire/catalog.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { partsOf, versionsAt } from './preview-world.ts'
import { actionsOf, expectOnlyTwinAdded, plainWorld, setupInputs, twinGroup, twinOf } from './setup-world.ts'

const withRule = { ...setupInputs, 'test-header': 'X-Stage: idle' } as const

describe('somebody else writes', () => {
  test('between what was read and the write: what they wrote stays', async () => {
    let meddled = false
    const stickiness = { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 77 } }
    // Right after the look that the decision is made from, and before the one that precedes the write.
    const between = (aws: ControlPlane): ControlPlane => ({
      call(service, operation, input) {
        if (operation === 'DescribeListeners' && 'ListenerArns' in input && !meddled) {
          meddled = true
          const [ListenerArn] = input.ListenerArns as readonly string[]
          const { Listeners } = aws.call('elbv2', 'DescribeListeners', { ListenerArns: [ListenerArn] })
          const [{ DefaultActions } = { DefaultActions: [] }] = Listeners as readonly {
            readonly DefaultActions: readonly Readonly<Record<string, object>>[]
          }[]
          const changed = DefaultActions.map(action => ({
            ...action,
            ForwardConfig: { ...action.ForwardConfig, ...stickiness },
          }))
          aws.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions: changed })
        }
        return aws.call(service, operation, input)
      },
    })
    const simulation = plainWorld({}, { between })
    const { report, lines } = await simulation.act(setupInputs)
    expect(meddled).toBe(true)
    expect(report.outcome.status).toBe('succeeded')
    expect(lines).toContainEqual(expect.stringContaining('Somebody has changed HTTP:80 in this moment'))
    expect(JSON.stringify(actionsOf(simulation))).toContain('"DurationSeconds":77')
    const written = simulation.wire.calls.list().filter(call => call.operation === 'ModifyListener')
    expect(written).toHaveLength(1)
  })

  test('takes it back each time: it ends, and production is as they want it', async () => {
    let first: unknown
    const between = (aws: ControlPlane): ControlPlane => ({
      call(service, operation, input) {
        if (operation !== 'ModifyListener') return aws.call(service, operation, input)
        first ??= aws.call('elbv2', 'DescribeListeners', { ListenerArns: [input.ListenerArn] }).Listeners
        const answer = aws.call(service, operation, input)
        const [{ DefaultActions } = { DefaultActions: [] }] = first as readonly { readonly DefaultActions: unknown }[]
        aws.call('elbv2', 'ModifyListener', { ListenerArn: input.ListenerArn, DefaultActions })
        return answer
      },
    })
    const simulation = plainWorld({}, { between })
    const before = actionsOf(simulation)
    const { report } = await simulation.act(setupInputs)
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'WRITE_NOT_CONFIRMED' } })
    expect(actionsOf(simulation)).toEqual(before)
  })

  test('as another run of setup: there is one pair', async () => {
    const simulation = plainWorld({}, { seed: 5 })
    const before = partsOf(simulation)
    const runs = await simulation.race([{ inputs: withRule }, { inputs: withRule }])
    expect(runs.map(run => run.report.outcome.status)).toContain('succeeded')
    expect((await simulation.act(withRule)).report.outcome.status).toMatch(/succeeded|unchanged/)
    const after = partsOf(simulation)
    expect([after.groups, after.rules, after.services].map(one => one.length)).toEqual(
      [before.groups, before.rules, before.services].map(one => one.length + 1),
    )
    expect((await simulation.act(withRule)).report.outcome.status).toBe('unchanged')
  })
})

describe('calls that get lost', () => {
  test.each(['CreateTargetGroup', 'ModifyTargetGroupAttributes', 'ModifyListener', 'CreateRule', 'CreateService'])(
    '%s without an answer, or never heard, is made once',
    async operation => {
      for (const kind of ['lost-answer', 'lost-request'] as const) {
        const simulation = plainWorld()
        const before = [partsOf(simulation), actionsOf(simulation)] as const
        simulation.wire.faults.add([{ kind, operation, times: 1 }])
        expect((await simulation.act({ ...setupInputs, ...withRule })).report.outcome.status).toBe('succeeded')
        const after = partsOf(simulation)
        expect([after.groups, after.rules, after.services].map(one => one.length)).toEqual(
          [before[0].groups, before[0].rules, before[0].services].map(one => one.length + 1),
        )
      }
    },
  )

  test('a listener that AWS throttles for a while is written once it may be', async () => {
    const simulation = plainWorld()
    const before = actionsOf(simulation)
    simulation.wire.faults.add([{ kind: 'throttle', operation: 'ModifyListener', times: 3 }])
    expect((await simulation.act(setupInputs)).report.outcome.status).toBe('succeeded')
    expectOnlyTwinAdded(simulation, before)
  })
})

test.each(['CreateTargetGroup', 'ModifyListener'])(
  'cancelled after %s it says so, and the next run goes on',
  async operation => {
    const simulation = plainWorld()
    const before = actionsOf(simulation)
    const cancel = new AbortController()
    const hit = { kind: 'delay', operation, delayMs: 0, times: 1 } as const
    simulation.wire.faults.add([hit], () => cancel.abort(new Error('cancelled')))
    const { report } = await simulation.act(setupInputs, [], { signal: cancel.signal })
    expect(report.outcome).toMatchObject({ status: 'cancelled', failure: { code: 'CANCELLED' } })
    expect(outputsOf(report)['setup-inputs']).toBe('')
    const post = await simulation.act(setupInputs, [], { post: true })
    expect(post.report).toMatchObject({ mode: 'plan', outcome: { status: 'unchanged' } })
    expect((await simulation.act(setupInputs)).report.outcome.status).toBe('succeeded')
    expectOnlyTwinAdded(simulation, before)
  },
)

test('a right that is missing is named with its statement, and the next run goes on', async () => {
  const simulation = plainWorld()
  simulation.wire.faults.add([{ kind: 'denied', operation: 'CreateService' }])
  const { report } = await simulation.act(setupInputs)
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ACCESS_DENIED' } })
  expect(JSON.stringify(report.outcome)).toContain('ecs:CreateService')
  expect(report.setup?.undo).toContainEqual(expect.stringContaining('aws elbv2 modify-listener'))
  expect(report.setup?.inputs).toBeUndefined()
  simulation.wire.faults.clear()
  expect((await simulation.act(setupInputs)).report.outcome.status).toBe('succeeded')
})

describe('a plan for setup', () => {
  test('tells the steps and the policy, and writes nothing', async () => {
    const simulation = plainWorld()
    const before = partsOf(simulation)
    simulation.wire.calls.clear()
    const { report, lines } = await simulation.act({ ...withRule, mode: 'plan', 'plan-for': 'setup' })
    expect(report.outcome).toEqual({ status: 'unchanged', because: 'Setup would take 4 steps; nothing was written' })
    const told = summaryOf(report)
    expect(told).toMatch(/^## sample: plan for setup\n/)
    for (const part of ['sample-targets-green', 'with weight 0', 'X-Stage', 'sample-green', 'NameAtListeners']) {
      expect(told).toContain(part)
      expect(lines.join('\n')).toContain(part)
    }
    expect(outputsOf(report)['setup-inputs']).toBe('')
    expect(partsOf(simulation)).toEqual(before)
    expect(simulation.wire.calls.list().filter(call => !/^(Describe|List)/.test(call.operation))).toEqual([])
  })

  test('its policy allows every call of setup, and no other write', async () => {
    const simulation = plainWorld({ rules: [{ priority: 7, pathPattern: '/a/*' }] })
    const { report } = await simulation.act({ ...withRule, mode: 'plan', 'plan-for': 'setup' })
    await simulation.act(withRule)
    const called = new Set(
      simulation.wire.calls.list().map(({ service, operation }) => `${services[service].iamPrefix}:${operation}`),
    )
    const allowed = new Set(report.policy?.Statement.flatMap(({ Action }) => Action))
    expect([...called].filter(action => !allowed.has(action))).toEqual([])
    // Tags need leave of their own; the others are for what runs before or beside this one have left.
    const others = [
      'iam:PassRole',
      'ecs:TagResource',
      'elasticloadbalancing:AddTags',
      'elasticloadbalancing:ModifyTargetGroup',
    ]
    const unused = [...allowed].filter(action => !called.has(action) && !others.includes(action))
    expect(unused).toEqual(['elasticloadbalancing:DeleteRule'])
    for (const { Sid, Action, Resource } of report.policy?.Statement ?? []) {
      if (Action.some(action => !/:(Describe|List)/.test(action))) expect([Sid, Resource]).not.toEqual([Sid, '*'])
    }
  })

  test.each(['default action', 'rule'])('its policy is enough, and so for one that was killed: %s', async where => {
    const rule = { defaultForwards: false, rules: [{ priority: 7, pathPattern: '/version' }] }
    const simulation = plainWorld(where === 'rule' ? rule : {}, { unsigned: false })
    const { report: told } = await simulation.act({ ...withRule, mode: 'plan', 'plan-for': 'setup' })
    const policies = told.policy === undefined ? [] : [told.policy]
    await simulation.act(withRule, [], { policies, kill: { call: 1, operation: 'CreateTargetGroup', when: 'after' } })
    const { report, lines } = await simulation.act(withRule, [], { policies })
    expect(lines.filter(line => line.includes('is not authorized'))).toEqual([])
    expect(report).toMatchObject({ outcome: { status: 'succeeded' }, warnings: [] })
  })
})

test('what was made can be undone with the commands, and is gone', async () => {
  const simulation = plainWorld({}, { seed: 9 })
  const before = partsOf(simulation)
  const { report } = await simulation.act({ ...withRule, 'desired-count': '1' })
  const commands = report.setup?.undo ?? []
  expect(commands.map(command => command.split(' ').slice(1, 3).join(' '))).toEqual([
    'Only as',
    'elbv2 delete-rule',
    'elbv2 modify-listener',
    'ecs delete-service',
    'ecs wait',
    'elbv2 delete-target-group',
  ])
  const { cloud } = simulation
  const [, rule, listener, , , group] = commands.map(command => command.split(/(?<=arn) /)[1] ?? '')
  cloud.call('elbv2', 'DeleteRule', { RuleArn: rule })
  const [, ListenerArn, actions = ''] = /^(\S+) --default-actions '(.*)'$/.exec(listener ?? '') ?? []
  cloud.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions: JSON.parse(actions) as unknown })
  cloud.call('ecs', 'DeleteService', { cluster: 'sandbox', service: 'sample-green', force: true })
  await simulation.act({ mode: 'status' }, [], { afterMs: 120_000 })
  expect(group).toBe(twinGroup(simulation))
  cloud.call('elbv2', 'DeleteTargetGroup', { TargetGroupArn: group })
  const weightless = (rules: readonly string[]) => rules.map(text => text.replace(/"Weight":\d+/, '"Weight"'))
  const after = partsOf(simulation)
  expect({ ...after, rules: weightless(after.rules) }).toEqual({ ...before, rules: weightless(before.rules) })
  expect(twinOf(simulation)).toMatchObject({ status: 'INACTIVE' })
  expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
})

test('a pair that was just made has no drift', async () => {
  const simulation = plainWorld()
  const { report } = await simulation.act(withRule)
  const status = await simulation.act({ mode: 'status', service: '', ...report.setup?.inputs })
  expect(status.report.outcome).toMatchObject({ status: 'unchanged' })
  expect(outputsOf(status.report).drift).toBe('[]')
})
