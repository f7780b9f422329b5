import { describe, expect, test } from '@jest/globals'
import type { ControlPlane } from '../../sandbox/cloud/ports.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { previewInputs, versionsAt } from './preview-world.ts'
import { plainWorld, setupInputs } from './setup-world.ts'

/** What ends previews and setup where AWS gives them no end: `timeout` before every step, and a limit for writes that do not stick. */

const destroy = { mode: 'preview-destroy', 'preview-id': 'pr-12' } as const
const writes = ({ wire }: Simulation) =>
  wire.calls
    .list()
    .map(({ operation }) => operation)
    .filter(operation => !/^(Describe|List)/.test(operation))

describe('no step begins when timeout is over', () => {
  const slowly = (simulation: Simulation, operation: string) => {
    simulation.wire.calls.clear()
    simulation.wire.faults.add([{ kind: 'delay', operation, delayMs: 11_000, times: 1 }])
  }

  test('of a preview, which the next run finishes', async () => {
    const simulation = simulate({ seed: 1, unsigned: true })
    slowly(simulation, 'CreateTargetGroup')
    const { report } = await simulation.act({ ...previewInputs, timeout: '10s' })
    expect(report.outcome).toMatchObject({
      failure: {
        code: 'NOT_HEALTHY_IN_TIME',
        headline: 'The preview pr-12 was not whole when `timeout` was over.',
        details: [expect.stringContaining('Next would have been: '), expect.anything()],
      },
    })
    expect(writes(simulation)).toEqual(['CreateTargetGroup'])
    expect((await simulation.act(previewInputs)).report.outcome.status).toBe('succeeded')
  })

  test('of a pair, which the next run finishes', async () => {
    const simulation = plainWorld()
    slowly(simulation, 'CreateTargetGroup')
    const { report } = await simulation.act({ ...setupInputs, timeout: '10s' })
    expect(report.outcome).toMatchObject({
      failure: {
        code: 'NOT_HEALTHY_IN_TIME',
        headline: 'The pair of sample and sample-green was not whole when `timeout` was over.',
      },
    })
    expect(writes(simulation)).toEqual(['CreateTargetGroup'])
    expect((await simulation.act(setupInputs)).report.outcome.status).toBe('succeeded')
  })

  test('of a preview that is deleted', async () => {
    const simulation = simulate({ seed: 1, unsigned: true })
    await simulation.act(previewInputs)
    slowly(simulation, 'DeleteRule')
    const { report } = await simulation.act({ ...destroy, timeout: '10s' })
    expect(report.outcome).toMatchObject({
      failure: {
        code: 'PREVIEW_NOT_DELETED',
        headline: expect.stringContaining('next would have been: Delete the service'),
      },
    })
    expect(writes(simulation)).toEqual(['DeleteRule'])
    expect((await simulation.act(destroy)).report.outcome.status).toBe('succeeded')
  })

  test('but what production has is given back', async () => {
    const simulation = simulate({ seed: 1, unsigned: true })
    const www = { ...previewInputs, 'preview-id': 'www', 'preview-domain': 'example.com' }
    await simulation.act(www)
    slowly(simulation, 'DescribeRules')
    const { report } = await simulation.act({ ...www, 'production-url': 'https://www.example.com', timeout: '10s' })
    expect(report.outcome).toMatchObject({ failure: { code: 'PREVIEW_SHADOWS' } })
    simulation.timeline.advanceTo(simulation.timeline.now() + 60_000)
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
  })
})

describe('a write that does not stick is done six times, ever more slowly', () => {
  /** AWS takes it, and nothing comes of it. */
  const deaf =
    (operation: string) =>
    (aws: ControlPlane): ControlPlane => ({
      ...aws,
      call: (service, asked, input, ...rest) => (asked === operation ? {} : aws.call(service, asked, input, ...rest)),
    })

  async function expectStuck(simulation: Simulation, inputs: Readonly<Record<string, string>>, operation: string) {
    simulation.wire.calls.clear()
    const from = simulation.timeline.now()
    const { report } = await simulation.act(inputs)
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: { code: 'WRITE_NOT_CONFIRMED', headline: expect.stringContaining('AWS has taken a write 6 times') },
    })
    expect(writes(simulation).filter(one => one === operation)).toHaveLength(6)
    expect(simulation.timeline.now() - from).toBeGreaterThanOrEqual(31_000)
  }

  const attributes = (simulation: Simulation) =>
    simulation.cloud.call('elbv2', 'ModifyTargetGroupAttributes', {
      TargetGroupArn: simulation.topology.targetGroupArns.blue,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '17' }],
    })

  test('attributes of a preview', async () => {
    const simulation = simulate({ seed: 1, unsigned: true, between: deaf('ModifyTargetGroupAttributes') })
    attributes(simulation)
    await expectStuck(simulation, previewInputs, 'ModifyTargetGroupAttributes')
  })

  test('attributes of the target group of the twin', async () => {
    const simulation = plainWorld({}, { between: deaf('ModifyTargetGroupAttributes') })
    attributes(simulation)
    await expectStuck(simulation, setupInputs, 'ModifyTargetGroupAttributes')
  })

  test('the health check of a preview', async () => {
    const simulation = simulate({ seed: 1, unsigned: true, between: deaf('ModifyTargetGroup') })
    await simulation.act(previewInputs)
    const TargetGroupArn = simulation.topology.targetGroupArns.blue
    simulation.cloud.call('elbv2', 'ModifyTargetGroup', { TargetGroupArn, HealthCheckIntervalSeconds: 17 })
    await expectStuck(simulation, previewInputs, 'ModifyTargetGroup')
  })

  test('the rule of a preview that is deleted', async () => {
    const simulation = simulate({ seed: 1, unsigned: true, between: deaf('DeleteRule') })
    await simulation.act(previewInputs)
    await expectStuck(simulation, destroy, 'DeleteRule')
  })
})

test('a part that is lost again and again is looked for three times', async () => {
  const simulation = simulate({ seed: 1, unsigned: true })
  simulation.wire.faults.add([{ kind: 'error', operation: 'CreateRule', code: 'TargetGroupNotFound', status: 400 }])
  const { report } = await simulation.act(previewInputs)
  expect(report.outcome.status).toBe('failed')
  expect(writes(simulation).filter(operation => operation === 'CreateRule')).toHaveLength(4)
})

test('a push notes itself at the target group, the rule and the service alike', async () => {
  const simulation = simulate({ seed: 1, unsigned: true })
  await simulation.act({ ...previewInputs, 'preview-ttl': '3h' })
  const first = tagsOf(simulation)
  simulation.timeline.advanceTo(simulation.timeline.now() + 3_600_000)
  await simulation.act({ ...previewInputs, image: 'sample-app:0.0.3' })
  const second = tagsOf(simulation)
  expect(Object.keys(second)).toEqual(['group', 'rule', 'service'])
  for (const key of ['run', 'pushed', 'expires'].map(name => `ecs-bluegreen:${name}`)) {
    const values = Object.values(second).map(tags => tags[key])
    expect(values).toEqual(values.map(() => second.group[key]))
    for (const part of ['group', 'rule', 'service'] as const) {
      expect(first[part][key]).toEqual(expect.any(String))
      expect(second[part][key]).not.toBe(first[part][key])
    }
  }
})

type Tags = Readonly<Record<string, string>>

function tagsOf({ cloud, topology }: Simulation): Readonly<Record<'group' | 'rule' | 'service', Tags>> {
  const { cluster } = topology.inputs
  const { TargetGroups } = cloud.call('elbv2', 'DescribeTargetGroups', {}) as {
    readonly TargetGroups: readonly { readonly TargetGroupName: string; readonly TargetGroupArn: string }[]
  }
  const { TargetGroupName: name = '', TargetGroupArn: group = '' } =
    TargetGroups.find(one => one.TargetGroupName.includes('-pr-12-')) ?? {}
  const { Rules } = cloud.call('elbv2', 'DescribeRules', { ListenerArn: topology.productionListenerArns[0] }) as {
    readonly Rules: readonly { readonly RuleArn: string }[]
  }
  const rule = Rules.find(one => JSON.stringify(one).includes(group))?.RuleArn ?? ''
  const elbTags = (arn: string): Tags => {
    const { TagDescriptions } = cloud.call('elbv2', 'DescribeTags', { ResourceArns: [arn] }) as {
      readonly TagDescriptions: readonly {
        readonly Tags: readonly { readonly Key: string; readonly Value: string }[]
      }[]
    }
    return Object.fromEntries(TagDescriptions.flatMap(({ Tags }) => Tags.map(({ Key, Value }) => [Key, Value])))
  }
  const { services } = cloud.call('ecs', 'DescribeServices', { cluster, services: [name], include: ['TAGS'] }) as {
    readonly services: readonly { readonly tags: readonly { readonly key: string; readonly value: string }[] }[]
  }
  const service = Object.fromEntries(services.flatMap(({ tags }) => tags.map(({ key, value }) => [key, value])))
  return { group: elbTags(group), rule: elbTags(rule), service }
}
