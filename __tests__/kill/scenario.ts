import type { RunResult } from '../../sandbox/runner/result.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { Parts } from '../modes/preview-world.ts'

export interface Scenario {
  readonly name: string
  /** `plain`: a single service that has no twin yet. Else a pair. */
  readonly world?: 'plain'
  /** Ports of the production listeners; one of the sandbox's own when absent. */
  readonly ports?: readonly number[]
  /** Brings about what the killed run needs to find, such as a staged candidate, in whole runs of the action. */
  readonly prepare?: (place: Place) => Promise<unknown>
  /** The run that is killed. */
  readonly killed: (place: Place) => Planned
  /**
   * Runs that may come after it, one of them in each case: each must end well, whatever it finds. `attempt` says that it is the next attempt
   * of the killed run; else it is another run, which comes a little later.
   */
  readonly followers: readonly ((place: Place, killed: Planned) => Planned & { readonly attempt: boolean })[]
  /** For what stands beside production, which stays as it is through all of it. */
  readonly beside?: Beside
}

export interface Beside {
  /** What is wrong with it when the run that follows has ended well. */
  verify(place: Place, next: Planned, before: Parts): Promise<readonly string[]>
  /** Takes it away: then nothing may be left. */
  leave(place: Place): Promise<unknown>
}

export interface Planned {
  readonly inputs: Readonly<Record<string, string>>
  /** What the run tells as its version when it has ended well: what is live then, unless it only stages. */
  readonly version: string
  /** Production stays where it is. */
  readonly stages?: boolean
  /** The pair has nothing to do with it. */
  readonly beside?: true
}

/** Where a scenario plays. */
export interface Place {
  readonly productionUrl: string
  /** What is live. */
  readonly live: string
  /** What was live before that. */
  readonly before: string
  /** What was staged last. */
  readonly staged: string
  /** A version that nobody has ever deployed. */
  newVersion(): string
  /** Stops all tasks of the color without traffic, as somebody may who wants to save money; not as the action does, which waits for minutes. */
  park(): Promise<void>
  /** A whole run; throws unless it ends well. */
  run(planned: Planned): Promise<RunResult>
  readonly sandbox: Pick<Sandbox, 'cloud' | 'topology'>
  /** Everything that could leak, as AWS tells of it. */
  parts(): Parts
  /** Of production, by color. */
  weights(): Readonly<Record<string, number>>
  /** All nodes have heard of every change. */
  settled(): Promise<void>
  /** What is answered under this host, by all nodes. */
  versionsAt(host: string): Promise<readonly string[]>
}
