import { describe, expect, test } from '@jest/globals'
import { cognitoAction, jwtAction, oidcAction } from '../../sandbox/cloud/topology-actions.ts'
import type { TopologyOptions } from '../../sandbox/cloud/topology-options.ts'
import { versionsAt } from './preview-world.ts'
import { actionsOf, expectOnlyTwinAdded, plainWorld, serviceOf, setupInputs, twinGroup, twinOf } from './setup-world.ts'

/** Listeners and rules of every kind: the twin comes in at weight 0, and nothing else changes. */

const https = { productionPorts: [80, 443], httpsPorts: [443] } as const

const shapes: readonly (readonly [string, Partial<TopologyOptions>, number])[] = [
  ['the default action of a listener', {}, 1],
  ['two listeners', https, 2],
  ['a log-in by OpenID Connect before', { ...https, before: { 443: oidcAction('deny') } }, 2],
  ['a log-in by Cognito before', { ...https, before: { 443: cognitoAction() } }, 2],
  ['a token before', { ...https, before: { 443: jwtAction() } }, 2],
  ['group stickiness', { groupStickinessSeconds: 120 }, 1],
  [
    'a rule with a host and a path',
    { defaultForwards: false, rules: [{ priority: 7, host: 'a.example.com', pathPattern: '/a/*' }] },
    1,
  ],
  ['a rule beside the default action', { rules: [{ priority: 7, pathPattern: '/a/*' }] }, 2],
]

test.each(shapes)('%s: written once each, and equal but for the twin', async (_, topology, writes) => {
  const simulation = plainWorld(topology)
  const before = actionsOf(simulation)
  simulation.wire.calls.clear()
  const { report } = await simulation.act(setupInputs)
  expect(report.outcome).toMatchObject({ status: 'succeeded' })
  expectOnlyTwinAdded(simulation, before)
  const written = simulation.wire.calls.list().filter(call => /^Modify(Listener|Rule)$/.test(call.operation))
  expect(written).toHaveLength(writes)
  expect((await simulation.act(setupInputs)).report.outcome.status).toBe('unchanged')
})

test('HTTPS comes first in the inputs of a deploy, and `listener-arns` may name the routes', async () => {
  const simulation = plainWorld(https)
  const [http, secure] = simulation.topology.productionListenerArns
  const { report } = await simulation.act(setupInputs)
  expect(report.setup?.inputs?.['listener-arns']).toBe(`${secure},${http}`)
  const named = await simulation.act({ ...setupInputs, 'listener-arns': `${http},${secure}` })
  expect(named.report.setup?.inputs?.['listener-arns']).toBe(`${http},${secure}`)
})

describe('what the twin is like', () => {
  test('all that makes tasks run is copied, and its own tags come beside those of the original', async () => {
    const more = {
      launchType: undefined,
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 2, base: 1 }],
      platformVersion: '1.4.0',
      enableExecuteCommand: true,
      enableECSManagedTags: true,
    }
    const topology = { healthCheckGracePeriodSeconds: 45, circuitBreaker: 'rollback', maximumPercent: 150 } as const
    const simulation = plainWorld({ ...topology, deregistrationDelaySeconds: 25 }, { more })
    await simulation.act(setupInputs)
    const [original, twin] = ['sample', 'sample-green'].map(name => serviceOf(simulation, name))
    for (const member of [
      'networkConfiguration',
      'capacityProviderStrategy',
      'platformVersion',
      'propagateTags',
      'enableExecuteCommand',
      'enableECSManagedTags',
      'healthCheckGracePeriodSeconds',
      'taskDefinition',
      'deploymentConfiguration',
    ]) {
      expect([member, twin?.[member]]).toEqual([member, original?.[member]])
    }
    expect(twin?.tags).toEqual(
      expect.arrayContaining([
        { key: 'team', value: 'checkout' },
        { key: 'ecs-bluegreen:setup', value: 'sandbox/sample' },
      ]),
    )
    const { Attributes } = simulation.cloud.call('elbv2', 'DescribeTargetGroupAttributes', {
      TargetGroupArn: twinGroup(simulation),
    })
    expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '25' })
  })

  test('`desired-count` starts its tasks, which get no traffic', async () => {
    const simulation = plainWorld()
    await simulation.act({ ...setupInputs, 'desired-count': '2' })
    await simulation.act({ mode: 'status' }, [], { afterMs: 120_000 })
    expect(twinOf(simulation)).toMatchObject({ desiredCount: 2, runningCount: 2 })
    expect(versionsAt(simulation)).toEqual(['0.0.1', '0.0.1'])
  })

  test('percents with which ECS could replace none of so few tasks are told, and the twin has others', async () => {
    const simulation = plainWorld({ maximumPercent: 150 }, { more: { desiredCount: 1 } })
    const { report } = await simulation.act(setupInputs)
    expect(twinOf(simulation)).toMatchObject({
      deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
    })
    expect(report.warnings.join()).toMatch(/With maximumPercent 150 .* none of the 1 task of sample:/)
  })

  test('a service that is called blue gets a twin of that name, and a deploy its base name', async () => {
    const simulation = plainWorld({ service: 'shop-blue' }, { group: 'shop-blue' })
    const { report } = await simulation.act(setupInputs)
    expect(report.setup?.inputs).toMatchObject({ service: 'shop' })
    expect(report.setup?.parts).toContainEqual(['green target group', 'shop-green'])
    const { service } = report.setup?.inputs ?? {}
    const { report: deployed } = await simulation.act({ service: service ?? '', image: 'sample-app:0.0.2' })
    expect(deployed.outcome).toMatchObject({ status: 'succeeded' })
  })

  test('what it does not get is told: service discovery, alarms of ECS, auto scaling', async () => {
    const serviceRegistries = [{ registryArn: 'arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-1' }]
    const simulation = plainWorld({}, { more: { serviceRegistries } })
    simulation.cloud.call('application-autoscaling', 'RegisterScalableTarget', {
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceId: 'service/sandbox/sample',
      MinCapacity: 2,
      MaxCapacity: 6,
    })
    const { report } = await simulation.act(setupInputs)
    expect(report.outcome.status).toBe('succeeded')
    expect(report.warnings).toEqual([
      expect.stringContaining('is in service discovery'),
      expect.stringContaining('sample is kept at 2 to 6 tasks by Application Auto Scaling, and its twin is not'),
    ])
    expect(serviceOf(simulation, 'sample-green')?.serviceRegistries).toEqual([])
  })
})

test('the way back takes the twin out of a listener for testers too, which a deploy has pointed at it', async () => {
  const simulation = plainWorld({ productionPorts: [80, 8080] })
  const { cloud, topology } = simulation
  const [production = '', testers = ''] = topology.productionListenerArns
  const inputs = { ...setupInputs, 'listener-arns': production, 'test-listener-arns': testers }
  expect((await simulation.act(inputs)).report.outcome).toMatchObject({ status: 'succeeded' })
  const DefaultActions = [{ Type: 'forward', TargetGroupArn: twinGroup(simulation) }]
  cloud.call('elbv2', 'ModifyListener', { ListenerArn: testers, DefaultActions })
  const { report } = await simulation.act(inputs, [], { afterMs: 60_000 })
  const undo = report.setup?.undo ?? []
  const command = undo.find(one => one.includes(testers)) ?? ''
  expect(undo.indexOf(command)).toBeLessThan(undo.findIndex(one => one.includes('delete-target-group')))
  expect(command).toContain(topology.targetGroupArns.blue)
  expect(command).not.toContain(twinGroup(simulation))
})

describe('a rule for testers', () => {
  const header = { ...setupInputs, 'test-header': 'X-Stage: idle' } as const

  test.each<[string, Partial<TopologyOptions>, object, string]>([
    ['the default action', {}, {}, '50000'],
    [
      'a rule',
      { defaultForwards: false, rules: [{ priority: 7, host: 'a.example.com', pathPattern: '/version' }] },
      { host: 'a.example.com' },
      '6',
    ],
  ])('beside %s shows testers the idle color, and a deploy keeps it there', async (_, topology, request, priority) => {
    const simulation = plainWorld(topology)
    const { report } = await simulation.act({ ...header, 'desired-count': '1' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    const inputs = report.setup?.inputs ?? {}
    const [listener] = simulation.topology.productionListenerArns
    const rules = simulation.cloud.call('elbv2', 'DescribeRules', { ListenerArn: listener }).Rules
    expect(rules).toContainEqual(expect.objectContaining({ Priority: priority, RuleArn: inputs['test-listener-arns'] }))
    const again = await simulation.act(header, [], { afterMs: 60_000 })
    expect(again.report.outcome.status).toBe('unchanged')
    const tester = { ...request, headers: { 'x-stage': 'idle' } }
    const deployed = await simulation.act({ ...inputs, service: '', image: 'sample-app:0.0.2' })
    expect(deployed.report.outcome).toMatchObject({ status: 'succeeded' })
    await simulation.act(header, [], { afterMs: 60_000 })
    expect(versionsAt(simulation, request)).toEqual(['0.0.2', '0.0.2'])
    expect(versionsAt(simulation, tester)).toEqual(['0.0.1', '0.0.1'])
  })

  test('beside a rule that rewrites requests rewrites them as well', async () => {
    const simulation = plainWorld({ defaultForwards: false, rules: [{ priority: 7, pathPattern: '/v1/*' }] })
    const { cloud, topology } = simulation
    const [RuleArn] = topology.productionArns
    const Rewrites = [{ Regex: '^/v1/(.*)$', Replace: '/$1' }]
    const Transforms = [{ Type: 'url-rewrite', UrlRewriteConfig: { Rewrites } }]
    cloud.call('elbv2', 'ModifyRule', { RuleArn, Transforms })
    expect((await simulation.act(header, [], { afterMs: 10_000 })).report.outcome).toMatchObject({
      status: 'succeeded',
    })
    const [ListenerArn] = topology.productionListenerArns
    const { Rules } = cloud.call('elbv2', 'DescribeRules', { ListenerArn })
    expect(Rules).toContainEqual(expect.objectContaining({ Priority: '6', Transforms }))
  })

  test('with another header than before is refused, and nothing is written', async () => {
    const simulation = plainWorld()
    await simulation.act(header)
    const before = actionsOf(simulation)
    const { report } = await simulation.act({ ...header, 'test-header': 'X-Other: idle' })
    expect(report.outcome).toMatchObject({ failure: { code: 'UPDATE_REFUSED' } })
    expect(actionsOf(simulation)).toEqual(before)
  })
})
