import { type Actor, type Simulation, type SimulationOptions, simulate } from '../../sandbox/simulation.ts'
import type { Clock } from '../../src/deploy/clock.ts'
import type { InputName } from '../../src/inputs/inputs.ts'

/** Whole deploys in virtual time that move traffic step by step, and what others do meanwhile. */

export const url = { 'production-url': 'http://www.example.com/version' }

type Color = 'blue' | 'green'

export interface Weighed {
  readonly at: number
  readonly route: number
  readonly blue: number
  readonly green: number
}

/** What happens beside a deploy. */
export interface Beside extends Simulation {
  readonly clock: Clock
  /** Until the first production route has given green this weight. */
  untilGreenHas(weight: number): Promise<void>
}

/**
 * Runs a deploy, and says every change of the production weights, as AWS itself has them.
 *
 * @param prepare what is so before the deploy begins
 * @param beside what others do meanwhile
 */
export async function deploy(
  inputs: Partial<Record<InputName, string>>,
  options: Partial<SimulationOptions> & {
    readonly prepare?: (simulation: Simulation) => void
    readonly beside?: (beside: Beside) => Promise<void>
  } = {},
) {
  const { prepare, beside, ...more } = options
  // Whoever else looks must not use up the buckets.
  const simulation = simulate({ seed: 1, ...more, settings: { throttling: false, ...more.settings } })
  prepare?.(simulation)
  const changes = record(simulation)
  const others: Actor[] = beside === undefined ? [] : [clock => beside(besides(simulation, clock))]
  const acted = await simulation.act({ image: 'sample-app:0.0.2', ...inputs }, others)
  return { simulation, changes, ...acted }
}

function besides(simulation: Simulation, clock: Clock): Beside {
  return {
    ...simulation,
    clock,
    async untilGreenHas(weight) {
      while (weightsOf(simulation)[0]?.green !== weight) await clock.sleep(10)
    },
  }
}

function record(simulation: Simulation): readonly Weighed[] {
  const { timeline } = simulation
  const changes: Weighed[] = []
  const look = () => {
    for (const [route, weights] of weightsOf(simulation).entries()) {
      const last = changes.findLast(change => change.route === route)
      if (last?.blue !== weights.blue || last.green !== weights.green) {
        changes.push({ at: timeline.now(), route, ...weights })
      }
    }
    timeline.at(timeline.now() + 20, look)
  }
  look()
  return changes
}

/** Weights that one route has had, as `blue/green`. */
export function steps(changes: readonly Weighed[], route = 0): readonly string[] {
  return changes.filter(change => change.route === route).map(({ blue, green }) => `${blue}/${green}`)
}

/** Milliseconds between the changes of one route. */
export function pauses(changes: readonly Weighed[], route = 0): readonly number[] {
  const times = changes.filter(change => change.route === route).map(change => change.at)
  return times.slice(1).map((at, index) => at - (times[index] ?? 0))
}

export function weightsOf({ cloud, topology }: Simulation): readonly Readonly<Record<Color, number>>[] {
  return topology.productionArns.map(arn => {
    const rule = arn.includes(':listener-rule/')
    const answer = rule
      ? cloud.call('elbv2', 'DescribeRules', { RuleArns: [arn] })
      : cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [arn] })
    const [one] = (rule ? answer.Rules : answer.Listeners) as readonly Record<string, unknown>[]
    const actions = (rule ? one?.Actions : one?.DefaultActions) as readonly {
      ForwardConfig: { TargetGroups: readonly { TargetGroupArn: string; Weight: number }[] }
    }[]
    const groups = actions.flatMap(action => action.ForwardConfig.TargetGroups)
    const weight = (color: Color) =>
      groups.find(group => group.TargetGroupArn === topology.targetGroupArns[color])?.Weight ?? 0
    return { blue: weight('blue'), green: weight('green') }
  })
}

/** What a person with the console does. */
export function setWeights({ cloud, topology }: Simulation, blue: number, green: number): void {
  const TargetGroups = [
    { TargetGroupArn: topology.targetGroupArns.blue, Weight: blue },
    { TargetGroupArn: topology.targetGroupArns.green, Weight: green },
  ]
  cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: topology.productionArns[0],
    DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
  })
}

export function serviceOf({ cloud, topology }: Simulation, color: Color) {
  const { cluster, service } = topology.inputs
  const answer = cloud.call('ecs', 'DescribeServices', { cluster, services: [`${service}-${color}`] })
  return (answer.services as readonly unknown[])[0] as {
    readonly serviceName: string
    readonly taskDefinition: string
    readonly desiredCount: number
    readonly deployments: readonly { readonly id: string }[]
  }
}

export function updateService({ cloud, topology }: Simulation, color: Color, change: object): void {
  const { cluster, service } = topology.inputs
  cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-${color}`, ...change })
}

/** ARNs of a color's running tasks. */
export function tasksOf({ cloud, topology }: Simulation, color: Color): readonly string[] {
  const { cluster, service } = topology.inputs
  return cloud.call('ecs', 'ListTasks', { cluster, serviceName: `${service}-${color}` }).taskArns as readonly string[]
}

export function stopTask({ cloud, topology }: Simulation, task: string | undefined): void {
  cloud.call('ecs', 'StopTask', { cluster: topology.inputs.cluster, task, reason: 'retired' })
}

/** From now on so many targets of a color fail their health checks. */
export function sicken({ cloud, topology, runtime }: Simulation, color: Color, count: number): void {
  const answer = cloud.call('elbv2', 'DescribeTargetHealth', { TargetGroupArn: topology.targetGroupArns[color] })
  const described = answer.TargetHealthDescriptions as readonly {
    readonly Target: { readonly Id: string; readonly Port: number }
    readonly TargetHealth: { readonly State: string }
  }[]
  const healthy = described.filter(one => one.TargetHealth.State === 'healthy')
  for (const { Target } of healthy.slice(0, count)) runtime.sicken({ ip: Target.Id, port: Target.Port })
}

/** Names of the API calls that changed something. */
export function writes({ wire }: Simulation): readonly string[] {
  return wire.calls
    .list()
    .map(call => call.operation)
    .filter(operation => !/^(Describe|List)/.test(operation))
}
