import type { ClientOptions, SdkOverrides } from './aws/clients.ts'
import type { Clock } from './deploy/clock.ts'
import type { Log } from './deploy/log.ts'
import type { AskUrl, RunCommand } from './deploy/outside.ts'
import type { RunPage } from './deploy/run-page.ts'
import type { ProductionProbe, World } from './deploy/world.ts'
import type { Inputs } from './inputs/inputs.ts'
import type { LockOwner } from './model/journal.ts'

/** What a run needs from outside; the real things in `main.ts`, simulated ones in virtual time. */
export interface Surroundings {
  readonly clock: Clock
  readonly log: Log & { warnings(): readonly string[] }
  readonly signal: AbortSignal
  readonly region: string
  /** Who this run is, for the lock. */
  readonly owner: LockOwner
  /** Whether a process of this machine runs: its lock is dead when it does not. */
  readonly runs: (pid: number) => boolean
  readonly userAgent: ClientOptions['userAgent']
  readonly sdk?: SdkOverrides
  /** In [0, 1): how long a retry waits; the runtime's own when absent. */
  readonly random?: () => number
  /** Until when the credentials are valid, when the environment says so; milliseconds since the Unix epoch. */
  readonly credentialsUntil?: number
  /** Asks `test-url`. */
  readonly askUrl: AskUrl
  /** Runs `test-command`. */
  readonly runCommand: RunCommand
  /** Asks `production-url`. */
  readonly startProbe?: (url: string, ratePerSecond: number) => ProductionProbe
  /** Where people follow the run. */
  readonly page?: RunPage
  /** Which of the repository's pull requests are open, for `preview-sweep`. */
  readonly openPullRequests?: NonNullable<World['openPullRequests']>
}

/** What every report calls the run by. */
export function naming(inputs: Inputs, around: Surroundings) {
  return { cluster: inputs.cluster, service: inputs.serviceLabel, region: around.region }
}
