import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { parseWorkflowCommand } from '../../sandbox/runner/workflow-command.ts'
import { harmless } from '../../src/report/log.ts'
import { withinLimits } from '../../src/report/output-limits.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { refused, reportOf } from './reports.ts'

describe('outputs', () => {
  test('of a switch', () => {
    expect(outputsOf(reportOf())).toMatchObject({
      'deployment-status': 'succeeded',
      'active-color': 'green',
      'previous-color': 'blue',
      'active-service': 'app-green',
      'idle-service': 'app-blue',
      version: '0.0.2',
      'previous-version': '0.0.1',
      'previous-image': 'registry.example.com/app:0.0.1',
      'failure-reason': '',
      requests: '420',
      'failed-requests': '0',
      'flicker-ms': '1000',
      'duration-seconds': '95',
    })
  })

  test('of a failure, on one line', () => {
    const outputs = outputsOf(
      reportOf({
        sides: refused,
        outcome: { status: 'failed', failure: { code: 'TASKS_FAILED', headline: 'a\nb', details: ['c'] } },
      }),
    )
    expect(outputs).toMatchObject({
      'deployment-status': 'failed',
      'failure-reason': 'TASKS_FAILED: a b. c',
      'active-color': 'blue',
      version: '0.0.1',
      'idle-service': 'app-green',
    })
  })

  test('weights can be read by color and by listener', () => {
    const weights = JSON.parse(outputsOf(reportOf())['traffic-weights'] ?? '')
    expect(weights).toMatchObject({ blue: 0, green: 100 })
    expect(Object.values(weights.routes)).toEqual([{ blue: 0, green: 100 }])
  })

  test('are those that action.yml promises', () => {
    const action = parse(readFileSync('action.yml', 'utf8')) as { outputs: object }
    expect(Object.keys(outputsOf(reportOf())).sort()).toEqual(Object.keys(action.outputs).sort())
  })
})

describe('of what GitHub takes', () => {
  test('one that is longer is left out, and the others are whole', () => {
    const whole = 'x'.repeat(40_000)
    expect(withinLimits({ a: `${whole}x`, b: whole, c: '' })).toEqual({ kept: { b: whole, c: '' }, tooLong: ['a'] })
  })

  test('those that would be too much together are left out, the first ones kept', () => {
    const names = Array.from({ length: 30 }, (_, index) => `output-${index}`)
    const { kept, tooLong } = withinLimits(Object.fromEntries(names.map(name => [name, 'x'.repeat(39_000)])))
    expect([...Object.keys(kept), ...tooLong]).toEqual(names)
    expect(tooLong).toHaveLength(20)
  })
})

test.each([
  '::error::x',
  '  ::set-output name=a::b',
  '\u0085\t::error::x',
  'see ##[add-mask]x',
  'a\n::stop-commands::x',
  'a\r::warning::x',
])('%j is no workflow command in the log', line => {
  expect(line.split(/[\r\n]/).some(one => parseWorkflowCommand(one, () => true) !== undefined)).toBe(true)
  for (const printed of harmless(line).split('\n')) expect(parseWorkflowCommand(printed, () => true)).toBeUndefined()
})
