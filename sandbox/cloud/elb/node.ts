import type { Route, RoutedRequest, TargetHealthView } from '../ports.ts'
import { targetGroupArns } from './actions.ts'
import type { ControlledNode } from './controlled-node.ts'
import type { ListenerVersion } from './listener-version.ts'
import type { NodeParts } from './member.ts'
import type { NodeMetrics } from './metrics.ts'
import { NodeGroup } from './node-group.ts'
import type { Router } from './router.ts'
import { compileListener } from './routing.ts'
import type { TargetGroup } from './state.ts'

interface Letter {
  readonly listenerArn: string
  readonly version: ListenerVersion | undefined
}

/** One node of a load balancer, with its own and possibly old copy of the listeners. */
export class Node implements ControlledNode {
  readonly id: string
  readonly #parts: NodeParts
  readonly #metrics: NodeMetrics
  readonly #findGroup: (arn: string) => TargetGroup | undefined
  readonly #versions = new Map<string, ListenerVersion>()
  readonly #groups = new Map<string, NodeGroup>()
  readonly #routers = new Map<number, Router>()
  readonly #inbox: Letter[] = []
  #lastArrival = 0

  constructor(id: string, parts: NodeParts, metrics: NodeMetrics, findGroup: (arn: string) => TargetGroup | undefined) {
    this.id = id
    this.#parts = parts
    this.#metrics = metrics
    this.#findGroup = findGroup
  }

  route(request: RoutedRequest): Route {
    const router = this.#routers.get(request.listenerPort)
    return router === undefined
      ? { kind: 'unavailable', because: `node ${this.id} knows no listener on port ${request.listenerPort} yet` }
      : router(request)
  }

  record(route: Route, status: number, durationMs: number, byNode: boolean): void {
    this.#metrics.record(route, status, durationMs, byNode)
  }

  send(listenerArn: string, version: ListenerVersion | undefined, delayMs: number): number {
    const { timeline } = this.#parts
    this.#lastArrival = Math.max(this.#lastArrival, timeline.now() + delayMs)
    this.#inbox.push({ listenerArn, version })
    // Real timers may fire out of order when they are due together: each opens the oldest letter, not its own.
    timeline.at(this.#lastArrival, () => {
      const letter = this.#inbox.shift()
      if (letter !== undefined) this.#apply(letter)
    })
    return this.#lastArrival
  }

  syncTarget(targetGroupArn: string, key: string): void {
    this.#groups.get(targetGroupArn)?.sync(key)
  }

  refreshGroup(targetGroupArn: string): void {
    this.#groups.get(targetGroupArn)?.refresh()
  }

  health(targetGroupArn: string, key: string): TargetHealthView | undefined {
    return this.#groups.get(targetGroupArn)?.health(key)
  }

  #apply({ listenerArn, version }: Letter): void {
    if (version === undefined) this.#versions.delete(listenerArn)
    else this.#versions.set(listenerArn, version)
    this.#syncGroups()
    this.#routers.clear()
    const parts = {
      timeline: this.#parts.timeline,
      random: this.#parts.random,
      group: (arn: string) => this.#groups.get(arn),
    }
    for (const each of this.#versions.values()) this.#routers.set(each.port, compileListener(each, parts))
  }

  #syncGroups(): void {
    const named = new Set<string>()
    for (const version of this.#versions.values()) {
      for (const arn of targetGroupArns(version.defaultActions)) named.add(arn)
      for (const rule of version.rules) for (const arn of targetGroupArns(rule.actions)) named.add(arn)
    }
    for (const [arn, group] of this.#groups) {
      if (named.has(arn)) continue
      group.stop()
      this.#groups.delete(arn)
    }
    for (const arn of named) {
      const group = this.#findGroup(arn)
      if (group !== undefined && !this.#groups.has(arn)) this.#groups.set(arn, new NodeGroup(group, this.#parts))
    }
  }
}
