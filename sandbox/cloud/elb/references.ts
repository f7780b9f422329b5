import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2'
import { targetGroupArns } from './actions.ts'
import type { Core } from './core.ts'
import { refused } from './faults.ts'
import type { Listener, LoadBalancer, Rule } from './state.ts'
import { observeHosts } from './targets.ts'

/** Fixed by AWS: it cannot be raised. */
export const TARGET_GROUPS_PER_LOAD_BALANCER = 100

/**
 * Enters that `holder` names the groups of `after` and no longer those of `before`, and sends its listener to the nodes.
 * A group that nobody names any more stays in use until the last node has heard.
 */
export function commit(core: Core, holder: Listener | Rule, before: readonly Action[], after: readonly Action[]): void {
  const listener = holder.kind === 'listener' ? holder : holder.listener
  const groups = (arns: Iterable<string>) => [...arns].flatMap(arn => core.state.targetGroups.get(arn) ?? [])
  const kept = new Set(targetGroupArns(after))
  const dropped = groups(targetGroupArns(before).filter(arn => !kept.has(arn)))
  for (const group of dropped) group.holders.delete(holder)
  for (const group of groups(kept)) {
    if (group.holders.size === 0) group.associatedAt = core.timeline.now() + core.settings.associationMs
    group.holders.add(holder)
    group.loadBalancer = listener.loadBalancer
  }
  const exists = core.state.listeners.has(listener.arn)
  const arrived = exists ? core.deliveries.publish(listener) : core.deliveries.withdraw(listener)
  for (const group of dropped) if (group.holders.size === 0) group.releasedAt = arrived
  for (const group of [...dropped, ...groups(kept)]) observeHosts(core, group)
}

/**
 * @param holder what is to get the actions; undefined when it is new
 * @throws AwsFault when the load balancer would name too many groups
 */
export function checkTargetGroupQuota(
  core: Core,
  loadBalancer: LoadBalancer,
  holder: Listener | Rule | undefined,
  actions: readonly Action[],
): void {
  const arns = targetGroupArns(actions)
  // Only a group that is new here can be one too many.
  if (arns.every(arn => (core.state.targetGroups.get(arn)?.holders.size ?? 0) > 0)) return
  const named = new Set(arns)
  for (const listener of loadBalancer.listeners) {
    for (const other of [listener, ...listener.rules]) {
      if (other !== holder) for (const arn of targetGroupArns(other.actions)) named.add(arn)
    }
  }
  if (named.size > TARGET_GROUPS_PER_LOAD_BALANCER) {
    throw refused(
      'TooManyUniqueTargetGroupsPerLoadBalancer',
      `The maximum number of unique target groups per load balancer is ${TARGET_GROUPS_PER_LOAD_BALANCER}`,
    )
  }
}
