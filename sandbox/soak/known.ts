import type { SeedColor } from '../cloud/topology-options.ts'
import type { Plan } from './case.ts'

/** What the observer has to know about a run. */
export interface RunFacts {
  readonly run: number
  readonly plan: Plan
  readonly nonce: string
}

/** What the observer has seen of a run. */
export interface Known extends RunFacts {
  /** When it made its first call. */
  since: number
  /** Number of the event at which it last read a route, by ARN; and the services. */
  readonly routeRead: Map<string, number>
  serviceRead: number
  /** When it last changed a service. */
  readonly changed: Map<SeedColor, number>
  /** When its writes had given all production traffic to a color. */
  readonly wholeAt: Map<SeedColor, number>
}

/** The soak draws it in seconds. */
export function bakeMsOf({ plan }: RunFacts): number {
  return Number.parseInt(plan['bake-time'] ?? '0', 10) * 1_000
}
