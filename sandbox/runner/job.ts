import type { JobLog } from './job-log.ts'
import type { Masks } from './masks.ts'

/** What one job knows, and hands from main to post. */
export interface Job {
  readonly log: JobLog
  readonly masks: Masks
  readonly outputs: Map<string, string>
  readonly state: Map<string, string>
  readonly env: Map<string, string>
  /** Last one added comes first in `PATH`. */
  readonly paths: string[]
  readonly workspace: string
  /** Whether `::debug::` is shown (the secret `ACTIONS_STEP_DEBUG`). */
  readonly debug: boolean
}
