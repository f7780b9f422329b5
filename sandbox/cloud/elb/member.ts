import { between, type Random } from '../../random.ts'
import type { Timeline } from '../../timeline.ts'
import type { CheckResult, Route, Runtime } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'
import { afterCheck, type CheckedHealth, unchecked } from './health.ts'
import type { Registration, TargetGroup } from './state.ts'

/** What the parts of a node need from outside. */
export interface NodeParts {
  readonly timeline: Timeline
  readonly random: Random
  readonly settings: CloudSettings
  readonly runtime: Pick<Runtime, 'check'>
  /** A node has changed its mind about a target of the group. */
  onHealthChanged(group: TargetGroup): void
}

/** One target as one node sees it: it checks its health on a schedule of its own from the first moment on. */
export class Member {
  readonly registration: Registration
  /** The same object for every request: nothing is allocated on the plain path. */
  readonly route: Extract<Route, { kind: 'forward' }>
  readonly #group: TargetGroup
  readonly #parts: NodeParts
  readonly #onChange: () => void
  #health: CheckedHealth = unchecked
  #cancelNext: () => void
  #stopped = false

  constructor(group: TargetGroup, registration: Registration, parts: NodeParts, onChange: () => void) {
    this.registration = registration
    this.route = { kind: 'forward', targetGroupArn: group.arn, target: registration.target, cookies: [] }
    this.#group = group
    this.#parts = parts
    this.#onChange = onChange
    const { minMs, maxMs } = parts.settings.firstCheck
    this.#cancelNext = this.#book(between(parts.random, minMs, maxMs))
  }

  get health(): CheckedHealth {
    return this.#health
  }

  /** No more checks; the answer to one that is under way is ignored. */
  stop(): void {
    this.#stopped = true
    this.#cancelNext()
  }

  #book(delayMs: number): () => void {
    return this.#parts.timeline.at(this.#parts.timeline.now() + delayMs, () => this.#check())
  }

  #check(): void {
    const settings = this.#group.healthCheck
    const { target } = this.registration
    this.#cancelNext = this.#book(settings.intervalSeconds * 1000)
    this.#parts.runtime.check(
      settings.port === 'traffic-port' ? target : { ip: target.ip, port: Number(settings.port) },
      {
        protocol: settings.protocol,
        path: settings.path,
        timeoutMs: settings.timeoutSeconds * 1000,
        matcher: settings.matcher,
      },
      result => this.#onResult(result),
    )
  }

  #onResult(result: CheckResult): void {
    if (this.#stopped) return
    const before = this.#health.view
    this.#health = afterCheck(this.#health, result, this.#group.healthCheck)
    if (this.#health.view.state !== before.state) this.#onChange()
  }
}
