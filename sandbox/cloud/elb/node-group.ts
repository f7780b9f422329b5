import type { Route, RoutedRequest, TargetHealthView } from '../ports.ts'
import { bindTarget, boundTarget } from './cookies.ts'
import { Member, type NodeParts } from './member.ts'
import { type Registration, type TargetGroup, zoneEnabled } from './state.ts'

/** One target group as one node knows it: which targets it has heard of, how they are, and whose turn it is. */
export class NodeGroup {
  readonly group: TargetGroup
  readonly #parts: NodeParts
  readonly #members = new Map<string, Member>()
  readonly #empty: Route
  /** Who gets requests now. Rebuilt when a target comes, goes or changes, never for a request. */
  #eligible: readonly Member[] = []
  #turn = 0
  /** Zero without target stickiness. */
  #stickySeconds = 0

  /** Begins to check every target that is registered now. */
  constructor(group: TargetGroup, parts: NodeParts) {
    this.group = group
    this.#parts = parts
    this.#empty = { kind: 'unavailable', because: `${group.name} has no registered target in use` }
    for (const registration of group.targets.values()) this.#admit(registration)
    this.refresh()
  }

  /** Brings one target up to what the control plane says by now. */
  sync(key: string): void {
    const registration = this.group.targets.get(key)
    const member = this.#members.get(key)
    if (member !== undefined && (member.registration !== registration || registration.draining)) {
      member.stop()
      this.#members.delete(key)
    }
    if (registration !== undefined) this.#admit(registration)
    this.refresh()
  }

  stop(): void {
    for (const member of this.#members.values()) member.stop()
    this.#members.clear()
    this.#eligible = []
  }

  /** Undefined for a target that this node has not heard of. */
  health(key: string): TargetHealthView | undefined {
    return this.#members.get(key)?.health.view
  }

  /** Reads the group's attributes again and decides who gets requests. */
  refresh(): void {
    const { attributes } = this.group
    const sticky = attributes.get('stickiness.enabled') === 'true' && attributes.get('stickiness.type') === 'lb_cookie'
    this.#stickySeconds = sticky ? Number(attributes.get('stickiness.lb_cookie.duration_seconds')) : 0
    const members = [...this.#members.values()]
    const healthy = members.filter(member => member.health.view.state === 'healthy')
    // Fail-open: with too few healthy targets a node sends requests to all of them, however ill they are.
    this.#eligible = enough(attributes, healthy.length, members.length) ? healthy : members
  }

  pick(request: RoutedRequest): Route {
    if (this.#stickySeconds > 0) return this.#pickSticky(request)
    return this.#next()?.route ?? this.#empty
  }

  #next(): Member | undefined {
    const eligible = this.#eligible
    if (this.#turn >= eligible.length) this.#turn = 0
    return eligible[this.#turn++]
  }

  #pickSticky(request: RoutedRequest): Route {
    const now = this.#parts.timeline.now()
    const key = boundTarget(request, this.group.arn, now)
    const bound = this.#eligible.find(member => member.registration.key === key)
    const member = bound ?? this.#next()
    if (member === undefined) return this.#empty
    return {
      ...member.route,
      cookies: bindTarget(this.group.arn, member.registration.target, now, this.#stickySeconds),
    }
  }

  #admit(registration: Registration): void {
    const { loadBalancer } = this.group
    if (registration.draining || this.#members.has(registration.key)) return
    if (loadBalancer === undefined || !zoneEnabled(loadBalancer, registration.zone)) return
    const member = new Member(this.group, registration, this.#parts, () => {
      this.refresh()
      this.#parts.onHealthChanged(this.group)
    })
    this.#members.set(registration.key, member)
  }
}

function enough(attributes: ReadonlyMap<string, string>, healthy: number, all: number): boolean {
  const prefix = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets'
  const percentage = attributes.get(`${prefix}.percentage`) ?? 'off'
  if (healthy < Number(attributes.get(`${prefix}.count`) ?? 1)) return false
  return percentage === 'off' || healthy * 100 >= Number(percentage) * all
}
