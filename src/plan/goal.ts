/** What a deploy is asked for. Durations in milliseconds. */
export interface DeployGoal {
  readonly image: string
  readonly container: string
  /** What production must call the new version. */
  readonly version: string
  readonly desiredCount?: number
  readonly minHealthyTargets?: number
  readonly timeoutMs: number
  readonly pollIntervalMs?: number
  /** Put the idle service back after a failure. */
  readonly rollbackOnFailure: boolean
  /** Ask `production-url` until only the new version answers. */
  readonly confirm: boolean
}
