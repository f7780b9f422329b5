import type { TopologyOptions } from '../../sandbox/cloud/topology.ts'
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
    settings: { serviceVisibleMs: 2_000 },
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
