import type { Cloning } from '../aws/clone-ports.ts'
import type { ContainerLogs, ContainerService, LoadBalancing, Scaling } from '../aws/ports.ts'
import type { AlarmView } from '../model/alarm.ts'
import type { ByColor } from '../model/color.ts'
import type { ProbeView } from '../model/probe.ts'
import type { Checklist } from './checklist.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { AskUrl, RunCommand } from './outside.ts'
import type { RunLock } from './run-lock.ts'
import type { RunPage } from './run-page.ts'

/** Asks production from the outside. Real sockets in a run, a simulated client in virtual time. */
export interface ProductionProbe {
  /** Begins to ask; does nothing when it already has. */
  start(): void
  /** The counts so far. */
  look(): ProbeView
  stop(): Promise<ProbeView>
}

/** Everything outside that a run touches. */
export interface World {
  readonly ecs: ContainerService
  readonly elb: LoadBalancing
  readonly scaling: Scaling
  /** What makes services like others, and takes them away. */
  readonly clone: () => Cloning
  /**
   * Which of these pull requests are open, or may be; absent where nobody can ask, `undefined` when the answer did not come. One that is
   * not among them is closed for certain.
   */
  readonly openPullRequests?: (numbers: readonly number[]) => Promise<ReadonlySet<number> | undefined>
  /** Absent where nothing runs that could print. */
  readonly logs?: ContainerLogs
  /** The same for the last look of a run that failed or was cancelled: not ended by the cancel, but by a few seconds. */
  readonly elbAtEnd: () => LoadBalancing
  /** All of AWS for the way out of a cancelled run, and a signal that ends it in time. */
  readonly atEnd: () => Pick<World, 'ecs' | 'elb' | 'scaling' | 'signal'>
  readonly lock: RunLock
  /** What becomes of a shift that was begun, and of the idle service, when the run is cancelled. */
  readonly onCancel: 'restore' | 'leave'
  readonly clock: Clock
  readonly log: Log
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal
  /** Attempts that AWS throttled, so far. */
  readonly throttled: () => number
  readonly probe?: ProductionProbe
  /** Where people follow the run; absent when nobody asked for it. */
  readonly page?: RunPage
  /** The alarms of `alarm-names`, as far as they exist; absent when there are none. Throws a Refusal. */
  readonly describeAlarms?: () => Promise<readonly AlarmView[]>
  /** Asks `test-url`. */
  readonly askUrl: AskUrl
  /** Runs `test-command`. */
  readonly runCommand: RunCommand
  readonly checks: Checklist
  /** Until when the credentials are valid, when the environment says so. */
  readonly credentialsUntil?: number
  readonly names: ByColor<string>
  /** Empty: find the one route that names the colors. */
  readonly listenerArns: readonly string[]
  readonly testListenerArns: readonly string[]
}
