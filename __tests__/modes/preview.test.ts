import { describe, expect, test } from '@jest/globals'
import { oidcAction } from '../../sandbox/cloud/topology-actions.ts'
import type { TopologyOptions } from '../../sandbox/cloud/topology-options.ts'
import { seedFromTemplate } from '../../sandbox/infra/stack.ts'
import { simulate } from '../../sandbox/simulation.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { infra, trial } from '../infra/resolved.ts'
import { partsOf, previewInputs, versionsAt } from './preview-world.ts'

const host = 'pr-12.preview.example.com'
const destroy = { mode: 'preview-destroy', 'preview-id': 'pr-12' } as const
const simulated = (seed = 1) => simulate({ seed, unsigned: true, settings: { serviceVisibleMs: 2_000 } })

describe('a preview', () => {
  test('is made, found by its host, updated in place, and leaves nothing when it goes', async () => {
    const simulation = simulated()
    const before = partsOf(simulation)
    const made = await simulation.act(previewInputs)
    expect(made.report.outcome.status).toBe('succeeded')
    expect(versionsAt(simulation, { host })).toEqual(['0.0.2', '0.0.2'])
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
    expect(outputsOf(made.report)).toMatchObject({
      'preview-url': `http://${host}/`,
      'preview-id': 'pr-12',
      'preview-expires': expect.stringMatching(/^2026-01-04T/),
      version: '0.0.2',
    })

    const again = await simulation.act(previewInputs)
    expect(again.report.outcome.status).toBe('unchanged')

    const rule = partsOf(simulation).rules
    const updated = await simulation.act({ ...previewInputs, image: 'sample-app:0.0.3' })
    expect(updated.report.outcome.status).toBe('succeeded')
    expect(versionsAt(simulation, { host })).toEqual(['0.0.3', '0.0.3'])
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
    expect(partsOf(simulation).rules).toEqual(rule)

    const gone = await simulation.act(destroy)
    expect(gone.report.outcome.status).toBe('succeeded')
    expect(partsOf(simulation)).toEqual(before)
    expect((await simulation.act(destroy)).report.outcome.status).toBe('unchanged')
  })

  test('is made from green when green is live, with all that the original has', async () => {
    const topology = { live: 'green', deregistrationDelaySeconds: 25 } as const
    const simulation = simulate({ seed: 2, unsigned: true, topology })
    const inputs = { ...previewInputs, 'preview-desired-count': '2', 'environment-variables': 'STAGE=preview' }
    expect((await simulation.act(inputs)).report.outcome.status).toBe('succeeded')
    const call = (service: 'ecs' | 'elbv2', operation: string, input: Record<string, unknown>) =>
      simulation.cloud.call(service, operation, input) as Record<string, never>
    const name = preview(simulation).name
    const describe = (one: string) =>
      call('ecs', 'DescribeServices', { cluster: 'sandbox', services: [one], include: ['TAGS'] }).services?.[0] ?? {}
    const made = describe(name) as Record<string, unknown>
    const origin = describe('sample-green') as Record<string, unknown>
    for (const member of ['networkConfiguration', 'launchType', 'platformVersion', 'propagateTags']) {
      expect([member, made[member]]).toEqual([member, origin[member]])
    }
    expect(made).toMatchObject({ desiredCount: 2, serviceRegistries: [] })
    expect(made.tags).toContainEqual({ key: 'ecs-bluegreen:pull-request', value: '12' })
    const attributes = call('elbv2', 'DescribeTargetGroupAttributes', { TargetGroupArn: preview(simulation).group })
    expect(attributes.Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '25' })
  })

  test.each([
    ['preview-path', '/previews', { path: '/previews/pr-12/version' }],
    ['preview-header', 'X-Preview', { headers: { 'x-preview': 'pr-12' } }],
  ])('is found by %s where there is no domain', async (input, value, request) => {
    const simulation = simulated()
    const { 'preview-domain': _, ...others } = previewInputs
    const { report } = await simulation.act({ ...others, [input]: value })
    expect(report.outcome.status).toBe('succeeded')
    expect(versionsAt(simulation, request)).toEqual(['0.0.2', '0.0.2'])
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
  })

  test('that never becomes healthy says why, and the next push mends it', async () => {
    const simulation = simulated()
    const { report } = await simulation.act({ ...previewInputs, image: 'sample-app:0.0.2-crash' })
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: { code: expect.stringMatching(/CRASH|CIRCUIT/) },
    })
    expect(outputsOf(report)['preview-url']).toBe('')
    expect((await simulation.act(previewInputs)).report.outcome.status).toBe('succeeded')
    expect(versionsAt(simulation, { host })).toEqual(['0.0.2', '0.0.2'])
  })

  test('is made anew while the one before is still draining', async () => {
    const simulation = simulated()
    await simulation.act(previewInputs)
    const { name: service } = preview(simulation)
    simulation.cloud.call('ecs', 'DeleteService', { cluster: 'sandbox', service, force: true })
    const { report, lines } = await simulation.act(previewInputs)
    expect(report.outcome.status).toBe('succeeded')
    expect(lines.some(line => line.includes('DRAINING'))).toBe(true)
    expect(versionsAt(simulation, { host })).toEqual(['0.0.2', '0.0.2'])
  })

  test('with a name that somebody else has is refused, and that stays as it is', async () => {
    const simulation = simulated()
    await simulation.act(previewInputs)
    const { group } = preview(simulation)
    const TagKeys = ['ecs-bluegreen:preview']
    simulation.cloud.call('elbv2', 'RemoveTags', { ResourceArns: [group], TagKeys })
    const before = partsOf(simulation)
    for (const inputs of [{ ...previewInputs, image: 'sample-app:0.0.3' }, destroy]) {
      const { report } = await simulation.act(inputs)
      expect(report.outcome).toMatchObject({ failure: { code: 'PREVIEW_NAME_TAKEN' } })
    }
    expect(partsOf(simulation)).toEqual(before)
  })

  test.each([
    ['its host', { host: '*.example.com' }, previewInputs],
    [
      'its path',
      { pathPattern: '/previews/*' },
      { ...previewInputs, 'preview-domain': '', 'preview-path': '/previews' },
    ],
  ])('is refused when production asks for %s', async (_, rule, inputs) => {
    const simulation = simulate({ seed: 1, unsigned: true, topology: { rules: [{ priority: 50_000, ...rule }] } })
    const before = partsOf(simulation)
    const { report } = await simulation.act(inputs)
    expect(report.outcome).toMatchObject({ failure: { code: 'PREVIEW_SHADOWS' } })
    expect(partsOf(simulation)).toEqual(before)
  })

  test('by a path stands before the rule of infra/app.yml for all paths, and takes no other path from production', async () => {
    const simulation = simulate({ seed: 1, seedWith: cloud => seedFromTemplate(cloud, infra('app.yml'), trial) })
    const byPath = { ...previewInputs, 'preview-domain': '', 'preview-path': '/previews', 'alarm-names': '' }
    const { report } = await simulation.act(byPath)
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const at = (path: string) => versionsAt(simulation, { path })
    expect(at('/previews/pr-12/version')).toEqual(['0.0.2', '0.0.2'])
    expect(at('/version')).toEqual(['0.0.1', '0.0.1'])
    for (const path of ['/', '/previews', '/previews/pr-120', '/previews/pr-1/version', '/x/previews/pr-12'])
      expect(at(path)).toEqual([`asked for ${path}`, `asked for ${path}`])
  })

  test.each<[string, Partial<TopologyOptions>]>([
    ['a listener', { before: { 443: oidcAction('authenticate') } }],
    [
      'a rule',
      { rules: [{ priority: 9, pathPattern: '/*', before: oidcAction('authenticate') }], defaultForwards: false },
    ],
  ])('tells that production asks for a log-in in %s, and the preview at its own listener does not', async (_, more) => {
    const topology = { productionPorts: [443], httpsPorts: [443], ...more }
    const simulation = simulate({ seed: 1, unsigned: true, topology })
    const { testListenerArn = '' } = simulation.topology
    const { report } = await simulation.act({ ...previewInputs, 'preview-listener-arn': testListenerArn })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.warnings.join()).toMatch(/HTTPS:443.* asks production's visitors to log in/)
  })

  test('tells of rules that come first', async () => {
    const simulation = simulate({
      seed: 1,
      unsigned: true,
      topology: { rules: [{ priority: 5, pathPattern: '/api/*' }] },
    })
    const { report } = await simulation.act(previewInputs)
    expect(report.outcome.status).toBe('succeeded')
    expect(report.warnings.join()).toMatch(/Rule 5 comes first/)
  })

  test('is planned without a write', async () => {
    const simulation = simulated()
    const before = partsOf(simulation)
    const { report } = await simulation.act({ ...previewInputs, mode: 'plan', 'plan-for': 'preview' })
    expect(report.outcome.status).toBe('unchanged')
    expect(report.preview?.steps).toHaveLength(4)
    expect(report.policy?.Statement.length).toBeGreaterThan(5)
    expect(partsOf(simulation)).toEqual(before)
    await simulation.act(previewInputs)
    const there = partsOf(simulation)
    const planned = await simulation.act({ ...destroy, mode: 'plan', 'plan-for': 'preview-destroy' })
    expect(planned.report.preview?.steps).toHaveLength(5)
    expect(partsOf(simulation)).toEqual(there)
  })
})

describe('limits', () => {
  test.each(['its own', 'another'])(
    'the 101st rule, of %s listener, is refused before anything is made, with the oldest previews',
    async which => {
      const simulation = simulated()
      await simulation.act(previewInputs)
      const { productionListenerArns, testListenerArn } = simulation.topology
      const ListenerArn = which === 'another' ? testListenerArn : productionListenerArns[0]
      for (let rule = 1; rule <= 99; rule++) {
        const Actions = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }]
        const Conditions = [{ Field: 'host-header', HostHeaderConfig: { Values: [`h${rule}.example.org`] } }]
        simulation.cloud.elb.call('CreateRule', { ListenerArn, Priority: rule, Conditions, Actions })
        simulation.timeline.advanceTo(simulation.timeline.now() + 1_000)
      }
      const before = partsOf(simulation)
      const { report } = await simulation.act({ ...previewInputs, 'preview-id': 'pr-13' })
      expect(report.outcome).toMatchObject({ failure: { code: 'QUOTA_EXCEEDED' } })
      expect('failure' in report.outcome && report.outcome.failure.details[0]).toMatch(/pr-12/)
      expect(partsOf(simulation)).toEqual(before)
      // What is there goes on.
      const updated = await simulation.act({ ...previewInputs, image: 'sample-app:0.0.3' })
      expect(updated.report.outcome.status).toBe('succeeded')
    },
  )

  test.each([41, 42])('a task definition with %d tags beside those of the preview', async count => {
    const simulation = simulated()
    const { cloud, topology } = simulation
    const resourceArn = topology.taskDefinitionArn
    const { tags: there = [] } = cloud.call('ecs', 'ListTagsForResource', { resourceArn }) as { tags?: object[] }
    const tags = Array.from({ length: count - there.length }, (_, index) => ({ key: `team-${index}`, value: 'shop' }))
    cloud.call('ecs', 'TagResource', { resourceArn, tags })
    const before = partsOf(simulation)
    const { report } = await simulation.act(previewInputs)
    if (count === 41) return expect(report.outcome.status).toBe('succeeded')
    expect(report.outcome).toMatchObject({ failure: { code: 'QUOTA_EXCEEDED' } })
    expect(partsOf(simulation)).toEqual(before)
  })

  test('preview-limit counts the others', async () => {
    const simulation = simulated()
    const limited = { ...previewInputs, 'preview-limit': '1' }
    await simulation.act(limited)
    expect((await simulation.act(limited)).report.outcome.status).toBe('unchanged')
    const { report } = await simulation.act({ ...limited, 'preview-id': 'pr-13' })
    expect(report.outcome).toMatchObject({ failure: { code: 'PREVIEW_LIMIT' } })
  })
})

test('ten at once come up, each with its own version', async () => {
  const simulation = simulated(5)
  const ids = Array.from({ length: 10 }, (_, index) => `pr-${index}`)
  // One priority more than there are previews: they meet.
  const inputs = (id: string, index: number) => ({
    ...previewInputs,
    'preview-id': id,
    'preview-priorities': '100-110',
    image: `sample-app:1.0.${index}`,
  })
  const runs = await simulation.race(ids.map((id, index) => ({ inputs: inputs(id, index) })))
  expect(runs.map(run => run.report.outcome)).toEqual(ids.map(() => expect.objectContaining({ status: 'succeeded' })))
  for (const [index, id] of ids.entries()) {
    const version = `1.0.${index}`
    expect(versionsAt(simulation, { host: `${id}.preview.example.com` })).toEqual([version, version])
  }
  expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
  expect(runs.flatMap(run => run.lines).some(line => line.includes('was taken in this moment'))).toBe(true)
})

test('two runs for one preview leave one rule', async () => {
  const simulation = simulated(7)
  const before = partsOf(simulation)
  const runs = await simulation.race([{ inputs: previewInputs }, { inputs: previewInputs }])
  expect(runs.map(run => run.report.outcome.status)).toContain('succeeded')
  expect((await simulation.act(previewInputs)).report.outcome.status).toMatch(/succeeded|unchanged/)
  expect(partsOf(simulation).rules).toHaveLength(before.rules.length + 1)
  expect(versionsAt(simulation, { host })).toEqual(['0.0.2', '0.0.2'])
})

test.each(['CreateTargetGroup', 'CreateRule', 'RegisterTaskDefinition', 'CreateService'])(
  'whose %s got no answer, or was never heard, is made once',
  async operation => {
    for (const kind of ['lost-answer', 'lost-request'] as const) {
      const simulation = simulated()
      const before = partsOf(simulation)
      simulation.wire.faults.add([{ kind, operation, times: 1 }])
      expect((await simulation.act(previewInputs)).report.outcome.status).toBe('succeeded')
      const after = partsOf(simulation)
      expect([after.groups, after.rules, after.services, after.revisions].map(one => one.length)).toEqual(
        [before.groups, before.rules, before.services, before.revisions].map(one => one.length + 1),
      )
      await simulation.act(destroy)
      expect(partsOf(simulation)).toEqual(before)
    }
  },
)

test.each(['DeleteRule', 'DeleteService', 'DeleteTargetGroup', 'DeregisterTaskDefinition', 'DeleteTaskDefinitions'])(
  'whose %s got no answer, or was never heard, is gone all the same',
  async operation => {
    for (const kind of ['lost-answer', 'lost-request'] as const) {
      const simulation = simulated()
      const before = partsOf(simulation)
      await simulation.act(previewInputs)
      simulation.wire.faults.add([{ kind, operation, times: 1 }])
      expect((await simulation.act(destroy)).report.outcome.status).toBe('succeeded')
      expect(partsOf(simulation)).toEqual(before)
    }
  },
)

test.each(['CreateRule', 'CreateService'])(
  'a run that is cancelled after %s says so, and the next goes on',
  async operation => {
    const simulation = simulated()
    const cancel = new AbortController()
    const hit = { kind: 'delay', operation, delayMs: 0, times: 1 } as const
    simulation.wire.faults.add([hit], () => cancel.abort(new Error('cancelled')))
    const { report } = await simulation.act(previewInputs, [], { signal: cancel.signal })
    expect(report.outcome).toMatchObject({ status: 'cancelled', failure: { code: 'CANCELLED' } })
    expect(outputsOf(report)['preview-url']).toBe('')
    expect((await simulation.act(previewInputs)).report.outcome.status).toBe('succeeded')
    expect(versionsAt(simulation, { host })).toEqual(['0.0.2', '0.0.2'])
  },
)

test('a right that is missing is named, with the statement that gives it, and nothing is lost', async () => {
  const simulation = simulated()
  simulation.wire.faults.add([{ kind: 'denied', operation: 'CreateService' }])
  const { report } = await simulation.act(previewInputs)
  expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ACCESS_DENIED' } })
  expect(JSON.stringify(report.outcome)).toContain('ecs:CreateService')
  simulation.wire.faults.clear()
  expect((await simulation.act(previewInputs)).report.outcome.status).toBe('succeeded')
})

test('the summary tells where it is, or why it is not', async () => {
  const simulation = simulated()
  const made = summaryOf((await simulation.act(previewInputs)).report)
  expect(made).toMatch(/^## sample: preview pr-12 is ready\n/)
  expect(made).toContain(`[Open pr-12](http://${host}/)`)
  const swept = summaryOf((await simulation.act({ mode: 'plan', 'plan-for': 'preview-sweep' })).report)
  expect(swept).toMatch(/There is nothing to sweep: 1 preview stays/)
  const failed = summaryOf((await simulation.act({ ...previewInputs, image: 'sample-app:0.0.9-missing' })).report)
  expect(failed).toMatch(/^## sample: preview pr-12 failed\n/)
  expect(failed).toMatch(/IMAGE_NOT|CIRCUIT_BREAKER/)
})

function preview(simulation: ReturnType<typeof simulate>): { readonly name: string; readonly group: string } {
  const groups = simulation.cloud.call('elbv2', 'DescribeTargetGroups', {}).TargetGroups as readonly {
    readonly TargetGroupName: string
    readonly TargetGroupArn: string
  }[]
  const found = groups.find(group => group.TargetGroupName.includes('-pr-12-'))
  if (found === undefined) throw new Error('there is no preview')
  return { name: found.TargetGroupName, group: found.TargetGroupArn }
}
