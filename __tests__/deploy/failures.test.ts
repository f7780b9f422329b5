import { describe, expect, test } from '@jest/globals'
import { type Actor, type Simulation, type SimulationOptions, simulate } from '../../sandbox/simulation.ts'
import type { FailureCode } from '../../src/model/outcome.ts'
import { summaryOf } from '../../src/report/summary.ts'

/**
 * Every way in which a candidate fails, at two sizes: a code of its own, the cause on the summary's first screen, production
 * as it was, and the idle service as it was.
 */

interface Scenario {
  readonly code: FailureCode
  /** What the first lines of the summary say. */
  readonly cause: RegExp
  /** Version to deploy; its last word is the trouble. */
  readonly version?: string
  readonly options?: (size: number) => Partial<SimulationOptions>
  readonly inputs?: Readonly<Record<string, string>>
  readonly other?: (simulation: Simulation) => Actor
  /** Longest time that the run may take, in seconds. */
  readonly within: number
  /** Idle is then somebody else's, or gone. */
  readonly leavesIdle?: true
}

const size = (count: number, more: object = {}) => ({ topology: { tasks: { blue: count, green: count }, ...more } })

const scenarios: Readonly<Record<string, Scenario>> = {
  'image missing': {
    version: '2-missing',
    code: 'IMAGE_NOT_FOUND',
    cause: /the registry has no such image[\s\S]*CannotPullContainerError/,
    within: 90,
  },
  'crash at start': { version: '2-crash', code: 'TASKS_CRASHED', cause: /container app .*exit code 1/, within: 60 },
  'out of memory': {
    version: '2-oom',
    code: 'OUT_OF_MEMORY',
    cause: /container app was killed .*137[\s\S]*Raise `memory` of the task .*512 MiB/,
    within: 60,
  },
  'unhealthy (503)': {
    version: '2-unhealthy',
    code: 'UNHEALTHY',
    cause: /answer 503 to the health check HTTP GET \/health, which wants 200/,
    within: 120,
  },
  'health path 404': {
    version: '2-404',
    code: 'HEALTH_PATH_NOT_FOUND',
    cause: /answer 404 to the health check HTTP GET \/health/,
    within: 120,
  },
  'slow start beyond the timeout': {
    version: '2-slow',
    options: count => ({ slowSeconds: 300, ...size(count, { healthCheckGracePeriodSeconds: 600 }) }),
    inputs: { timeout: '2m' },
    code: 'NOT_HEALTHY_IN_TIME',
    cause: /did not become healthy in time.*refuse or break the connection[\s\S]*raise `timeout`/,
    within: 121,
  },
  'circuit-breaker rollback': {
    version: '2-missing',
    options: count => size(count, { circuitBreaker: 'rollback' }),
    code: 'CIRCUIT_BREAKER',
    cause: /circuit breaker of ECS gave up on .*the registry has no such image/,
    within: 120,
  },
  superseded: {
    version: '2',
    other: simulation => onIdle(simulation, { forceNewDeployment: true }),
    code: 'CANDIDATE_SUPERSEDED',
    cause: /Another deployment took over/,
    within: 60,
    leavesIdle: true,
  },
  'scaled to zero': {
    version: '2',
    other: simulation => onIdle(simulation, { desiredCount: 0 }),
    code: 'SCALED_TO_ZERO',
    cause: /Somebody scaled sample-green to 0/,
    within: 60,
  },
  deleted: {
    version: '2',
    other: simulation => async clock => {
      await clock.sleep(4_000)
      const { cluster, service } = simulation.topology.inputs
      simulation.cloud.call('ecs', 'DeleteService', { cluster, service: `${service}-green`, force: true })
    },
    code: 'SERVICE_NOT_ACTIVE',
    cause: /somebody deleted it/,
    within: 60,
    leavesIdle: true,
  },
  'no capacity': {
    version: '2-nocapacity',
    code: 'NO_CAPACITY',
    cause: /no capacity for its tasks[\s\S]*Capacity is unavailable at this time/,
    within: 120,
  },
  'capacity for some': {
    version: '2',
    // Idle is parked, and half of its tasks would fit.
    options: count => ({
      ...size(count, { tasks: { blue: count, green: 0 } }),
      settings: { taskCapacity: count + Math.floor(count / 2) },
    }),
    inputs: { timeout: '4m' },
    code: 'NO_CAPACITY',
    cause: /no capacity for its tasks[\s\S]*Capacity is unavailable at this time/,
    within: 241,
  },
  'secret unreadable': {
    version: '2-nosecret',
    code: 'SECRET_UNREADABLE',
    cause: /could not read the secrets[\s\S]*execution role[\s\S]*ssm:GetParameters/,
    within: 90,
  },
  'target group unused': {
    version: '2-slow',
    options: count => ({ slowSeconds: 20, ...size(count, { healthCheckGracePeriodSeconds: 600 }) }),
    other: unreferenced,
    code: 'TARGETS_UNUSED',
    cause: /targets of sample-green are not used by the load balancer[\s\S]*weight 0 is enough/,
    within: 120,
  },
  "somebody else's target beside the new ones": {
    version: '2',
    other: stranger,
    code: 'TARGETS_NOT_OURS',
    cause: /sample-green has a target that is none of the new version's tasks[\s\S]*Deregister it/,
    within: 180,
  },
}

/** A task of the old version, which somebody registers beside the new ones. */
function stranger(simulation: Simulation): Actor {
  return async () => {
    const { cloud, topology } = simulation
    const { TargetHealthDescriptions } = cloud.call('elbv2', 'DescribeTargetHealth', {
      TargetGroupArn: topology.targetGroupArns.blue,
    }) as { TargetHealthDescriptions: readonly { Target: object }[] }
    const Targets = TargetHealthDescriptions.slice(0, 1).map(({ Target }) => Target)
    cloud.call('elbv2', 'RegisterTargets', { TargetGroupArn: topology.targetGroupArns.green, Targets })
  }
}

function onIdle(simulation: Simulation, change: object): Actor {
  return async clock => {
    await clock.sleep(4_000)
    const { cluster, service } = simulation.topology.inputs
    simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-green`, ...change })
  }
}

/** Takes the idle color out of every listener, once it has been staged. */
function unreferenced(simulation: Simulation): Actor {
  return async clock => {
    await clock.sleep(4_000)
    const { cloud, topology } = simulation
    const only = { TargetGroups: [{ TargetGroupArn: topology.targetGroupArns.blue, Weight: 100 }] }
    for (const ListenerArn of [...topology.productionArns, topology.testListenerArn]) {
      cloud.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions: [{ Type: 'forward', ForwardConfig: only }] })
    }
  }
}

function service(simulation: Simulation, color: 'blue' | 'green') {
  const { cluster, service: base } = simulation.topology.inputs
  const answer = simulation.cloud.call('ecs', 'DescribeServices', { cluster, services: [`${base}-${color}`] })
  const [one] = answer.services as readonly {
    taskDefinition: string
    desiredCount: number
    runningCount: number
    deployments: readonly { id: string }[]
  }[]
  if (one === undefined) throw new Error(`no ${color} service`)
  const { taskDefinition, desiredCount, runningCount, deployments } = one
  return { taskDefinition, desiredCount, runningCount, deployments: deployments.map(({ id }) => id) }
}

/** Share of production for each target group, as AWS has it; a group that is not named has none. */
function shares(simulation: Simulation): Readonly<Record<string, number>> {
  const { cloud, topology } = simulation
  const { Listeners } = cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [...topology.productionArns] }) as {
    Listeners: readonly {
      DefaultActions: readonly {
        ForwardConfig: { TargetGroups: readonly { TargetGroupArn: string; Weight: number }[] }
      }[]
    }[]
  }
  const groups = Listeners.flatMap(one => one.DefaultActions).flatMap(action => action.ForwardConfig.TargetGroups)
  const of = (arn: string) => groups.find(group => group.TargetGroupArn === arn)?.Weight ?? 0
  return { blue: of(topology.targetGroupArns.blue), green: of(topology.targetGroupArns.green) }
}

/** The first screen, as GitHub shows it. */
function firstScreen(summary: string): string {
  const lines = summary.split('\n').slice(0, 15).join('\n')
  return lines.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}

describe.each([1, 20])('with %i tasks of each color', count => {
  test.each(Object.entries(scenarios))('%s', async (_, scenario) => {
    const simulation = simulate({ seed: 100 + count, ...size(count), ...scenario.options?.(count) })
    const before = { live: service(simulation, 'blue'), idle: service(simulation, 'green') }
    const { report, lines } = await simulation.act(
      { image: `sample-app:${scenario.version}`, timeout: '15m', ...scenario.inputs },
      scenario.other === undefined ? [] : [scenario.other(simulation)],
    )
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: scenario.code } })
    const shown = firstScreen(summaryOf(report))
    expect(shown).toContain(`**${scenario.code}**`)
    expect(shown).toMatch(scenario.cause)
    expect((report.endedAt - report.startedAt) / 1_000).toBeLessThan(scenario.within)
    expect(lines).toContainEqual(expect.stringMatching(/^Tasks of sample-green: https:\/\/eu-central-1\.console/))

    expect(shares(simulation)).toEqual({ blue: 100, green: 0 })
    expect(service(simulation, 'blue')).toEqual(before.live)
    if (scenario.leavesIdle) return
    expect(service(simulation, 'green')).toMatchObject({
      taskDefinition: before.idle.taskDefinition,
      desiredCount: before.idle.desiredCount,
    })
  })
})

test('every scenario has a code of its own', () => {
  const codes = Object.entries(scenarios).flatMap(([name, { code }]) => (name === 'capacity for some' ? [] : [code]))
  expect(new Set(codes).size).toBe(codes.length)
})

test('one flaky task does not end a deploy', async () => {
  const simulation = simulate({ seed: 7 })
  const { cluster } = simulation.topology.inputs
  // Stopped by hand before it is ever healthy, twice.
  const flaky: Actor = async clock => {
    for (let times = 0; times < 2; times++) {
      await clock.sleep(8_000)
      const { taskArns } = simulation.cloud.call('ecs', 'ListTasks', {
        cluster,
        serviceName: 'sample-green',
        startedBy: service(simulation, 'green').deployments[0],
      }) as { taskArns: string[] }
      simulation.cloud.call('ecs', 'StopTask', { cluster, task: taskArns[0], reason: 'flaky' })
    }
  }
  const { report } = await simulation.act({ image: 'sample-app:0.0.2' }, [flaky])
  expect(report.outcome).toMatchObject({ status: 'succeeded' })
})

describe('a call that AWS does not let us make', () => {
  test.each([
    ['ecs:DescribeServices', 'service/sandbox/sample-blue'],
    ['ecs:DescribeTaskDefinition', '*'],
    ['ecs:RegisterTaskDefinition', '*'],
    ['ecs:UpdateService', 'service/sandbox/sample-green'],
    ['ecs:ListTasks', '*'],
    ['ecs:DescribeTasks', ':task/sandbox/*'],
    ['elasticloadbalancing:DescribeTargetGroups', '*'],
    ['elasticloadbalancing:DescribeTargetHealth', '*'],
    ['elasticloadbalancing:DescribeListeners', '*'],
    ['elasticloadbalancing:ModifyListener', 'listener/app/sample'],
  ])('%s is denied: the statement to add is on the first screen', async (action, resource) => {
    const simulation = simulate({ seed: 3 })
    const before = { live: service(simulation, 'blue'), idle: service(simulation, 'green') }
    simulation.wire.faults.add([{ kind: 'denied', operation: action.split(':')[1] ?? '' }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    const shown = firstScreen(summaryOf(report))
    expect(shown).toContain('**ACCESS_DENIED**')
    const statement = JSON.parse(/\{\s+"Effect"[^}]*\}/.exec(shown)?.[0] ?? '{}')
    expect(statement).toEqual({ Effect: 'Allow', Action: action, Resource: expect.stringContaining(resource) })
    expect(shares(simulation)).toEqual({ blue: 100, green: 0 })
    expect(service(simulation, 'blue')).toEqual(before.live)
    const { taskDefinition, desiredCount } = before.idle
    expect(service(simulation, 'green')).toMatchObject({ taskDefinition, desiredCount })
  })

  test('throttled at every call', async () => {
    const simulation = simulate({ seed: 3 })
    simulation.wire.faults.add([{ kind: 'throttle' }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'THROTTLED' } })
    expect(shares(simulation)).toEqual({ blue: 100, green: 0 })
  })
})
