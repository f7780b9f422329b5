import { expect } from '@jest/globals'
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

/** Each has what was run before, the run that is killed, and what then answers at the preview's host. */
export const killed: readonly (readonly [string, readonly Given[], Given, string | undefined])[] = [
  ['made', [], previewInputs, '0.0.2'],
  ['updated', [previewInputs], update, '0.0.3'],
  ['destroyed', [previewInputs], destroy, undefined],
]

/** @param which operations the run is killed after; all of them when absent */
export async function expectConvergence(
  before: readonly Given[],
  inputs: Given,
  version: string | undefined,
  which: (operation: string) => boolean = () => true,
): Promise<void> {
  const calls = await callsOf(before, inputs)
  expect(calls.filter(which).length).toBeGreaterThan(2)
  for (const [index, operation] of calls.entries()) {
    if (which(operation)) await killAt(index + 1, operation, before, inputs, version)
  }
}

async function killAt(
  call: number,
  operation: string,
  before: readonly Given[],
  inputs: Given,
  version: string | undefined,
): Promise<void> {
  const simulation = simulated(100 + call)
  const untouched = partsOf(simulation)
  for (const one of before) await simulation.act(one)
  const first = await simulation.act(inputs, [], { kill: { call, when: 'after' } })
  expectProduction(simulation)
  const { report } = await simulation.act(inputs)
  expect([call, operation, first.killed, report.outcome.status]).toEqual([
    call,
    operation,
    true,
    expect.stringMatching(/^(succeeded|unchanged)$/),
  ])
  if (version !== undefined) {
    expect(versionsAt(simulation, { host })).toEqual([version, version])
    expect([call, partsOf(simulation).rules.length]).toEqual([call, untouched.rules.length + 1])
    expectProduction(simulation)
    await simulation.act(destroy)
  }
  expectProduction(simulation)
  expect([call, operation, partsOf(simulation)]).toEqual([call, operation, untouched])
}
