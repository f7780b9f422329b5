import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { previewInputs as inputs, partsOf, versionsAt } from './preview-world.ts'

/** Short, because every second of virtual time has its health checks. */
const previewInputs = { ...inputs, 'preview-ttl': '3h' }
const sweep = { mode: 'preview-sweep' } as const
const hour = 3_600_000

const hostOf = (id: string) => `${id}.preview.example.com`

async function withPreviews(seed: number, ids: readonly string[], more: object = {}): Promise<Simulation> {
  const simulation = simulate({ seed, unsigned: true })
  for (const id of ids) {
    const number = id.replace(/\D/g, '')
    const { report } = await simulation.act({ ...previewInputs, 'preview-id': id, 'pull-request': number, ...more })
    expect(report.outcome.status).toBe('succeeded')
  }
  return simulation
}

const pass = (simulation: Simulation, ms: number) => simulation.timeline.advanceTo(simulation.timeline.now() + ms)

test('a sweep takes away what has outlived its time, and leaves the rest', async () => {
  const simulation = await withPreviews(1, ['pr-1'])
  const only = partsOf(await withPreviews(1, []))
  pass(simulation, 2 * hour)
  const second = { ...previewInputs, 'preview-id': 'pr-2', 'pull-request': '2' }
  expect((await simulation.act(second)).report.outcome.status).toBe('succeeded')
  expect((await simulation.act(sweep)).report.outcome.status).toBe('unchanged')
  pass(simulation, 1.5 * hour)

  const there = partsOf(simulation)
  const planned = await simulation.act({ mode: 'plan', 'plan-for': 'preview-sweep' })
  expect(planned.report.preview?.swept).toEqual([expect.objectContaining({ id: 'pr-1', ended: 'would go' })])
  expect(partsOf(simulation)).toEqual(there)

  const { report } = await simulation.act(sweep)
  expect(report.outcome.status).toBe('succeeded')
  expect(report.preview).toMatchObject({ left: 1, swept: [{ id: 'pr-1', ended: 'gone' }] })
  expect(versionsAt(simulation, { host: hostOf('pr-2') })).toEqual(['0.0.2', '0.0.2'])
  expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
  await simulation.act({ mode: 'preview-destroy', 'preview-id': 'pr-2' })
  expect(partsOf(simulation)).toEqual(only)
})

test('a push gives a preview its time again', async () => {
  const simulation = await withPreviews(2, ['pr-1'])
  pass(simulation, 2.9 * hour)
  const pushed = { ...previewInputs, 'preview-id': 'pr-1', image: 'sample-app:0.0.3' }
  expect((await simulation.act(pushed)).report.outcome.status).toBe('succeeded')
  pass(simulation, 2.9 * hour)
  expect((await simulation.act(sweep)).report.outcome.status).toBe('unchanged')
})

function serviceIn({ cloud }: Simulation, id: string) {
  const services = [groupIn(cloud, id)?.TargetGroupName]
  const [service] = cloud.call('ecs', 'DescribeServices', { cluster: 'sandbox', services, include: ['TAGS'] })
    .services as readonly {
    readonly serviceArn: string
    readonly tags: readonly { readonly key: string; readonly value: string }[]
  }[]
  return service
}

test('a push tells all parts that are there of its time', async () => {
  const simulation = await withPreviews(2, ['pr-1'])
  const expiry = () => serviceIn(simulation, 'pr-1')?.tags.find(({ key }) => key === 'ecs-bluegreen:expires')?.value
  const before = expiry()
  pass(simulation, hour)
  const { report } = await simulation.act({ ...previewInputs, 'preview-id': 'pr-1', 'pull-request': '1' })
  expect(report.outcome.status).toBe('unchanged')
  const TagsOfGroup = simulation.cloud.call('elbv2', 'DescribeTags', {
    ResourceArns: [groupIn(simulation.cloud, 'pr-1')?.TargetGroupArn],
  })
  expect(Date.parse(expiry() ?? '') - Date.parse(before ?? '')).toBeGreaterThanOrEqual(hour)
  expect(JSON.stringify(TagsOfGroup)).toContain(expiry())
})

test('of parts that tell other times, the latest counts', async () => {
  const simulation = await withPreviews(2, ['pr-1'])
  const ResourceArns = [groupIn(simulation.cloud, 'pr-1')?.TargetGroupArn]
  const Value = new Date(simulation.timeline.now() + 6 * hour).toISOString()
  simulation.cloud.call('elbv2', 'AddTags', { ResourceArns, Tags: [{ Key: 'ecs-bluegreen:expires', Value }] })
  pass(simulation, 3.1 * hour)
  expect((await simulation.act(sweep)).report.preview).toMatchObject({ swept: [], left: 1 })
  pass(simulation, 3 * hour)
  expect((await simulation.act(sweep)).report.preview?.swept).toMatchObject([{ id: 'pr-1', ended: 'gone' }])
})

test('a push while the sweep is at work on another one keeps its preview', async () => {
  const simulation = await withPreviews(7, ['pr-1', 'pr-2'])
  pass(simulation, 3.1 * hour)
  const pushed = { ...previewInputs, 'preview-id': 'pr-2', image: 'sample-app:0.0.3' }
  const [swept, kept] = await simulation.race([{ inputs: sweep }, { inputs: pushed, more: { afterMs: 500 } }])
  expect(kept?.report.outcome.status).toBe('succeeded')
  expect(swept?.report.preview?.swept).toMatchObject([
    { id: 'pr-1', ended: 'gone' },
    { id: 'pr-2', ended: 'stays' },
  ])
  expect(versionsAt(simulation, { host: hostOf('pr-2') })).toEqual(['0.0.3', '0.0.3'])
})

test('closed pull requests go, and what cannot be asked for stays', async () => {
  const simulation = await withPreviews(3, ['pr-1', 'pr-2'])
  const { report } = await simulation.act(sweep, [], { openPullRequests: async () => new Set([2]) })
  expect(report.preview).toMatchObject({ left: 1, swept: [{ id: 'pr-1', because: 'pull request 1 is closed' }] })
  expect(versionsAt(simulation, { host: hostOf('pr-2') })).toEqual(['0.0.2', '0.0.2'])
})

test('a preview that was last pushed for no pull request stays when that of the push before is closed', async () => {
  const simulation = await withPreviews(3, ['pr-1'])
  const pushed = { ...previewInputs, 'preview-id': 'pr-1', 'pull-request': '', image: 'sample-app:0.0.3' }
  expect((await simulation.act(pushed)).report.outcome.status).toBe('succeeded')
  const { report } = await simulation.act(sweep, [], { openPullRequests: async () => new Set() })
  expect(report.preview).toMatchObject({ left: 1, swept: [] })
})

test('what a dead run has left goes, whatever part it is', async () => {
  const simulation = simulate({ seed: 4, unsigned: true })
  const before = partsOf(simulation)
  for (const operation of ['CreateTargetGroup', 'CreateRule', 'RegisterTaskDefinition', 'CreateService']) {
    await simulation.act(previewInputs, [], { kill: { operation, call: 1, when: 'after' } })
    expect((await simulation.act(sweep)).report.outcome.status).toBe('unchanged')
    pass(simulation, 3.1 * hour)
    expect((await simulation.act(sweep)).report.outcome.status).toBe('succeeded')
    expect([operation, partsOf(simulation)]).toEqual([operation, before])
  }
})

test('a sweep that died between deregistering and deleting is finished by the next', async () => {
  const simulation = simulate({ seed: 4, unsigned: true })
  const before = partsOf(simulation)
  await simulation.act(previewInputs)
  pass(simulation, 3.1 * hour)
  const kill = { operation: 'DeleteTaskDefinitions', call: 1, when: 'before' } as const
  expect((await simulation.act(sweep, [], { kill })).killed).toBe(true)
  expect(partsOf(simulation)).not.toEqual(before)
  const { report } = await simulation.act(sweep)
  expect(report.preview?.swept).toMatchObject([{ id: 'pr-12', ended: 'gone' }])
  expect(partsOf(simulation)).toEqual(before)
  expect((await simulation.act(sweep)).report.preview?.swept).toEqual([])
})

test('one that cannot go does not keep the others, and previews of other repositories are nobody’s business', async () => {
  const simulation = await withPreviews(5, ['pr-1', 'pr-2'])
  const other = { owner: { repository: 'octo-org/other', repositoryId: '2' } }
  await simulation.act({ ...previewInputs, 'preview-domain': 'other.example.com' }, [], other)
  pass(simulation, 3.1 * hour)
  simulation.wire.faults.add([{ kind: 'denied', operation: 'DeleteRule', times: 1 }])
  const { report } = await simulation.act(sweep)
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ACCESS_DENIED' } })
  expect(report.preview?.swept?.map(({ ended }) => ended).sort()).toEqual(['failed', 'gone'])
  expect((await simulation.act(sweep)).report.preview).toMatchObject({ left: 0, swept: [{ ended: 'gone' }] })
  expect(versionsAt(simulation, { host: 'pr-12.other.example.com' })).toEqual(['0.0.2', '0.0.2'])
})

test('calls of a sweep that finds nothing grow with pages and batches', async () => {
  const calls = async (ids: readonly string[]) => {
    const simulation = await withPreviews(6, ids)
    pass(simulation, 60_000)
    simulation.wire.calls.clear()
    expect((await simulation.act(sweep)).report.outcome.status).toBe('unchanged')
    return simulation.wire.calls.list().length
  }
  const ids = Array.from({ length: 12 }, (_, index) => `pr-${index + 1}`)
  // Twelve services are two batches of ten; their target groups one page and one batch of twenty.
  expect((await calls(ids)) - (await calls(ids.slice(0, 1)))).toBe(1)
})

describe('a push while its own preview is swept', () => {
  const pushed = { ...previewInputs, 'preview-id': 'pr-1', 'pull-request': '1', image: 'sample-app:0.0.3' }
  const count = ({ wire }: Simulation, operation: string) =>
    wire.calls.list().filter(call => call.operation === operation).length

  /** The sweep's first delete takes so long that the push has come meanwhile. */
  async function raced(operation: string, delayMs: number) {
    const simulation = await withPreviews(8, ['pr-1'])
    pass(simulation, 3.1 * hour)
    simulation.wire.faults.add([{ kind: 'delay', operation, delayMs, times: 1 }])
    const [swept, kept] = await simulation.race([{ inputs: sweep }, { inputs: pushed, more: { afterMs: 300 } }])
    expect([operation, delayMs, kept?.report.outcome.status]).toEqual([operation, delayMs, 'succeeded'])
    expect(versionsAt(simulation, { host: hostOf('pr-1') })).toEqual(['0.0.3', '0.0.3'])
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
    return { simulation, swept: swept?.report.preview?.swept }
  }

  test('stops the sweep before the next part', async () => {
    const { simulation, swept } = await raced('DeleteRule', 10_000)
    expect(swept).toMatchObject([{ id: 'pr-1', ended: 'stays' }])
    expect(count(simulation, 'DeleteService')).toBe(0)
  })

  test('makes again what was deleted before', async () => {
    for (const operation of ['DeleteService', 'DeleteTargetGroup', 'DeregisterTaskDefinition']) {
      for (const delayMs of [400, 4_000]) await raced(operation, delayMs)
    }
  })
})

describe('a preview looks again when others delete amid its run', () => {
  const later = { ...previewInputs, 'preview-id': 'pr-9', 'pull-request': '9' }
  type Hit = readonly [operation: string, delayMs: number, meanwhile: (cloud: Simulation['cloud']) => void]

  async function expectMade(hits: readonly Hit[]) {
    const simulation = simulate({ seed: 9, unsigned: true })
    for (const [operation, delayMs, meanwhile] of hits) {
      simulation.wire.faults.add([{ kind: 'delay', operation, delayMs, times: 1 }], () => meanwhile(simulation.cloud))
    }
    const { report, lines } = await simulation.act(later)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(lines.join()).toContain('was deleted in this moment')
    expect(versionsAt(simulation, { host: hostOf('pr-9') })).toEqual(['0.0.2', '0.0.2'])
  }

  test('its revision', () =>
    expectMade([
      [
        'CreateService',
        0,
        cloud => {
          const familyPrefix = groupIn(cloud, 'pr-9')?.TargetGroupName
          const { taskDefinitionArns } = cloud.call('ecs', 'ListTaskDefinitions', { familyPrefix })
          const [taskDefinition] = taskDefinitionArns as readonly string[]
          cloud.call('ecs', 'DeregisterTaskDefinition', { taskDefinition })
        },
      ],
    ]))

  test('its rule and target group', () =>
    expectMade([
      [
        'RegisterTaskDefinition',
        30_000,
        cloud => {
          const { LoadBalancers } = cloud.call('elbv2', 'DescribeLoadBalancers', {})
          const [{ LoadBalancerArn }] = LoadBalancers as readonly [{ readonly LoadBalancerArn: string }]
          const { Listeners } = cloud.call('elbv2', 'DescribeListeners', { LoadBalancerArn })
          const rules = (Listeners as readonly { readonly ListenerArn: string }[]).flatMap(
            ({ ListenerArn }) => cloud.call('elbv2', 'DescribeRules', { ListenerArn }).Rules as readonly object[],
          )
          const own = rules.find(rule => JSON.stringify(rule).includes('pr-9.preview'))
          cloud.call('elbv2', 'DeleteRule', { ...own })
        },
      ],
      [
        'CreateService',
        0,
        cloud => {
          cloud.call('elbv2', 'DeleteTargetGroup', { TargetGroupArn: groupIn(cloud, 'pr-9')?.TargetGroupArn })
        },
      ],
    ]))
})

function groupIn(cloud: Simulation['cloud'], id: string) {
  const groups = cloud.call('elbv2', 'DescribeTargetGroups', {}).TargetGroups as readonly {
    readonly TargetGroupName: string
    readonly TargetGroupArn: string
  }[]
  return groups.find(group => group.TargetGroupName.includes(`-${id}-`))
}
