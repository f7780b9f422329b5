import { describe, expect, test } from '@jest/globals'
import { simulate } from '../../sandbox/simulation.ts'
import type { InputName } from '../../src/inputs/inputs.ts'
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
})
