export type Stage = 'main' | 'post'

/** What a run came to. `lost`: the runner went away, and nobody heard of outputs, files or `post`. */
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'lost'

export interface LogLine {
  /** Milliseconds since the Unix epoch at which the runner read it. */
  readonly at: number
  readonly stage: Stage
  readonly kind: 'text' | 'group' | 'end-group' | 'error' | 'warning' | 'notice' | 'debug'
  /** Masked, without any prefix. Errors, warnings and notices may have several lines; a group has its title. */
  readonly text: string
}

export interface Annotation {
  readonly stage: Stage
  readonly kind: 'error' | 'warning' | 'notice'
  /** Masked, at most 4096 characters. */
  readonly message: string
  /** `title`, `file`, `line`, `endLine`, `col`, `endColumn`, as far as they were given. */
  readonly properties: Readonly<Record<string, string>>
}

export interface StageResult {
  readonly conclusion: Conclusion
  /** Null when a signal ended it, or it could not be started. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Milliseconds of wall time from the start of the process to its end. */
  readonly durationMs: number
  /** Masked Markdown; empty when there is none or it was too large. */
  readonly summary: string
}

export interface RunResult {
  readonly conclusion: Conclusion
  /** Of main; null when a signal ended it, or it could not be started. */
  readonly exitCode: number | null
  readonly main: StageResult
  /** Undefined when the action has none, `post-if` did not hold, or the runner was lost. */
  readonly post: StageResult | undefined
  /** As later steps get them: not masked. */
  readonly outputs: Readonly<Record<string, string>>
  /** Names of outputs that hold a secret: GitHub does not hand these on as outputs of a job. */
  readonly secretOutputs: readonly string[]
  /** What was set for later steps by `GITHUB_ENV`. */
  readonly env: Readonly<Record<string, string>>
  /** Added to `PATH` by `GITHUB_PATH`, first one first. */
  readonly paths: readonly string[]
  readonly state: Readonly<Record<string, string>>
  /** The summaries of main and post, one after the other, masked. */
  readonly summary: string
  /** At most ten of each kind for each of main and post, as GitHub shows. */
  readonly annotations: readonly Annotation[]
  readonly log: readonly LogLine[]
  /** Titles of the groups in the log, in order. */
  readonly groups: readonly string[]
}
