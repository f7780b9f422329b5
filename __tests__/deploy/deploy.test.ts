import { describe, expect, test } from '@jest/globals'
import type { Simulation } from '../../sandbox/simulation.ts'
import { simulate } from '../../sandbox/simulation.ts'
import type { FaultRule } from '../../sandbox/wire/fault-rules.ts'
import { outputsOf } from '../../src/report/outputs.ts'

/**
 * Whole deploys in virtual time: the action's own code and the real SDK clients against the sandbox's state machines.
 */

interface Group {
  readonly TargetGroupArn: string
  readonly Weight: number
}

/** Weights of every production route, as AWS has them. */
function weights(simulation: Simulation): readonly Readonly<Record<string, number>>[] {
  const { cloud, topology } = simulation
  return topology.productionArns.map(arn => {
    const rule = arn.includes(':listener-rule/')
    const answer = cloud.call(
      'elbv2',
      rule ? 'DescribeRules' : 'DescribeListeners',
      rule ? { RuleArns: [arn] } : { ListenerArns: [arn] },
    )
    const [one] = (rule ? answer.Rules : answer.Listeners) as readonly Record<string, unknown>[]
    const actions = (rule ? one?.Actions : one?.DefaultActions) as readonly {
      ForwardConfig: { TargetGroups: readonly Group[] }
    }[]
    const named = actions.flatMap(action =>
      action.ForwardConfig.TargetGroups.map(group => [
        group.TargetGroupArn === topology.targetGroupArns.blue ? 'blue' : 'green',
        group.Weight,
      ]),
    )
    return Object.fromEntries(named)
  })
}

function service(simulation: Simulation, color: 'blue' | 'green') {
  const { cloud, topology } = simulation
  const answer = cloud.call('ecs', 'DescribeServices', {
    cluster: topology.inputs.cluster,
    services: [`${topology.inputs.service}-${color}`],
  })
  return (answer.services as readonly Record<string, unknown>[])[0] as {
    readonly taskDefinition: string
    readonly desiredCount: number
    readonly deployments: readonly { readonly id: string }[]
  }
}

function revisions(simulation: Simulation): number {
  return (simulation.cloud.call('ecs', 'ListTaskDefinitions', {}).taskDefinitionArns as readonly string[]).length
}

const writes = (simulation: Simulation) =>
  simulation.wire.calls
    .list()
    .filter(call => /^(Register|Update|Modify|Create|Delete|Add|Run)/.test(call.operation))
    .map(call => call.operation)

describe('a deploy', () => {
  test('goes to the idle color, and the next one back', async () => {
    const simulation = simulate({ seed: 1 })
    const first = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(first.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(first.report.sides).toMatchObject({
      active: 'green',
      before: { version: '0.0.1' },
      after: { version: '0.0.2' },
    })
    expect(weights(simulation)).toEqual([{ blue: 0, green: 100 }])

    const second = await simulation.act({ image: 'sample-app:0.0.3' })
    expect(second.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(second.report.sides).toMatchObject({
      active: 'blue',
      before: { version: '0.0.2' },
      after: { version: '0.0.3' },
    })
    expect(weights(simulation)).toEqual([{ blue: 100, green: 0 }])
  })

  test('leaves the live service alone', async () => {
    const simulation = simulate({ seed: 2 })
    const before = service(simulation, 'blue')
    await simulation.act({ image: 'sample-app:0.0.2' })
    const after = service(simulation, 'blue')
    expect(after.taskDefinition).toBe(before.taskDefinition)
    expect(after.deployments.map(one => one.id)).toEqual(before.deployments.map(one => one.id))
  })

  test('asked again changes nothing', async () => {
    const simulation = simulate({ seed: 3 })
    await simulation.act({ image: 'sample-app:0.0.2' })
    const written = writes(simulation).length
    const again = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(writes(simulation).length).toBe(written)
    expect(weights(simulation)).toEqual([{ blue: 0, green: 100 }])
    // What is told of the idle color is what runs there: a rollback by `previous-image` relies on it.
    expect(outputsOf(again.report)).toMatchObject({
      'active-color': 'green',
      image: 'sample-app:0.0.2',
      'previous-color': 'blue',
      'previous-image': 'sample-app:0.0.1',
      'previous-version': '0.0.1',
      'previous-task-definition-arn': service(simulation, 'blue').taskDefinition,
    })
  })

  test('reuses a revision that is already there', async () => {
    const simulation = simulate({ seed: 4 })
    await simulation.act({ image: 'sample-app:0.0.2' })
    const before = revisions(simulation)
    await simulation.act({ image: 'sample-app:0.0.1' })
    expect(revisions(simulation)).toBe(before)
    expect(weights(simulation)).toEqual([{ blue: 100, green: 0 }])
  })

  test('keeps every other field and tag of the task definition', async () => {
    const simulation = simulate({ seed: 5 })
    const describeDefinition = (arn: string) =>
      simulation.cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: arn, include: ['TAGS'] }) as {
        taskDefinition: Record<string, unknown> & { containerDefinitions: Record<string, unknown>[] }
        tags: unknown[]
      }
    const before = describeDefinition(service(simulation, 'blue').taskDefinition)
    await simulation.act({ image: 'sample-app:0.0.2' })
    const after = describeDefinition(service(simulation, 'green').taskDefinition)
    const plain = ({ taskDefinition, tags }: typeof before) => ({
      ...taskDefinition,
      taskDefinitionArn: '',
      revision: 0,
      registeredAt: 0,
      tags,
      containerDefinitions: taskDefinition.containerDefinitions.map(container => ({ ...container, image: '' })),
    })
    expect(plain(after)).toEqual(plain(before))
    expect(before.tags.length).toBeGreaterThan(0)
  })

  test('brings the candidate to the size that live runs', async () => {
    const simulation = simulate({ seed: 6, topology: { tasks: { blue: 5, green: 0 } } })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'desired-count': '2' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(service(simulation, 'green').desiredCount).toBe(5)
  })

  test('switches listeners and rules, and leaves what else they do', async () => {
    const simulation = simulate({
      seed: 7,
      topology: { productionPorts: [80, 443], rules: [{ priority: 10, pathPattern: '/api/*' }] },
    })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(weights(simulation)).toEqual(simulation.topology.productionArns.map(() => ({ blue: 0, green: 100 })))
    expect(simulation.topology.productionArns.length).toBeGreaterThan(2)
  })

  test('adds an idle target group that no listener knows', async () => {
    const simulation = simulate({ seed: 8, topology: { idleInProduction: false, testPort: undefined } })
    const { report, lines } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(weights(simulation)).toEqual([{ blue: 0, green: 100 }])
    expect(lines).toContainEqual(expect.stringContaining('Add the idle color to HTTP:80'))
  })

  test('finds the listener by itself when only one can be meant', async () => {
    const simulation = simulate({ seed: 9, topology: { testPort: undefined } })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'listener-arns': ' ' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
  })

  test('asks which listener is meant when two could be', async () => {
    const simulation = simulate({ seed: 10, topology: { productionPorts: [80, 8080], testPort: undefined } })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'listener-arns': ' ' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LISTENER_UNCLEAR' } })
    expect(outputsOf(report)['failure-reason']).toMatch(
      /: which are production\? Set `listener-arns` to the ones of production/,
    )
    expect(writes(simulation)).toEqual([])
  })

  test('writes notes on both target groups', async () => {
    const simulation = simulate({ seed: 11 })
    await simulation.act({ image: 'sample-app:0.0.2', version: 'release 2' })
    const { blue, green } = simulation.topology.targetGroupArns
    const { TagDescriptions } = simulation.cloud.call('elbv2', 'DescribeTags', { ResourceArns: [blue, green] }) as {
      TagDescriptions: readonly { Tags: readonly { Key: string; Value: string }[] }[]
    }
    const tags = TagDescriptions.map(one => Object.fromEntries(one.Tags.map(tag => [tag.Key, tag.Value])))
    expect(tags).toMatchObject([
      { IsProduction: 'false', Image: 'sample-app:0.0.1', Version: '0.0.1' },
      { IsProduction: 'true', Image: 'sample-app:0.0.2', Version: 'release 2' },
    ])
  })

  test('asks production until only the new version answers', async () => {
    const simulation = simulate({ seed: 12 })
    const { report } = await simulation.act({
      image: 'sample-app:0.0.2',
      'production-url': 'http://www.example.com/version',
    })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.traffic).toMatchObject({ failed: 0 })
    expect(report.traffic?.mixedMs).toBeGreaterThanOrEqual(0)
    expect(report.phases.map(phase => phase.name)).toEqual(['stage', 'verify', 'shift', 'confirm', 'settle'])
    expect(report.traffic?.versions.map(seen => seen.version)).toEqual(['0.0.1', '0.0.2'])
  })

  test('says so when production calls the version something else', async () => {
    const simulation = simulate({ seed: 13 })
    const { report } = await simulation.act({
      image: 'sample-app:0.0.2',
      version: '7',
      'production-url': 'http://www.example.com/version',
    })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'VERSION_NOT_SEEN' } })
    expect(weights(simulation)).toEqual([{ blue: 100, green: 0 }])
  })
})

describe('a candidate that does not become healthy never gets traffic', () => {
  test.each([
    ['crash', 'TASKS_CRASHED', 'exit code 1'],
    ['oom', 'OUT_OF_MEMORY', 'OutOfMemoryError'],
    ['missing', 'IMAGE_NOT_FOUND', 'CannotPullContainerError'],
    ['unhealthy', 'UNHEALTHY', 'Task failed ELB health checks'],
  ])('%s', async (trouble, code, cause) => {
    const simulation = simulate({ seed: 20 })
    const before = {
      weights: weights(simulation),
      live: service(simulation, 'blue'),
      idle: service(simulation, 'green'),
    }
    const { report } = await simulation.act({ image: `sample-app:0.0.2-${trouble}`, timeout: '10m' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code } })
    expect(JSON.stringify(report.outcome)).toContain(cause)
    expect(report.sides).toMatchObject({ active: 'blue' })
    expect(weights(simulation)).toEqual(before.weights)
    expect(service(simulation, 'blue').deployments.map(one => one.id)).toEqual(
      before.live.deployments.map(one => one.id),
    )
    // Idle is put back, so that the way back stays open.
    const { taskDefinition, desiredCount } = service(simulation, 'green')
    expect({ taskDefinition, desiredCount }).toEqual({
      taskDefinition: before.idle.taskDefinition,
      desiredCount: before.idle.desiredCount,
    })
  })

  test('idle is left alone when the user says so', async () => {
    const simulation = simulate({ seed: 24 })
    const before = service(simulation, 'green').taskDefinition
    await simulation.act({ image: 'sample-app:0.0.2-crash', 'rollback-on-failure': 'false' })
    expect(service(simulation, 'green').taskDefinition).not.toBe(before)
  })

  test('too slow, and it is told which targets answer what', async () => {
    const simulation = simulate({ seed: 21, slowSeconds: 300, topology: { healthCheckGracePeriodSeconds: 600 } })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2-slow', timeout: '2m' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'NOT_HEALTHY_IN_TIME' } })
    expect(JSON.stringify(report.outcome)).toMatch(
      /10\.\d+\.\d+\.\d+:8080 refused or broke the connection for GET \/health/,
    )
    expect(weights(simulation)).toEqual([{ blue: 100, green: 0 }])
  })

  test('rolled back by the circuit breaker', async () => {
    const simulation = simulate({ seed: 22, topology: { circuitBreaker: 'rollback' } })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2-unhealthy', timeout: '30m' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'CIRCUIT_BREAKER' } })
    expect(weights(simulation)).toEqual([{ blue: 100, green: 0 }])
  })

  test('rolled back by the circuit breaker between two looks', async () => {
    const simulation = simulate({ seed: 22, topology: { circuitBreaker: 'rollback', tasks: { blue: 2, green: 1 } } })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2-crash', 'poll-interval': '5m' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'CIRCUIT_BREAKER' } })
    expect(JSON.stringify(report.outcome)).toMatch(
      /\(deployment ecs-svc\/\d+\) deployment failed: tasks failed to start/,
    )
    expect(weights(simulation)).toEqual([{ blue: 100, green: 0 }])
    // ECS puts the revision back, but not the count.
    expect(service(simulation, 'green')).toMatchObject({
      desiredCount: 1,
      taskDefinition: service(simulation, 'blue').taskDefinition,
    })
  })

  test('rolled back by the circuit breaker, and then taken over by somebody else', async () => {
    const simulation = simulate({ seed: 22, topology: { circuitBreaker: 'rollback', tasks: { blue: 2, green: 1 } } })
    const { cluster, service: base } = simulation.topology.inputs
    const { report } = await simulation.act({ image: 'sample-app:0.0.2-crash', 'poll-interval': '5m' }, [
      async clock => {
        await clock.sleep(240_000)
        simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${base}-green`, forceNewDeployment: true })
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'CANDIDATE_SUPERSEDED' } })
    expect(service(simulation, 'green').desiredCount).toBe(2)
  })

  test('superseded by somebody else', async () => {
    const simulation = simulate({ seed: 23 })
    const { cluster, service: base } = simulation.topology.inputs
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [
      async clock => {
        await clock.sleep(4_000)
        simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${base}-green`, forceNewDeployment: true })
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'CANDIDATE_SUPERSEDED' } })
    expect(weights(simulation)).toEqual([{ blue: 100, green: 0 }])
  })
})

describe('the test listener cannot be moved once customers are on the new version', () => {
  const testWeights = ({ cloud, topology }: Simulation) => {
    const answer = cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [topology.inputs['test-listener-arns']] })
    const [listener] = answer.Listeners as readonly {
      readonly DefaultActions: readonly { readonly ForwardConfig: { readonly TargetGroups: readonly Group[] } }[]
    }[]
    const groups = listener?.DefaultActions[0]?.ForwardConfig.TargetGroups ?? []
    return groups.find(group => group.TargetGroupArn === topology.targetGroupArns.blue)?.Weight ?? 0
  }

  test.each<[string, FaultRule]>([
    ['denied', { kind: 'denied', operation: 'ModifyListener', after: 1 }],
    ['throttled for ever', { kind: 'throttle', operation: 'ModifyListener', after: 1 }],
    ['never answered', { kind: 'lost-request', operation: 'ModifyListener', after: 1 }],
    ['read back never', { kind: 'denied', operation: 'DescribeListeners', after: 4 }],
  ])('%s: the deploy succeeds, and it is told what to do', async (_, rule) => {
    const simulation = simulate({ seed: 31, topology: { tasks: { blue: 2, green: 0 } } })
    simulation.wire.faults.add([rule])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(weights(simulation)).toEqual([{ blue: 0, green: 100 }])
    expect(report.warnings).toContainEqual(
      expect.stringMatching(/^Testers on HTTP:\d+ are not sent to blue: run again when the cause is mended/),
    )
  })

  test('once lost: it is told again', async () => {
    const simulation = simulate({ seed: 32 })
    simulation.wire.faults.add([{ kind: 'lost-request', operation: 'ModifyListener', after: 1, times: 2 }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.warnings).toEqual([])
    expect(testWeights(simulation)).toBeGreaterThan(0)
  })

  test('the next run moves it, or says that it could not either', async () => {
    const simulation = simulate({ seed: 33 })
    const rule = { kind: 'denied' as const, operation: 'ModifyListener' }
    simulation.wire.faults.add([{ ...rule, after: 1 }])
    await simulation.act({ image: 'sample-app:0.0.2' })
    expect(testWeights(simulation)).toBe(0)
    const again = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(again.report.outcome).toMatchObject({
      status: 'succeeded',
      because: expect.stringMatching(/, but HTTP:\d+ could not be changed$/),
    })
    simulation.wire.faults.clear()
    const third = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(third.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(testWeights(simulation)).toBeGreaterThan(0)
  })
})

/** Target stickiness behind a listener that never had weights, which AWS allows, and refuses once it gets some. */
function stickToOne({ cloud, topology }: Simulation): void {
  const TargetGroupArn = topology.targetGroupArns.blue
  cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: topology.productionArns[0],
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  })
  cloud.call('elbv2', 'ModifyTargetGroupAttributes', {
    TargetGroupArn,
    Attributes: [{ Key: 'stickiness.enabled', Value: 'true' }],
  })
}

test('target stickiness behind listeners that never had weights is found before anything is written', async () => {
  const simulation = simulate({ seed: 35 })
  stickToOne(simulation)
  const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'STICKINESS_CONFLICT' } })
  expect(writes(simulation)).toEqual([])
})

test('target stickiness that could not be read before: the refusal says what to turn off, and idle is put back', async () => {
  const simulation = simulate({ seed: 34 })
  stickToOne(simulation)
  const { wire } = simulation
  wire.faults.add([{ kind: 'denied', operation: 'DescribeTargetGroupAttributes' }])
  const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'STICKINESS_CONFLICT' } })
  expect(JSON.stringify(report.outcome)).toContain('Turn `stickiness.enabled` of the target group off')
  expect(service(simulation, 'green').taskDefinition).toBe(service(simulation, 'blue').taskDefinition)
})

describe('a switch that fails half-way is taken back', () => {
  test('when the second listener is denied', async () => {
    const simulation = simulate({ seed: 60, topology: { productionPorts: [80, 443] } })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'ModifyListener', after: 1, times: 1 }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'ACCESS_DENIED' } })
    expect(weights(simulation)).toEqual([
      { blue: 100, green: 0 },
      { blue: 100, green: 0 },
    ])
    expect(report.sides).toMatchObject({ active: 'blue' })
    expect(JSON.stringify(report.outcome)).toContain(
      'All the traffic is on blue, as it was before the run: production is back on 0.0.1.',
    )
  })

  test('a foreign writer who turns it back at once is noticed', async () => {
    // The other writer looks all the time, which would use up the buckets.
    const simulation = simulate({ seed: 61, settings: { throttling: false } })
    const { cloud, topology } = simulation
    const before = cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [topology.productionArns[0]] })
    const [listener] = before.Listeners as readonly { DefaultActions: unknown }[]
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [
      async clock => {
        while (weights(simulation)[0]?.green !== 100) await clock.sleep(1)
        cloud.call('elbv2', 'ModifyListener', {
          ListenerArn: topology.productionArns[0],
          DefaultActions: listener?.DefaultActions,
        })
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'WRITE_NOT_CONFIRMED' } })
    expect(weights(simulation)).toEqual([{ blue: 100, green: 0 }])
  })
})

/** Gives green the traffic behind the run's back. */
function flip(simulation: Simulation, blue: number, green: number): void {
  const { cloud, topology } = simulation
  cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: topology.productionArns[0],
    DefaultActions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: topology.targetGroupArns.blue, Weight: blue },
            { TargetGroupArn: topology.targetGroupArns.green, Weight: green },
          ],
        },
      },
    ],
  })
}

const called = (simulation: Simulation, operation: string) =>
  simulation.wire.calls.list().some(call => call.operation === operation)

describe('somebody else moves traffic during the run', () => {
  test.each([['RegisterTaskDefinition'], ['UpdateService']])(
    'after %s: the run stops and claims nothing',
    async when => {
      const simulation = simulate({ seed: 80, settings: { throttling: false } })
      const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [
        async clock => {
          while (!called(simulation, when)) await clock.sleep(5)
          flip(simulation, 0, 100)
        },
      ])
      expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TRAFFIC_MOVED' } })
      expect(JSON.stringify(report.outcome)).toContain('All the traffic is on green.')
      expect(weights(simulation)).toEqual([{ blue: 0, green: 100 }])
      // Green serves customers now: whatever was staged there before is left to whoever sent them there.
      expect(writes(simulation).filter(operation => operation === 'UpdateService').length).toBe(
        when === 'UpdateService' ? 1 : 0,
      )
    },
  )

  test('an operator who goes back while an answer is lost is not overwritten', async () => {
    const simulation = simulate({ seed: 81, settings: { throttling: false } })
    simulation.wire.faults.add([{ kind: 'lost-answer', operation: 'ModifyListener', times: 1 }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [
      async clock => {
        while (weights(simulation)[0]?.green !== 100) await clock.sleep(1)
        flip(simulation, 50, 50)
      },
    ])
    expect(weights(simulation)).toEqual([{ blue: 50, green: 50 }])
    expect(report.outcome).toMatchObject({ status: 'failed' })
  })

  test('live grows while the candidate is proven: the candidate grows too, before it gets the traffic', async () => {
    const simulation = simulate({ seed: 82, settings: { throttling: false } })
    const { cluster, service: base } = simulation.topology.inputs
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [
      async clock => {
        while (!called(simulation, 'UpdateService')) await clock.sleep(5)
        simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${base}-blue`, desiredCount: 6 })
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(service(simulation, 'green').desiredCount).toBe(6)
    expect(report.sides?.after.running).toBe(6)
  })
})

test('stickiness that keeps clients on the old color is warned of, and kept', async () => {
  const simulation = simulate({ seed: 87 })
  const { cloud, topology } = simulation
  const TargetGroupStickinessConfig = { Enabled: true, DurationSeconds: 300 }
  const TargetGroups = [
    { TargetGroupArn: topology.targetGroupArns.blue, Weight: 100 },
    { TargetGroupArn: topology.targetGroupArns.green, Weight: 0 },
  ]
  cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: topology.productionArns[0],
    DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }],
  })
  const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
  expect(report).toMatchObject({ outcome: { status: 'succeeded' }, warnings: [expect.stringContaining('300 s')] })
  const { Listeners } = cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [topology.productionArns[0]] })
  expect(Listeners).toMatchObject([{ DefaultActions: [{ ForwardConfig: { TargetGroupStickinessConfig } }] }])
})

describe('what an earlier run left undone', () => {
  test('is done by the next one', async () => {
    const simulation = simulate({ seed: 85 })
    const first = await simulation.act({
      image: 'sample-app:0.0.2',
      version: '7',
      'production-url': 'http://www.example.com/version',
      'rollback-on-failure': 'false',
    })
    expect(first.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'VERSION_NOT_SEEN' } })
    const second = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(second.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(second.report.routes.find(route => route.audience === 'test')?.after).toMatchObject({ blue: 100, green: 0 })
    const third = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(third.report.outcome).toMatchObject({ status: 'unchanged' })
  })
})

test('a rule that would not be switched is refused, with its ARN', async () => {
  const simulation = simulate({ seed: 86, topology: { rules: [{ priority: 10, pathPattern: '/api/*' }] } })
  const [listener = '', rule = ''] = simulation.topology.productionArns
  const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'listener-arns': listener })
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LISTENER_UNCLEAR' } })
  expect(JSON.stringify(report.outcome)).toContain(rule)
  expect(writes(simulation)).toEqual([])
})

describe('lost answers and throttling', () => {
  test.each<[string, readonly FaultRule[]]>([
    ['every first answer is lost', [{ kind: 'lost-answer', times: 3 }]],
    ['UpdateService is applied but not answered', [{ kind: 'lost-answer', operation: 'UpdateService', times: 1 }]],
    ['the shift is applied but not answered', [{ kind: 'lost-answer', operation: 'ModifyListener', times: 1 }]],
    ['the shift is lost on its way', [{ kind: 'lost-request', operation: 'ModifyListener', times: 2 }]],
    ['the shift is throttled', [{ kind: 'throttle', operation: 'ModifyListener', times: 2 }]],
    ['every call takes seconds', [{ kind: 'delay', delayMs: 2_200 }]],
    ['throttled now and then', [{ kind: 'throttle', after: 3, times: 4 }]],
    [
      'others register revisions at the same time',
      [
        {
          kind: 'error',
          operation: 'RegisterTaskDefinition',
          code: 'ClientException',
          message: 'Too many concurrent attempts to create a new revision of the specified family.',
          times: 3,
        },
      ],
    ],
    ['RegisterTaskDefinition is throttled', [{ kind: 'throttle', operation: 'RegisterTaskDefinition', times: 2 }]],
  ])('%s: the deploy still succeeds', async (_, rules) => {
    const simulation = simulate({ seed: 70 })
    simulation.wire.faults.add(rules)
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(weights(simulation)).toEqual([{ blue: 0, green: 100 }])
  })

  test.each([
    ['ecs:DescribeServices', 'throttle', 'THROTTLED'],
    ['ecs:RegisterTaskDefinition', 'throttle', 'THROTTLED'],
    ['elasticloadbalancing:DescribeTargetHealth', 'throttle', 'THROTTLED'],
    ['elasticloadbalancing:ModifyListener', 'throttle', 'THROTTLED'],
    ['elasticloadbalancing:ModifyListener', 'lost-request', 'AWS_ERROR'],
  ] as const)('%s, %s for ever: told so with its name, and nothing is shifted', async (action, kind, code) => {
    const simulation = simulate({ seed: 71 })
    simulation.wire.faults.add([{ kind, operation: action.split(':')[1] ?? '' }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    const told = expect.arrayContaining([expect.stringContaining(action)])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code, details: told } })
    expect(weights(simulation)).toEqual([{ blue: 100, green: 0 }])
  })
})

describe('what is not there is named', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['cluster', { cluster: 'nowhere' }, 'CLUSTER_NOT_FOUND', 'The cluster nowhere does not exist'],
    [
      'service',
      { service: 'nothing' },
      'SERVICE_NOT_FOUND',
      'The services nothing-blue and nothing-green do not exist in cluster sandbox',
    ],
  ])('%s', async (_, inputs, code, sentence) => {
    const simulation = simulate({ seed: 30 })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', ...inputs })
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: { code, headline: expect.stringContaining(sentence) },
    })
    expect(writes(simulation)).toEqual([])
  })

  test('listener', async () => {
    const simulation = simulate({ seed: 31 })
    const arn = simulation.topology.inputs['listener-arns'].replace(/.$/, last => (last === '0' ? '1' : '0'))
    const { report } = await simulation.act({ image: 'sample-app:0.0.2', 'listener-arns': arn })
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: { code: 'LISTENER_NOT_FOUND', headline: expect.stringContaining(arn) },
    })
    expect(writes(simulation)).toEqual([])
  })
})

describe('live must be clear', () => {
  test.each([
    ['both have weight', 50, 50],
    ['none has weight', 0, 0],
  ])('%s', async (_, blue, green) => {
    const simulation = simulate({ seed: 40 })
    const { cloud, topology } = simulation
    const TargetGroups = [
      { TargetGroupArn: topology.targetGroupArns.blue, Weight: blue },
      { TargetGroupArn: topology.targetGroupArns.green, Weight: green },
    ]
    cloud.call('elbv2', 'ModifyListener', {
      ListenerArn: topology.productionArns[0],
      DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
    })
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LIVE_UNCLEAR' } })
    expect(writes(simulation)).toEqual([])
  })
})

describe('status', () => {
  test('reads, and writes nothing', async () => {
    const simulation = simulate({ seed: 50 })
    const { report } = await simulation.act({ mode: 'status' })
    expect(report).toMatchObject({
      outcome: { status: 'unchanged' },
      sides: { active: 'blue', after: { version: '0.0.1', running: 2 }, idle: { color: 'green' } },
    })
    expect(writes(simulation)).toEqual([])
  })
})
