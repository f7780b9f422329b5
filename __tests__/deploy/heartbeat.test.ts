import { describe, expect, test } from '@jest/globals'
import { putAlarm, setAlarm } from '../../sandbox/metric-alarm.ts'
import { type Beside, deploy, url } from './gradual-world.ts'

/** How long a run may leave those who read along without a word. */

type More = Parameters<typeof deploy>[1]

const goesBad: More = {
  prepare: simulation => putAlarm(simulation, 'errors', 'OK'),
  beside: async (beside: Beside) => {
    await beside.untilGreenHas(100)
    await beside.clock.sleep(20_000)
    setAlarm(beside, 'errors', 'ALARM')
  },
}

const runs: readonly (readonly [string, Parameters<typeof deploy>[0], More])[] = [
  ['a deploy', {}, {}],
  ['one that bakes and parks', { ...url, 'bake-time': '5m', 'idle-desired-count': '0' }, {}],
  ['one with a test listener that nobody has', {}, { topology: { testPort: undefined } }],
  ['one that crashes', { image: 'sample-app:0.0.2-crash' }, {}],
  ['one that is rolled back', { 'bake-time': '5m', 'alarm-names': 'errors' }, goesBad],
]

describe.each(runs)('%s', (_, inputs, more) => {
  test('is never silent for more than half a minute, and says something when a phase begins', async () => {
    const { report, lines, saidAt } = await deploy(inputs, more)
    expect(saidAt).toHaveLength(lines.length)
    const moments = [report.startedAt, ...saidAt, report.endedAt]
    const silences = moments.slice(1).map((at, index) => at - (moments[index] ?? 0))
    expect(Math.max(...silences)).toBeLessThanOrEqual(30_000)
    for (const { name, startedAt } of report.phases) {
      const near = saidAt.some(at => Math.abs(at - startedAt) <= 2_000)
      expect([name, near]).toEqual([name, true])
    }
    const beats = saidAt.filter((_, index) => lines[index]?.startsWith('No news'))
    for (const [index, at] of beats.slice(1).entries()) {
      expect(at - (beats[index] ?? 0)).toBeGreaterThanOrEqual(30_000)
    }
  })
})

test('a heartbeat says what was said last, without its time', async () => {
  const { lines } = await deploy({ 'bake-time': '2m' })
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^No news for 30s \(\d+s in all\)\. The last was: green has all the traffic, and is watched$/,
    ),
  )
})

test('a pause that is long is announced', async () => {
  const { lines } = await deploy({ 'bake-time': '5m', 'alarm-names': 'errors' }, goesBad)
  expect(lines).toContainEqual(expect.stringMatching(/and its nodes follow \(\d+s; next look in 10s\)$/))
})

test('why a run has failed is said before what it has begun is taken back', async () => {
  const { lines } = await deploy({ image: 'sample-app:0.0.2-crash' })
  const why = lines.findIndex(line => line.startsWith('TASKS_CRASHED: sample-app:0.0.2-crash never became healthy'))
  expect(why).toBeGreaterThan(0)
  expect(lines.findIndex(line => /^Put sample-green back/.test(line))).toBeGreaterThan(why)
})

test('a first look that takes long is announced', async () => {
  const { report, lines, saidAt } = await deploy(
    {},
    {
      prepare: ({ wire }) =>
        wire.faults.add([{ kind: 'delay', delayMs: 8_000, operation: 'DescribeServices', times: 1 }]),
    },
  )
  expect(lines[0]).toBe('Read services, target groups, listeners and rules')
  expect((saidAt[0] ?? 0) - report.startedAt).toBeLessThanOrEqual(2_000)
})
