import { between, type Random } from '../../random.ts'
import type { Timeline } from '../../timeline.ts'
import type { CloudSettings, Span } from '../settings.ts'
import type { ListenerVersion } from './listener-version.ts'
import type { Listener, TargetGroup } from './state.ts'

/** Targets come and go faster than rules do. AWS publishes no number for either. */
const TARGET_DELAY: Span = { minMs: 100, maxMs: 400 }

/** Carries what was written to the nodes; each hears of it after a delay of its own. */
export interface Deliveries {
  /** @returns when the last node will obey */
  publish(listener: Listener): number
  /** @returns when the last node will have forgotten the listener */
  withdraw(listener: Listener): number
  /** A target was registered or deregistered. @returns when the last node will know */
  targetChanged(group: TargetGroup, key: string): number
  attributesChanged(group: TargetGroup): void
}

export function createDeliveries(timeline: Timeline, random: Random, settings: CloudSettings): Deliveries {
  const draw = (span: Span) => between(random, span.minMs, span.maxMs)
  const send = (listener: Listener, version: ListenerVersion | undefined) => {
    let last = timeline.now()
    for (const node of listener.loadBalancer.nodes) {
      last = Math.max(last, node.send(listener.arn, version, draw(settings.propagation)))
    }
    return last
  }
  return {
    publish: listener => send(listener, versionOf(listener)),
    withdraw: listener => send(listener, undefined),
    targetChanged(group, key) {
      let last = timeline.now()
      for (const node of group.loadBalancer?.nodes ?? []) {
        const arrival = timeline.now() + draw(TARGET_DELAY)
        timeline.at(arrival, () => node.syncTarget(group.arn, key))
        last = Math.max(last, arrival)
      }
      return last
    },
    attributesChanged(group) {
      for (const node of group.loadBalancer?.nodes ?? []) {
        timeline.at(timeline.now() + draw(TARGET_DELAY), () => node.refreshGroup(group.arn))
      }
    },
  }
}

/** Rules' lists are replaced whole and never edited, so a version needs no copy of them. */
function versionOf(listener: Listener): ListenerVersion {
  return {
    arn: listener.arn,
    port: listener.port,
    protocol: listener.protocol,
    defaultActions: listener.actions,
    rules: [...listener.rules]
      .toSorted((a, b) => a.priority - b.priority)
      .map(({ conditions, actions, transforms }) => ({ conditions, actions, transforms })),
  }
}
