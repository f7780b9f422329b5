import type { ControlPlane } from '../cloud/ports.ts'
import type { Topology } from '../cloud/topology.ts'
import type { SeedColor } from '../cloud/topology-options.ts'

/** What the soak knows of the world: read from AWS's own state, with no word of the action's code. */

export const colors = ['blue', 'green'] as const

export type Weights = Readonly<Record<SeedColor, number>>

export interface RouteState {
  readonly arn: string
  readonly weights: Weights
  /** Weight of target groups that are neither color's. */
  readonly strange: number
  /** Colors that the forward action names. */
  readonly named: readonly SeedColor[]
  /** Everything else about the actions, as text. */
  readonly rest: string
}

interface Action {
  readonly Type: string
  readonly TargetGroupArn?: string
  readonly ForwardConfig?: {
    readonly TargetGroups?: readonly { readonly TargetGroupArn: string; readonly Weight?: number }[]
  }
}

export interface Deployment {
  readonly id: string
  readonly status: string
  readonly taskDefinition: string
  readonly rolloutState: string
}

export interface ServiceState {
  readonly status: string
  readonly taskDefinition: string
  readonly desiredCount: number
  readonly runningCount: number
  readonly deployments: readonly Deployment[]
}

export function isRuleArn(arn: string): boolean {
  return arn.includes(':listener-rule/')
}

export function routeState(plane: ControlPlane, topology: Topology, arn: string): RouteState | undefined {
  const answer = isRuleArn(arn)
    ? plane.call('elbv2', 'DescribeRules', { RuleArns: [arn] }).Rules
    : plane.call('elbv2', 'DescribeListeners', { ListenerArns: [arn] }).Listeners
  const [one] = answer as readonly {
    readonly Actions?: readonly Action[]
    readonly DefaultActions?: readonly Action[]
  }[]
  if (one === undefined) return undefined
  const actions = one.Actions ?? one.DefaultActions ?? []
  const groups = actions.flatMap(action => action.ForwardConfig?.TargetGroups ?? [])
  const weightOf = (color: SeedColor) =>
    groups.find(group => group.TargetGroupArn === topology.targetGroupArns[color])?.Weight ?? 0
  const weights = { blue: weightOf('blue'), green: weightOf('green') }
  const all = groups.reduce((sum, group) => sum + (group.Weight ?? 0), 0)
  return {
    arn,
    weights,
    strange: all - weights.blue - weights.green,
    named: colors.filter(color => groups.some(group => group.TargetGroupArn === topology.targetGroupArns[color])),
    rest: JSON.stringify(
      actions.map(({ TargetGroupArn: _scalar, ForwardConfig, ...others }) => {
        const { TargetGroups: _groups, ...config } = ForwardConfig ?? {}
        return { ...others, ...config }
      }),
    ),
  }
}

/** Part of the requests of a route, from 0 to 1. */
export function shareOf({ weights, strange }: Pick<RouteState, 'weights' | 'strange'>, color: SeedColor): number {
  const all = weights.blue + weights.green + strange
  return all === 0 ? 0 : weights[color] / all
}

export function serviceState(plane: ControlPlane, topology: Topology, color: SeedColor): ServiceState {
  const { cluster, service } = topology.inputs
  const { services } = plane.call('ecs', 'DescribeServices', { cluster, services: [`${service}-${color}`] })
  return (services as readonly ServiceState[])[0] as ServiceState
}

export interface TaskState {
  readonly taskArn: string
  readonly startedBy: string
  readonly taskDefinitionArn: string
  readonly lastStatus: string
  readonly address: string
}

export function tasksOf(plane: ControlPlane, topology: Topology, color: SeedColor): readonly TaskState[] {
  const { cluster, service } = topology.inputs
  const { taskArns } = plane.call('ecs', 'ListTasks', { cluster, serviceName: `${service}-${color}` })
  if ((taskArns as readonly string[]).length === 0) return []
  const { tasks } = plane.call('ecs', 'DescribeTasks', { cluster, tasks: taskArns })
  return (tasks as readonly (Omit<TaskState, 'address'> & { attachments: readonly Attachment[] })[]).map(task => ({
    ...task,
    address:
      task.attachments.flatMap(({ details }) => details).find(({ name }) => name === 'privateIPv4Address')?.value ?? '',
  }))
}

interface Attachment {
  readonly details: readonly { readonly name: string; readonly value: string }[]
}

export interface TargetState {
  readonly id: string
  readonly port: number
  readonly state: string
}

export function targetsOf(plane: ControlPlane, topology: Topology, color: SeedColor): readonly TargetState[] {
  const { TargetHealthDescriptions } = plane.call('elbv2', 'DescribeTargetHealth', {
    TargetGroupArn: topology.targetGroupArns[color],
  })
  const described = TargetHealthDescriptions as readonly {
    readonly Target: { readonly Id: string; readonly Port: number }
    readonly TargetHealth: { readonly State: string }
  }[]
  return described.map(({ Target, TargetHealth }) => ({ id: Target.Id, port: Target.Port, state: TargetHealth.State }))
}

export function imageOf(plane: ControlPlane, taskDefinition: string): string {
  const answer = plane.call('ecs', 'DescribeTaskDefinition', { taskDefinition }).taskDefinition as {
    readonly containerDefinitions: readonly { readonly image: string }[]
  }
  return answer.containerDefinitions[0]?.image ?? ''
}

export interface Lock {
  readonly arn: string
  readonly nonce: string
}

export function locksOf(plane: ControlPlane): readonly Lock[] {
  const { TargetGroups } = plane.call('elbv2', 'DescribeTargetGroups', {}) as {
    readonly TargetGroups: readonly { readonly TargetGroupArn: string; readonly TargetGroupName: string }[]
  }
  return TargetGroups.filter(group => group.TargetGroupName.startsWith('ecs-bg-lock-')).map(({ TargetGroupArn }) => ({
    arn: TargetGroupArn,
    nonce: tagsOf(plane, TargetGroupArn).Nonce ?? '',
  }))
}

export function tagsOf(plane: ControlPlane, arn: string): Readonly<Record<string, string>> {
  const { TagDescriptions } = plane.call('elbv2', 'DescribeTags', { ResourceArns: [arn] }) as {
    readonly TagDescriptions: readonly { readonly Tags: readonly { readonly Key: string; readonly Value: string }[] }[]
  }
  return Object.fromEntries((TagDescriptions[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]))
}
