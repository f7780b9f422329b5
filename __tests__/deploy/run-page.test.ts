import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import type { InputName } from '../../src/inputs/inputs.ts'
import { service, writes } from './locking.ts'

/** When a run speaks of itself to the page that people follow: in virtual time, by the writes that AWS had seen by then. */

async function act(simulation: Simulation, inputs: Partial<Record<InputName, string>>) {
  const from = writes(simulation).length
  let ready = 0
  const began: { readonly revision: string; readonly writes: readonly string[] }[] = []
  const { report } = await simulation.act(inputs, [], {
    page: {
      async ready() {
        ready++
        expect(writes(simulation).slice(from)).toEqual([])
      },
      began({ taskDefinition }) {
        began.push({ revision: taskDefinition, writes: writes(simulation).slice(from) })
      },
    },
  })
  return { report, ready, began, status: report.outcome.status }
}

describe('the page of a run', () => {
  test('hears of a deploy long before the switch', async () => {
    const simulation = simulate({ seed: 1 })
    const { began, ready, status } = await act(simulation, { image: 'sample-app:0.0.2' })
    expect([status, ready]).toEqual(['succeeded', 1])
    expect(began[0]?.revision).toBe(service(simulation, 'green').taskDefinition)
    expect(began[0]?.writes.at(-1)).toBe('UpdateService')
    expect(began[0]?.writes).not.toContain('ModifyListener')
  })

  test('hears of a warm rollback after the switch, because nothing may come between its proof and its write', async () => {
    const simulation = simulate({ seed: 2 })
    await act(simulation, { image: 'sample-app:0.0.2' })
    const { began, status } = await act(simulation, {
      mode: 'rollback',
      'production-url': 'http://www.example.com/version',
    })
    expect(status).toBe('succeeded')
    expect(began[0]?.writes).toContain('ModifyListener')
    expect(began[0]?.revision).toBe(service(simulation, 'blue').taskDefinition)
  })

  test('hears of a promote while that bakes', async () => {
    const simulation = simulate({ seed: 3 })
    const staged = await act(simulation, { image: 'sample-app:0.0.2', 'auto-promote': 'false' })
    const taskDefinition = service(simulation, 'green').taskDefinition
    const { began, status } = await act(simulation, {
      mode: 'promote',
      'task-definition-arn': taskDefinition,
      'bake-time': '1m',
    })
    expect([staged.status, status]).toEqual(['staged', 'succeeded'])
    expect(began[0]?.revision).toBe(taskDefinition)
  })

  test('hears nothing when there is nothing to do, nothing to write, or nothing was begun', async () => {
    const simulation = simulate({ seed: 4 })
    const runs = [
      await act(simulation, { image: 'sample-app:0.0.1' }),
      await act(simulation, { mode: 'status' }),
      await act(simulation, { mode: 'plan', image: 'sample-app:0.0.2' }),
      await act(simulation, { image: 'sample-app:0.0.2', 'expected-live': 'green' }),
    ]
    expect(runs.map(({ status, began }) => [status, began])).toEqual([
      ['unchanged', []],
      ['unchanged', []],
      ['unchanged', []],
      ['failed', []],
    ])
  })
})
