import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { partsOf, previewInputs, versionsAt } from './preview-world.ts'

/** Whose previews are whose, where several repositories share a load balancer, and names of repositories change. */

const host = 'pr-12.preview.example.com'
const destroy = { mode: 'preview-destroy', 'preview-id': 'pr-12' } as const
const sweep = { mode: 'preview-sweep' } as const
const hour = 3_600_000
const simulated = (seed: number) => simulate({ seed, unsigned: true, settings: { serviceVisibleMs: 2_000 } })
const of = (repository: string, repositoryId?: string) => ({
  owner: { repository, ...(repositoryId === undefined ? {} : { repositoryId }) },
})
const shop = of('octo-org/shop', '1')
const other = of('octo-org/other', '2')
const pass = ({ timeline }: Simulation, ms: number) => timeline.advanceTo(timeline.now() + ms)

test('a pair that is named the other way has the same previews', async () => {
  const simulation = simulated(1)
  const before = partsOf(simulation)
  await simulation.act(previewInputs)
  const pair = { service: '', 'blue-service': 'sample-blue', 'green-service': 'sample-green' }
  const { report } = await simulation.act({ ...previewInputs, ...pair, image: 'sample-app:0.0.3' })
  expect(report.outcome).toMatchObject({ status: 'succeeded' })
  expect(versionsAt(simulation, { host })).toEqual(['0.0.3', '0.0.3'])
  expect((await simulation.act({ ...destroy, ...pair })).report.outcome.status).toBe('succeeded')
  expect(partsOf(simulation)).toEqual(before)
})

describe('two repositories that want one host', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('at the same moment (%i): one has it, and the other says so', async seed => {
    const simulation = simulated(seed)
    const before = partsOf(simulation)
    const theirs = { ...previewInputs, image: 'sample-app:0.0.3' }
    const runs = await simulation.race([
      { inputs: previewInputs, more: shop },
      { inputs: theirs, more: { ...other, afterMs: seed * 150 } },
    ])
    const [ours, late] = runs.map(({ report }) => report.outcome)
    const statuses = [ours?.status, late?.status].toSorted()
    expect(statuses).toEqual(['failed', 'succeeded'])
    const loser = [ours, late].find(outcome => outcome?.status === 'failed')
    expect(loser).toMatchObject({ failure: { code: 'PREVIEW_SHADOWS' } })
    const version = ours?.status === 'succeeded' ? '0.0.2' : '0.0.3'
    pass(simulation, 60_000)
    expect(versionsAt(simulation, { host })).toEqual([version, version])
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
    expect(partsOf(simulation).rules).toHaveLength(before.rules.length + 1)

    // Each takes away its own.
    const [winner, loses] = ours?.status === 'succeeded' ? [shop, other] : [other, shop]
    await simulation.act(destroy, [], loses)
    expect(versionsAt(simulation, { host })).toEqual([version, version])
    await simulation.act(destroy, [], winner)
    expect(partsOf(simulation)).toEqual(before)
  })

  test('one after the other: the second is refused before it makes anything', async () => {
    const simulation = simulated(1)
    await simulation.act(previewInputs, [], shop)
    const before = partsOf(simulation)
    const { report } = await simulation.act(previewInputs, [], other)
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: { code: 'PREVIEW_SHADOWS', headline: expect.stringContaining('from octo-org/shop') },
    })
    expect(partsOf(simulation)).toEqual(before)
    // The first is not disturbed.
    const update = { ...previewInputs, image: 'sample-app:0.0.3' }
    expect((await simulation.act(update, [], shop)).report.outcome.status).toBe('succeeded')
    expect(versionsAt(simulation, { host })).toEqual(['0.0.3', '0.0.3'])
  })

  test.each(['CreateRule', 'DeleteRule'])(
    'and a run that is killed at its %s: the next runs agree',
    async operation => {
      const simulation = simulated(3)
      const before = partsOf(simulation)
      await simulation.race([
        { inputs: previewInputs, more: { ...shop, kill: { operation, call: 1, when: 'after' } } },
        { inputs: { ...previewInputs, image: 'sample-app:0.0.3' }, more: { ...other, afterMs: 200 } },
      ])
      const first = await simulation.act(previewInputs, [], shop)
      const second = await simulation.act({ ...previewInputs, image: 'sample-app:0.0.3' }, [], other)
      const statuses = [first, second].map(({ report }) => report.outcome.status)
      const versions = versionsAt(simulation, { host })
      expect(statuses.filter(status => status !== 'failed')).toHaveLength(1)
      expect(versions).toEqual(statuses[0] === 'failed' ? ['0.0.3', '0.0.3'] : ['0.0.2', '0.0.2'])
      expect(partsOf(simulation).rules).toHaveLength(before.rules.length + 1)
      for (const whose of [shop, other]) await simulation.act(destroy, [], whose)
      expect(partsOf(simulation)).toEqual(before)
    },
  )
})

describe('a repository that was renamed', () => {
  const renamed = of('new-org/store', '1')

  test.each([
    ['updates', { ...previewInputs, image: 'sample-app:0.0.3' }],
    ['destroys', destroy],
  ])('%s the preview that it had made before', async (_, inputs) => {
    const simulation = simulated(1)
    const before = partsOf(simulation)
    await simulation.act(previewInputs, [], shop)
    const made = partsOf(simulation)
    expect((await simulation.act(inputs, [], renamed)).report.outcome.status).toBe('succeeded')
    if (inputs === destroy) expect(partsOf(simulation)).toEqual(before)
    else expect(partsOf(simulation).groups).toEqual(made.groups)
    await simulation.act(destroy, [], renamed)
    expect(partsOf(simulation)).toEqual(before)
  })

  test('sweeps what it had made before', async () => {
    const simulation = simulated(1)
    const before = partsOf(simulation)
    await simulation.act({ ...previewInputs, 'preview-ttl': '1h' }, [], shop)
    pass(simulation, 2 * hour)
    const { report } = await simulation.act(sweep, [], renamed)
    expect(report.preview?.swept).toMatchObject([{ id: 'pr-12', ended: 'gone' }])
    expect(partsOf(simulation)).toEqual(before)
  })

  test('has left its name to another, which takes nothing of it away', async () => {
    const simulation = simulated(1)
    await simulation.act({ ...previewInputs, 'preview-ttl': '1h' }, [], shop)
    const made = partsOf(simulation)
    pass(simulation, 2 * hour)
    const namesake = of('octo-org/shop', '3')
    expect((await simulation.act(sweep, [], namesake)).report.preview?.swept).toEqual([])
    expect((await simulation.act(destroy, [], namesake)).report.outcome.status).toBe('unchanged')
    expect((await simulation.act(previewInputs, [], namesake)).report.outcome).toMatchObject({
      failure: { code: 'PREVIEW_SHADOWS' },
    })
    expect(partsOf(simulation)).toEqual(made)
  })
})
