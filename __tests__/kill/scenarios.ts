import { previewScenarios } from './preview-scenarios.ts'
import type { Place, Scenario } from './scenario.ts'
import { setupScenario } from './setup-scenario.ts'

/** What is killed at every call of it. To have another mode killed too, add it here. */

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
