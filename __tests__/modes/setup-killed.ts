import { expect } from '@jest/globals'
import type { Simulation } from '../../sandbox/simulation.ts'
import { partsOf, versionsAt } from './preview-world.ts'
import { actionsOf, expectOnlyTwinAdded, plainWorld, setupInputs, twinOf } from './setup-world.ts'

/** A run that is killed at any of its calls: the next one converges to the very pair of a run that nobody disturbs. */

type Given = Readonly<Record<string, string>>

/** Each has the inputs of the run that is killed. */
export const killed: readonly (readonly [string, Given])[] = [
  ['a parked twin', setupInputs],
  [
    'a twin with tasks, and a rule for testers',
    { ...setupInputs, 'desired-count': '1', 'test-header': 'X-Stage: idle' },
  ],
]

const world = (seed: number) => plainWorld({ productionPorts: [80, 443], httpsPorts: [443] }, { seed })

/** @param which operations the run is killed after; all of them when absent */
export async function expectConvergence(
  inputs: Given,
  which: (operation: string) => boolean = () => true,
): Promise<void> {
  const whole = world(1)
  whole.wire.calls.clear()
  await whole.act(inputs)
  const calls = whole.wire.calls.list().map(call => call.operation)
  expect(calls.filter(which).length).toBeGreaterThan(4)
  for (const [index, operation] of calls.entries()) {
    if (!which(operation)) continue
    for (const when of ['before', 'after'] as const) await killAt(index + 1, when, inputs, shapeOf(whole))
  }
}

async function killAt(call: number, when: 'before' | 'after', inputs: Given, shape: object): Promise<void> {
  const simulation = world(100 + call)
  const before = actionsOf(simulation)
  const first = await simulation.act(inputs, [], { kill: { call, when } })
  expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
  const { report } = await simulation.act(inputs)
  expect([call, when, first.killed, report.outcome.status]).toEqual([
    call,
    when,
    true,
    expect.stringMatching(/^(succeeded|unchanged)$/),
  ])
  expect([call, when, shapeOf(simulation)]).toEqual([call, when, shape])
  if (inputs['test-header'] === undefined) expectOnlyTwinAdded(simulation, before)
  expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
  expect((await simulation.act(inputs)).report.outcome.status).toBe('unchanged')
}

/** What there is, but for ids that are drawn, and for tags that say which run it was. */
function shapeOf(simulation: Simulation): object {
  const { groups, rules, services, revisions } = partsOf(simulation)
  const { tags, desiredCount } = twinOf(simulation) ?? {}
  const lasting = (tags as readonly { readonly key: string }[]).filter(tag => !/:(run|created)$/.test(tag.key))
  const plain = (texts: readonly string[]) =>
    texts.map(text => text.replace(/(?<=\/)[0-9a-f]{16}/g, 'id').replace(/"LastModified[^,]*,/g, ''))
  return {
    groups: plain(groups),
    rules: plain(rules).toSorted(),
    services: plain(services),
    revisions,
    tags: lasting,
    desiredCount,
  }
}
