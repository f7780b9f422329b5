import { standingPreview } from '../../sandbox/standing-preview.ts'
import { problemsOfOnly, problemsOfRest } from './beside.ts'
import type { Beside, Place, Planned, Scenario } from './scenario.ts'

/** Previews beside production, which has nothing to do with any of it. */

const inputsOf = (number: number) => ({ 'preview-id': `pr-${number}`, 'pull-request': String(number) })
const domain = 'preview.example.com'
const hostOf = (number: number) => `pr-${number}.${domain}`

/** The pull request that is pushed to and closed. */
const pull = 7

function pushed(place: Place): Planned {
  const version = place.newVersion()
  const inputs = { mode: 'preview', ...inputsOf(pull), 'preview-domain': domain, image: `sample-app:${version}` }
  return { inputs, version, beside: true }
}

function closed(number: number): Planned {
  return { inputs: { mode: 'preview-destroy', ...inputsOf(number) }, version: '', beside: true }
}

const again = (_: Place, killed: Planned) => ({ ...killed, attempt: true })
const nextPush = (place: Place) => ({ ...pushed(place), attempt: false })
const nowClosed = () => ({ ...closed(pull), attempt: false })

const one: Beside = {
  async verify(place, next, before) {
    const there = next.inputs.mode === 'preview'
    // Where there is no preview, the host is one of production's like any other.
    const wanted = there ? next.version : place.live
    await place.settled()
    const answers = await place.versionsAt(hostOf(pull))
    return [
      ...(answers.join() === wanted ? [] : [`${hostOf(pull)} answers with ${answers.join(', ')} instead of ${wanted}`]),
      ...(there
        ? problemsOfOnly(before, place.parts(), `pr-${pull}`)
        : problemsOfRest(before, place.parts(), 'the end of the preview')),
    ]
  },
  leave: place => place.run(closed(pull)),
}

/** One is beyond its time, nobody has ever pushed to it again; the other stays. */
const outlived = 21
const young = 22
const hour = 3_600_000

const many: Beside = {
  verify: async (place, _, before) => problemsOfOnly(before, place.parts(), `pr-${young}`),
  leave: place => place.run(closed(young)),
}

const sweep: Planned = { inputs: { mode: 'preview-sweep' }, version: '', beside: true }

export const previewScenarios: readonly Scenario[] = [
  { name: 'preview-create', killed: pushed, followers: [again, nextPush, nowClosed], beside: one },
  {
    name: 'preview-update',
    prepare: place => place.run(pushed(place)),
    killed: pushed,
    followers: [again, nextPush, nowClosed],
    beside: one,
  },
  {
    name: 'preview-destroy',
    prepare: place => place.run(pushed(place)),
    killed: () => closed(pull),
    // A pull request that is opened again gets its preview again.
    followers: [again, nextPush],
    beside: one,
  },
  {
    name: 'preview-sweep',
    async prepare({ sandbox }) {
      const now = Date.now()
      const services = [standingPreview(sandbox, outlived, now - 100 * hour), standingPreview(sandbox, young, now)]
      sandbox.cloud.elb.settle()
      for (const makeService of services) makeService()
    },
    killed: () => sweep,
    followers: [again, () => ({ ...sweep, attempt: false })],
    beside: many,
  },
]
