import type { Random } from '../../random.ts'
import type { Timeline } from '../../timeline.ts'
import { AwsFault, type DataPlaneEvents, type LoadBalancerView, type Runtime, type TargetGroups } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'
import { describeAccountLimits } from './account-limits.ts'
import { createArns } from './arns.ts'
import * as attributes from './attributes.ts'
import type { Core } from './core.ts'
import { createDeliveries } from './deliveries.ts'
import * as listeners from './listeners.ts'
import * as loadBalancers from './load-balancers.ts'
import { createMetricStore, type Metrics } from './metrics.ts'
import * as rules from './rules.ts'
import * as tags from './tags.ts'
import * as targetGroups from './target-groups.ts'
import * as targets from './targets.ts'
import { createThrottle } from './throttle.ts'

/** Elastic Load Balancing v2, application load balancers only: the control plane and what each node makes of it. */
export interface Elb {
  /**
   * @param operation as the SDK names it, such as `ModifyListener`
   * @returns the SDK's output members; timestamps are `Date`
   * @throws AwsFault whose `code` is the SDK's error name, such as `PriorityInUseException`
   */
  call(operation: string, input: Record<string, unknown>): Record<string, unknown>
  /** What ECS uses; draws from no token bucket. */
  readonly targets: TargetGroups
  /** What was made so far is old news to everybody. For whoever builds a world that is to be found ready. */
  settle(): void
  loadBalancers(): readonly LoadBalancerView[]
  subscribe(events: DataPlaneEvents): void
  readonly metrics: Metrics
}

export interface ElbParts {
  readonly timeline: Timeline
  readonly random: Random
  readonly settings: CloudSettings
  readonly runtime: Pick<Runtime, 'check'>
}

/** Inputs are parsed by the service's schema before they come here, hence `never`: each handler names its own. */
const OPERATIONS: Readonly<Record<string, (core: Core, input: never) => object>> = {
  AddTags: tags.addTags,
  CreateListener: listeners.createListener,
  CreateLoadBalancer: loadBalancers.createLoadBalancer,
  CreateRule: rules.createRule,
  CreateTargetGroup: targetGroups.createTargetGroup,
  DeleteListener: listeners.deleteListener,
  DeleteLoadBalancer: loadBalancers.deleteLoadBalancer,
  DeleteRule: rules.deleteRule,
  DeleteTargetGroup: targetGroups.deleteTargetGroup,
  DeregisterTargets: targets.deregisterTargets,
  DescribeAccountLimits: describeAccountLimits,
  DescribeListenerAttributes: attributes.describeListenerAttributes,
  DescribeListeners: listeners.describeListeners,
  DescribeLoadBalancerAttributes: attributes.describeLoadBalancerAttributes,
  DescribeLoadBalancers: loadBalancers.describeLoadBalancers,
  DescribeRules: rules.describeRules,
  DescribeTags: tags.describeTags,
  DescribeTargetGroupAttributes: attributes.describeTargetGroupAttributes,
  DescribeTargetGroups: targetGroups.describeTargetGroups,
  DescribeTargetHealth: targets.describeTargetHealth,
  ModifyListener: listeners.modifyListener,
  ModifyLoadBalancerAttributes: attributes.modifyLoadBalancerAttributes,
  ModifyRule: rules.modifyRule,
  ModifyTargetGroup: targetGroups.modifyTargetGroup,
  ModifyTargetGroupAttributes: attributes.modifyTargetGroupAttributes,
  RegisterTargets: targets.registerTargets,
  RemoveTags: tags.removeTags,
  SetRulePriorities: rules.setRulePriorities,
}

export function createElb(parts: ElbParts): Elb {
  const { timeline, random, settings } = parts
  const metrics = createMetricStore(timeline)
  const core: Core = {
    ...parts,
    state: { loadBalancers: new Map(), listeners: new Map(), rules: new Map(), targetGroups: new Map() },
    arns: createArns(settings, random),
    deliveries: createDeliveries(timeline, random, settings),
    metrics,
    subscribers: [],
  }
  const throttle = settings.throttling ? createThrottle(timeline) : () => {}
  return {
    call(operation, input) {
      const handler = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined
      if (handler === undefined) {
        throw new AwsFault('InvalidAction', `The action ${operation} is not valid for this endpoint.`)
      }
      throttle(operation)
      return { ...handler(core, input as never) }
    },
    targets: targets.createTargetGroups(core),
    settle() {
      for (const group of core.state.targetGroups.values()) group.associatedAt = 0
    },
    loadBalancers: () => [...core.state.loadBalancers.values()].map(({ view }) => view),
    subscribe: events => core.subscribers.push(events),
    metrics,
  }
}
