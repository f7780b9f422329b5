import { describe, expect, test } from '@jest/globals'
import { putAlarm } from '../../sandbox/metric-alarm.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { called, listeners, lockTags, service, writes } from './locking.ts'

/** Whole rollbacks in virtual time, through the real SDK clients. */

const on = { blue: [{ blue: 100, green: 0 }], green: [{ blue: 0, green: 100 }] } as const
const image = (number: number) => `sample-app:0.0.${number}`

/** What production runs, by what ECS says. */
function revisions(simulation: Simulation) {
  const name = (color: 'blue' | 'green') => service(simulation, color).taskDefinition.replace(/^.*\//, '')
  return { blue: name('blue'), green: name('green') }
}

async function deployed(simulation: Simulation, ...numbers: readonly number[]) {
  for (const number of numbers) {
    const { report } = await simulation.act({ image: image(number), 'idle-desired-count': 'keep' })
    expect(report.outcome.status).toBe('succeeded')
  }
}

function stopAll({ cloud }: Simulation, color: 'blue' | 'green') {
  const { taskArns } = cloud.call('ecs', 'ListTasks', { cluster: 'sandbox', serviceName: `sample-${color}` })
  for (const task of taskArns as readonly string[]) cloud.call('ecs', 'StopTask', { cluster: 'sandbox', task })
}

/** When the run wrote first to a production listener, from its start. */
function firstShift(simulation: Simulation, startedAt: number): number {
  const call = simulation.wire.calls.list().find(one => one.operation === 'ModifyListener' && one.at >= startedAt)
  return (call?.at ?? Number.NaN) - startedAt
}

describe('a rollback to the color before', () => {
  test('does not take the digest of another image for that of the version before', async () => {
    const simulation = simulate({ seed: 71 })
    // Of a run that was killed before it could note what it had brought live.
    simulation.cloud.call('elbv2', 'AddTags', {
      ResourceArns: [simulation.topology.targetGroupArns.blue],
      Tags: Object.entries({ Image: image(0), Version: '0.0.0', Digest: `sha256:${'0'.repeat(64)}` }).map(
        ([Key, Value]) => ({ Key, Value }),
      ),
    })
    await deployed(simulation, 2)
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(outputsOf(report)).toMatchObject({ version: '0.0.1', 'active-color': 'blue' })
  })

  test('that is warm takes seconds, proves it first, and says so', async () => {
    const simulation = simulate({ seed: 1 })
    await deployed(simulation, 2)
    const updates = writes(simulation).filter(operation => operation === 'UpdateService').length
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(report).toMatchObject({ mode: 'rollback', outcome: { status: 'succeeded' } })
    expect(listeners(simulation)).toEqual(on.blue)
    expect(outputsOf(report)).toMatchObject({
      'deployment-status': 'succeeded',
      'active-color': 'blue',
      version: '0.0.1',
      'previous-version': '0.0.2',
      'rolled-back': 'false',
    })
    expect(firstShift(simulation, report.startedAt)).toBeLessThanOrEqual(1_500)
    expect(writes(simulation).filter(operation => operation === 'UpdateService')).toHaveLength(updates)
    expect(called(simulation, 'RegisterTaskDefinition')).toBe(true)
    expect(lockTags(simulation)).toBeUndefined()
  })

  test('asked again does not flip back, and writes nothing', async () => {
    const simulation = simulate({ seed: 2 })
    await deployed(simulation, 2)
    await simulation.act({ mode: 'rollback' })
    const before = writes(simulation).length
    const { report, lines } = await simulation.act({ mode: 'rollback' })
    expect(report.outcome).toMatchObject({
      status: 'unchanged',
      because: expect.stringContaining(
        'has all the traffic (2/2 tasks run). Production was rolled back already, from ',
      ),
    })
    expect(lines.join('\n')).toMatch(/blue is live with 0\.0\.1 already \(\S+\): no traffic moves/)
    expect(outputsOf(report)).toMatchObject({ 'active-color': 'blue', version: '0.0.1' })
    expect(writes(simulation)).toHaveLength(before)
    expect(listeners(simulation)).toEqual(on.blue)
  })

  test('that was killed right after its write does not flip back when it is asked again', async () => {
    const simulation = simulate({ seed: 3 })
    await deployed(simulation, 2)
    await simulation.act({ mode: 'rollback' }, [], {
      kill: { call: 1, operation: 'ModifyListener', when: 'after' },
    })
    expect(listeners(simulation)).toEqual(on.blue)
    const { report } = await simulation.act({ mode: 'rollback' })
    // What it had left undone is done now: notes, and the lock.
    expect(report.outcome.status).toBe('succeeded')
    expect(lockTags(simulation)).toBeUndefined()
    expect(listeners(simulation)).toEqual(on.blue)
  })

  test('goes on working with the deploys after it', async () => {
    const simulation = simulate({ seed: 4 })
    await deployed(simulation, 2)
    await simulation.act({ mode: 'rollback' })
    await deployed(simulation, 3)
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
  })

  test('that is parked scales it up to what it had, and proves it first', async () => {
    const simulation = simulate({ seed: 5, topology: { tasks: { blue: 3, green: 0 } } })
    await simulation.act({ image: image(2), 'idle-desired-count': '0' })
    expect(service(simulation, 'blue').desiredCount).toBe(0)
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(service(simulation, 'blue')).toMatchObject({ desiredCount: 3, runningCount: 3 })
    expect(listeners(simulation)).toEqual(on.blue)
    expect(revisions(simulation)).toEqual({ blue: 'sample:1', green: 'sample:2' })
  })

  test('that is parked and was deregistered meanwhile registers a copy', async () => {
    const simulation = simulate({ seed: 6, topology: { tasks: { blue: 2, green: 0 } } })
    await simulation.act({ image: image(2), 'idle-desired-count': '0' })
    const { taskDefinition } = service(simulation, 'blue')
    simulation.cloud.call('ecs', 'DeregisterTaskDefinition', { taskDefinition })
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
    expect(revisions(simulation).blue).toBe('sample:3')
  })

  test('is refused when nobody has deployed yet: there is nothing to go back to', async () => {
    const simulation = simulate({ seed: 7 })
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'NOTHING_TO_GO_BACK_TO' } })
    expect(writes(simulation)).toEqual([])
  })

  test('does not go to a color that cannot be proven', async () => {
    const simulation = simulate({ seed: 8 })
    await deployed(simulation, 2)
    const idle = simulation.cloud.call('ecs', 'ListTasks', { cluster: 'sandbox', serviceName: 'sample-blue' })
    const [task] = idle.taskArns as readonly string[]
    simulation.cloud.call('ecs', 'StopTask', { cluster: 'sandbox', task })
    const { report } = await simulation.act({ mode: 'rollback' })
    // ECS replaces it, and only then traffic moves.
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(firstShift(simulation, report.startedAt)).toBeGreaterThan(5_000)
  })

  test('works while live has lost all of its tasks', async () => {
    const simulation = simulate({ seed: 9, topology: { tasks: { blue: 2, green: 0 } } })
    await simulation.act({ image: image(2), 'idle-desired-count': '0' })
    simulation.cloud.call('ecs', 'UpdateService', { cluster: 'sandbox', service: 'sample-green', desiredCount: 0 })
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(service(simulation, 'blue').desiredCount).toBe(2)
  })

  test.each([
    ['asks for eight and has none', async (simulation: Simulation) => stopAll(simulation, 'green')],
    [
      'was set to none',
      async (simulation: Simulation) => {
        const none = { cluster: 'sandbox', service: 'sample-green', desiredCount: 0 }
        simulation.cloud.call('ecs', 'UpdateService', none)
        await simulation.act({ mode: 'status' }, [clock => clock.sleep(180_000)])
      },
    ],
  ])('gives no traffic of eight tasks to the one that was left warm, when live %s', async (_, lose) => {
    const simulation = simulate({ seed: 10, topology: { tasks: { blue: 8, green: 0 } } })
    await simulation.act({ image: image(2), 'idle-desired-count': '1' })
    expect(service(simulation, 'blue').desiredCount).toBe(1)
    await lose(simulation)
    let served: number | undefined
    const { report } = await simulation.act({ mode: 'rollback' }, [
      async clock => {
        while (listeners(simulation)[0]?.blue !== 100) await clock.sleep(100)
        served = service(simulation, 'blue').runningCount
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(served).toBe(8)
  })

  test('goes back to the old bits of a tag that was moved, as long as they run', async () => {
    const simulation = simulate({ seed: 12, topology: { image: 'sample-app:main' } })
    await simulation.act({ image: 'sample-app:main' })
    const same = service(simulation, 'blue').taskDefinition
    expect(service(simulation, 'green').taskDefinition).toBe(same)
    expect(listeners(simulation)).toEqual(on.green)
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(listeners(simulation)).toEqual(on.blue)
    const again = await simulation.act({ mode: 'rollback' })
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(listeners(simulation)).toEqual(on.blue)
  })

  test('says so when they do not run any more', async () => {
    const simulation = simulate({ seed: 13, topology: { image: 'sample-app:main' } })
    await simulation.act({ image: 'sample-app:main', 'idle-desired-count': '0' })
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'NOTHING_TO_GO_BACK_TO' } })
    expect(listeners(simulation)).toEqual(on.green)
  })

  test.each([
    ['never proven', { 'test-command': 'exit 3' }],
    ['never live', { 'auto-promote': 'false' }],
  ])('does not go to newer bits of a moved tag that were %s', async (_, tried) => {
    const simulation = simulate({ seed: 14, topology: { image: 'sample-app:main' } })
    const asked = { image: 'sample-app:main' }
    await simulation.act(asked)
    simulation.runtime.push('sample-app:main')
    await simulation.act({ ...asked, ...tried })
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'NOTHING_TO_GO_BACK_TO' } })
    expect(listeners(simulation)).toEqual(on.green)
  })

  test('tells which bits are meant when others run under the revision that served', async () => {
    const simulation = simulate({ seed: 15, topology: { image: 'sample-app:main' } })
    const asked = { image: 'sample-app:main' }
    for (let deploys = 0; deploys < 2; deploys++) {
      await simulation.act(asked)
      simulation.runtime.push('sample-app:main')
    }
    const failed = await simulation.act({ ...asked, 'test-command': 'exit 3' })
    expect(failed.report.outcome).toMatchObject({
      failure: { details: expect.arrayContaining([expect.stringContaining('-green has 2 tasks of what was tried')]) },
    })
    const { report } = await simulation.act({ mode: 'rollback' })
    const todo = expect.stringMatching(/To get those bits, deploy `image: sample-app@sha256:[0-9a-f]{64}`/)
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: { code: 'WRONG_DIGEST', details: [todo, expect.anything()] },
    })
    expect(listeners(simulation)).toEqual(on.blue)
  })

  test('goes over a candidate that was staged and never live', async () => {
    const simulation = simulate({ seed: 10 })
    await deployed(simulation, 2)
    await simulation.act({ image: image(3), 'auto-promote': 'false' })
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
    expect(revisions(simulation)).toEqual({ blue: 'sample:1', green: 'sample:2' })
  })

  test('is not refused for an alarm that is in ALARM because of what is live', async () => {
    const simulation = simulate({ seed: 11 })
    await deployed(simulation, 2)
    putAlarm(simulation, 'errors', 'ALARM', { Threshold: 1, TreatMissingData: 'notBreaching' })
    const { report } = await simulation.act({ mode: 'rollback', 'alarm-names': 'errors' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.warnings.join('\n')).toContain('The alarm errors is in ALARM already: it is ignored')
    expect(listeners(simulation)).toEqual(on.blue)
  })
})

describe('a rollback to what is named', () => {
  test.each([
    ['version', { version: '0.0.1' }],
    ['image', { image: image(1) }],
  ])('by %s finds it three deploys ago, and deploys it with the same proofs', async (_, inputs) => {
    const simulation = simulate({ seed: 20 })
    await deployed(simulation, 2, 3, 4)
    const registered = writes(simulation).filter(operation => operation === 'RegisterTaskDefinition').length
    const { report } = await simulation.act({ mode: 'rollback', ...inputs })
    expect(outputsOf(report)).toMatchObject({
      'deployment-status': 'succeeded',
      version: '0.0.1',
      image: image(1),
      'previous-version': '0.0.4',
    })
    expect(Object.values(revisions(simulation)).sort()).toEqual(['sample:1', 'sample:4'])
    expect(writes(simulation).filter(operation => operation === 'RegisterTaskDefinition')).toHaveLength(registered)
    const before = writes(simulation).length
    const again = await simulation.act({ mode: 'rollback', ...inputs })
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(writes(simulation)).toHaveLength(before)
  })

  test('by revision, also one that was deregistered, of which a copy is made', async () => {
    const simulation = simulate({ seed: 21 })
    await deployed(simulation, 2, 3)
    const arn = service(simulation, 'blue').taskDefinition.replace(/\d+$/, '1')
    simulation.cloud.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: arn })
    const { report } = await simulation.act({ mode: 'rollback', 'task-definition-arn': arn })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
  })

  test('by version finds one that was deregistered', async () => {
    const simulation = simulate({ seed: 22 })
    await deployed(simulation, 2, 3)
    const arn = service(simulation, 'blue').taskDefinition.replace(/\d+$/, '1')
    simulation.cloud.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: arn })
    const { report } = await simulation.act({ mode: 'rollback', version: '0.0.1' })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
  })

  test('that is warm on the idle color takes seconds', async () => {
    const simulation = simulate({ seed: 23 })
    await deployed(simulation, 2)
    const { report } = await simulation.act({ mode: 'rollback', version: '0.0.1' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(firstShift(simulation, report.startedAt)).toBeLessThanOrEqual(1_500)
  })

  test('does not go to a revision that failed its tests, but names all that have the image', async () => {
    const simulation = simulate({ seed: 26 })
    await deployed(simulation, 2)
    const bad = { image: image(2), 'environment-variables': 'MODE=broken', 'test-command': 'exit 3' }
    expect((await simulation.act(bad)).report.outcome.status).toBe('failed')
    // While its notes still say what was live, that is what is meant.
    const noted = await simulation.act({ mode: 'rollback', version: '0.0.2' })
    expect(noted.report.outcome.status).toBe('unchanged')
    await deployed(simulation, 3)
    const back = await simulation.act({ mode: 'rollback', version: '0.0.2' })
    expect(back.report.outcome.status).toBe('succeeded')
    expect(revisions(simulation).green).toBe('sample:2')
    await deployed(simulation, 5, 6)
    const before = writes(simulation).length
    const { report } = await simulation.act({ mode: 'rollback', version: '0.0.2' })
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: {
        code: 'REVISION_UNCLEAR',
        headline: expect.stringContaining('2 revisions with version 0.0.2'),
        details: [
          expect.stringMatching(/sample:3, registered \d{4}-\d\d-\d\dT/),
          expect.stringMatching(/sample:2, registered \d{4}-\d\d-\d\dT/),
          expect.stringContaining('`task-definition-arn`'),
        ],
      },
    })
    expect(writes(simulation)).toHaveLength(before)
    const arn = service(simulation, 'blue').taskDefinition.replace(/\d+$/, '2')
    const named = await simulation.act({ mode: 'rollback', 'task-definition-arn': arn })
    expect(outputsOf(named.report)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.2' })
  })

  test('does not promote what waits on the idle color for its approval, when another revision has its image', async () => {
    const simulation = simulate({ seed: 27 })
    await deployed(simulation, 2, 3, 4)
    const change = { image: image(2), 'environment-variables': 'MODE=new', 'auto-promote': 'false' }
    expect((await simulation.act(change)).report.outcome.status).toBe('staged')
    const { report } = await simulation.act({ mode: 'rollback', version: '0.0.2' })
    expect(report.outcome).toMatchObject({ failure: { code: 'REVISION_UNCLEAR' } })
    expect(listeners(simulation)).toEqual(on.green)
  })

  test('is refused when the revision is of another application', async () => {
    const simulation = simulate({ seed: 28 })
    await deployed(simulation, 2)
    const { taskDefinition } = simulation.cloud.call('ecs', 'DescribeTaskDefinition', {
      taskDefinition: service(simulation, 'blue').taskDefinition,
    }) as { taskDefinition: object }
    const other = simulation.cloud.call('ecs', 'RegisterTaskDefinition', { ...taskDefinition, family: 'other' }) as {
      taskDefinition: { taskDefinitionArn: string }
    }
    const arn = other.taskDefinition.taskDefinitionArn
    const before = writes(simulation).length
    const { report } = await simulation.act({ mode: 'rollback', 'task-definition-arn': arn })
    expect(report.outcome).toMatchObject({
      failure: { code: 'NOTHING_TO_GO_BACK_TO', headline: expect.stringContaining('of the family other') },
    })
    expect(writes(simulation)).toHaveLength(before)
  })

  test('is refused when no revision has it', async () => {
    const simulation = simulate({ seed: 24 })
    await deployed(simulation, 2)
    const before = writes(simulation).length
    const { report } = await simulation.act({ mode: 'rollback', version: '9.9.9' })
    expect(report.outcome).toMatchObject({
      failure: { code: 'NOTHING_TO_GO_BACK_TO', headline: expect.stringContaining('version 9.9.9') },
    })
    expect(writes(simulation)).toHaveLength(before)
  })

  test('leaves what is live when the named one never becomes healthy', async () => {
    const simulation = simulate({ seed: 25 })
    await simulation.act({ image: 'sample-app:0.0.7-unhealthy', timeout: '90s' })
    await deployed(simulation, 2)
    const { report } = await simulation.act({ mode: 'rollback', version: '0.0.7-unhealthy', timeout: '90s' })
    expect(report.outcome.status).toBe('failed')
    expect(listeners(simulation)).toEqual(on.green)
  })
})

describe('expected-live', () => {
  test.each([['green'], ['0.0.2']])('%s lets a rollback through', async expected => {
    const simulation = simulate({ seed: 30 })
    await deployed(simulation, 2)
    const { report } = await simulation.act({ mode: 'rollback', 'expected-live': expected })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
  })

  test.each([
    ['rollback', 'blue'],
    ['rollback', '0.0.1'],
    ['deploy', '0.0.1'],
  ])('stops a %s when %s is not live', async (mode, expected) => {
    const simulation = simulate({ seed: 31 })
    await deployed(simulation, 2)
    const before = writes(simulation).length
    const { report } = await simulation.act({
      mode,
      'expected-live': expected,
      ...(mode === 'deploy' ? { image: image(3) } : {}),
    })
    expect(report.outcome).toMatchObject({ failure: { code: 'LIVE_NOT_EXPECTED' } })
    expect(writes(simulation)).toHaveLength(before)
  })
})

describe('a rollback during a deploy', () => {
  /** A deploy of 0.0.3, and a rollback so much later; `seen` are the weights at that moment. */
  async function during(simulation: Simulation, inputs: Readonly<Record<string, string>>, afterMs: number) {
    let seen: ReturnType<typeof listeners> = []
    const [deploy, rollback] = await simulation.race(
      [{ inputs: { image: image(3), ...inputs } }, { inputs: { mode: 'rollback' }, more: { afterMs } }],
      [
        async clock => {
          await clock.sleep(afterMs)
          seen = listeners(simulation)
        },
      ],
    )
    if (deploy === undefined || rollback === undefined) throw new Error('two runs were started')
    expect(deploy.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LOCK_LOST' } })
    expect(JSON.stringify(deploy.report.outcome)).toContain('superseded')
    expect(lockTags(simulation)).toBeUndefined()
    return { rollback: rollback.report, seen }
  }

  test('that is a canary gives its traffic back, and puts the idle service back', async () => {
    const simulation = simulate({ seed: 40 })
    await deployed(simulation, 2)
    const canary = { strategy: 'canary', 'canary-bake-time': '10m' }
    const { rollback, seen } = await during(simulation, canary, 180_000)
    expect(seen).toEqual([{ blue: 10, green: 90 }])
    expect(rollback.outcome).toMatchObject({ status: 'succeeded', because: expect.stringContaining('is undone') })
    expect(outputsOf(rollback)).toMatchObject({ 'active-color': 'green', version: '0.0.2' })
    expect(listeners(simulation)).toEqual(on.green)
    expect(revisions(simulation)).toEqual({ blue: 'sample:1', green: 'sample:2' })

    const again = await simulation.act({ mode: 'rollback' })
    expect(again.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(listeners(simulation)).toEqual(on.green)
  })

  test('that bakes under all the traffic goes back to the color before', async () => {
    const simulation = simulate({ seed: 41 })
    await deployed(simulation, 2)
    const { rollback, seen } = await during(simulation, { 'bake-time': '10m' }, 180_000)
    expect(seen).toEqual(on.blue)
    expect(outputsOf(rollback)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.2' })
    expect(listeners(simulation)).toEqual(on.green)
  })

  test('that is the first one, and bakes, goes back to what nobody has noted', async () => {
    const simulation = simulate({ seed: 42 })
    const { rollback, seen } = await during(simulation, { 'bake-time': '10m' }, 180_000)
    expect(seen).toEqual(on.green)
    expect(outputsOf(rollback)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
    expect(listeners(simulation)).toEqual(on.blue)
  })

  test('that bakes goes back to what a killed run had brought live, and never noted', async () => {
    const simulation = simulate({ seed: 8 })
    await deployed(simulation, 2)
    await simulation.act({ image: image(7) }, [], { kill: { operation: 'ModifyListener', call: 1, when: 'after' } })
    const live = listeners(simulation)
    const { rollback, seen } = await during(simulation, { 'bake-time': '10m' }, 400_000)
    expect(seen).not.toEqual(live)
    expect(outputsOf(rollback)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.7' })
    expect(listeners(simulation)).toEqual(live)
  })

  test('that bakes goes back to what was put on the live service by hand', async () => {
    const simulation = simulate({ seed: 8 })
    await deployed(simulation, 2)
    const { cloud } = simulation
    const { taskDefinition } = cloud.call('ecs', 'DescribeTaskDefinition', {
      taskDefinition: service(simulation, 'green').taskDefinition,
    }) as { taskDefinition: { containerDefinitions: readonly object[] } }
    const [container] = taskDefinition.containerDefinitions
    const registered = cloud.call('ecs', 'RegisterTaskDefinition', {
      ...taskDefinition,
      containerDefinitions: [{ ...container, image: 'sample-app:0.0.2-hotfix' }],
    }) as { taskDefinition: { taskDefinitionArn: string } }
    const { taskDefinitionArn } = registered.taskDefinition
    cloud.call('ecs', 'UpdateService', {
      cluster: 'sandbox',
      service: 'sample-green',
      taskDefinition: taskDefinitionArn,
    })
    await simulation.act({ mode: 'status' }, [clock => clock.sleep(180_000)])
    const { rollback, seen } = await during(simulation, { 'bake-time': '10m' }, 180_000)
    expect(seen).toEqual(on.blue)
    expect(outputsOf(rollback)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.2-hotfix' })
    expect(listeners(simulation)).toEqual(on.green)
    expect(service(simulation, 'green').taskDefinition).toBe(taskDefinitionArn)
  })

  test('that is staging goes to the version before what is live', async () => {
    const simulation = simulate({ seed: 43 })
    await deployed(simulation, 2)
    const { rollback, seen } = await during(simulation, {}, 15_000)
    expect(seen).toEqual(on.green)
    expect(outputsOf(rollback)).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.1' })
    expect(listeners(simulation)).toEqual(on.blue)
  })

  test.each([
    ['shifts', { strategy: 'canary', 'canary-bake-time': '10m', 'poll-interval': '5m' }, 400_000, on.green],
    ['stages', { 'poll-interval': '5m' }, 15_000, on.blue],
  ])('that %s is named by it, also when it has ended long before the deploy looks', async (_, inputs, afterMs, end) => {
    const simulation = simulate({ seed: 45 })
    await deployed(simulation, 2)
    const runs = await simulation.race([
      { inputs: { image: image(3), ...inputs } },
      { inputs: { mode: 'rollback' }, more: { afterMs } },
    ])
    const [deploy, rollback] = runs.map(({ report }) => report)
    if (deploy === undefined || rollback === undefined) throw new Error('two runs were started')
    expect(deploy.endedAt).toBeGreaterThan(rollback.endedAt)
    expect(deploy.outcome).toMatchObject({
      failure: {
        code: 'LOCK_LOST',
        headline: expect.stringMatching(/superseded: .* taken over by octo-org\/octo-repo run \d+ attempt 1/),
        details: expect.arrayContaining([expect.stringMatching(/^Its run: https:/)]),
      },
    })
    expect(listeners(simulation)).toEqual(end)
    expect(lockTags(simulation)).toBeUndefined()
  })

  test('stops it also when it may not learn who that was', async () => {
    const simulation = simulate({ seed: 46 })
    await deployed(simulation, 2)
    const { faults } = simulation.wire
    // The rollback deletes the lock of the deploy first, then its own.
    faults.add([{ kind: 'delay', operation: 'DeleteTargetGroup', delayMs: 0, after: 1, times: 1 }], () =>
      faults.add([{ kind: 'denied', operation: 'DescribeTargetGroups' }]),
    )
    const [deploy] = await simulation.race([
      { inputs: { image: image(3), strategy: 'canary', 'canary-bake-time': '10m', 'poll-interval': '5m' } },
      { inputs: { mode: 'rollback' }, more: { afterMs: 400_000 } },
    ])
    expect(deploy?.report.outcome).toMatchObject({
      failure: { code: 'LOCK_LOST', headline: expect.stringContaining('somebody') },
    })
    expect(listeners(simulation)).toEqual(on.green)
  })

  test('that was rolled back already leaves a deploy alone that has moved nothing', async () => {
    const simulation = simulate({ seed: 44 })
    await deployed(simulation, 2)
    await simulation.act({ mode: 'rollback' })
    const [deploy, rollback] = await simulation.race([
      { inputs: { image: image(3) } },
      { inputs: { mode: 'rollback' }, more: { afterMs: 15_000 } },
    ])
    expect(rollback?.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(deploy?.report.outcome).toMatchObject({ status: 'succeeded' })
  })
})

describe('a rollback to what is named, amid a canary', () => {
  test('that was the version before gives its traffic back, and puts the idle service back', async () => {
    const simulation = simulate({ seed: 47 })
    await deployed(simulation, 2)
    const [, rollback] = await simulation.race([
      { inputs: { image: image(3), strategy: 'canary', 'canary-bake-time': '10m' } },
      { inputs: { mode: 'rollback', version: '0.0.2' }, more: { afterMs: 180_000 } },
    ])
    expect(rollback?.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(listeners(simulation)).toEqual(on.green)
    expect(revisions(simulation)).toEqual({ blue: 'sample:1', green: 'sample:2' })
    for (const inputs of [{ version: '0.0.2' }, {}]) {
      const { report } = await simulation.act({ mode: 'rollback', ...inputs })
      expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'unchanged', version: '0.0.2' })
    }
  })

  test('and cannot be proven leaves the version before, and no later one goes further back', async () => {
    const simulation = simulate({ seed: 48 })
    await simulation.act({ image: 'sample-app:0.0.1-crash', timeout: '60s' })
    await deployed(simulation, 2, 3)
    const [, rollback] = await simulation.race([
      { inputs: { image: image(4), strategy: 'canary', 'canary-bake-time': '10m' } },
      { inputs: { mode: 'rollback', version: '0.0.1-crash', timeout: '90s' }, more: { afterMs: 180_000 } },
    ])
    expect(rollback?.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TASKS_CRASHED' } })
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'unchanged', version: '0.0.3' })
    expect(listeners(simulation)).toEqual(on.blue)
  })
})

describe('a rollback that did not last', () => {
  const twoListeners = { productionPorts: [80, 8080] }
  const onBoth = { blue: [...on.blue, ...on.blue], green: [...on.green, ...on.green] }

  test('killed between two listeners, and asked for again: goes on, and never flips back', async () => {
    const simulation = simulate({ seed: 2, topology: twoListeners })
    await deployed(simulation, 2)
    const dead = { runId: '100', attempt: 1, machine: 'm', pid: 999 }
    const killed = await simulation.act({ mode: 'rollback' }, [], {
      owner: dead,
      kill: { call: 1, operation: 'ModifyListener', when: 'after' },
    })
    expect(killed.killed).toBe(true)
    for (const status of ['succeeded', 'unchanged']) {
      const { report } = await simulation.act({ mode: 'rollback' })
      expect(report.outcome).toMatchObject({ status })
      expect(outputsOf(report)).toMatchObject({ 'active-color': 'blue', version: '0.0.1' })
      expect(listeners(simulation)).toEqual(onBoth.blue)
    }
  })

  test('still under way step by step, and the button is pressed again: the second does all of it', async () => {
    const simulation = simulate({ seed: 2 })
    await deployed(simulation, 2)
    const [first, second] = await simulation.race([
      { inputs: { mode: 'rollback', strategy: 'canary', 'canary-bake-time': '2m' } },
      { inputs: { mode: 'rollback' }, more: { afterMs: 30_000 } },
    ])
    expect(first?.report.outcome).toMatchObject({ failure: { code: 'LOCK_LOST' } })
    expect(second?.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(listeners(simulation)).toEqual(on.blue)
    const { report } = await simulation.act({ mode: 'rollback' })
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'unchanged', version: '0.0.1' })
  })

  test('leaves no note that keeps a later one from its way', async () => {
    const simulation = simulate({ seed: 8 })
    await deployed(simulation, 2)
    const { faults } = simulation.wire
    faults.add([{ kind: 'denied', operation: 'ModifyListener' }])
    expect((await simulation.act({ mode: 'rollback' })).report.outcome).toMatchObject({ status: 'failed' })
    faults.clear()
    expect(listeners(simulation)).toEqual(on.green)

    const [fix, back] = await simulation.race([
      { inputs: { image: image(3), 'bake-time': '10m' } },
      { inputs: { mode: 'rollback' }, more: { afterMs: 180_000 } },
    ])
    expect(fix?.report.outcome).toMatchObject({ failure: { code: 'LOCK_LOST' } })
    expect(back?.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(listeners(simulation)).toEqual(on.green)
    expect(back && outputsOf(back.report)).toMatchObject({ version: '0.0.2' })
  })

  test.each([
    ['took production back', {}],
    ['named what it came from', { version: '0.0.2' }],
  ])('%s amid a promotion: the job that is run again does not promote it once more', async (_, inputs) => {
    const simulation = simulate({ seed: 11 })
    await deployed(simulation, 2)
    await simulation.act({ image: image(3), 'auto-promote': 'false' })
    const [, rollback] = await simulation.race([
      { inputs: { mode: 'promote', image: image(3), strategy: 'canary', 'canary-bake-time': '10m' } },
      { inputs: { mode: 'rollback', ...inputs }, more: { afterMs: 60_000 } },
    ])
    expect(listeners(simulation)).toEqual(on.green)
    expect(rollback?.report.outcome).toMatchObject({
      status: 'succeeded',
      because: expect.stringContaining('0.0.2 on green has all the traffic again'),
    })
    expect(lockTags(simulation)).toBeUndefined()
    const again = await simulation.act({ mode: 'promote', image: image(3) })
    expect(again.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'NOT_STAGED' } })
    expect(listeners(simulation)).toEqual(on.green)

    await simulation.act({ image: image(3), 'auto-promote': 'false' })
    const anew = await simulation.act({ mode: 'promote', image: image(3) })
    expect(anew.report.outcome).toMatchObject({ status: 'succeeded' })
  })
})
