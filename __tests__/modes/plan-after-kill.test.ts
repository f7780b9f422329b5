import { describe, expect, test } from '@jest/globals'
import { type Acted, type ActOptions, type Simulation, simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { leaveLock } from '../deploy/leave-lock.ts'
import { listeners, lockTags, writes } from '../deploy/locking.ts'

/** `mode: plan` where another run is at work, or was ended: it reads lock and journal, tells what a deploy would do, and writes nothing. */

const twoListeners = { productionPorts: [80, 443] }
const first: ActOptions = { owner: { runId: '9', attempt: 1 } }
const second: ActOptions = { owner: { runId: '9', attempt: 2 } }
const betweenListeners = { operation: 'ModifyListener', call: 1, when: 'after' } as const
const half = [
  { blue: 0, green: 100 },
  { blue: 100, green: 0 },
]

const lockChecks = ({ report }: Acted) => report.checks.filter(check => check.section === 'Lock')
const planned = (simulation: Simulation, more?: ActOptions, inputs = {}) =>
  simulation.act({ mode: 'plan', image: 'sample-app:0.0.3', ...inputs }, [], more)

/** A plan, and the proof that it has written nothing. */
async function planOnly(simulation: Simulation, more?: ActOptions, inputs = {}): Promise<Acted> {
  const [before, lock] = [writes(simulation).length, lockTags(simulation)]
  const acted = await planned(simulation, more, inputs)
  expect(writes(simulation)).toHaveLength(before)
  expect(lockTags(simulation)).toEqual(lock)
  return acted
}

async function killed(
  seed: number,
  kill: NonNullable<ActOptions['kill']>,
  more: ActOptions = first,
): Promise<Simulation> {
  const simulation = simulate({ seed, topology: twoListeners })
  await simulation.act({ image: 'sample-app:0.0.2' }, [], { ...more, kill })
  return simulation
}

describe('a plan after a run was killed between two listeners', () => {
  test('tells that a deploy heals it first, how, and what it does then; the deploy does so', async () => {
    const simulation = await killed(1, betweenListeners)
    expect(listeners(simulation)).toEqual(half)
    const acted = await planOnly(simulation, second)
    expect(acted.report.outcome).toMatchObject({ status: 'unchanged', because: expect.stringMatching(/would take/) })
    expect(lockChecks(acted)).toEqual([
      {
        section: 'Lock',
        mark: 'OK',
        says: expect.stringMatching(
          /^The lock is of octo-org\/octo-repo run 9 attempt 1 .*moving traffic from blue to green.*A deploy takes it over: attempt 1 of this run has ended$/,
        ),
      },
      {
        section: 'Lock',
        mark: 'OK',
        says: expect.stringMatching(
          /^Traffic is between the colors: .*moving traffic from blue to green.*Give all the traffic to blue: blue had the traffic before/,
        ),
      },
    ])
    expect(acted.report.plan?.steps.slice(0, 4)).toEqual([
      { says: expect.stringMatching(/^Take the lock ecs-bg-lock-/) },
      {
        says: 'Change the weights of HTTP:80 (production)',
        before: 'blue 0, green 100',
        after: 'blue 100, green 0',
      },
      { says: expect.stringMatching(/^Register a new revision/) },
      { says: expect.stringMatching(/^Take the lock .* until the end$/) },
    ])
    // What is so now, not what a deploy would make of it.
    expect(JSON.parse(outputsOf(acted.report)['traffic-weights'] ?? '')).toMatchObject({ blue: 0, green: 100 })
    expect(outputsOf(acted.report)).toMatchObject({ 'active-color': '', 'deployment-status': 'unchanged' })
    expect(summaryOf(acted.report)).toMatch(/run 9 attempt 1 job deploy holds the lock/)
    expect(acted.lines.join('\n')).toMatch(/Lock\n.*OK {4}The lock is of octo-org/)

    const { report } = await simulation.act({ image: 'sample-app:0.0.3' }, [], second)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
  })

  test('tells so from the note, when the lock is gone', async () => {
    const simulation = await killed(2, betweenListeners)
    await simulation.act({ image: 'sample-app:0.0.2' }, [], {
      ...second,
      kill: { operation: 'DeleteTargetGroup', call: 1, when: 'after' },
    })
    expect(lockTags(simulation)).toBeUndefined()
    expect(listeners(simulation)).toEqual(half)
    const acted = await planOnly(simulation, second)
    expect(acted.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(lockChecks(acted).map(check => check.says)).toEqual([
      expect.stringMatching(/^Traffic is between the colors/),
    ])
  })

  test('fails as the deploy would, when neither color can be proven', async () => {
    const simulation = await killed(3, betweenListeners)
    const { cluster, service } = simulation.topology.inputs
    for (const color of ['blue', 'green']) {
      simulation.cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-${color}`, desiredCount: 0 })
    }
    const acted = await planOnly(simulation, second)
    expect(acted.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LIVE_UNCLEAR' } })
    expect(lockChecks(acted).at(-1)).toMatchObject({ mark: 'NG' })
  })

  test('names the run that may still be alive, and plans nothing', async () => {
    const simulation = await killed(4, betweenListeners, { owner: { runId: '9' } })
    const acted = await planOnly(simulation)
    expect(acted.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LOCKED' } })
    expect('failure' in acted.report.outcome && acted.report.outcome.failure.details.join('\n')).toMatch(
      /https:\/\/github.com\/octo-org\/octo-repo\/actions\/runs\/1[\s\S]*moving traffic[\s\S]*lease lasts until 20/,
    )
    expect(lockChecks(acted)).toEqual([expect.objectContaining({ mark: 'NG' })])
  })

  test('with weights that no run explains, says what a deploy says', async () => {
    const simulation = await killed(5, betweenListeners)
    const acted = await planOnly(simulation, second, { lock: 'false' })
    expect(acted.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LIVE_UNCLEAR' } })
    expect(lockChecks(acted)).toEqual([expect.objectContaining({ mark: 'SKIP' })])
  })
})

describe('a plan beside a lock', () => {
  test('of a run that may be alive: says who holds it, where, until when, and goes on', async () => {
    const simulation = simulate({ seed: 6 })
    leaveLock(simulation)
    const acted = await planOnly(simulation)
    expect(acted.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(lockChecks(acted)).toEqual([
      {
        section: 'Lock',
        mark: 'SKIP',
        says: expect.stringMatching(
          /^The lock is held by octo-org\/other run 77 attempt 1 job deploy \(https:\/\/github.com\/octo-org\/other\/actions\/runs\/77\), putting a new version on green; its lease ends at 20\S+Z\. A deploy would wait until 20\S+Z/,
        ),
      },
    ])
    expect(acted.report.plan?.steps.length).toBeGreaterThan(3)
  })

  test('of a run that is dead: says that a deploy takes it over', async () => {
    const simulation = simulate({ seed: 7 })
    leaveLock(simulation, { ExpiresAt: new Date(simulation.timeline.now() - 1_000).toISOString() })
    const acted = await planOnly(simulation)
    expect(acted.report.outcome).toMatchObject({ status: 'unchanged' })
    expect(lockChecks(acted)).toEqual([
      expect.objectContaining({
        mark: 'OK',
        says: expect.stringMatching(/lease has ended at.*A deploy takes it over/),
      }),
    ])
  })

  test('that is none of ours: fails as the deploy would', async () => {
    const simulation = simulate({ seed: 8 })
    leaveLock(simulation, { Nonce: '' })
    const acted = await planOnly(simulation)
    expect(acted.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LOCKED' } })
  })
})
