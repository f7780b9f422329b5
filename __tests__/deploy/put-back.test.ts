import { describe, expect, test } from '@jest/globals'
import { createImageRegistry } from '../../sandbox/images.ts'
import { simulate } from '../../sandbox/simulation.ts'
import type { InputName } from '../../src/inputs/inputs.ts'
import type { RunReport } from '../../src/model/report.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { serviceOf, weightsOf } from './gradual-world.ts'

/** What is told after a deploy that failed and has put the idle service back: blue has 0.0.1, and green, which is live, 0.0.2. */

const url = { 'production-url': 'http://www.example.com/version' }

async function second(inputs: Partial<Record<InputName, string>>) {
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  await simulation.act({ image: 'sample-app:0.0.2' })
  const before = serviceOf(simulation, 'blue').taskDefinition
  const { report } = await simulation.act(inputs)
  return { simulation, before, report, summary: readable(summaryOf(report)) }
}

/** What a reader sees: entities decoded, marks of code dropped. */
function readable(markdown: string): string {
  return markdown
    .replace(/<\/?code>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}

/** What the error of the step says, which the log shows. */
function message({ outcome }: RunReport): string {
  return 'failure' in outcome ? [outcome.failure.headline, ...outcome.failure.details].join('\n') : ''
}

const failures: readonly (readonly [string, string, Partial<Record<InputName, string>>, string, string])[] = [
  ['that never became healthy', 'failed', { image: 'sample-app:0.0.3-crash' }, '0.0.3-crash', 'TASKS_CRASHED'],
  [
    'that was rolled back',
    'rolled-back',
    { image: 'sample-app:0.0.3-errors', 'bake-time': '1m', ...url },
    '0.0.3-errors',
    'REQUESTS_FAILED',
  ],
]

describe.each(failures)('a deploy %s', (_, status, inputs, tried, code) => {
  test('names what the idle color has now, and beside it what was tried', async () => {
    const { simulation, before, report, summary } = await second(inputs)
    expect(report.outcome).toMatchObject({ status, failure: { code } })
    expect(weightsOf(simulation)).toEqual([{ blue: 0, green: 100 }])
    expect(serviceOf(simulation, 'blue').taskDefinition).toBe(before)
    expect(outputsOf(report)).toMatchObject({
      version: '0.0.2',
      image: 'sample-app:0.0.2',
      'active-color': 'green',
      'previous-color': 'blue',
      'previous-version': '0.0.1',
      'previous-image': 'sample-app:0.0.1',
      'previous-task-definition-arn': before,
    })
    for (const said of [message(report), summary]) {
      expect(said).toContain(
        status === 'failed' ? 'production never left 0.0.2.' : 'as it was before the run: production is back on 0.0.2.',
      )
      expect(said).toMatch(/The idle service \S+-blue was put back to \S+:1 \(version 0\.0\.1\) with 2 tasks\./)
    }
    expect(summary).toContain('|  | live | idle | tried |')
    expect(summary).toContain('| color | green | blue | blue |')
    expect(summary).toContain(`| version | **0.0.2** | **0.0.1** | **${tried}** |`)
    expect(summary).toContain(`| image | sample-app:0.0.2 | sample-app:0.0.1 | sample-app:${tried} |`)
  })
})

test('a deploy that may not put back: what was tried is what the idle color has', async () => {
  const { before, report, summary } = await second({ image: 'sample-app:0.0.3-crash', 'rollback-on-failure': 'false' })
  expect(outputsOf(report)).toMatchObject({ 'previous-version': '0.0.3-crash' })
  expect(outputsOf(report)['previous-task-definition-arn']).not.toBe(before)
  expect(summary).toContain('|  | live | idle, tried |')
  for (const said of [message(report), summary]) {
    expect(said).toContain('production never left 0.0.2.')
    expect(said).toMatch(/-blue was not put back\. It has \S+:3 with 2 tasks; before this run it had \S+:1 \(version 0/)
  }
})

test('a deploy that cannot put back says so, and why', async () => {
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  simulation.wire.faults.add([{ kind: 'denied', operation: 'UpdateService', after: 1 }])
  const { report } = await simulation.act({ image: 'sample-app:0.0.2-crash' })
  for (const said of [message(report), readable(summaryOf(report))]) {
    expect(said).toContain('The clean-up after it failed too.')
    expect(said).toContain('production never left 0.0.1.')
    expect(said).toMatch(/-green was not put back\. It has \S+:2 with 2 tasks; before this run it had \S+:1/)
  }
})

test('a deploy that has not touched the idle service says nothing of it', async () => {
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  simulation.wire.faults.add([{ kind: 'denied', operation: 'UpdateService' }])
  const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
  expect(message(report)).toContain('production never left 0.0.1.')
  expect(message(report)).not.toContain('put back')
})

test('a deploy whose update was applied without an answer goes on from there', async () => {
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  simulation.wire.faults.add([
    { kind: 'lost-answer', operation: 'UpdateService', times: 1 },
    { kind: 'throttle', operation: 'UpdateService', after: 1, times: 5 },
  ])
  const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
  expect(report.outcome).toMatchObject({ status: 'succeeded' })
  expect(weightsOf(simulation)).toEqual([{ blue: 0, green: 100 }])
})

test('a deploy whose update was never applied fails, and has nothing to put back', async () => {
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  const before = serviceOf(simulation, 'green').taskDefinition
  simulation.wire.faults.add([{ kind: 'lost-request', operation: 'UpdateService' }])
  const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'AWS_ERROR' } })
  expect(serviceOf(simulation, 'green').taskDefinition).toBe(before)
  expect(message(report)).not.toContain('put back')
})

test('a digest that has failed is tried again, with tasks of its own', async () => {
  const simulation = simulate({ seed: 1, settings: { throttling: false } })
  const digest = createImageRegistry().digest('sample-app:0.0.2-crash')
  const inputs = { image: `sample-app:0.0.2-crash@${digest}`, 'rollback-on-failure': 'false' }
  await simulation.act(inputs)
  const [first] = serviceOf(simulation, 'green').deployments
  const { report } = await simulation.act(inputs)
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TASKS_CRASHED' } })
  expect(serviceOf(simulation, 'green').deployments[0]?.id).not.toBe(first?.id)
})
