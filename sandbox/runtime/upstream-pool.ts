import type { TargetAddress } from '../cloud/ports.ts'
import type { Endpoint } from './health-check.ts'
import { Upstream, type UpstreamOwner } from './upstream.ts'

/** The connections to one target: those without a request are taken again, the last used first. */
class TargetConnections implements UpstreamOwner {
  readonly all = new Set<Upstream>()
  readonly idle: Upstream[] = []

  onIdle(upstream: Upstream): void {
    this.idle.push(upstream)
  }

  onGone(upstream: Upstream): void {
    this.all.delete(upstream)
    const index = this.idle.indexOf(upstream)
    if (index >= 0) this.idle.splice(index, 1)
  }
}

export class UpstreamPool {
  readonly #resolve: (target: TargetAddress) => Endpoint | undefined
  readonly #targets = new Map<string, TargetConnections>()

  constructor(resolve: (target: TargetAddress) => Endpoint | undefined) {
    this.#resolve = resolve
  }

  /**
   * A connection for one request; it may not be connected yet.
   * @param fresh take none that has been used before
   * @returns undefined when nobody has the target's address
   */
  take(target: TargetAddress, fresh: boolean): Upstream | undefined {
    const key = `${target.ip}:${target.port}`
    const connections = this.#targets.get(key)
    const idle = fresh ? undefined : connections?.idle.pop()
    return idle ?? this.#connect(target, key, connections)
  }

  #connect(target: TargetAddress, key: string, known: TargetConnections | undefined): Upstream | undefined {
    const endpoint = this.#resolve(target)
    if (endpoint === undefined) return undefined
    const connections = known ?? new TargetConnections()
    this.#targets.set(key, connections)
    const upstream = new Upstream(endpoint, connections)
    connections.all.add(upstream)
    return upstream
  }

  /** Cuts every connection to the target, busy or not. */
  drop(target: TargetAddress): void {
    const key = `${target.ip}:${target.port}`
    const connections = this.#targets.get(key)
    this.#targets.delete(key)
    for (const upstream of connections?.all ?? []) upstream.cutOff(true)
  }

  /** Closes what has carried nothing since `before`, as `performance.now()` counts. */
  closeIdle(before: number): void {
    for (const [key, connections] of this.#targets) {
      for (const upstream of [...connections.idle]) if (upstream.lastActive < before) upstream.cutOff(false)
      if (connections.all.size === 0) this.#targets.delete(key)
    }
  }

  close(): void {
    for (const { all } of this.#targets.values()) for (const upstream of all) upstream.cutOff(false)
    this.#targets.clear()
  }
}
