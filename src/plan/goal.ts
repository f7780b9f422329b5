import type { IdleTests } from '../model/idle-tests.ts'
import type { Strategy } from '../model/strategy.ts'
import type { ContainerSettings, DefinitionBase } from '../model/task-definition.ts'

/** What a deploy is asked for. Durations in milliseconds. */
export interface DeployGoal {
  /** What `container` gets, or already has in what is deployed. */
  readonly image: string
  /** The container that the version is known by. */
  readonly container: string
  /** Images that change, by container. Absent: `image` alone. */
  readonly images?: Readonly<Record<string, string>>
  /** Absent: the live revision. */
  readonly base?: DefinitionBase
  readonly settings?: ContainerSettings
  /** What production must call the new version. */
  readonly version: string
  readonly desiredCount?: number
  readonly minHealthyTargets?: number
  /** Words of a command to run in a task of the candidate before the idle service is touched. */
  readonly preDeploy?: readonly string[]
  /** What the proven candidate must pass before traffic moves. */
  readonly tests?: IdleTests
  /** Others are kept away by a lock; before its first write a run that takes it looks again. */
  readonly locked?: boolean
  readonly timeoutMs: number
  readonly pollIntervalMs?: number
  /** After a failure, give traffic back to the old color and put the idle service back. */
  readonly rollbackOnFailure: boolean
  /** Absent: all at once. */
  readonly strategy?: Strategy
  /** How long the new version is watched under all the traffic. */
  readonly bakeMs?: number
  readonly alarms?: AlarmGoal
  /** How `production-url` is asked, and how many of the requests may fail from the first write on. */
  readonly probe?: { readonly ratePerSecond: number; readonly maxFailed: number }
  /** Tasks of the old color once nobody can need it any more; absent: as many as it has. */
  readonly idleCount?: number
  /** How many active revisions of the family stay registered; absent: all. */
  readonly keepRevisions?: number
  /** Stop when the candidate is proven and tested on the idle color. */
  readonly stageOnly?: boolean
  /** What the idle color runs already is used as it runs there, whatever its tag may stand for by now. */
  readonly asIs?: boolean
  /** Production goes back: what it leaves is noted, so that asking again does not go there. */
  readonly rollback?: boolean
  /** Ask `production-url` until only the new version answers. */
  readonly confirm: boolean
}

/** Alarms that decide whether traffic stays with the new version. */
export interface AlarmGoal {
  readonly names: readonly string[]
  /** Alarms that were in ALARM at the start and are to be ignored until they leave it, with the time at which they came into it. */
  readonly ignored: Readonly<Record<string, number>>
  /** How long they may be without a verdict. */
  readonly unknownLimitMs: number
}
