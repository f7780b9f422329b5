import type { Outcome } from '../../src/model/outcome.ts'
import type { BreakName } from './breaks.ts'
import { playSeed } from './play.ts'
import { tellViolation } from './tell.ts'

// The SDK makes hundreds of errors that it never shows, for settings that the environment does not have; a replay has the stacks.
Error.stackTraceLimit = 0

export interface Task {
  readonly seed: number
  readonly broken?: BreakName
}

/** What a worker tells of each case. */
export interface WorkerSays {
  readonly seed: number
  readonly broken?: BreakName
  readonly ms: number
  /** How each run has ended. */
  readonly ends: readonly (Outcome['status'] | 'killed')[]
  /** Absent when every rule held. */
  readonly violation?: { readonly rules: readonly string[]; readonly text: string }
}

/** Plays the seeds that its parent sends, one after another, and says of each how it went. */
process.on('message', (task: Task) => {
  void playAndSay(task)
})

async function playAndSay({ seed, broken }: Task): Promise<void> {
  const startedAt = performance.now()
  const played = await playSeed(seed, broken)
  const rules = [...new Set(played.violations.map(({ rule }) => rule))]
  const says: WorkerSays = {
    seed,
    ...(broken === undefined ? {} : { broken }),
    ends: played.outcomes.map(outcome => outcome?.status ?? 'killed'),
    ms: performance.now() - startedAt,
    ...(rules.length === 0 ? {} : { violation: { rules, text: tellViolation(played) } }),
  }
  process.send?.(says)
}
