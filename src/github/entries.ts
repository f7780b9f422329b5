import type { Entry, EntryNote, EntryState } from '../model/environment-page.ts'
import {
  commitOf,
  described,
  environmentUrl,
  isOfRunningJob,
  noteIn,
  ofSameServices,
  payloadOf,
} from '../plan/environment-page.ts'
import type { DeploymentsApi } from './api.ts'
import { Trouble } from './trouble.ts'

/** How many earlier entries are looked at, newest first: those of the last runs, and some that failed. */
const walkLimit = 10

/** How many entries may be the job's own: other jobs may be at work in the same environment. */
const jobLimit = 5

export interface EntriesSettings {
  /** What all entries of these two services have in common. */
  readonly about: Pick<EntryNote, 'region' | 'cluster' | 'service'>
  /** Of this run, on GitHub and on the page. */
  readonly run: { readonly nonce: string; readonly id: string; readonly sha: string; readonly url: string }
  readonly productionUrl?: string
  /** Of a pull request: its environment goes with it, and its commit is that of the run, whatever the version is called. */
  readonly isPreview?: true
}

export interface NewEntry {
  readonly revision: string
  readonly version: string
  /** Whether the version was there before this run. */
  readonly known: boolean
}

/** Entries of two services on the page of one environment. Every call may throw a `Trouble`. */
export interface Entries {
  /** Newest first. */
  ours(signal: AbortSignal): Promise<readonly Entry[]>
  /** Whether the job has one with `environment:`. GitHub gives that its states, and a second one would only repeat it. */
  jobHasOne(signal: AbortSignal): Promise<boolean>
  stateOf(id: number, signal: AbortSignal): Promise<string>
  /** States of those down to the one that was live before, and the one behind it. */
  statesOf(entries: readonly Entry[], signal: AbortSignal): Promise<ReadonlyMap<number, string>>
  setState(id: number, to: EntryState, description: string, signal: AbortSignal): Promise<void>
  /** @returns its id */
  create(what: NewEntry, entries: readonly Entry[], signal: AbortSignal): Promise<number>
}

/** @param client the same every time */
export function createEntries(client: () => Promise<DeploymentsApi>, settings: EntriesSettings): Entries {
  const { about, run } = settings
  const { isPreview } = settings
  const task = `${isPreview ? 'preview' : 'deploy'}:${about.service}`

  async function stateOf(id: number, signal: AbortSignal): Promise<string> {
    return (await (await client()).latestStatus(id, signal))?.state ?? 'pending'
  }

  return {
    stateOf,
    async ours(signal) {
      const listed = await (await client()).list({ task }, signal)
      const entries = listed.flatMap(({ id, sha, payload }) => {
        const note = noteIn(payload)
        return note === undefined ? [] : [{ id, sha, note }]
      })
      return ofSameServices(entries, about)
    },
    async jobHasOne(signal) {
      const github = await client()
      const listed = await github.list({ task: 'deploy' }, signal)
      // GitHub says nowhere which commit such an entry has for a pull request.
      const likely = [...listed.filter(one => one.sha === run.sha), ...listed.filter(one => one.sha !== run.sha)]
      for (const { id } of likely.slice(0, jobLimit)) {
        const said = await github.latestStatus(id, signal)
        if (said !== undefined && isOfRunningJob(said, run.id)) return true
      }
      return false
    },
    async statesOf(entries, signal) {
      const states = new Map<number, string>()
      for (const { id } of entries.slice(0, walkLimit)) {
        const was = await stateOf(id, signal)
        const done = was === 'inactive' && [...states.values()].includes('success')
        states.set(id, was)
        if (done) break
      }
      return states
    },
    async setState(id, to, description, signal) {
      const url = to === 'success' || to === 'in_progress' ? environmentUrl(settings.productionUrl) : undefined
      const status = {
        state: to,
        description,
        ...(run.url === '' ? {} : { logUrl: run.url }),
        ...(url === undefined ? {} : { environmentUrl: url }),
      }
      await (await client()).addStatus(id, status, signal)
    },
    async create(what, entries, signal) {
      const github = await client()
      const { revision, version } = what
      const payload = payloadOf({ ...about, run: run.nonce, revision, version })
      const description = described(`${version} of ${about.service}`)
      const make = (ref: string) =>
        github.create({ ref, task, description, payload, ...(isPreview ? { transient: true } : {}) }, signal)
      const ref = isPreview ? run.sha : commitOf(what, entries, run.sha)
      try {
        return await make(ref)
      } catch (error) {
        // A version that looks like a commit may be one of another repository, and an earlier commit may be gone.
        if (!(error instanceof Trouble) || error.status !== 422 || ref === run.sha) throw error
        return make(run.sha)
      }
    },
  }
}
