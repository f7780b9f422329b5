import type { ByColor } from './color.ts'
import type { Journal } from './journal.ts'
import type { Side } from './sides.ts'

/** How everything stands, as `mode: status` tells it. What it learns to look at has a member here, and its lines in report/status. */
export interface Standing {
  readonly colors: ByColor<ColorStanding>
  /** Absent when nobody looks (`lock: false`), or when there is one, which the report has. */
  readonly unlocked?: true
  readonly shift?: Shift
  /** What does not fit together; absent while a run is at work, whose doing it may be. */
  readonly drift?: readonly Drift[]
}

export interface Drift {
  /** `unread`: AWS does not show what would tell. */
  readonly kind:
    | 'listeners'
    | 'test-listener'
    | 'tags'
    | 'revision'
    | 'parked'
    | 'scaling'
    | 'lock'
    | 'journal'
    | 'unread'
  /** Name or ARN of what it is about. */
  readonly on: string
  readonly says: string
}

export interface ColorStanding extends Side {
  readonly role: 'live' | 'idle' | 'unclear'
  readonly targets: TargetsSeen
}

export type TargetsSeen =
  | { readonly kind: 'read'; readonly healthy: number; readonly total: number }
  | { readonly kind: 'unread'; readonly because: string }

/** Traffic is between the colors because of a run. */
export interface Shift {
  readonly journal: Journal
  /** That run may still be at work. */
  readonly alive: boolean
}
