import type { IdleTests } from '../model/idle-tests.ts'
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
  /** Put the idle service back after a failure. */
  readonly rollbackOnFailure: boolean
  /** Ask `production-url` until only the new version answers. */
  readonly confirm: boolean
}
