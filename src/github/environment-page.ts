import type { RunPage } from '../deploy/run-page.ts'
import type { Closing, Entry, EntryNote, EntryState } from '../model/environment-page.ts'
import type { RunReport } from '../model/report.ts'
import {
  closingAfterKill,
  closingOf,
  commitOf,
  described,
  environmentUrl,
  isOfRunningJob,
  isOpen,
  noteIn,
  ofSameServices,
  payloadOf,
  revisionOf,
} from '../plan/environment-page.ts'
import type { DeploymentsApi } from './api.ts'
import { Trouble } from './trouble.ts'

export interface PageSettings {
  readonly api: () => Promise<DeploymentsApi>
  readonly environment: string
  readonly mode: RunReport['mode']
  /** What all entries of these two services have in common. */
  readonly about: Pick<EntryNote, 'region' | 'cluster' | 'service'>
  /** Of this run, on GitHub and on the page. */
  readonly run: { readonly nonce: string; readonly id: string; readonly sha: string; readonly url: string }
  /** What `version` names, or else the version of an image. */
  readonly versionOf: (image: string) => string
  readonly productionUrl?: string
  readonly warn: (line: string) => void
  readonly info: (line: string) => void
  /** Keeps something for the post step. */
  readonly save: (name: 'entry' | 'page', value: string) => void
  /** What main kept: `ID REVISION`; absent in main, and when it had opened nothing. */
  readonly kept?: string
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** For tests: how long all of the end may take, in milliseconds. */
  readonly limitMs?: number
}

/** The end of a step may wait for GitHub for so long, in milliseconds. */
const endLimitMs = 10_000
const pauseMs = 1_000
const attempts = 3

/** How many earlier entries are looked at, newest first: those of the last runs, and some that failed. */
const walkLimit = 10

/** How many entries may be the job's own: other jobs may be at work in the same environment. */
const jobLimit = 5

interface Opened {
  readonly id: number
  readonly revision: string
}

/**
 * One run on the page of its environment. Best effort: it waits for nothing while the run has something to do, and whatever GitHub
 * does, a run ends as it would have ended; what could not be told becomes one warning.
 */
export interface EnvironmentPage extends RunPage {
  /** Tells how the run has ended. Takes 10 s at most. */
  ended(report: RunReport): Promise<void>
  /** The post step of a main that was killed: by what is live. */
  endedByPost(status: RunReport): Promise<void>
  /** The post step of a main that was cancelled, and has kept how its entry is to end. */
  close(closing: Closing): Promise<void>
}

export function createEnvironmentPage(settings: PageSettings): EnvironmentPage {
  const { environment, about, run, save } = settings
  const opening = new AbortController()
  const task = `deploy:${about.service}`
  let opened = keptEntry(settings.kept)
  let begun: string | undefined
  let queue: Promise<void> = Promise.resolve()
  let api: Promise<DeploymentsApi> | undefined
  let denied = false

  const client = () => {
    api ??= settings.api()
    return api
  }

  async function ours(signal: AbortSignal): Promise<readonly Entry[]> {
    const listed = await (await client()).list({ task }, signal)
    const entries = listed.flatMap(({ id, sha, payload }) => {
      const note = noteIn(payload)
      return note === undefined ? [] : [{ id, sha, note }]
    })
    return ofSameServices(entries, about)
  }

  /** The job has its own with `environment:`; GitHub gives that its states, and a second one would only repeat it. */
  async function jobHasOne(signal: AbortSignal): Promise<boolean> {
    const github = await client()
    const listed = await github.list({ task: 'deploy' }, signal)
    // GitHub says nowhere which commit such an entry has for a pull request.
    const likely = [...listed.filter(one => one.sha === run.sha), ...listed.filter(one => one.sha !== run.sha)]
    for (const { id } of likely.slice(0, jobLimit)) {
      const said = await github.latestStatus(id, signal)
      if (said !== undefined && isOfRunningJob(said, run.id)) return true
    }
    return false
  }

  async function state(id: number, signal: AbortSignal): Promise<string> {
    return (await (await client()).latestStatus(id, signal))?.state ?? 'pending'
  }

  async function setState(id: number, to: EntryState, description: string, signal: AbortSignal): Promise<void> {
    const url = to === 'success' || to === 'in_progress' ? environmentUrl(settings.productionUrl) : undefined
    const status = {
      state: to,
      description,
      ...(run.url === '' ? {} : { logUrl: run.url }),
      ...(url === undefined ? {} : { environmentUrl: url }),
    }
    await (await client()).addStatus(id, status, signal)
  }

  async function create(
    what: { readonly revision: string; readonly version: string; readonly known: boolean },
    entries: readonly Entry[],
    signal: AbortSignal,
  ): Promise<Opened> {
    const github = await client()
    const { revision, version } = what
    const payload = payloadOf({ ...about, run: run.nonce, revision, version })
    const description = described(`${version} of ${about.service}`)
    const make = (ref: string) => github.create({ ref, task, description, payload }, signal)
    const ref = commitOf(what, entries, run.sha)
    const id = await make(ref).catch((error: unknown) => {
      // A version that looks like a commit may be one of another repository, and an earlier commit may be gone.
      if (!(error instanceof Trouble) || error.status !== 422 || ref === run.sha) throw error
      return make(run.sha)
    })
    return remember({ id, revision })
  }

  function remember(entry: Opened): Opened {
    opened = entry
    save('entry', `${entry.id} ${entry.revision.replace(/\s/g, '')}`)
    return entry
  }

  /** An entry whose making was answered by nobody, or one that waits for exactly this revision. */
  async function found(revision: string, entries: readonly Entry[], signal: AbortSignal): Promise<Opened | undefined> {
    if (opened?.revision === revision) return opened
    // The page shows the newest as the last word, so an older one is not taken up again.
    const [newest] = entries
    if (newest?.note.revision !== revision) return undefined
    const isOurs = newest.note.run === run.nonce
    if (isOurs || (settings.mode === 'promote' && (await state(newest.id, signal)) === 'pending')) {
      return remember({ id: newest.id, revision })
    }
    return undefined
  }

  async function open(revision: string, version: string, signal: AbortSignal): Promise<void> {
    if (await jobHasOne(signal)) {
      settings.info(`GitHub keeps the entry of this job on the page of ${environment} by itself`)
      return
    }
    const entries = await ours(signal)
    const what = { revision, version, known: settings.mode !== 'deploy' }
    const { id } = (await found(revision, entries, signal)) ?? (await create(what, entries, signal))
    await setState(id, 'in_progress', described(`${version} is on its way`), signal)
  }

  async function settle(closing: Closing, signal: AbortSignal): Promise<void> {
    const entries = await ours(signal)
    let own = await found(closing.revision, entries, signal)
    const others = entries.filter(entry => entry.id !== own?.id)
    const states = closing.live ? await statesOf(others, signal) : new Map<number, string>()
    const [current] = others.filter(entry => states.get(entry.id) === 'success')
    const said = own === undefined && closing.state === 'success' && current?.note.revision === closing.revision
    if (own === undefined && !said && closing.create && !(await jobHasOne(signal))) {
      own = await create(closing, entries, signal)
    }
    if (own !== undefined) await setState(own.id, closing.state, closing.description, signal)
    for (const [id, was] of states) {
      if ((said && id === current?.id) || !isOpen(was) || (own !== undefined && id > own.id)) continue
      await setState(id, 'inactive', described(`${closing.version} is live instead`), signal)
    }
  }

  /** Newest first, down to the one that was live before and the one behind it. */
  async function statesOf(entries: readonly Entry[], signal: AbortSignal): Promise<ReadonlyMap<number, string>> {
    const states = new Map<number, string>()
    for (const { id } of entries.slice(0, walkLimit)) {
      const was = await state(id, signal)
      const done = was === 'inactive' && [...states.values()].includes('success')
      states.set(id, was)
      if (done) break
    }
    return states
  }

  function tellTrouble(error: unknown): void {
    const trouble = error instanceof Trouble ? error : undefined
    denied = true
    const what = trouble?.message ?? (error instanceof Error ? error.message : String(error))
    const todo =
      trouble?.kind === 'denied'
        ? 'Add `permissions: { deployments: write }` to the job, beside what it has, or check github-token.'
        : 'The next run puts it right.'
    settings.warn(`The page of the environment ${environment} on GitHub is not up to date: ${what}. ${todo}`)
  }

  async function persist(closing: Closing): Promise<void> {
    if (denied) return
    const limit = AbortSignal.timeout(settings.limitMs ?? endLimitMs)
    const giveUp = () => opening.abort()
    limit.addEventListener('abort', giveUp)
    await queue
    if (denied) return
    for (let left = attempts - 1; ; left--) {
      try {
        return await settle(closing, limit)
      } catch (error) {
        const again = error instanceof Trouble && error.kind === 'passing' && !limit.aborted && left > 0
        if (!again || !(await paused(limit))) return tellTrouble(error)
      }
    }
  }

  async function paused(limit: AbortSignal): Promise<boolean> {
    try {
      await settings.sleep(pauseMs, limit)
      return true
    } catch (error) {
      if (!limit.aborted) throw error
      return false
    }
  }

  return {
    async ready() {
      try {
        await client()
      } catch (error) {
        tellTrouble(error)
      }
    },
    began({ taskDefinition, image }) {
      const revision = revisionOf(taskDefinition)
      if (denied || begun === revision) return
      begun = revision
      queue = queue
        .then(() => open(revision, settings.versionOf(image), opening.signal))
        .catch((error: unknown) => {
          // What may pass is tried again at the end.
          if (!(error instanceof Trouble) || error.kind !== 'passing') tellTrouble(error)
        })
    },
    async ended(report) {
      const closing = closingOf(report, begun !== undefined)
      if (closing === undefined || report.unfinished) return opening.abort()
      if (report.outcome.status !== 'cancelled') return persist(closing)
      // GitHub gives a cancelled step a few seconds, which are AWS's; the post step has its own.
      opening.abort()
      await queue
      if (begun !== undefined && !denied) save('page', JSON.stringify(closing))
    },
    async endedByPost(status) {
      const entry = opened ?? (await lostEntry())
      if (entry === undefined) return
      opened = entry
      await persist(closingAfterKill(status, entry))
    },
    close: persist,
  }

  /** Of a main that was killed before it heard that its entry was made. */
  async function lostEntry(): Promise<Opened | undefined> {
    try {
      const entries = await ours(AbortSignal.timeout(settings.limitMs ?? endLimitMs))
      const own = entries.find(entry => entry.note.run === run.nonce)
      return own && { id: own.id, revision: own.note.revision }
    } catch (error) {
      tellTrouble(error)
      return undefined
    }
  }
}

function keptEntry(kept: string | undefined): Opened | undefined {
  const match = /^(\d{1,15}) (\S+)$/.exec(kept ?? '')
  return match?.[1] === undefined || match[2] === undefined ? undefined : { id: Number(match[1]), revision: match[2] }
}
