/** What is killed at every call of it. To have another mode killed too, add it here. */

export interface Scenario {
  readonly name: string
  /** Brings about what the killed run needs to find, such as a staged candidate, in whole runs of the action. */
  readonly prepare?: (place: Place) => Promise<void>
  /** The run that is killed. */
  readonly killed: (place: Place) => Planned
  /**
   * Runs that may come after it, one of them in each case: each must end well, whatever it finds. `attempt` says that it is the next attempt
   * of the killed run; else it is another run, which comes a little later.
   */
  readonly followers: readonly ((place: Place, killed: Planned) => Planned & { readonly attempt: boolean })[]
}

export interface Planned {
  readonly inputs: Readonly<Record<string, string>>
  /** What is live when the run has ended well. */
  readonly version: string
}

/** Where a scenario plays. */
export interface Place {
  readonly productionUrl: string
  /** What is live before the scenario. */
  readonly live: string
  /** A version that nobody has ever deployed. */
  newVersion(): string
  /** A whole run; throws unless it ends well. */
  run(planned: Planned): Promise<void>
}

function deploys(name: string, inputs: (place: Place) => Readonly<Record<string, string>>): Scenario {
  const planned = (place: Place, version: string) => ({
    inputs: { ...inputs(place), image: `sample-app:${version}` },
    version,
  })
  return {
    name,
    killed: place => planned(place, place.newVersion()),
    followers: [
      (_, killed) => ({ ...killed, attempt: true }),
      place => ({ ...planned(place, place.newVersion()), attempt: false }),
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
]
