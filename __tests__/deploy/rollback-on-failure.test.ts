import { describe, expect, test } from '@jest/globals'
import { putAlarm, setAlarm } from '../../sandbox/metric-alarm.ts'
import type { Simulation } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import {
  type Beside,
  deploy,
  serviceOf,
  setWeights,
  sicken,
  steps,
  tasksOf,
  updateService,
  url,
  weightsOf,
  writes,
} from './gradual-world.ts'

const canary = { strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '5m' }
const bake = { 'bake-time': '5m' }
const alarm = { 'alarm-names': 'errors' }
const ok = (simulation: Simulation) => putAlarm(simulation, 'errors', 'OK')

/** Something bad, a while after green got this weight. */
const onceGreenHas =
  (weight: number, bad: (beside: Beside) => void, ms = 20_000) =>
  async (beside: Beside) => {
    await beside.untilGreenHas(weight)
    await beside.clock.sleep(ms)
    bad(beside)
  }

describe('what is bad moves traffic back', () => {
  test('a version that degrades under a canary', async () => {
    const { report, changes, simulation } = await deploy(
      { ...canary, ...url, image: 'sample-app:0.0.2-degrades' },
      { topology: { environment: { DEGRADE_AFTER: '20' } } },
    )
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'REQUESTS_FAILED' } })
    expect(steps(changes)).toEqual(['100/0', '90/10', '100/0'])
    // About two requests a second went to the canary: those of two looks, and of the up to 2.5 s until every node obeys.
    expect(report.traffic?.failed).toBeGreaterThan(0)
    expect(report.traffic?.failed).toBeLessThanOrEqual(12)
    const { startAt = 0, sliceMs = 0, failed = [] } = report.traffic?.slices ?? {}
    const firstBad = startAt + failed.findIndex(count => count > 0) * sliceMs
    expect(changes.at(-1)?.at).toBeGreaterThan(firstBad)
    expect(changes.at(-1)?.at).toBeLessThan(firstBad + sliceMs + 5_000)
    expect(outputsOf(report)).toMatchObject({
      'deployment-status': 'rolled-back',
      'rolled-back': 'true',
      'active-color': 'blue',
      version: '0.0.1',
      'failure-reason': expect.stringMatching(/^REQUESTS_FAILED: /),
    })
    expect(summaryOf(report)).toMatch(/rolled back, 0\.0\.1 is live on blue/)
    // Idle is put back, too: the way to the version before stays open.
    expect(serviceOf(simulation, 'green').taskDefinition).toBe(serviceOf(simulation, 'blue').taskDefinition)
  })

  test.each<[string, Parameters<typeof deploy>[0], string, Parameters<typeof deploy>[1]]>([
    [
      'an alarm during a step',
      { ...canary, ...alarm },
      'ALARM',
      { prepare: ok, beside: onceGreenHas(10, beside => setAlarm(beside, 'errors', 'ALARM')) },
    ],
    [
      'an alarm in the bake',
      { ...bake, ...alarm },
      'ALARM',
      { prepare: ok, beside: onceGreenHas(100, beside => setAlarm(beside, 'errors', 'ALARM'), 200_000) },
    ],
    [
      'an alarm of alarms in the bake',
      { ...bake, 'alarm-names': 'both' },
      'ALARM',
      {
        prepare: simulation => {
          ok(simulation)
          simulation.cloud.call('cloudwatch', 'PutCompositeAlarm', { AlarmName: 'both', AlarmRule: 'ALARM("errors")' })
        },
        beside: onceGreenHas(100, beside => setAlarm(beside, 'errors', 'ALARM')),
      },
    ],
    [
      'an alarm that never has data',
      { ...canary, ...alarm },
      'UNKNOWN_TOO_LONG',
      { prepare: simulation => putAlarm(simulation, 'errors', 'INSUFFICIENT_DATA') },
    ],
    [
      'an alarm that is deleted',
      { ...bake, 'bake-time': '30m', ...alarm },
      'UNKNOWN_TOO_LONG',
      {
        prepare: ok,
        beside: onceGreenHas(100, beside =>
          beside.cloud.call('cloudwatch', 'DeleteAlarms', { AlarmNames: ['errors'] }),
        ),
      },
    ],
    [
      'all of its targets fail',
      canary,
      'CANDIDATE_DEGRADED',
      { beside: onceGreenHas(10, beside => sicken(beside, 'green', 2)) },
    ],
    [
      'one of its targets fails',
      bake,
      'CANDIDATE_DEGRADED',
      { beside: onceGreenHas(100, beside => sicken(beside, 'green', 1)) },
    ],
    [
      'somebody scales it to zero during a step',
      canary,
      'SCALED_TO_ZERO',
      { beside: onceGreenHas(10, beside => updateService(beside, 'green', { desiredCount: 0 })) },
    ],
    ['requests that fail', { ...url, ...bake, image: 'sample-app:0.0.2-errors' }, 'REQUESTS_FAILED', {}],
    [
      'a look that is refused',
      canary,
      'ACCESS_DENIED',
      { prepare: simulation => denyLater(simulation, 'DescribeTargetHealth') },
    ],
  ])('%s', async (_, inputs, code, options) => {
    const { report, simulation } = await deploy(inputs, options)
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code } })
    expect(JSON.stringify(report.outcome)).toContain(
      'All the traffic is on blue, as it was before the run: production is back on 0.0.1.',
    )
    expect(weightsOf(simulation)).toEqual([{ blue: 100, green: 0 }])
    expect(serviceOf(simulation, 'green').taskDefinition).toBe(serviceOf(simulation, 'blue').taskDefinition)
    expect(serviceOf(simulation, 'blue').deployments).toHaveLength(1)
  })

  test.each([
    [10_000, 5_000],
    [100_000, 10_000],
  ])('within two looks, %i ms after the step', async (ms, lookMs) => {
    let badAt = Number.NaN
    const { changes } = await deploy(
      { ...canary, ...alarm },
      {
        prepare: ok,
        beside: onceGreenHas(
          10,
          beside => {
            badAt = beside.clock.now()
            setAlarm(beside, 'errors', 'ALARM')
          },
          ms,
        ),
      },
    )
    expect(steps(changes)).toEqual(['100/0', '90/10', '100/0'])
    expect((changes.at(-1)?.at ?? 0) - badAt).toBeLessThan(2 * lookMs)
  })

  test('in one write for each listener, also when an answer is lost', async () => {
    const { report, simulation, changes } = await deploy(
      { ...bake, ...alarm },
      {
        topology: { productionPorts: [80, 443] },
        prepare: ok,
        beside: onceGreenHas(100, beside => {
          beside.wire.faults.add([{ kind: 'lost-answer', operation: 'ModifyListener', times: 1 }])
          setAlarm(beside, 'errors', 'ALARM')
        }),
      },
    )
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'ALARM' } })
    for (const route of [0, 1]) expect(steps(changes, route)).toEqual(['100/0', '0/100', '100/0'])
    expect(writes(simulation).filter(operation => operation === 'ModifyListener')).toHaveLength(4)
  })

  test('the idle service is put back only when the nodes have heard of the way back', async () => {
    const { changes, simulation } = await deploy(
      { ...bake, ...alarm },
      { prepare: ok, beside: onceGreenHas(100, beside => setAlarm(beside, 'errors', 'ALARM')) },
    )
    const putBack = simulation.wire.calls.list().findLast(call => call.operation === 'UpdateService')
    expect(putBack?.at).toBeGreaterThanOrEqual((changes.at(-1)?.at ?? 0) + 10_000)
  })

  test('somebody deploys to the new color: customers leave it, and it stays as it is', async () => {
    const { report, simulation } = await deploy(canary, {
      beside: onceGreenHas(10, beside => updateService(beside, 'green', { forceNewDeployment: true })),
    })
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'CANDIDATE_SUPERSEDED' } })
    expect(weightsOf(simulation)).toEqual([{ blue: 100, green: 0 }])
    expect(writes(simulation).filter(operation => operation === 'UpdateService')).toHaveLength(1)
  })
})

function healthyTargets({ cloud, topology }: Simulation, color: 'blue' | 'green') {
  const answer = cloud.call('elbv2', 'DescribeTargetHealth', { TargetGroupArn: topology.targetGroupArns[color] })
  return (answer.TargetHealthDescriptions as readonly { readonly Target: object }[]).map(({ Target }) => Target)
}

describe('the former revision of idle is deregistered meanwhile', () => {
  const deregistered = (inputs: Parameters<typeof deploy>[0], options: Parameters<typeof deploy>[1] = {}) => {
    let former = ''
    const prepare = (simulation: Simulation) => {
      const { cluster, service } = simulation.topology.inputs
      const described = simulation.cloud.call('ecs', 'DescribeTaskDefinition', {
        taskDefinition: serviceOf(simulation, 'green').taskDefinition,
        include: ['TAGS'],
      })
      const { taskDefinition } = simulation.cloud.call('ecs', 'RegisterTaskDefinition', {
        ...(described.taskDefinition as object),
        memory: '1024',
        tags: [{ key: 'team', value: 'shop' }],
      }) as { readonly taskDefinition: { readonly taskDefinitionArn: string } }
      former = taskDefinition.taskDefinitionArn
      simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-green`, taskDefinition: former })
      simulation.cloud.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: former })
    }
    return deploy(inputs, { ...options, prepare }).then(ended => ({ ...ended, former }))
  }

  test.each(['true', 'false'])('a copy takes its place, lock: %s', async lock => {
    const { report, simulation, lines, former } = await deregistered({ image: 'sample-app:0.0.2-crash', lock })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TASKS_CRASHED' } })
    expect(JSON.stringify(report.outcome)).not.toContain('clean-up')
    const { taskDefinition, desiredCount } = serviceOf(simulation, 'green')
    expect(taskDefinition).not.toBe(former)
    expect(desiredCount).toBe(2)
    const copy = simulation.cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition, include: ['TAGS'] })
    expect(copy).toMatchObject({
      taskDefinition: { status: 'ACTIVE', memory: '1024', containerDefinitions: [{ image: 'sample-app:0.0.1' }] },
      tags: [{ key: 'team', value: 'shop' }],
    })
    expect(lines.join('\n')).toMatch(/:2 is deregistered, and ECS starts nothing new from it: \S+ gets the copy \S+:4/)
    expect(writes(simulation).filter(operation => operation === 'RegisterTaskDefinition')).toHaveLength(2)
  })
})

/** From the first production write on, until half a minute later. */
function denyLater(simulation: Simulation, operation: string): void {
  const { timeline } = simulation
  const look = () => {
    if (weightsOf(simulation)[0]?.green === 10) simulation.wire.faults.add([{ kind: 'denied', operation, times: 1 }])
    else timeline.at(timeline.now() + 20, look)
  }
  look()
}

describe('traffic stays where it is', () => {
  test('when the old color has no healthy target left', async () => {
    const { report, simulation } = await deploy(
      { ...bake, ...alarm },
      {
        prepare: ok,
        beside: async beside => {
          await beside.untilGreenHas(100)
          sicken(beside, 'blue', 2)
          await beside.clock.sleep(12_000)
          setAlarm(beside, 'errors', 'ALARM')
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ALARM' } })
    expect(JSON.stringify(report.outcome)).toContain('green is the only healthy copy')
    expect(weightsOf(simulation)).toEqual([{ blue: 0, green: 100 }])
    expect(serviceOf(simulation, 'green').taskDefinition).not.toBe(serviceOf(simulation, 'blue').taskDefinition)
    expect(outputsOf(report)).toMatchObject({ 'rolled-back': 'false', 'active-color': 'green' })
  })

  test('when the old color was scaled away', async () => {
    const { report, simulation } = await deploy(
      { ...bake, ...alarm },
      {
        prepare: ok,
        beside: async beside => {
          await beside.untilGreenHas(100)
          updateService(beside, 'blue', { desiredCount: 0 })
          await beside.clock.sleep(60_000)
          setAlarm(beside, 'errors', 'ALARM')
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ALARM' } })
    expect(JSON.stringify(report.outcome)).toContain('Traffic was not moved back: blue has 0/0 tasks running')
    expect(weightsOf(simulation)).toEqual([{ blue: 0, green: 100 }])
  })

  test('until the old color has all of its tasks again', async () => {
    const { report, simulation, lines } = await deploy(
      { ...bake, ...alarm },
      {
        prepare: ok,
        beside: async beside => {
          await beside.untilGreenHas(100)
          await beside.clock.sleep(5_000)
          sicken(beside, 'blue', 1)
          await beside.clock.sleep(12_000)
          setAlarm(beside, 'errors', 'ALARM')
        },
      },
    )
    expect(lines.join('\n')).toContain('not yet fit to take the traffic')
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'ALARM' } })
    expect(weightsOf(simulation)).toEqual([{ blue: 100, green: 0 }])
  })

  test('until its own tasks are well: a stranger in its target group is no proof', async () => {
    let replacedAt = Number.NaN
    const { report, changes, lines } = await deploy(
      { ...bake, ...alarm },
      {
        prepare: ok,
        beside: async beside => {
          await beside.untilGreenHas(100)
          const before = tasksOf(beside, 'blue')
          beside.cloud.call('elbv2', 'RegisterTargets', {
            TargetGroupArn: beside.topology.targetGroupArns.blue,
            Targets: healthyTargets(beside, 'green'),
          })
          await beside.clock.sleep(15_000)
          sicken(beside, 'blue', 1)
          await beside.clock.sleep(12_000)
          setAlarm(beside, 'errors', 'ALARM')
          while (tasksOf(beside, 'blue').every(task => before.includes(task))) await beside.clock.sleep(100)
          replacedAt = beside.clock.now()
        },
      },
    )
    expect(lines.join('\n')).toContain('blue has 2/2 tasks running and 1 healthy target: not yet fit')
    expect(report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'ALARM' } })
    expect(changes.at(-1)).toMatchObject({ blue: 100, green: 0 })
    expect(changes.at(-1)?.at).toBeGreaterThan(replacedAt)
  })

  test('when the user says so, and it is told what is where', async () => {
    const { report, simulation } = await deploy(
      { ...canary, ...alarm, 'rollback-on-failure': 'false' },
      { prepare: ok, beside: onceGreenHas(10, beside => setAlarm(beside, 'errors', 'ALARM')) },
    )
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ALARM' } })
    expect(JSON.stringify(report.outcome)).toContain('HTTP:80 has blue 90, green 10')
    expect(JSON.stringify(report.outcome)).toContain('rollback-on-failure is false')
    expect(weightsOf(simulation)).toEqual([{ blue: 90, green: 10 }])
    expect(serviceOf(simulation, 'green').taskDefinition).not.toBe(serviceOf(simulation, 'blue').taskDefinition)
  })

  test('when somebody sets the weights while it goes back', async () => {
    const { report, simulation } = await deploy(
      { ...bake, ...alarm },
      {
        prepare: ok,
        beside: async beside => {
          await beside.untilGreenHas(100)
          await beside.clock.sleep(20_000)
          setAlarm(beside, 'errors', 'ALARM')
          await beside.untilGreenHas(0)
          setWeights(beside, 50, 50)
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ALARM' } })
    expect(weightsOf(simulation)).toEqual([{ blue: 50, green: 50 }])
    expect(JSON.stringify(report.outcome)).toContain('The traffic is split')
  })
})

describe('alarms at the start', () => {
  test.each([
    ['one that does not exist', 'ALARM_NOT_FOUND', { 'alarm-names': 'errors, nothing' }, 'There is no alarm nothing'],
    [
      'one that is in ALARM',
      'ALARM_AT_START',
      { 'alarm-names': 'errors, raised' },
      'raised is in ALARM before the deploy',
    ],
  ])('%s: nothing is written', async (_, code, inputs, sentence) => {
    const { report, simulation } = await deploy(
      { ...canary, ...inputs },
      {
        prepare: simulation => {
          ok(simulation)
          putAlarm(simulation, 'raised', 'ALARM')
        },
      },
    )
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: { code, headline: expect.stringContaining(sentence) },
    })
    expect(writes(simulation)).toEqual([])
  })

  test('none that this role may read: nothing is written', async () => {
    const { report, simulation } = await deploy(
      { ...canary, ...alarm },
      {
        prepare: simulation => {
          ok(simulation)
          simulation.wire.faults.add([{ kind: 'denied', operation: 'DescribeAlarms' }])
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ACCESS_DENIED' } })
    expect(JSON.stringify(report.outcome)).toContain('cloudwatch:DescribeAlarms')
    expect(writes(simulation)).toEqual([])
  })

  test('that cannot be read when traffic is about to move: it does not move until they can', async () => {
    let readableAt = 0
    const { report, changes } = await deploy(
      { ...canary, ...alarm },
      {
        prepare: simulation => {
          ok(simulation)
          simulation.wire.faults.add([{ kind: 'error', operation: 'DescribeAlarms', after: 1 }])
        },
        beside: async beside => {
          await beside.clock.sleep(120_000)
          beside.wire.faults.clear()
          readableAt = beside.clock.now()
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(changes[1]?.at).toBeGreaterThanOrEqual(readableAt)
    expect(changes[1]?.at).toBeLessThan(readableAt + 20_000)
  })

  test('one that goes off before traffic moves: it does not move', async () => {
    const { report, changes, simulation } = await deploy(
      { ...canary, ...alarm },
      {
        prepare: ok,
        beside: async beside => {
          await beside.clock.sleep(10_000)
          setAlarm(beside, 'errors', 'ALARM')
        },
      },
    )
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ALARM' } })
    expect(steps(changes)).toEqual(['100/0'])
    expect(serviceOf(simulation, 'green').taskDefinition).toBe(serviceOf(simulation, 'blue').taskDefinition)
  })

  test('one that the user ignores does not count until it has left ALARM', async () => {
    const raised = (simulation: Simulation) => putAlarm(simulation, 'errors', 'ALARM')
    const inputs = { ...bake, ...alarm, 'alarms-at-start': 'ignore' }
    const still = await deploy(inputs, { prepare: raised })
    expect(still.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(still.report.warnings).toContainEqual(expect.stringContaining('errors is in ALARM already'))

    const again = await deploy(inputs, {
      prepare: raised,
      beside: async beside => {
        await beside.untilGreenHas(100)
        setAlarm(beside, 'errors', 'OK')
        await beside.clock.sleep(30_000)
        setAlarm(beside, 'errors', 'ALARM')
      },
    })
    expect(again.report.outcome).toMatchObject({ status: 'rolled-back', failure: { code: 'ALARM' } })
  })

  test.each([
    ['119s', 1],
    ['2m', 0],
  ])('a bake of %s with alarms of one-minute periods: %i warnings', async (time, count) => {
    const { report } = await deploy({ 'bake-time': time, ...alarm }, { prepare: ok })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.warnings.filter(line => line.includes('bake-time'))).toHaveLength(count)
  })
})

test('some failed requests are allowed when the user says so', async () => {
  const { report } = await deploy({
    ...url,
    ...canary,
    'max-failed-requests': '100000',
    image: 'sample-app:0.0.2-errors',
    'bake-time': '1m',
  })
  expect(report.traffic?.failed).toBeGreaterThan(10)
  // Every fifth request fails, so it is never quiet, but after two minutes nobody else is heard: that must do.
  expect(report.outcome).toMatchObject({ status: 'succeeded' })
})

describe('stickiness of the target groups', () => {
  const sticky = (simulation: Simulation) => {
    const { cloud, topology } = simulation
    const TargetGroups = [
      { TargetGroupArn: topology.targetGroupArns.blue, Weight: 100 },
      { TargetGroupArn: topology.targetGroupArns.green, Weight: 0 },
    ]
    const TargetGroupStickinessConfig = { Enabled: true, DurationSeconds: 3_600 }
    cloud.call('elbv2', 'ModifyListener', {
      ListenerArn: topology.productionArns[0],
      DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig } }],
    })
  }
  const parked = { topology: { tasks: { blue: 2, green: 0 } } }

  test('a color that was parked is not parked again while cookies lead there', async () => {
    const { report, simulation } = await deploy(
      { ...canary, ...alarm },
      {
        ...parked,
        prepare: simulation => {
          sticky(simulation)
          ok(simulation)
        },
        beside: onceGreenHas(10, beside => setAlarm(beside, 'errors', 'ALARM')),
      },
    )
    expect(report.outcome).toMatchObject({ status: 'rolled-back' })
    const { taskDefinition, desiredCount } = serviceOf(simulation, 'green')
    expect([taskDefinition, desiredCount]).toEqual([serviceOf(simulation, 'blue').taskDefinition, 2])
    expect(report.warnings).toContainEqual(expect.stringContaining('keeps 2 tasks, and not the 0 of before'))
  })

  test('one that never had traffic is', async () => {
    const { report, simulation } = await deploy(
      { ...canary, image: 'sample-app:0.0.2-crash' },
      { ...parked, prepare: sticky },
    )
    expect(report.outcome).toMatchObject({ status: 'failed' })
    expect(serviceOf(simulation, 'green').desiredCount).toBe(0)
  })
})
