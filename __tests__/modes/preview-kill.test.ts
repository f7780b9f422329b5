import { expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { partsOf, previewInputs, versionsAt } from './preview-world.ts'

/** A run that is killed at any of its calls: the next one converges, nothing leaks, and production is as it was. */

const host = 'pr-12.preview.example.com'
const destroy = { mode: 'preview-destroy', 'preview-id': 'pr-12' } as const
const update = { ...previewInputs, image: 'sample-app:0.0.3' } as const
type Given = Readonly<Record<string, string>>

const simulated = (seed: number) => simulate({ seed, unsigned: true, settings: { serviceVisibleMs: 2_000 } })

/** Calls of a run that nobody disturbs. */
async function callsOf(before: readonly Given[], inputs: Given): Promise<readonly string[]> {
  const simulation = simulated(1)
  for (const one of before) await simulation.act(one)
  simulation.wire.calls.clear()
  await simulation.act(inputs)
  return simulation.wire.calls.list().map(call => call.operation)
}

function expectProduction(simulation: Simulation): void {
  expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
}

test.each<[string, readonly Given[], Given, string | undefined]>([
  ['made', [], previewInputs, '0.0.2'],
  ['updated', [previewInputs], update, '0.0.3'],
  ['destroyed', [previewInputs], destroy, undefined],
])('while a preview is %s', async (_, before, inputs, version) => {
  const calls = await callsOf(before, inputs)
  expect(calls.length).toBeGreaterThan(10)
  for (let call = 1; call <= calls.length; call++) {
    const simulation = simulated(100 + call)
    const untouched = partsOf(simulation)
    for (const one of before) await simulation.act(one)
    const { killed } = await simulation.act(inputs, [], { kill: { call, when: 'after' } })
    expectProduction(simulation)
    const { report } = await simulation.act(inputs)
    expect([call, calls[call - 1], killed, report.outcome.status]).toEqual([
      call,
      calls[call - 1],
      true,
      expect.stringMatching(/^(succeeded|unchanged)$/),
    ])
    if (version !== undefined) expect(versionsAt(simulation, { host })).toEqual([version, version])
    expectProduction(simulation)
    if (version !== undefined) {
      const rules = partsOf(simulation).rules.length
      expect([call, rules]).toEqual([call, untouched.rules.length + 1])
      await simulation.act(destroy)
    }
    expect(partsOf(simulation)).toEqual(untouched)
  }
})
