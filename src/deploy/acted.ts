import type { Progress } from '../model/progress.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'

/** What carrying out a step came to. */
export interface Acted {
  readonly progress: Progress
  readonly seen: Snapshot
  /** What the step has made stale. */
  readonly look: readonly Part[]
}
