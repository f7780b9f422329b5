import { describe, expect, test } from '@jest/globals'
import { type Simulation, type SimulationOptions, simulate } from '../../sandbox/simulation.ts'

/** Tests before the switch, in virtual time. */

const testUrl = 'http://www.example.com:9001/version'

interface Listener {
  readonly DefaultActions: readonly {
    readonly ForwardConfig: {
      readonly TargetGroups: readonly { readonly TargetGroupArn: string; readonly Weight: number }[]
    }
  }[]
}

function colorsOf(simulation: Simulation, arn: string | undefined): readonly string[] {
  const { cloud, topology } = simulation
  const { Listeners } = cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [arn] }) as {
    Listeners: readonly Listener[]
  }
  return (Listeners[0]?.DefaultActions[0]?.ForwardConfig.TargetGroups ?? [])
    .filter(group => group.Weight > 0)
    .map(group => (group.TargetGroupArn === topology.targetGroupArns.blue ? 'blue' : 'green'))
}

function point(simulation: Simulation, color: 'blue' | 'green'): void {
  simulation.cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: simulation.topology.testListenerArn,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: simulation.topology.targetGroupArns[color] }],
  })
}

function idle(simulation: Simulation) {
  const { cluster, service } = simulation.topology.inputs
  const { services } = simulation.cloud.call('ecs', 'DescribeServices', { cluster, services: [`${service}-green`] })
  const [one] = services as readonly { taskDefinition: string; desiredCount: number; deployments: { id: string }[] }[]
  return { taskDefinition: one?.taskDefinition, desiredCount: one?.desiredCount }
}

interface OneOff {
  readonly launchType: string
  readonly lastStatus: string
  readonly desiredStatus: string
  readonly startedBy: string
  readonly taskDefinitionArn: string
  readonly attachments: readonly { readonly details: readonly { readonly name: string; readonly value: string }[] }[]
}

function oneOffs(simulation: Simulation): readonly OneOff[] {
  const { cluster } = simulation.topology.inputs
  const list = (desiredStatus: 'RUNNING' | 'STOPPED') =>
    simulation.cloud.call('ecs', 'ListTasks', { cluster, desiredStatus }).taskArns as readonly string[]
  const tasks = [...list('RUNNING'), ...list('STOPPED')]
  const described = simulation.cloud.call('ecs', 'DescribeTasks', { cluster, tasks }).tasks as readonly OneOff[]
  return described.filter(task => task.startedBy.startsWith('ecs-bluegreen/'))
}

const calls = (simulation: Simulation) => simulation.wire.calls.list().map(call => call.operation)
const live = (simulation: Simulation) => colorsOf(simulation, simulation.topology.productionArns[0])
const open = (options: Partial<SimulationOptions> = {}) => simulate({ seed: 80, ...options })

describe('test-url', () => {
  test('three good answers let the traffic move', async () => {
    const simulation = open()
    const { report, lines } = await simulation.act({ image: 'sample-app:0.0.2', 'test-url': testUrl })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.phases.map(phase => phase.name)).toEqual(['stage', 'verify', 'test', 'shift', 'settle'])
    expect(lines).toContain('Ask test-url on green: status 200, version 0.0.2')
    expect(live(simulation)).toEqual(['green'])
    expect(colorsOf(simulation, simulation.topology.testListenerArn)).toEqual(['blue'])
  })

  test('a test listener that sends to live is pointed at idle first, and afterwards at the new idle', async () => {
    const simulation = open({ settings: { propagation: { minMs: 5_000, maxMs: 40_000 } } })
    point(simulation, 'blue')
    const { report, lines } = await simulation.act({ image: 'sample-app:0.0.2', 'test-url': testUrl })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(lines).toContainEqual(expect.stringMatching(/^Point testers at green on HTTP:9001: /))
    expect(lines).toContain('Ask test-url on green: status 200, version 0.0.1')
    expect(colorsOf(simulation, simulation.topology.testListenerArn)).toEqual(['blue'])
  })

  test.each<[string, string, Record<string, string>, string, RegExp]>([
    [
      'another version',
      '0.0.2-wrong',
      {},
      'TEST_WRONG_VERSION',
      /answers with version 0\.0\.0 instead of 0\.0\.2-wrong/,
    ],
    ['another status', '0.0.2', { 'test-expected-status': '201-299' }, 'TEST_FAILED', /answers 200 instead of 201-299/],
    ['another body', '0.0.2', { 'test-expected-body': 'hello' }, 'TEST_FAILED', /without test-expected-body/],
    [
      'the live color behind the URL',
      '0.0.2',
      { 'test-url': 'http://www.example.com/version' },
      'TEST_WRONG_VERSION',
      /That is what blue runs/,
    ],
  ])('%s: traffic never moves, and idle is put back', async (_, tag, inputs, code, sentence) => {
    const simulation = open()
    const before = idle(simulation)
    const { report } = await simulation.act({ image: `sample-app:${tag}`, 'test-url': testUrl, ...inputs })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code } })
    expect(JSON.stringify(report.outcome)).toMatch(sentence)
    expect(JSON.stringify(report.outcome)).toContain('Traffic never left blue.')
    expect(calls(simulation)).not.toContain('ModifyListener')
    expect(live(simulation)).toEqual(['blue'])
    expect(idle(simulation)).toEqual(before)
  })
})

describe('test-command', () => {
  test('is told what to test, and its output is in a group of its own', async () => {
    const simulation = open()
    const { report, lines } = await simulation.act({
      image: 'sample-app:0.0.2',
      'test-url': testUrl,
      'test-command':
        'echo $ECS_BLUEGREEN_COLOR $ECS_BLUEGREEN_VERSION $ECS_BLUEGREEN_SERVICE $ECS_BLUEGREEN_TEST_URL; sleep 30',
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const at = lines.indexOf('Run test-command for green')
    expect(lines[at + 1]).toBe(`green 0.0.2 sample-green ${testUrl}`)
    expect(lines[at + 2]).toBe('Go on with the deploy to green')
    const phase = report.phases.find(one => one.name === 'test')
    expect((phase?.endedAt ?? 0) - (phase?.startedAt ?? 0)).toBeGreaterThanOrEqual(30_000)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['fails', { 'test-command': 'echo 2 tests failed; exit 3' }, /exit code 3.*2 tests failed/],
    ['takes too long', { 'test-command': 'sleep 3600', timeout: '5m' }, /had not ended when `timeout` was over/],
  ])('%s: traffic never moves, and idle is put back', async (_, inputs, sentence) => {
    const simulation = open()
    const before = idle(simulation)
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', ...inputs })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TEST_COMMAND_FAILED' } })
    expect(JSON.stringify(report.outcome)).toMatch(sentence)
    expect(calls(simulation)).not.toContain('ModifyListener')
    expect(idle(simulation)).toEqual(before)
  })

  test('the candidate is looked at again after it', async () => {
    const simulation = open()
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'test-command': 'sleep 120', timeout: '5m' }, [
      async clock => {
        while (!calls(simulation).includes('UpdateService')) await clock.sleep(100)
        await clock.sleep(90_000)
        const { cluster, service } = simulation.topology.inputs
        simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-green`, desiredCount: 0 })
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'SCALED_TO_ZERO' } })
    expect(live(simulation)).toEqual(['blue'])
  })

  test('is ended by a cancel', async () => {
    const simulation = open()
    const cancel = new AbortController()
    const { report } = await simulation.act(
      { image: 'sample-app:0.0.2', 'test-command': 'sleep 600' },
      [
        async clock => {
          await clock.sleep(90_000)
          cancel.abort(new Error('cancelled'))
        },
      ],
      { signal: cancel.signal },
    )
    expect(report.outcome).toMatchObject({ status: 'cancelled' })
    expect(report.endedAt - report.startedAt).toBeLessThan(91_000)
    expect(live(simulation)).toEqual(['blue'])
  })
})

describe('pre-deploy-command', () => {
  test('runs in a task of the candidate, where the idle service runs its own, before that is touched', async () => {
    const simulation = open()
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'pre-deploy-command': 'sleep 20' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.phases.map(phase => phase.name)).toEqual(['stage', 'pre-deploy', 'verify', 'shift', 'settle'])
    const [task, ...more] = oneOffs(simulation)
    expect(more).toEqual([])
    expect(task).toMatchObject({ launchType: 'FARGATE', lastStatus: 'STOPPED' })
    expect(task?.taskDefinitionArn).toBe(idle(simulation).taskDefinition)
    expect(task?.attachments[0]?.details).toContainEqual({
      name: 'subnetId',
      value: expect.stringMatching(/^subnet-0/),
    })
    const order = calls(simulation)
    expect(order.indexOf('RunTask')).toBeLessThan(order.indexOf('UpdateService'))
    expect(order.filter(operation => operation === 'DescribeTasks').length).toBeLessThan(15)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['fails', { 'pre-deploy-command': "sh -c 'exit 3'" }, /exit code 3.*Essential container in task exited/],
    [
      'takes too long',
      { 'pre-deploy-command': 'sleep 3600', timeout: '3m' },
      /did not end in time: its task is still RUNNING/,
    ],
    [
      'cannot start',
      { image: 'sample-app:0.0.2-missing', 'pre-deploy-command': 'true' },
      /never ran.*CannotPullContainerError/,
    ],
  ])('%s: idle is not touched', async (_, inputs, sentence) => {
    const simulation = open()
    const before = idle(simulation)
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', ...inputs })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'PRE_DEPLOY_FAILED' } })
    expect(JSON.stringify(report.outcome)).toMatch(sentence)
    expect(calls(simulation)).not.toContain('UpdateService')
    expect(idle(simulation)).toEqual(before)
    expect(oneOffs(simulation)).toMatchObject([{ desiredStatus: 'STOPPED' }])
  })

  test('a lost answer starts no second task', async () => {
    const simulation = open()
    simulation.wire.faults.add([{ kind: 'lost-answer', operation: 'RunTask', times: 2 }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'pre-deploy-command': 'true' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(oneOffs(simulation)).toHaveLength(1)
  })

  test('its task is stopped by a cancel', async () => {
    const simulation = open()
    const cancel = new AbortController()
    const { report } = await simulation.act(
      { image: 'sample-app:0.0.2', 'pre-deploy-command': 'sleep 600' },
      [
        async clock => {
          await clock.sleep(60_000)
          cancel.abort(new Error('cancelled'))
        },
      ],
      { signal: cancel.signal },
    )
    expect(report.outcome).toMatchObject({ status: 'cancelled' })
    expect(oneOffs(simulation)).toMatchObject([{ desiredStatus: 'STOPPED' }])
  })

  test('what a run has left working is waited for, not started twice', async () => {
    const simulation = open()
    const inputs = { image: 'sample-app:0.0.2', 'pre-deploy-command': 'sleep 120' }
    simulation.wire.faults.add([{ kind: 'denied', operation: 'StopTask' }])
    const cancel = new AbortController()
    const first = await simulation.act(
      inputs,
      [
        async clock => {
          await clock.sleep(30_000)
          cancel.abort(new Error('cancelled'))
        },
      ],
      { signal: cancel.signal },
    )
    expect(first.report.outcome).toMatchObject({ status: 'cancelled' })
    expect(first.report.warnings).toContainEqual(expect.stringContaining('may still run'))
    const second = await simulation.act(inputs)
    expect(second.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(second.lines).toContainEqual(
      expect.stringMatching(/^Wait for the task [0-9a-f]{32}, in which an earlier run/),
    )
    expect(oneOffs(simulation)).toHaveLength(1)
  })

  test('its task is stopped when it can no longer be watched', async () => {
    const simulation = open()
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DescribeTasks', after: 1 }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'pre-deploy-command': 'sleep 600' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ACCESS_DENIED' } })
    expect(oneOffs(simulation)).toMatchObject([{ desiredStatus: 'STOPPED' }])
  })

  test('a role that may not run tasks is told which action it lacks', async () => {
    const simulation = open()
    simulation.wire.faults.add([{ kind: 'denied', operation: 'RunTask' }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'pre-deploy-command': 'true' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ACCESS_DENIED' } })
    expect(JSON.stringify(report.outcome)).toContain('ecs:RunTask')
    expect(calls(simulation)).not.toContain('UpdateService')
  })

  test('is not run again for what is live already', async () => {
    const simulation = open()
    const { report } = await simulation.act({ image: 'sample-app:0.0.1', 'pre-deploy-command': 'true' })
    expect(report.outcome).toMatchObject({ status: 'unchanged' })
    expect(calls(simulation)).not.toContain('RunTask')
  })
})
