import { describe, expect, test } from '@jest/globals'
import type { Cloud } from '../../sandbox/cloud/cloud.ts'
import { oidcAction } from '../../sandbox/cloud/topology-actions.ts'
import type { TopologyOptions } from '../../sandbox/cloud/topology-options.ts'
import type { seedPlain } from '../../sandbox/cloud/topology-plain.ts'
import type { Simulation } from '../../sandbox/simulation.ts'
import type { FailureCode } from '../../src/model/outcome.ts'
import { forwardTo, groupNamed, parkOther, serveOther } from './setup-others.ts'
import { plainWorld, setupInputs } from './setup-world.ts'

/** What cannot become a pair: each is told with its own words, and nothing is written. */

interface Case {
  readonly topology?: Partial<TopologyOptions>
  /** Members of CreateService. */
  readonly more?: Readonly<Record<string, unknown>>
  readonly group?: string
  readonly before?: (simulation: Simulation) => void
  readonly inputs?: Readonly<Record<string, string>>
}

const header = { 'test-header': 'X-Stage: idle' } as const

const cases: readonly (readonly [string, Case, FailureCode, RegExp])[] = [
  ['no such service', { inputs: { service: 'other' } }, 'SERVICE_NOT_FOUND', /The service other does not exist/],
  [
    'no target group',
    { more: { loadBalancers: [], healthCheckGracePeriodSeconds: undefined } },
    'SETUP_NOT_BALANCED',
    /is behind no target group/,
  ],
  [
    'several target groups',
    { before: twoGroups },
    'SERVICE_UNSUPPORTED',
    /has 2 target groups; this action needs exactly one/,
  ],
  ['a target group that nothing forwards to', { before: detach }, 'SETUP_NOT_BALANCED', /No listener or rule sends/],
  [
    'a network load balancer',
    { topology: { loadBalancer: 'network' } },
    'SERVICE_UNSUPPORTED',
    /is behind a Network or/,
  ],
  [
    'CodeDeploy',
    { more: { deploymentController: { type: 'CODE_DEPLOY' } } },
    'SERVICE_UNSUPPORTED',
    /AWS CodeDeploy changes its task sets/,
  ],
  [
    'blue/green by ECS itself',
    { more: { deploymentConfiguration: { strategy: 'BLUE_GREEN' } } },
    'SERVICE_UNSUPPORTED',
    /ECS itself shifts its traffic \(strategy BLUE_GREEN\)/,
  ],
  ['a daemon', { more: { schedulingStrategy: 'DAEMON', desiredCount: undefined } }, 'SERVICE_UNSUPPORTED', /DAEMON/],
  ['a listener that sends to others too', { before: shareWithOthers }, 'SETUP_SHARED', /also sends requests to arn:/],
  [
    'a listener that sends it nothing',
    { before: weightNothing },
    'SETUP_SHARED',
    /but sends it no requests|also sends/,
  ],
  [
    'another service in its target group',
    { before: shareGroup },
    'SETUP_SHARED',
    /has 1 target that no task of sample has registered/,
  ],
  [
    'the live half of a pair',
    { before: parkOther },
    'SETUP_SHARED',
    /names the target group of api beside .* a pair already/,
  ],
  ['an action that is full', { before: fillAction }, 'QUOTA_EXCEEDED', /forwards to 5 target groups/],
  ['target stickiness', { before: stickToTargets }, 'STICKINESS_CONFLICT', /has no group stickiness/],
  [
    'a listener that was not named',
    {
      topology: { productionPorts: [80, 443], httpsPorts: [443] },
      inputs: { 'listener-arns': 'first' },
    },
    'LISTENER_UNCLEAR',
    /Another listener or rule sends requests to these services/,
  ],
  ['a service of that name', { before: takeService }, 'SETUP_NAME_TAKEN', /The service sample-green is there already/],
  [
    'a target group of that name',
    { before: takeGroup },
    'SETUP_NAME_TAKEN',
    /The target group sample-targets-green is/,
  ],
  ['100 target groups', { before: hundredGroups }, 'QUOTA_EXCEEDED', /has 100 of 100 target groups/],
  [
    '100 rules, and one for testers',
    { before: hundredRules, inputs: header },
    'QUOTA_EXCEEDED',
    /has 100 of 100 rules/,
  ],
  [
    'a log-in that a rule for testers would pass by',
    { topology: { productionPorts: [443], httpsPorts: [443], before: { 443: oidcAction('deny') } }, inputs: header },
    'SETUP_NO_TEST_RULE',
    /asks visitors to log in by OpenID Connect/,
  ],
]

test.each(cases)('%s', async (_, { topology, more, group, before, inputs = {} }, code, says) => {
  const simulation = plainWorld(topology, {
    ...(more === undefined ? {} : { more }),
    ...(group === undefined ? {} : { group }),
  })
  before?.(simulation)
  simulation.wire.calls.clear()
  const [first = ''] = simulation.topology.productionListenerArns
  const given = { ...setupInputs, ...inputs, ...('listener-arns' in inputs ? { 'listener-arns': first } : {}) }
  for (const mode of [{}, { mode: 'plan', 'plan-for': 'setup' }]) {
    // By then ECS shows what was made before.
    const { report } = await simulation.act({ ...given, ...mode }, [], { afterMs: 10_000 })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code, headline: expect.stringMatching(says) } })
    expect('failure' in report.outcome && report.outcome.failure.details.length).toBeGreaterThan(0)
  }
  const writes = simulation.wire.calls.list().filter(call => !/^(Describe|List)/.test(call.operation))
  expect(writes).toEqual([])
})

describe('what is there already', () => {
  test('a pair that others have made is left alone, and its inputs are told', async () => {
    const simulation = plainWorld()
    await simulation.act(setupInputs)
    const { cloud, topology } = simulation
    const { serviceArn } = serviceIn(cloud, 'sample-green')
    cloud.call('ecs', 'UntagResource', { resourceArn: serviceArn, tagKeys: ['ecs-bluegreen:setup'] })
    simulation.wire.calls.clear()
    const { report } = await simulation.act(setupInputs)
    expect(report.outcome).toMatchObject({ status: 'unchanged', because: expect.stringContaining('has not made it') })
    expect(report.setup).toMatchObject({
      undo: [],
      inputs: { 'listener-arns': topology.productionListenerArns[0] },
    })
    expect(simulation.wire.calls.list().filter(call => !/^(Describe|List)/.test(call.operation))).toEqual([])
  })

  test('the twin of a service gets no twin of its own', async () => {
    const simulation = plainWorld()
    await simulation.act(setupInputs)
    const { report } = await simulation.act({ ...setupInputs, service: 'sample-green' })
    expect(report.outcome).toMatchObject({
      failure: { code: 'SETUP_NAME_TAKEN', headline: expect.stringContaining('was made by this action itself') },
    })
  })

  test('a twin that was deleted is made anew, once its name is free', async () => {
    const simulation = plainWorld()
    await simulation.act({ ...setupInputs, 'desired-count': '1' })
    simulation.cloud.call('ecs', 'DeleteService', { cluster: 'sandbox', service: 'sample-green', force: true })
    const { report } = await simulation.act(setupInputs)
    expect(report.outcome.status).toBe('succeeded')
    expect(serviceIn(simulation.cloud, 'sample-green')).toMatchObject({ status: 'ACTIVE' })
  })
})

function serviceIn(cloud: Cloud, name: string): Readonly<Record<string, unknown>> {
  const { services } = cloud.call('ecs', 'DescribeServices', { cluster: 'sandbox', services: [name] })
  const [service] = services as readonly Readonly<Record<string, unknown>>[]
  if (service === undefined) throw new Error(`there is no ${name}`)
  return service
}

function shareWithOthers(simulation: Simulation): void {
  forwardTo(simulation, { [simulation.topology.targetGroupArns.blue]: 50, [groupNamed(simulation.cloud, 'other')]: 50 })
}

function shareGroup(simulation: Simulation): void {
  serveOther(simulation, simulation.topology.targetGroupArns.blue, 1)
}

function weightNothing(simulation: Simulation): void {
  forwardTo(simulation, { [simulation.topology.targetGroupArns.blue]: 0, [groupNamed(simulation.cloud, 'other')]: 0 })
}

function fillAction(simulation: Simulation): void {
  const others = ['a', 'b', 'c', 'd'].map(name => [groupNamed(simulation.cloud, name), 0] as const)
  forwardTo(simulation, { [simulation.topology.targetGroupArns.blue]: 100, ...Object.fromEntries(others) })
}

function stickToTargets({ cloud, topology }: Simulation): void {
  cloud.call('elbv2', 'ModifyTargetGroupAttributes', {
    TargetGroupArn: topology.targetGroupArns.blue,
    Attributes: [
      { Key: 'stickiness.enabled', Value: 'true' },
      { Key: 'stickiness.type', Value: 'lb_cookie' },
    ],
  })
}

function detach(simulation: Simulation): void {
  forwardTo(simulation, { [groupNamed(simulation.cloud, 'other')]: 1 })
}

function twoGroups(simulation: Simulation): void {
  const { cloud, topology } = simulation
  const other = groupNamed(cloud, 'other')
  forwardTo(simulation, { [topology.targetGroupArns.blue]: 100, [other]: 0 })
  cloud.elb.settle()
  const loadBalancers = [topology.targetGroupArns.blue, other].map(targetGroupArn => ({
    targetGroupArn,
    containerName: 'app',
    containerPort: 8080,
  }))
  cloud.call('ecs', 'UpdateService', { cluster: 'sandbox', service: 'sample', loadBalancers })
}

function takeService({ cloud }: Simulation): void {
  cloud.call('ecs', 'CreateService', {
    cluster: 'sandbox',
    serviceName: 'sample-green',
    taskDefinition: 'sample',
    desiredCount: 0,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-01111111111111111'] } },
  })
}

function takeGroup({ cloud }: Simulation): void {
  groupNamed(cloud, 'sample-targets-green')
}

function hundredGroups({ cloud, topology }: Simulation): void {
  for (let number = 1; number < 100; number++) ruleFor(cloud, topology, number, groupNamed(cloud, `other-${number}`))
}

function hundredRules({ cloud, topology }: Simulation): void {
  for (let number = 1; number <= 100; number++) ruleFor(cloud, topology, number, groupNamed(cloud, 'other'))
}

function ruleFor(cloud: Cloud, topology: ReturnType<typeof seedPlain>, number: number, TargetGroupArn: string): void {
  cloud.call('elbv2', 'CreateRule', {
    ListenerArn: topology.productionListenerArns[0],
    Priority: number,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [`/other/${number}`] } }],
    Actions: [{ Type: 'forward', TargetGroupArn }],
  })
}
