import { expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { standingPreview } from '../../sandbox/standing-preview.ts'
import { partsOf, previewInputs } from './preview-world.ts'

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
