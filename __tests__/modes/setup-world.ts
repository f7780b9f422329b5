import { expect } from '@jest/globals'
import type { TopologyOptions } from '../../sandbox/cloud/topology-options.ts'
import { type PlainOptions, seedPlain } from '../../sandbox/cloud/topology-plain.ts'
import { type Simulation, type SimulationOptions, simulate } from '../../sandbox/simulation.ts'

/** What tests of `mode: setup` begin with: a service that has never heard of blue and green. */

export const setupInputs = { mode: 'setup' } as const

export function plainWorld(
  topology: Partial<TopologyOptions> = {},
  options: Partial<PlainOptions> & Partial<SimulationOptions> = {},
): Simulation {
  const { more, group, ...others } = options
  const plain = { ...(more === undefined ? {} : { more }), ...(group === undefined ? {} : { group }) }
  return simulate({
    seed: 1,
    unsigned: true,
    // A test that makes a crowd draws from the same buckets as the action.
    settings: { serviceVisibleMs: 2_000, throttling: false },
    seedWith: cloud => seedPlain(cloud, topology, plain),
    ...others,
  })
}

type Described = Readonly<Record<string, unknown>>

export function serviceOf({ cloud, topology }: Simulation, name: string): Described | undefined {
  const { cluster } = topology.inputs
  const { services } = cloud.call('ecs', 'DescribeServices', { cluster, services: [name], include: ['TAGS'] })
  return (services as readonly Described[])[0]
}

export function twinOf(simulation: Simulation): Described | undefined {
  return serviceOf(simulation, 'sample-green')
}

/** ARN of the target group that the twin is behind. */
export function twinGroup(simulation: Simulation): string | undefined {
  const { loadBalancers = [] } = twinOf(simulation) ?? {}
  return (loadBalancers as readonly { readonly targetGroupArn?: string }[])[0]?.targetGroupArn
}

/** Actions of every listener and rule of production, by ARN. */
export function actionsOf({ cloud, topology }: Simulation): Readonly<Record<string, unknown>> {
  const listeners = cloud.call('elbv2', 'DescribeListeners', { LoadBalancerArn: topology.loadBalancerArn })
    .Listeners as readonly { readonly ListenerArn: string; readonly DefaultActions: unknown }[]
  const rules = listeners.flatMap(
    ({ ListenerArn }) =>
      cloud.call('elbv2', 'DescribeRules', { ListenerArn }).Rules as readonly {
        readonly RuleArn: string
        readonly Actions: unknown
      }[],
  )
  return Object.fromEntries([
    ...listeners.map(one => [one.ListenerArn, one.DefaultActions] as const),
    ...rules.map(one => [one.RuleArn, one.Actions] as const),
  ])
}

interface Forwarding {
  readonly Type: string
  readonly TargetGroupArn?: string
  readonly ForwardConfig?: {
    readonly TargetGroups: readonly { readonly TargetGroupArn: string; readonly Weight: number }[]
  }
}

/** That every place that named the service's target group names the twin's beside it, and that there is no other difference at all. */
export function expectOnlyTwinAdded(simulation: Simulation, before: Readonly<Record<string, unknown>>): void {
  const { blue } = simulation.topology.targetGroupArns
  const twin = twinGroup(simulation)
  const expected = Object.entries(before).map(([arn, actions]) => [
    arn,
    (actions as readonly Forwarding[]).map(action => {
      const { TargetGroupArn: alone, ForwardConfig, ...rest } = action
      if (alone !== blue) return action
      const TargetGroups = [
        { TargetGroupArn: blue, Weight: 100 },
        { TargetGroupArn: twin, Weight: 0 },
      ]
      return { ...rest, ForwardConfig: { ...ForwardConfig, TargetGroups } }
    }),
  ])
  expect(twin).toEqual(expect.stringContaining(':targetgroup/'))
  expect(actionsOf(simulation)).toEqual(Object.fromEntries(expected))
}
