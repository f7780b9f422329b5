import type { Simulation } from '../../sandbox/simulation.ts'

/** What tests of the lock look at: always what AWS has, never what a run says. */

export type Tags = Readonly<Record<string, string>>

/** The tags of the only lock; undefined when there is none. */
export function lockTags({ cloud }: Simulation): Tags | undefined {
  const { TargetGroups } = cloud.call('elbv2', 'DescribeTargetGroups', {}) as {
    TargetGroups: readonly { TargetGroupArn: string; TargetGroupName: string }[]
  }
  const locks = TargetGroups.filter(group => group.TargetGroupName.startsWith('ecs-bg-lock-'))
  if (locks.length > 1) throw new Error('there are two locks')
  const [lock] = locks
  if (lock === undefined) return undefined
  const { TagDescriptions } = cloud.call('elbv2', 'DescribeTags', { ResourceArns: [lock.TargetGroupArn] }) as {
    TagDescriptions: readonly { Tags: readonly { Key: string; Value: string }[] }[]
  }
  return Object.fromEntries((TagDescriptions[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]))
}

/** Weights of every production listener. */
export function listeners({ cloud, topology }: Simulation): readonly Readonly<Record<'blue' | 'green', number>>[] {
  return topology.productionArns.map(arn => {
    const { Listeners } = cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [arn] }) as {
      Listeners: readonly { DefaultActions: readonly { ForwardConfig: { TargetGroups: readonly Group[] } }[] }[]
    }
    const groups = Listeners[0]?.DefaultActions.at(-1)?.ForwardConfig.TargetGroups ?? []
    const weightOf = (color: 'blue' | 'green') =>
      groups.find(group => group.TargetGroupArn === topology.targetGroupArns[color])?.Weight ?? 0
    return { blue: weightOf('blue'), green: weightOf('green') }
  })
}

interface Group {
  readonly TargetGroupArn: string
  readonly Weight: number
}

export function service({ cloud, topology }: Simulation, color: 'blue' | 'green') {
  const { cluster, service: base } = topology.inputs
  const answer = cloud.call('ecs', 'DescribeServices', { cluster, services: [`${base}-${color}`] })
  return (answer.services as readonly Record<string, unknown>[])[0] as {
    readonly taskDefinition: string
    readonly desiredCount: number
    readonly runningCount: number
  }
}

export function called(simulation: Simulation, operation: string): boolean {
  return simulation.wire.calls.list().some(call => call.operation === operation)
}

export function writes(simulation: Simulation): readonly string[] {
  return simulation.wire.calls
    .list()
    .map(call => call.operation)
    .filter(operation => !/^(Describe|List)/.test(operation))
}
