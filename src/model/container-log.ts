/** Where a container's output is in CloudWatch Logs. */
export interface LogPlace {
  readonly group: string
  readonly stream: string
  readonly region: string
  /** What a policy has to allow reading. */
  readonly arn: string
}

/** The last lines that a container has printed, oldest first; or why they are not here. */
export interface LogTail {
  readonly container: string
  /** Id of its task. */
  readonly task: string
  readonly lines: readonly string[]
  /** What kept them from being read: sentences, each on a line, then perhaps a policy statement. */
  readonly note?: string
}

/** How far the output of a task that is still running was read. */
export interface FollowedLog {
  readonly container: string
  /** Absent when the container does not log to where it can be read. */
  readonly place?: LogPlace
  /** From here on nothing was read. */
  readonly next?: string
  /** The latest lines. */
  readonly tail: readonly string[]
  /** When its task had ended, and no later than the first look that saw it so: clocks may differ. Absent while it runs. */
  readonly endedAt?: number
  /** How often in a row it could not be read by now, and why; absent when the last look went well. */
  readonly missed?: { readonly times: number; readonly because: string }
  /** Why it is not read any more. */
  readonly note?: string
}
