/** Tests on the idle color before it gets traffic: what is asked of it, and what came back. Durations in milliseconds. */

/** Statuses from `from` to `to`, both included. */
export interface StatusRange {
  readonly from: number
  readonly to: number
}

/** What must hold before traffic moves. */
export interface IdleTests {
  readonly url?: UrlTest
  /** A shell command on the runner. */
  readonly command?: string
  /** What the command is told, beside what the plan knows. */
  readonly cluster: string
}

export interface UrlTest {
  readonly url: string
  readonly expectedStatus: readonly StatusRange[]
  /** Must occur in the answer's body. */
  readonly expectedBody?: string
}

/** One answer of `test-url`. */
export type TestAnswer =
  | {
      readonly kind: 'answered'
      readonly at: number
      readonly status: number
      /** Absent when the answer names none. */
      readonly version?: string
      /** The first 64 KiB. */
      readonly body: string
    }
  /** Refused, reset, timed out, or not HTTP. */
  | { readonly kind: 'failed'; readonly at: number; readonly message: string }

/** How `test-command` ended. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly lastLines: readonly string[] }
  /** Still running when the deploy's time was up: its whole process group was killed. */
  | { readonly kind: 'timed-out'; readonly lastLines: readonly string[] }
  | { readonly kind: 'not-started'; readonly message: string }

/** How far the tests of this run have come. */
export interface TestsSoFar {
  readonly startedAt: number
  /** When a test listener was pointed at the idle color: its nodes obey later, at different times. */
  readonly pointedAt?: number
  readonly firstAskedAt?: number
  /** The latest few, oldest first. */
  readonly answers: readonly TestAnswer[]
  readonly command?: CommandEnd
}

/** The one-off task of `pre-deploy-command`. */
export interface PreDeploy {
  readonly startedAt: number
  readonly taskArn: string
  readonly stopAsked?: true
}
