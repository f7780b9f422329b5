import { describe, expect, test } from '@jest/globals'
import { type ActOptions, type Simulation, simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { listeners, lockTags, service, writes } from './locking.ts'

/** Runs that find another run's shift half-way: what they are refused for is decided before they write anything. */

const twoListeners = { productionPorts: [80, 443] }
const image = (number: number) => `sample-app:0.0.${number}`
const first: ActOptions = { owner: { runId: '9', attempt: 1 } }
const second: ActOptions = { owner: { runId: '9', attempt: 2 } }
const half = [
  { blue: 100, green: 0 },
  { blue: 0, green: 100 },
]
const allGreen = [
  { blue: 0, green: 100 },
  { blue: 0, green: 100 },
]

/** 0.0.2 is live on green, and a deploy of 0.0.3 to blue was killed between the two listeners. */
async function halfWay(seed: number, owner: ActOptions = first): Promise<Simulation> {
  const simulation = simulate({ seed, topology: twoListeners })
  await simulation.act({ image: image(2) })
  await simulation.act({ image: image(3) }, [], {
    ...owner,
    kill: { operation: 'ModifyListener', call: 1, when: 'after' },
  })
  expect(listeners(simulation)).toEqual(half)
  return simulation
}

/** All that a run could have changed. */
function stateOf(simulation: Simulation) {
  return {
    weights: listeners(simulation),
    lock: lockTags(simulation),
    services: [service(simulation, 'blue'), service(simulation, 'green')],
    writes: writes(simulation),
  }
}

const named = { version: '0.0.1' }

describe('a run that finds a shift half-way', () => {
  test.each([
    ['deploy', '0.0.3', { image: image(4) }],
    ['deploy', 'blue', { image: image(4) }],
    ['promote', '0.0.3', { image: image(3) }],
    ['rollback', '0.0.1', {}],
    ['rollback', '0.0.1', named],
  ])('as %s with expected-live %s is refused, and nothing has changed', async (mode, expected, inputs) => {
    const simulation = await halfWay(1)
    const before = stateOf(simulation)
    const { report } = await simulation.act({ mode, 'expected-live': expected, ...inputs }, [], second)
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: {
        code: 'LIVE_NOT_EXPECTED',
        headline: expect.stringMatching(
          new RegExp(`^Traffic is between .*0\\.0\\.2|green.*expected-live is ${expected}`),
        ),
        details: [
          expect.stringContaining('Nothing was written.'),
          expect.stringContaining('A run was moving traffic from green to blue'),
        ],
      },
    })
    expect(stateOf(simulation)).toEqual(before)
  })

  test.each([
    ['deploy', 'green', { image: image(4) }, '0.0.4'],
    ['deploy', '0.0.2', { image: image(4) }, '0.0.4'],
    ['rollback', '0.0.2', {}, '0.0.2'],
    // What is fled from.
    ['rollback', '0.0.3', {}, '0.0.2'],
    ['rollback', 'blue', named, '0.0.1'],
    ['rollback', 'green', named, '0.0.1'],
  ])('as %s with expected-live %s is let through', async (mode, expected, inputs, version) => {
    const simulation = await halfWay(2)
    const { report } = await simulation.act({ mode, 'expected-live': expected, ...inputs }, [], second)
    expect(outputsOf(report)).toMatchObject({ 'deployment-status': 'succeeded', version })
    expect(lockTags(simulation)).toBeUndefined()
  })

  test.each([
    ['version', '9.9.9', 'NOTHING_TO_GO_BACK_TO'],
    ['image', 'sample-app:9.9.9', 'NOTHING_TO_GO_BACK_TO'],
    [
      'task-definition-arn',
      'arn:aws:ecs:eu-central-1:111122223333:task-definition/sample:99',
      'TASK_DEFINITION_NOT_FOUND',
    ],
  ])('as a rollback to a %s that nobody knows is refused, and nothing has changed', async (input, value, code) => {
    const simulation = await halfWay(3)
    const before = stateOf(simulation)
    const { report } = await simulation.act({ mode: 'rollback', [input]: value }, [], second)
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code } })
    expect(JSON.stringify(report.outcome)).toContain('A run was moving traffic from green to blue')
    expect(stateOf(simulation)).toEqual(before)
  })

  test('of a run that is alive leaves it alone when what is named cannot be found', async () => {
    const simulation = simulate({ seed: 4 })
    await simulation.act({ image: image(2) })
    const [canary, rollback] = await simulation.race([
      { inputs: { image: image(3), strategy: 'canary', 'canary-bake-time': '10m' } },
      { inputs: { mode: 'rollback', version: '9.9.9' }, more: { afterMs: 180_000 } },
    ])
    expect(rollback?.report.outcome).toMatchObject({ failure: { code: 'NOTHING_TO_GO_BACK_TO' } })
    expect(canary?.report.outcome).toMatchObject({ status: 'succeeded' })
    expect(listeners(simulation)).toEqual([{ blue: 100, green: 0 }])
  })

  test('and gives the traffic back says so when it is refused later, in place of that nothing was written', async () => {
    const simulation = await halfWay(5)
    const { report } = await simulation.act({ mode: 'promote', image: image(7) }, [], second)
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'NOT_STAGED' } })
    const told = JSON.stringify(report.outcome)
    expect(told).not.toContain('Nothing was written')
    expect(outputsOf(report)).toMatchObject({ 'active-color': 'green', version: '0.0.2' })
    expect(told).toContain('was given to green; but for notes, nothing else was written.')
    expect(listeners(simulation)).toEqual(allGreen)
    expect(lockTags(simulation)).toBeUndefined()
  })
})

describe('a rollback that undoes a shift', () => {
  const dead: ActOptions = { owner: { runId: '9', attempt: 2 } }

  test('keeps the journal until the idle service has what it had: killed at any of its calls, the next one finishes it', async () => {
    const whole = await halfWay(6)
    const begun = whole.wire.calls.list().length
    const asked = { mode: 'rollback' }
    await whole.act(asked, [], dead)
    const had = service(whole, 'blue').taskDefinition
    expect(had).toMatch(/sample:1$/)
    const calls = whole.wire.calls.list().slice(begun)
    const from = calls.findIndex(({ operation }) => operation === 'CreateTargetGroup')
    const until = calls.findIndex(({ operation }) => operation === 'UpdateService')
    // Reads change nothing: to be killed after one is to be killed after the write before it.
    const killedAt = calls.flatMap(({ operation }, index) =>
      index >= from && index <= until && !/^(Describe|List)/.test(operation) ? [index] : [],
    )
    expect(killedAt.length).toBeGreaterThan(8)
    for (const index of killedAt) {
      const [call, operation] = [index + 1, calls[index]?.operation]
      const simulation = await halfWay(6)
      const { killed } = await simulation.act(asked, [], { ...dead, kill: { call, when: 'after' } })
      const { report } = await simulation.act(asked, [], { owner: { runId: '9', attempt: 3 } })
      const status = index === until ? 'unchanged' : 'succeeded'
      expect([call, operation, killed, report.outcome.status]).toEqual([call, operation, true, status])
      expect(listeners(simulation)).toEqual(allGreen)
      expect([call, operation, service(simulation, 'blue').taskDefinition]).toEqual([call, operation, had])
      expect(lockTags(simulation)).toBeUndefined()
    }
  })
})
