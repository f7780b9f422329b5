import { describe, expect, test } from '@jest/globals'
import type { ControlPlane } from '../../sandbox/cloud/ports.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { standingPreview } from '../../sandbox/standing-preview.ts'
import { partsOf, previewInputs, versionsAt } from './preview-world.ts'

/** What others have made of the parts of a preview: nothing of it is taken from them. */

const destroy = { mode: 'preview-destroy', 'preview-id': 'pr-12' } as const
const sweep = { mode: 'preview-sweep' } as const
const hour = 3_600_000

const pass = ({ timeline }: Simulation, ms: number) => timeline.advanceTo(timeline.now() + ms)

async function withPreview(): Promise<Simulation> {
  const simulation = simulate({ seed: 1, unsigned: true })
  const { report } = await simulation.act({ ...previewInputs, 'preview-ttl': '3h' })
  expect(report.outcome.status).toBe('succeeded')
  return simulation
}

function groupOf({ cloud }: Simulation): string {
  const groups = cloud.call('elbv2', 'DescribeTargetGroups', {}).TargetGroups as readonly {
    readonly TargetGroupName: string
    readonly TargetGroupArn: string
  }[]
  return groups.find(group => group.TargetGroupName.includes('-pr-12-'))?.TargetGroupArn ?? ''
}

const routes: Readonly<Record<string, (simulation: Simulation) => string>> = {
  'the default action of a listener': simulation => {
    const { cloud, topology } = simulation
    const [ListenerArn = ''] = topology.productionListenerArns
    const DefaultActions = [{ Type: 'forward', TargetGroupArn: groupOf(simulation) }]
    cloud.call('elbv2', 'ModifyListener', { ListenerArn, DefaultActions })
    return ListenerArn
  },
  'a rule without its tags': simulation => {
    const { cloud, topology } = simulation
    const [ListenerArn] = topology.productionListenerArns
    const { Rules } = cloud.call('elbv2', 'CreateRule', {
      ListenerArn,
      Priority: 7,
      Conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }],
      Actions: [{ Type: 'forward', TargetGroupArn: groupOf(simulation) }],
    }) as { readonly Rules: readonly [{ readonly RuleArn: string }] }
    return Rules[0].RuleArn
  },
}

test.each(Object.entries(routes))('%s keeps all of the preview that it sends requests to', async (_, route) => {
  const simulation = await withPreview()
  const arn = route(simulation)
  pass(simulation, 4 * hour)
  const before = partsOf(simulation)
  for (const inputs of [destroy, sweep]) {
    const { report } = await simulation.act(inputs)
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'PREVIEW_NOT_DELETED' } })
    expect('failure' in report.outcome && report.outcome.failure.details).toContain(arn)
    expect(partsOf(simulation)).toEqual(before)
  }
})

test('a rule without its tags is no rule of the preview, whatever it sends there', async () => {
  const simulation = await withPreview()
  routes['a rule without its tags']?.(simulation)
  const { rules } = partsOf(simulation)
  const { report } = await simulation.act({ ...previewInputs, image: 'sample-app:0.0.3' })
  expect(report.outcome.status).toBe('succeeded')
  expect(partsOf(simulation).rules).toEqual(rules)
})

describe('a rule with its tags that others have pointed elsewhere', () => {
  const place = (id: string) => ({ host: `${id}.preview.example.com` })

  function pointElsewhere({ cloud, topology }: Simulation) {
    const [ListenerArn] = topology.productionListenerArns
    const { Rules } = cloud.call('elbv2', 'DescribeRules', { ListenerArn }) as {
      readonly Rules: readonly { readonly RuleArn: string }[]
    }
    const own = Rules.find(rule => JSON.stringify(rule).includes('pr-12.preview'))
    const Actions = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }]
    cloud.call('elbv2', 'ModifyRule', { RuleArn: own?.RuleArn, Actions })
  }

  test('leads to it again with the next push', async () => {
    const simulation = await withPreview()
    const { rules } = partsOf(simulation)
    pointElsewhere(simulation)
    const planned = { ...previewInputs, mode: 'plan', 'plan-for': 'preview' }
    expect((await simulation.act(planned)).report.preview?.steps?.join()).toMatch(/Change rule 4/)
    expect((await simulation.act(previewInputs)).report.outcome).toMatchObject({ status: 'succeeded' })
    expect(versionsAt(simulation, place('pr-12'))).toEqual(['0.0.2', '0.0.2'])
    expect(partsOf(simulation).rules).toEqual(rules)
  })

  test.each([destroy, sweep])('goes with all of it: %j', async inputs => {
    const before = partsOf(simulate({ seed: 1, unsigned: true }))
    const simulation = await withPreview()
    pointElsewhere(simulation)
    pass(simulation, 4 * hour)
    expect((await simulation.act(inputs)).report.outcome).toMatchObject({ status: 'succeeded' })
    expect(partsOf(simulation)).toEqual(before)
  })

  test.each([destroy, sweep])('goes when it is all that is left: %j', async inputs => {
    const before = partsOf(simulate({ seed: 1, unsigned: true }))
    const simulation = await withPreview()
    const { cloud, topology } = simulation
    const [ListenerArn] = topology.productionListenerArns
    const rules = () =>
      cloud.call('elbv2', 'DescribeRules', { ListenerArn }).Rules as readonly Readonly<Record<string, unknown>>[]
    const own = rules().find(rule => JSON.stringify(rule).includes('pr-12.preview'))
    const ResourceArns = [own?.RuleArn]
    const [{ Tags }] = cloud.call('elbv2', 'DescribeTags', { ResourceArns }).TagDescriptions as [{ Tags: unknown }]
    await simulation.act(destroy)
    expect(partsOf(simulation)).toEqual(before)
    const { Priority, Conditions } = own ?? {}
    const Actions = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }]
    const again = { ListenerArn, Priority: Number(Priority), Conditions: readable(Conditions), Actions }
    cloud.call('elbv2', 'CreateRule', { ...again, Tags })
    // With copied tags at a place of its own it is somebody else's.
    const foreign = [{ Field: 'host-header', HostHeaderConfig: { Values: ['www.example.org'] } }]
    cloud.call('elbv2', 'CreateRule', { ...again, Priority: 40_000, Conditions: foreign, Tags })
    pass(simulation, 4 * hour)
    expect((await simulation.act(inputs)).report.outcome).toMatchObject({ status: 'succeeded' })
    expect(rules()).toHaveLength(before.rules.length + 1)
    expect(JSON.stringify(rules())).toContain('www.example.org')
  })
})

/** As AWS takes conditions: in one of its two ways. */
function readable(conditions: unknown) {
  return (conditions as readonly { readonly Field: string; readonly HostHeaderConfig: unknown }[]).map(
    ({ Field, HostHeaderConfig }) => ({ Field, HostHeaderConfig }),
  )
}

test('tags that a stranger has copied make no preview of what has another name', async () => {
  const simulation = simulate({ seed: 1, unsigned: true })
  standingPreview(simulation, 12, simulation.timeline.now())
  const { cloud } = simulation
  const { TagDescriptions } = cloud.call('elbv2', 'DescribeTags', { ResourceArns: [groupOf(simulation)] }) as {
    readonly TagDescriptions: readonly [{ readonly Tags: readonly { readonly Key: string; readonly Value: string }[] }]
  }
  const [{ Tags }] = TagDescriptions
  const other = { Name: 'sample-api-0a1b2c3d', Protocol: 'HTTP', Port: 80, TargetType: 'ip', VpcId: 'vpc-0a1b2c3d' }
  cloud.call('elbv2', 'CreateTargetGroup', { ...other, Tags })
  pass(simulation, 80 * hour)
  const { report } = await simulation.act(sweep)
  expect(report.preview?.swept).toEqual([expect.objectContaining({ id: 'pr-12', ended: 'gone' })])
  expect(partsOf(simulation).groups.join()).toContain(other.Name)
  expect(report.warnings.join()).toContain(`${other.Name} has the tags of the preview pr-12, but not its name`)
})

describe('a revision of a preview', () => {
  const revisions = ({ cloud }: Simulation, status: string) =>
    (cloud.call('ecs', 'ListTaskDefinitions', { status }).taskDefinitionArns as readonly string[]).join()
  const tagsOf = ({ cloud }: Simulation, taskDefinition: string) =>
    JSON.stringify(cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition, include: ['TAGS'] }).tags)
  const green = ({ cloud, topology: { inputs } }: Simulation, taskDefinition: string) =>
    cloud.call('ecs', 'UpdateService', { cluster: inputs.cluster, service: `${inputs.service}-green`, taskDefinition })
  const arnOf = ({ report }: Awaited<ReturnType<Simulation['act']>>) => report.preview?.taskDefinition ?? ''
  const refused = { status: 'failed', failure: { code: 'PREVIEW_REVISION' } }

  async function withRevision() {
    const simulation = simulate({ seed: 1, unsigned: true })
    return { simulation, arn: arnOf(await simulation.act(previewInputs)) }
  }

  test('is refused to production, by every way', async () => {
    const { simulation, arn } = await withRevision()
    expect(tagsOf(simulation, arn)).toContain('ecs-bluegreen:preview')
    const deployed = await simulation.act({ mode: 'deploy', 'task-definition-arn': arn, image: '' })
    expect(deployed.report.outcome).toMatchObject(refused)
    green(simulation, arn)
    pass(simulation, 120_000)
    for (const mode of ['promote', 'rollback']) {
      const { report } = await simulation.act({ mode, 'task-definition-arn': arn, image: '' })
      expect(report.outcome).toMatchObject(refused)
    }
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
  })

  test('that a service runs stays when the preview goes, and what is deployed from it has none of its tags', async () => {
    const { simulation, arn } = await withRevision()
    const { inputs } = simulation.topology
    const blue = { cluster: inputs.cluster, service: `${inputs.service}-blue`, taskDefinition: arn }
    simulation.cloud.call('ecs', 'UpdateService', blue)
    pass(simulation, 120_000)
    const gone = await simulation.act(destroy)
    expect(gone.report.outcome).toMatchObject({
      status: 'succeeded',
      because: expect.stringMatching(/1 revision that/),
    })
    expect(revisions(simulation, 'ACTIVE')).toContain(arn)
    const swept = await simulation.act(sweep)
    expect(swept.report.preview?.swept ?? []).not.toContainEqual(expect.objectContaining({ ended: 'gone' }))
    const { report } = await simulation.act({ image: 'sample-app:0.0.3' })
    expect(report.outcome.status).toBe('succeeded')
    const live = simulation.cloud.call('ecs', 'DescribeServices', {
      cluster: inputs.cluster,
      services: [`${inputs.service}-green`],
    }).services as readonly { readonly taskDefinition: string }[]
    expect(tagsOf(simulation, live[0]?.taskDefinition ?? '')).not.toContain('ecs-bluegreen:')
  })
})

describe('a rule that others make for the host of a preview that is there', () => {
  const ruleFor = ({ cloud, topology }: Simulation, Priority: number, Values: readonly string[]) =>
    cloud.call('elbv2', 'CreateRule', {
      ListenerArn: topology.productionListenerArns[0],
      Priority,
      Conditions: [{ Field: 'host-header', Values }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200', MessageBody: 'docs' } }],
    })
  const host = 'pr-12.preview.example.com'

  test('gets its requests again with the next run, which is refused', async () => {
    const simulation = await withPreview()
    ruleFor(simulation, 50_000, ['*.preview.example.com'])
    const push = { ...previewInputs, image: 'sample-app:0.0.3' }
    const { report, lines } = await simulation.act(push)
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'PREVIEW_SHADOWS' } })
    expect(lines.join('\n')).toContain('Delete rule')
    pass(simulation, 10_000)
    expect(versionsAt(simulation, { host })).toEqual(['fixed', 'fixed'])
    expect((await simulation.act(destroy)).report.outcome.status).toBe('succeeded')
  })

  test('and comes first, takes them anyway: the rule of the preview stays', async () => {
    const simulation = await withPreview()
    ruleFor(simulation, 10, [host])
    const { rules } = partsOf(simulation)
    const { report } = await simulation.act(previewInputs)
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'PREVIEW_SHADOWS' } })
    expect(partsOf(simulation).rules).toEqual(rules)
  })

  test('elsewhere is nothing to it', async () => {
    const simulation = await withPreview()
    ruleFor(simulation, 50_000, ['pr-13.preview.example.com'])
    const { rules } = partsOf(simulation)
    expect((await simulation.act(previewInputs)).report.outcome.status).toBe('unchanged')
    expect(partsOf(simulation).rules).toEqual(rules)
  })
})

test.each([0, 100, 200, 300, 400, 500, 600, 800])(
  'two runs that delete one preview at once (%i ms) both end well',
  async afterMs => {
    const simulation = simulate({ seed: 3, unsigned: true })
    const before = partsOf(simulation)
    expect((await simulation.act(previewInputs)).report.outcome.status).toBe('succeeded')
    const runs = await simulation.race([{ inputs: destroy }, { inputs: destroy, more: { afterMs } }])
    expect(runs.flatMap(({ report: { outcome } }) => ('failure' in outcome ? outcome.failure.headline : []))).toEqual(
      [],
    )
    expect(partsOf(simulation)).toEqual(before)
  },
)

test.each([500, 1_000, 1_500, 2_000, 2_500, 5_000, 10_000])(
  'a preview that is deleted while it is made (after %i ms) is there, or says so',
  async afterMs => {
    const simulation = simulate({ seed: 10, unsigned: true, settings: { serviceVisibleMs: 2_000 } })
    const before = partsOf(simulation)
    const [made, gone] = await simulation.race([{ inputs: previewInputs }, { inputs: destroy, more: { afterMs } }])
    expect(gone?.report.outcome.status).toMatch(/^(succeeded|unchanged)$/)
    const { outcome } = made?.report ?? {}
    const says = outcome !== undefined && 'failure' in outcome ? outcome.failure.headline : ''
    expect(says).toMatch(/^$|pr-12 was deleted while this run waited/)
    const there = says === '' ? '0.0.2' : '0.0.1'
    expect(versionsAt(simulation, { host: 'pr-12.preview.example.com' })).toEqual([there, there])
    await simulation.act(destroy)
    expect(partsOf(simulation)).toEqual(before)
  },
)

test('a rule that is deleted before ECS has heard of it is made again', async () => {
  let refused = 0
  const between = (aws: ControlPlane): ControlPlane => ({
    call(service, operation, input) {
      if (operation === 'CreateService' && ++refused === 1) {
        const { TargetGroups } = aws.call('elbv2', 'DescribeTargetGroups', {}) as { TargetGroups: readonly Group[] }
        const group = TargetGroups.find(({ TargetGroupName }) => TargetGroupName.includes('-pr-12-'))
        const [ListenerArn] = simulation.topology.productionListenerArns
        const { Rules } = aws.call('elbv2', 'DescribeRules', { ListenerArn }) as { Rules: readonly object[] }
        const rule = Rules.find(one => JSON.stringify(one).includes(String(group?.TargetGroupArn)))
        aws.call('elbv2', 'DeleteRule', rule as Readonly<Record<string, unknown>>)
      }
      return aws.call(service, operation, input)
    },
  })
  const simulation = simulate({ seed: 1, unsigned: true, between })
  const { report } = await simulation.act(previewInputs)
  expect(report.outcome.status).toBe('succeeded')
  expect(report.endedAt - report.startedAt).toBeLessThan(100_000)
  expect(versionsAt(simulation, { host: 'pr-12.preview.example.com' })).toEqual(['0.0.2', '0.0.2'])
})

interface Group {
  readonly TargetGroupName: string
  readonly TargetGroupArn: string
}

test('a revision that ECS keeps is no part that was deleted', async () => {
  const failures = [{ arn: 'the-revision', reason: 'TASK_DEFINITION_IS_ACTIVE' }]
  let kept = true
  const between = (aws: ControlPlane): ControlPlane => ({
    call: (service, operation, input) =>
      kept && operation === 'DeleteTaskDefinitions'
        ? { taskDefinitions: [], failures }
        : aws.call(service, operation, input),
  })
  const simulation = simulate({ seed: 1, unsigned: true, between })
  const before = partsOf(simulation)
  await simulation.act(previewInputs)
  const { report } = await simulation.act(destroy)
  expect(report.outcome).toMatchObject({
    status: 'failed',
    failure: { headline: expect.stringContaining('the-revision: TASK_DEFINITION_IS_ACTIVE') },
  })
  kept = false
  expect((await simulation.act(destroy)).report.outcome.status).toBe('succeeded')
  expect(partsOf(simulation)).toEqual(before)
})
