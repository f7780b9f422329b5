import { expect, test } from '@jest/globals'
import type { ControlPlane } from '../../sandbox/cloud/ports.ts'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { previewInputs, versionsAt } from './preview-world.ts'

/** Production is changed by others, and the next push finds it so. */

const host = 'pr-12.preview.example.com'
const pushed = { ...previewInputs, image: 'sample-app:0.0.3' }
const simulated = () => simulate({ seed: 1, unsigned: true })

type Described = Readonly<Record<string, unknown>>

function serviceOf({ cloud }: Simulation, name: string): Described {
  const answer = cloud.call('ecs', 'DescribeServices', { cluster: 'sandbox', services: [name] })
  return (answer.services as readonly Described[])[0] ?? {}
}

function previewOf(simulation: Simulation): Described {
  const { serviceArns } = simulation.cloud.call('ecs', 'ListServices', { cluster: 'sandbox' })
  const arn = (serviceArns as readonly string[]).find(one => one.includes('pr-12')) ?? ''
  return serviceOf(simulation, arn.slice(arn.lastIndexOf('/') + 1))
}

/** Both colors, and the time that ECS needs. */
function changeProduction({ cloud, timeline }: Simulation, change: object) {
  for (const service of ['sample-blue', 'sample-green']) {
    cloud.call('ecs', 'UpdateService', { cluster: 'sandbox', service, ...change })
  }
  timeline.advanceTo(timeline.now() + 240_000)
}

const percents = (maximumPercent: number, minimumHealthyPercent: number) => ({
  deploymentConfiguration: { maximumPercent, minimumHealthyPercent },
})

test.each([
  [150, 100],
  [100, 50],
])('a push replaces the only task although production has the percents %d and %d', async (most, fewest) => {
  const simulation = simulated()
  changeProduction(simulation, percents(most, fewest))
  expect((await simulation.act(previewInputs)).report.outcome).toMatchObject({ status: 'succeeded' })
  expect((await simulation.act(pushed)).report.outcome).toMatchObject({ status: 'succeeded' })
  expect(versionsAt(simulation, { host })).toEqual(['0.0.3', '0.0.3'])
})

test('a preview that has such percents already gets others with the next push', async () => {
  const simulation = simulated()
  await simulation.act(previewInputs)
  const { serviceName: service } = previewOf(simulation)
  simulation.cloud.call('ecs', 'UpdateService', { cluster: 'sandbox', service, ...percents(150, 100) })
  expect((await simulation.act(pushed)).report.outcome).toMatchObject({ status: 'succeeded' })
  expect(versionsAt(simulation, { host })).toEqual(['0.0.3', '0.0.3'])
  expect(previewOf(simulation).deploymentConfiguration).toMatchObject({
    ...percents(200, 100).deploymentConfiguration,
    deploymentCircuitBreaker: { enable: true, rollback: false },
  })
})

test('a push follows a container of production that has another name by now', async () => {
  const simulation = simulated()
  await simulation.act(previewInputs)
  const { cloud } = simulation
  const definition = cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: 'sample' })
    .taskDefinition as Described & { readonly containerDefinitions: readonly Described[] }
  const { networkMode, requiresCompatibilities, cpu, memory, containerDefinitions } = definition
  const { taskDefinition } = cloud.call('ecs', 'RegisterTaskDefinition', {
    ...{ family: 'sample', networkMode, requiresCompatibilities, cpu, memory },
    containerDefinitions: containerDefinitions.map((one, index) => (index === 0 ? { ...one, name: 'web' } : one)),
  }) as { taskDefinition: { taskDefinitionArn: string } }
  for (const service of ['sample-blue', 'sample-green']) {
    const loadBalancers = serviceOf(simulation, service).loadBalancers as readonly object[]
    const renamed = loadBalancers.map(one => ({ ...one, containerName: 'web' }))
    const change = { taskDefinition: taskDefinition.taskDefinitionArn, loadBalancers: renamed }
    cloud.call('ecs', 'UpdateService', { cluster: 'sandbox', service, ...change })
  }
  simulation.timeline.advanceTo(simulation.timeline.now() + 240_000)
  expect((await simulation.act(pushed)).report.outcome).toMatchObject({ status: 'succeeded' })
  expect(versionsAt(simulation, { host })).toEqual(['0.0.3', '0.0.3'])
  expect(previewOf(simulation).loadBalancers).toMatchObject([{ containerName: 'web' }])
})

test('a push after a promote to a color whose target group has another port, which ECS does not use', async () => {
  const between = (aws: ControlPlane): ControlPlane => ({
    call(service, operation, input) {
      const answer = aws.call(service, operation, input)
      if (operation !== 'DescribeTargetGroups') return answer
      const groups = answer.TargetGroups as readonly (Described & { readonly TargetGroupName: string })[]
      const other = (one: (typeof groups)[number]) =>
        one.TargetGroupName.endsWith('-green') ? { ...one, Port: 80 } : one
      return { ...answer, TargetGroups: groups.map(other) }
    },
  })
  const simulation = simulate({ seed: 1, unsigned: true, between })
  await simulation.act(previewInputs)
  expect((await simulation.act({ image: 'sample-app:0.0.5' })).report.outcome.status).toBe('succeeded')
  simulation.timeline.advanceTo(simulation.timeline.now() + 60_000)
  expect((await simulation.act(pushed)).report.outcome).toMatchObject({ status: 'succeeded' })
  expect(versionsAt(simulation, { host })).toEqual(['0.0.3', '0.0.3'])
})

test('a push to another listener takes the rule of the first one away, once the preview is well there', async () => {
  const topology = { productionPorts: [80, 443], httpsPorts: [443] }
  const simulation = simulate({ seed: 1, unsigned: true, topology })
  const [first = '', second = ''] = simulation.topology.productionListenerArns
  const at = (ListenerArn: string) =>
    JSON.stringify(simulation.cloud.call('elbv2', 'DescribeRules', { ListenerArn })).includes('pr-12.preview')
  const both = () => [at(first), at(second)]
  await simulation.act({ ...previewInputs, 'preview-listener-arn': first })
  expect(both()).toEqual([true, false])
  const moved = { ...pushed, 'preview-listener-arn': second }
  const failed = await simulation.act({ ...moved, image: 'sample-app:0.0.3-crash' })
  expect(failed.report.outcome.status).toBe('failed')
  expect(both()).toEqual([true, true])
  simulation.wire.faults.add([{ kind: 'denied', operation: 'DeleteRule', times: 1 }])
  const denied = (await simulation.act(moved)).report
  expect(denied.outcome.status).toBe('succeeded')
  expect(denied.warnings.join()).toMatch(/rule of this preview at its listener of before stays/)
  expect(both()).toEqual([true, true])
  expect((await simulation.act(moved)).report.outcome.status).toBe('succeeded')
  expect(both()).toEqual([false, true])
  expect((await simulation.act(moved)).report.outcome.status).toBe('unchanged')
  const planned = { ...moved, mode: 'plan', 'plan-for': 'preview', 'preview-listener-arn': first }
  expect((await simulation.act(planned)).report.preview?.steps?.join()).toMatch(
    /Delete rule \d+: .* at another listener/,
  )
})

test.each(['sample-app:0.0.2', 'sample-app:0.0.3'])(
  'a push of %s takes the network and ECS Exec of production, for all tasks',
  async image => {
    const simulation = simulated()
    await simulation.act(previewInputs)
    const { networkConfiguration } = structuredClone(serviceOf(simulation, 'sample-blue')) as {
      networkConfiguration: { awsvpcConfiguration: { securityGroups: string[] } }
    }
    networkConfiguration.awsvpcConfiguration.securityGroups = ['sg-0fffffffffffffff0']
    changeProduction(simulation, { networkConfiguration, enableExecuteCommand: true })
    const inputs = { ...previewInputs, image }
    expect((await simulation.act(inputs)).report.outcome).toMatchObject({ status: 'succeeded' })
    const service = previewOf(simulation)
    expect(service).toMatchObject({ networkConfiguration, enableExecuteCommand: true })
    const deployments = service.deployments as readonly Described[]
    expect(deployments.map(one => one.networkConfiguration)).toEqual([networkConfiguration])
    expect((await simulation.act(inputs)).report.outcome.status).toBe('unchanged')
  },
)
