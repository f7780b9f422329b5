import type { Check } from './check.ts'
import type { Color } from './color.ts'
import type { LogTail } from './container-log.ts'
import type { LockView } from './journal.ts'
import type { Outcome } from './outcome.ts'
import type { DeployPlan, Policy } from './plan.ts'
import type { PreviewReport } from './preview.ts'
import type { ProbeView } from './probe.ts'
import type { TargetView, Weights } from './routing.ts'
import type { SetupReport } from './setup.ts'
import type { Sides } from './sides.ts'
import type { Standing } from './standing.ts'
import type { Reached } from './strategy.ts'

/** What every report says of its run. */
export type RunFacts = Pick<
  RunReport,
  'cluster' | 'service' | 'region' | 'startedAt' | 'endedAt' | 'checks' | 'warnings'
>

/**
 * All that outputs and summary say, as data. Strings come from AWS and from users: whoever prints them escapes them.
 * Times are milliseconds since the Unix epoch.
 */
export interface RunReport {
  readonly mode:
    | 'deploy'
    | 'promote'
    | 'rollback'
    | 'status'
    | 'plan'
    | 'setup'
    | 'preview'
    | 'preview-destroy'
    | 'preview-sweep'
  readonly outcome: Outcome
  readonly cluster: string
  readonly service: string
  readonly region: string
  readonly startedAt: number
  readonly endedAt: number
  /** Absent when the run ended before it knew which color is live. */
  readonly sides?: Sides
  readonly routes: readonly RouteChange[]
  readonly phases: readonly Phase[]
  /** How much of the traffic the new version got, and when; absent when it got all of it at once, or none. */
  readonly steps?: readonly Reached[]
  /** Shares of the new version since the proof, oldest first, also when all of it moved at once; absent when none did. */
  readonly weights?: readonly Reached[]
  /** Traffic has left the old color during the run, or may have: present only then. */
  readonly left?: true
  /** The targets of each color when the run last looked at them; absent when it never did. */
  readonly targets?: readonly TargetsReport[]
  /** Asked of `production-url`; absent when it was not given or traffic never moved. */
  readonly traffic?: TrafficSeen
  readonly events: readonly { readonly at: number; readonly message: string }[]
  readonly warnings: readonly string[]
  /** Last words of containers that may tell why it failed. */
  readonly logs?: readonly LogTail[]
  /** The preflight, as far as it got. */
  readonly checks: readonly Check[]
  /** Only of mode `plan`, when nothing was NG. */
  readonly plan?: DeployPlan
  /** Only of runs that have to do with previews. */
  readonly preview?: PreviewReport
  /** Only of mode `setup`, and of a plan for it. */
  readonly setup?: SetupReport
  /** What the run needs of IAM, when nobody plans a deploy. */
  readonly policy?: Policy
  /** Something of a cancelled run is left for the post step. */
  readonly unfinished?: true
  /** Who holds the lock of the two services: only of mode `status`, and only when somebody does. */
  readonly lock?: LockView
  /** How both colors stand: only of mode `status`. */
  readonly standing?: Standing
  /** Places in the AWS console that show more about a failure. */
  readonly links?: readonly { readonly label: string; readonly url: string }[]
}

export interface TargetsReport {
  readonly color: Color
  readonly at: number
  readonly targets: readonly TargetView[]
}

export interface RouteChange {
  readonly label: string
  readonly arn: string
  readonly audience: 'production' | 'test'
  readonly before: Weights
  readonly after: Weights
}

export interface Phase {
  readonly name: 'stage' | 'pre-deploy' | 'verify' | 'test' | 'shift' | 'confirm' | 'bake' | 'rollback' | 'settle'
  readonly startedAt: number
  readonly endedAt: number
}

export interface TrafficSeen extends ProbeView {
  readonly url: string
  /** The version that the run was to bring; of the others that answered, those are the old ones. */
  readonly fresh: string
  /**
   * How long both versions answered although the new one had all the traffic: from that write, or the first answer of the new version
   * when it came later, to the last answer of the old one. Absent when either is missing, or traffic moved back.
   */
  readonly mixedMs?: number
  /** Between two requests, on average. */
  readonly everyMs: number
}
