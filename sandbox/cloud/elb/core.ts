import type { Random } from '../../random.ts'
import type { Timeline } from '../../timeline.ts'
import type { DataPlaneEvents, Runtime } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'
import type { Arns } from './arns.ts'
import type { Deliveries } from './deliveries.ts'
import { refused, required } from './faults.ts'
import type { MetricStore } from './metrics.ts'
import type { ElbState, Listener, LoadBalancer, Rule, TargetGroup } from './state.ts'

/** What every operation works with. */
export interface Core {
  readonly state: ElbState
  readonly timeline: Timeline
  readonly random: Random
  readonly settings: CloudSettings
  readonly runtime: Pick<Runtime, 'check'>
  readonly arns: Arns
  readonly deliveries: Deliveries
  readonly metrics: MetricStore
  readonly subscribers: DataPlaneEvents[]
}

/** @throws AwsFault for a malformed or unknown ARN, like the others here */
export function loadBalancer(core: Core, arn: string | undefined): LoadBalancer {
  const wanted = required(arn, 'LoadBalancerArn')
  core.arns.check('load balancer', wanted)
  const found = core.state.loadBalancers.get(wanted)
  if (found === undefined) throw refused('LoadBalancerNotFound', `Load balancers '[${wanted}]' not found`)
  return found
}

export function listener(core: Core, arn: string | undefined): Listener {
  const wanted = required(arn, 'ListenerArn')
  core.arns.check('listener', wanted)
  const found = core.state.listeners.get(wanted)
  if (found === undefined) throw refused('ListenerNotFound', 'One or more listeners not found')
  return found
}

export function targetGroup(core: Core, arn: string | undefined): TargetGroup {
  const wanted = required(arn, 'TargetGroupArn')
  core.arns.check('target group', wanted)
  const found = core.state.targetGroups.get(wanted)
  if (found === undefined) throw refused('TargetGroupNotFound', `Target groups '${wanted}' not found`)
  return found
}

/** A rule, or the listener whose default rule it is. */
export function rule(core: Core, arn: string | undefined): Rule | Listener {
  const wanted = required(arn, 'RuleArn')
  core.arns.check('listener rule', wanted)
  const found = core.state.rules.get(wanted) ?? defaultRuleOwner(core, wanted)
  if (found === undefined) throw refused('RuleNotFound', 'One or more rules not found')
  return found
}

function defaultRuleOwner(core: Core, ruleArn: string): Listener | undefined {
  const listenerArn = ruleArn.slice(0, ruleArn.lastIndexOf('/')).replace(':listener-rule/', ':listener/')
  const owner = core.state.listeners.get(listenerArn)
  return owner?.defaultRuleArn === ruleArn ? owner : undefined
}
