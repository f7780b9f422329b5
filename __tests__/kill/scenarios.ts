import type { RunResult } from '../../sandbox/runner/result.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { Parts } from '../modes/preview-world.ts'
import { previewScenarios } from './preview-scenarios.ts'
import { setupScenario } from './setup-scenario.ts'

/** What is killed at every call of it. To have another mode killed too, add it here. */

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

function deploys(
  name: string,
  inputs: (place: Place) => Readonly<Record<string, string>>,
  ports?: readonly number[],
): Scenario {
  const planned = (place: Place, version: string) => ({
    inputs: { ...inputs(place), image: `sample-app:${version}` },
    version,
  })
  return {
    name,
    ...(ports === undefined ? {} : { ports }),
    killed: place => planned(place, place.newVersion()),
    followers: [
      (_, killed) => ({ ...killed, attempt: true }),
      place => ({ ...planned(place, place.newVersion()), attempt: false }),
      place => backTo(place.live),
    ],
  }
}

function nextDeploy(place: Place) {
  const version = place.newVersion()
  return { inputs: { image: `sample-app:${version}` }, version, attempt: false }
}

function backTo(version: string) {
  return { inputs: { mode: 'rollback', version }, version, attempt: false }
}

const promotes: Scenario = {
  name: 'promote',
  async prepare(place) {
    const version = place.newVersion()
    await place.run({ inputs: { image: `sample-app:${version}`, 'auto-promote': 'false' }, version, stages: true })
  },
  killed: place => ({ inputs: { mode: 'promote', image: `sample-app:${place.staged}` }, version: place.staged }),
  followers: [(_, killed) => ({ ...killed, attempt: true }), nextDeploy, place => backTo(place.live)],
}

/** @param parked nothing runs any more of what production goes back to */
function rollsBack(name: string, parked: boolean, inputs: Readonly<Record<string, string>> = {}): Scenario {
  return {
    name,
    async prepare(place) {
      const version = place.newVersion()
      await place.run({ inputs: { image: `sample-app:${version}` }, version })
      if (parked) await place.park()
    },
    killed: place => ({ inputs: { mode: 'rollback', ...inputs }, version: place.before }),
    followers: [
      // Without a name it must not go forth again, wherever the first one was killed.
      (_, killed) => ({ ...killed, attempt: true }),
      nextDeploy,
      place => backTo(place.before),
    ],
  }
}

export const scenarios: readonly Scenario[] = [
  deploys('all-at-once', () => ({ 'keep-revisions': '2' })),
  deploys('canary', place => ({
    strategy: 'canary',
    'canary-percent': '10',
    'canary-bake-time': '1s',
    'bake-time': '1s',
    'production-url': place.productionUrl,
  })),
  deploys('linear', () => ({ strategy: 'linear', 'step-percent': '34', 'step-bake-time': '1s' })),
  promotes,
  rollsBack('rollback', false),
  rollsBack('rollback-parked', true),
  rollsBack('rollback-canary', false, { strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '1s' }),
  // Killed between the two, traffic is between the colors also when each listener is whole.
  deploys('two-listeners', () => ({}), [8080, 8443]),
  ...previewScenarios,
  setupScenario,
]
