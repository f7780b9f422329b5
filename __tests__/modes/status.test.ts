import { describe, expect, test } from '@jest/globals'
import { type ActOptions, type Simulation, simulate } from '../../sandbox/simulation.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { leaveLock } from '../deploy/leave-lock.ts'
import { writes } from '../deploy/locking.ts'

/** `mode: status` in virtual time: what its log and its summary tell. */

const twoListeners = { productionPorts: [80, 443] }
const half: ActOptions = {
  owner: { runId: '9', attempt: 1 },
  kill: { operation: 'ModifyListener', call: 1, when: 'after' },
}

async function status(simulation: Simulation, more: ActOptions = {}, inputs = {}) {
  const before = writes(simulation).length
  const { report, lines } = await simulation.act({ mode: 'status', ...inputs }, [], more)
  expect(writes(simulation)).toHaveLength(before)
  return { report, log: lines.join('\n'), summary: summaryOf(report) }
}

describe('status', () => {
  test('tells both colors in the log: version, image, revision, counts, health and weights, and who holds the lock', async () => {
    const simulation = simulate({ seed: 1, topology: { tasks: { blue: 2, green: 1 } } })
    await simulation.act({ image: 'sample-app:0.0.2' })
    const { log, summary } = await status(simulation)
    expect(log.replace(/sha256:[0-9a-f]{64}/g, 'sha256:…').split('\n')).toEqual([
      'blue is idle: sample-blue',
      '  version   0.0.1',
      '  image     sample-app:0.0.1',
      '  revision  sample:1',
      '  tasks     2/2 running',
      '  targets   2/2 healthy',
      '  weights   HTTP:80 0 (production), HTTP:9001 100 (test)',
      'green is live: sample-green',
      '  version   0.0.2',
      '  image     sample-app:0.0.2 (sha256:…)',
      '  revision  sample:2',
      '  tasks     2/2 running',
      '  targets   2/2 healthy',
      '  weights   HTTP:80 100 (production), HTTP:9001 0 (test)',
      'Nobody holds the lock of these two services',
      'No drift: weights, tags and counts fit together',
    ])
    expect(summary).toMatch(/\| {2}\| blue \(idle\) \| green \(live\) \|/)
    expect(summary).toMatch(/targets \| 2\/2 healthy \| 2\/2 healthy/)
  })

  test('names the run that holds the lock', async () => {
    const simulation = simulate({ seed: 2 })
    leaveLock(simulation)
    const { log } = await status(simulation)
    expect(log).toMatch(
      /octo-org\/other run 77 attempt 1 job deploy holds the lock[\s\S]*It is putting a new version on green/,
    )
    expect(log).not.toContain('Nobody holds')
  })

  test.each([
    [
      'by a run that is dead: says that the next deploy heals it',
      { owner: { runId: '9', attempt: 2 } },
      /A run was ended in the middle of a shift: the next deploy/,
    ],
    [
      'by a run that may be at work: says so',
      {},
      /Traffic is between the colors: the run that holds the lock is moving traffic from blue to green/,
    ],
  ])('with half a shift %s', async (_, more, expected) => {
    const simulation = simulate({ seed: 3, topology: twoListeners })
    await simulation.act({ image: 'sample-app:0.0.2' }, [], half)
    const { report, log, summary } = await status(simulation, more)
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LIVE_UNCLEAR' } })
    expect(summary).toContain('Leave the weights alone')
    expect(log).toMatch(expected)
    expect(log).toMatch(/^blue, live or idle: sample-blue\n {2}version {3}0\.0\.1/)
    expect(log).toMatch(/HTTP:80 0 \(production\), HTTP:443 100 \(production\)/)
    expect(summary).toMatch(expected)
    expect(summary).toContain('| blue (unclear) | green (unclear) |')
  })

  test('does without what it may not read, and without a lock', async () => {
    const simulation = simulate({ seed: 4 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DescribeTargetHealth' }])
    const { report, log } = await status(simulation, {}, { lock: 'false' })
    expect(report.outcome).toMatchObject({ status: 'unchanged' })
    expect(log).toMatch(/targets {3}unknown: Could not .*AccessDenied/)
    expect(log).not.toContain('lock')
  })
})
