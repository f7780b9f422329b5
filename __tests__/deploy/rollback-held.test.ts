import { describe, expect, test } from '@jest/globals'
import { type ActOptions, type Simulation, simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { listeners, lockTags, service, writes } from './locking.ts'

/** What keeps a rollback from being a moment too quick, or a task too small. */

const image = (number: number) => `sample-app:0.0.${number}`
const dead: ActOptions = { owner: { runId: '9', attempt: 1 } }
const next: ActOptions = { owner: { runId: '9', attempt: 2 } }
const onBlue = { blue: 100, green: 0 }
const onGreen = { blue: 0, green: 100 }

function callsSince(simulation: Simulation, from: number, operation: string) {
  return simulation.wire.calls
    .list()
    .slice(from)
    .filter(call => call.operation === operation)
}

/** A deploy of 0.0.3 to blue is killed between two listeners while 0.0.2 is live on green. */
async function halfWay(seed: number): Promise<Simulation> {
  const simulation = simulate({ seed, topology: { productionPorts: [80, 443] } })
  await simulation.act({ image: image(2) })
  await simulation.act({ image: image(3) }, [], {
    ...dead,
    kill: { operation: 'ModifyListener', call: 1, when: 'after' },
  })
  expect(listeners(simulation)).toEqual([onBlue, onGreen])
  return simulation
}

describe('a rollback amid a shift', () => {
  test('leaves the tasks alone until every node has obeyed', async () => {
    const simulation = await halfWay(31)
    const begun = simulation.wire.calls.list().length
    const { report } = await simulation.act({ mode: 'rollback' }, [], next)
    expect(report.outcome.status).toBe('succeeded')
    const given = callsSince(simulation, begun, 'ModifyListener').at(-1)?.at ?? Number.NaN
    const [putBack] = callsSince(simulation, begun, 'UpdateService')
    expect((putBack?.at ?? Number.NaN) - given).toBeGreaterThanOrEqual(10_000)
  })

  test('gives back once more what the other run still had on its way', async () => {
    const simulation = await halfWay(32)
    const begun = simulation.wire.calls.list().length
    const { cloud, topology } = simulation
    // The last write of a run that is on its way while its lock is taken (docs/adr/0008): it comes when all was given back.
    const late = async (clock: { sleep(ms: number): Promise<void> }) => {
      while (callsSince(simulation, begun, 'ModifyListener').length === 0) await clock.sleep(50)
      await clock.sleep(5_000)
      const groups = [topology.targetGroupArns.blue, topology.targetGroupArns.green] as const
      cloud.call('elbv2', 'ModifyListener', {
        ListenerArn: topology.productionArns[1],
        DefaultActions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: groups.map(TargetGroupArn => ({ TargetGroupArn, Weight: 50 })),
            },
          },
        ],
      })
    }
    const { report } = await simulation.act({ mode: 'rollback' }, [late], next)
    expect(report.outcome.status).toBe('succeeded')
    expect(listeners(simulation)).toEqual([onGreen, onGreen])
    expect(lockTags(simulation)).toBeUndefined()
  })

  test.each([-600, -300, 0, 300, 600, 900, 1_200, 1_500])(
    'sees the last write of the run that had the lock, which is on its way: begun %d ms after that was sent',
    async sinceSent => {
      const delayMs = 1_900
      /** When the write of the deploy is carried out depends on nothing that comes after it. */
      const beside = async (afterMs: number) => {
        const simulation = simulate({ seed: 33 })
        await simulation.act({ image: image(2) })
        const [begun, startedAt] = [simulation.wire.calls.list().length, simulation.timeline.now()]
        simulation.wire.faults.add([{ kind: 'delay', operation: 'ModifyListener', delayMs, times: 1 }])
        const [, rollback] = await simulation.race([
          { inputs: { image: image(3), 'bake-time': '10m' } },
          { inputs: { mode: 'rollback' }, more: { afterMs } },
        ])
        const [landed] = callsSince(simulation, begun, 'ModifyListener')
        return { simulation, rollback, sentMs: (landed?.at ?? Number.NaN) - delayMs - startedAt }
      }
      const { sentMs } = await beside(120_000)
      const { simulation, rollback } = await beside(sentMs + sinceSent)
      expect(rollback?.report.outcome.status).toBe('succeeded')
      expect(listeners(simulation)).toEqual([onGreen])
      expect(lockTags(simulation)).toBeUndefined()
    },
  )
})

describe('a rollback to a warm color', () => {
  test('makes it as large as what was needed, when live has lost a task a moment ago', async () => {
    const simulation = simulate({ seed: 34, topology: { tasks: { blue: 2, green: 0 } } })
    await simulation.act({ image: image(2), 'idle-desired-count': 'keep', 'desired-count': '4' })
    expect(service(simulation, 'green')).toMatchObject({ desiredCount: 4, runningCount: 4 })
    const { cloud } = simulation
    const { taskArns } = cloud.call('ecs', 'ListTasks', { cluster: 'sandbox', serviceName: 'sample-green' })
    for (const task of (taskArns as readonly string[]).slice(0, 3)) {
      cloud.call('ecs', 'StopTask', { cluster: 'sandbox', task })
    }
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
    expect(service(simulation, 'blue')).toMatchObject({ desiredCount: 4, runningCount: 4 })
  })

  test('registers a copy of a deregistered revision when it is too small', async () => {
    const simulation = simulate({ seed: 35, topology: { tasks: { blue: 3, green: 0 } } })
    await simulation.act({ image: image(2), 'idle-desired-count': '1' })
    const was = service(simulation, 'blue')
    expect(was.desiredCount).toBe(1)
    while (service(simulation, 'blue').runningCount > 1) simulation.timeline.step()
    simulation.cloud.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: was.taskDefinition })
    const before = writes(simulation).length
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
    expect(writes(simulation).slice(before)).toContain('RegisterTaskDefinition')
    const is = service(simulation, 'blue')
    expect(is).toMatchObject({ desiredCount: 3, runningCount: 3 })
    expect(is.taskDefinition).not.toBe(was.taskDefinition)
  })
})

describe('a rollback by image', () => {
  test('takes a revision that is registered before a newer one that was deregistered and says the same', async () => {
    const simulation = simulate({ seed: 36 })
    const { cloud } = simulation
    const { taskDefinition } = cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: 'sample:1' })
    const { containerDefinitions, executionRoleArn, taskRoleArn, networkMode, cpu, memory } = taskDefinition as Record<
      string,
      unknown
    >
    const [app, ...others] = containerDefinitions as readonly object[]
    const register = () => {
      const answer = cloud.call('ecs', 'RegisterTaskDefinition', {
        family: 'sample',
        containerDefinitions: [{ ...app, image: image(7) }, ...others],
        requiresCompatibilities: ['FARGATE'],
        ...{ executionRoleArn, taskRoleArn, networkMode, cpu, memory },
      })
      return (answer.taskDefinition as { readonly taskDefinitionArn: string }).taskDefinitionArn
    }
    const [registered, newer] = [register(), register()]
    cloud.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: newer })
    const { report } = await simulation.act({ mode: 'rollback', image: image(7) })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.7' })
    expect(service(simulation, 'green').taskDefinition).toBe(registered)
  })
})
