import { describe, expect, test } from '@jest/globals'
import { standardTopology } from '../../sandbox/cloud/topology.ts'
import { createTargetGroup } from '../../sandbox/cloud/topology-edge.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { partsOf, previewInputs } from './preview-world.ts'

/** Several previews that are pushed at once, and room for fewer. */

const pushed = (number: number, limit = '') => ({
  ...previewInputs,
  'preview-id': `pr-${number}`,
  'pull-request': String(number),
  'preview-limit': limit,
})

/** What of it is there that was not before. */
function made(simulation: Simulation, before: ReturnType<typeof partsOf>) {
  const { groups, rules, services } = partsOf(simulation)
  return [
    groups.length - before.groups.length,
    rules.length - before.rules.length,
    services.length - before.services.length,
  ]
}

describe('preview-limit, of four that are pushed at once', () => {
  const cases = [1, 2, 3, 4].flatMap(seed => [1, 2].flatMap(limit => [0, 150, 700].map(apart => [seed, limit, apart])))
  test.each(cases)('seed %i, room for %i, %i ms apart', async (seed = 1, limit = 1, apart = 0) => {
    const simulation = simulate({ seed, unsigned: true })
    const before = partsOf(simulation)
    const runs = await simulation.race(
      [1, 2, 3, 4].map(number => ({
        inputs: pushed(number, String(limit)),
        more: { afterMs: 1 + number * apart },
      })),
    )
    const outcomes = runs.map(({ report }) => report.outcome)
    const well = outcomes.filter(({ status }) => status === 'succeeded')
    expect(well).toHaveLength(limit)
    for (const outcome of outcomes.filter(({ status }) => status !== 'succeeded')) {
      expect(outcome).toMatchObject({ status: 'failed', failure: { code: 'PREVIEW_LIMIT' } })
      expect('failure' in outcome && outcome.failure.details[0]).toMatch(/^The oldest previews of this service: pr-/)
    }
    expect(made(simulation, before)).toEqual([limit, limit, limit])
  })

  test('a run that is killed right after its target group is held to it by the next one', async () => {
    const simulation = simulate({ seed: 1, unsigned: true })
    const before = partsOf(simulation)
    const kill = { operation: 'CreateTargetGroup', call: 1, when: 'after' } as const
    await simulation.act(pushed(1), [], { kill })
    await simulation.act(pushed(2))
    const { report, lines } = await simulation.act(pushed(1, '1'))
    expect(report.outcome.status).toBe('failed')
    expect(report.outcome).toMatchObject({
      failure: { code: 'PREVIEW_LIMIT', headline: expect.stringContaining('is taken back') },
    })
    expect(lines.join('\n')).toContain('there is no room for the preview')
    expect(made(simulation, before)).toEqual([1, 1, 1])
  })
})

describe('one rule left, and two that are pushed at once', () => {
  test.each([1, 2, 3])('seed %i: the one that gets none leaves nothing behind', async seed => {
    const simulation = simulate({ seed, unsigned: true, settings: { throttling: false } })
    const { cloud, topology } = simulation
    const TargetGroupArn = createTargetGroup(cloud, standardTopology, 'other')
    for (let number = 1; number <= 99; number++) {
      cloud.call('elbv2', 'CreateRule', {
        ListenerArn: topology.productionListenerArns[0],
        Priority: number,
        Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [`/other/${number}`] } }],
        Actions: [{ Type: 'forward', TargetGroupArn }],
      })
    }
    const before = partsOf(simulation)
    const runs = await simulation.race([1, 2].map(number => ({ inputs: pushed(number) })))
    const outcomes = runs.map(({ report }) => report.outcome).toSorted((one, two) => (one.status < two.status ? -1 : 1))
    expect(outcomes).toMatchObject([{ status: 'failed', failure: { code: 'QUOTA_EXCEEDED' } }, { status: 'succeeded' }])
    const [groups, , services] = made(simulation, before)
    expect([groups, services]).toEqual([1, 1])
  })
})
