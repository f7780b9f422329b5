import type { ByColor } from '../model/color.ts'
import type { LogPlace } from '../model/container-log.ts'
import type { RouteView, RoutingAction, TargetGroupAttributes, TargetGroupView, TargetView } from '../model/routing.ts'
import type { ScalingView } from '../model/scaling.ts'
import type { ServiceLaunch, ServiceView, TaskView } from '../model/service.ts'
import type { Described } from '../model/task-definition.ts'

/** What this action asks of Amazon ECS. Every method is one API call unless it says otherwise, and throws a Refusal. */
export interface ContainerService extends OneOffTasks {
  /** Both services in one call. A missing one is a Refusal that names it. */
  describeServices(names: ByColor<string>): Promise<ByColor<ServiceView>>
  /** @param reference an ARN, `family:revision`, or a family for its newest active revision; members that we do not know are there too */
  describeTaskDefinition(reference: string): Promise<Described>
  /**
   * Sends `input` as it is, members that we do not know included.
   *
   * @returns the ARN of the new revision; undefined when the answer got lost, so that it may be there or not
   */
  registerTaskDefinition(input: Readonly<Record<string, unknown>>): Promise<string | undefined>
  /** @returns the service as ECS has it after the update */
  updateService(change: {
    readonly service: string
    readonly taskDefinition: string
    readonly desired: number
    readonly force: boolean
    /** More of what UpdateService takes. */
    readonly settings?: Readonly<Record<string, unknown>>
  }): Promise<ServiceView>
  /** Changes the number of tasks, and nothing else. @returns the service as ECS has it after the update */
  resizeService(service: string, desired: number): Promise<ServiceView>
  /** ARNs of the revisions of a family, the active ones unless said otherwise, newest first; one call for each hundred. */
  listRevisions(family: string, status?: 'ACTIVE' | 'INACTIVE'): Promise<readonly string[]>
  deregisterTaskDefinition(arn: string): Promise<void>
  /** Two calls for each hundred tasks: list, then describe. */
  describeTasks(service: string, state: 'RUNNING' | 'STOPPED'): Promise<readonly TaskView[]>
}

/** Tasks outside of any service. */
export interface OneOffTasks {
  /** @returns the task as it was started; the same one again for the same token */
  runTask(order: {
    readonly service: string
    readonly taskDefinition: string
    readonly container: string
    readonly command: readonly string[]
    readonly launch: ServiceLaunch
    readonly clientToken: string
    /** Said of the task, so that it can be found again. At most 128 letters, digits, hyphens, slashes and underscores. */
    readonly startedBy: string
  }): Promise<TaskView>
  /** A task that was started under this name and is still wanted; one call, or two when there is one. */
  findTask(startedBy: string): Promise<TaskView | undefined>
  /** Undefined when ECS does not know it: not yet, just after its start. */
  describeTask(taskArn: string): Promise<TaskView | undefined>
  stopTask(taskArn: string, reason: string): Promise<void>
}

/** What this action asks of CloudWatch Logs. Both throw a Refusal; a stream that nobody has written to yet is empty. */
export interface ContainerLogs {
  /** The latest lines, oldest first. */
  tail(place: LogPlace, limit: number): Promise<readonly string[]>
  /** Lines from the beginning, or from where an earlier answer ended; the same `next` again means that there are no more. */
  follow(
    place: LogPlace,
    from: string | undefined,
  ): Promise<{ readonly lines: readonly string[]; readonly next?: string }>
}

/** What this action asks of Elastic Load Balancing. */
/** What became of one write. */
export type Written = 'applied' | 'throttled' | 'unanswered'

export interface LoadBalancing {
  describeTargetGroups(arns: ByColor<string>): Promise<ByColor<TargetGroupView>>
  describeAttributes(targetGroupArn: string): Promise<TargetGroupAttributes>
  describeTargets(targetGroupArn: string): Promise<readonly TargetView[]>
  /**
   * One call for the listeners, one for the rules, and one for each when any of them is missing; in the order of `arns`. What is not
   * there is left out: whoever asked knows by then that it has been there.
   */
  describeRoutes(arns: readonly string[]): Promise<readonly RouteView[]>
  /** Every listener and rule of these load balancers: one call for each load balancer and listener, and more for more pages. */
  describeAllRoutes(loadBalancerArns: readonly string[]): Promise<readonly RouteView[]>
  /**
   * Replaces the actions of one listener or rule. Never repeated by itself: between two attempts somebody else may have written.
   *
   * @returns `unanswered` when the answer got lost, so that it may or may not have been applied
   */
  writeRoute(route: RouteView, actions: readonly RoutingAction[]): Promise<Written>
  /** Tags by ARN. */
  describeTags(arns: readonly string[]): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>>
  writeTags(arn: string, tags: Readonly<Record<string, string>>): Promise<void>
}

/** What this action asks of Application Auto Scaling, for services of one cluster. Each is one call, and throws a Refusal. */
export interface Scaling {
  /** By name; a service without a scalable target is not there. */
  describe(services: readonly string[]): Promise<Readonly<Record<string, ScalingView>>>
  /** Changes the minimum, and what is suspended. Safe to repeat. */
  change(service: string, to: ScalingView): Promise<void>
}
