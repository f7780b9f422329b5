import type { LoadBalancerNode, TargetHealthView } from '../ports.ts'
import type { ListenerVersion } from './listener-version.ts'

/** A node as the control plane has it: it is told, late, what was written, and asked what it thinks of targets. */
export interface ControlledNode extends LoadBalancerNode {
  /**
   * A write is on its way: after `delayMs`, and never before those that were sent earlier, the listener is `version`,
   * or gone when that is undefined.
   * @returns when it arrives
   */
  send(listenerArn: string, version: ListenerVersion | undefined, delayMs: number): number
  /** One target of a group was registered or deregistered. */
  syncTarget(targetGroupArn: string, key: string): void
  /** A group's attributes have changed. */
  refreshGroup(targetGroupArn: string): void
  /** What this node thinks of a target; undefined when it does not know it. */
  health(targetGroupArn: string, key: string): TargetHealthView | undefined
}
