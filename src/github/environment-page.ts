import type { RunPage } from '../deploy/run-page.ts'
import type { Closing, Entry } from '../model/environment-page.ts'
import type { RunReport } from '../model/report.ts'
import { closingAfterKill, closingOf, described, isRetired, revisionOf } from '../plan/environment-page.ts'
import type { DeploymentsApi } from './api.ts'
import { createEntries, type EntriesSettings, type NewEntry } from './entries.ts'
import { persistently, type Sleep } from './persistently.ts'
import { Trouble } from './trouble.ts'

export interface PageSettings extends EntriesSettings {
  readonly api: () => Promise<DeploymentsApi>
  readonly environment: string
  readonly mode: RunReport['mode']
  /** What `version` names, or else the version of an image. */
  readonly versionOf: (image: string) => string
  readonly warn: (line: string) => void
  readonly info: (line: string) => void
  /** Keeps something for the post step. */
  readonly save: (name: 'entry' | 'page', value: string) => void
  /** What main kept: `ID REVISION`; absent in main, and when it had opened nothing. */
  readonly kept?: string
  readonly sleep: Sleep
  /** How long all of the end may take, in milliseconds; 10 s when absent. */
  readonly limitMs?: number
}

/** The end of a step may wait for GitHub for so long, in milliseconds. */
const endLimitMs = 10_000

/** An entry of this run. */
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
  /** Nothing of these services is there any more. */
  retire(why: string): Promise<void>
}

export function createEnvironmentPage(settings: PageSettings): EnvironmentPage {
  return new Page(settings)
}

class Page implements EnvironmentPage {
  readonly #settings: PageSettings
  readonly #entries: ReturnType<typeof createEntries>
  readonly #opening = new AbortController()
  #client: Promise<DeploymentsApi> | undefined
  #begun: Omit<NewEntry, 'known'> | undefined
  #opened: Opened | undefined
  #queue: Promise<void> = Promise.resolve()
  /** It was told what is wrong: nothing more is tried. */
  #over = false

  constructor(settings: PageSettings) {
    this.#settings = settings
    this.#entries = createEntries(() => this.#api(), settings)
    this.#opened = keptEntry(settings.kept)
  }

  async ready(): Promise<void> {
    try {
      await this.#api()
    } catch (error) {
      this.#tell(error)
    }
  }

  began({ taskDefinition, image }: Parameters<RunPage['began']>[0]): void {
    const revision = revisionOf(taskDefinition)
    if (this.#over || this.#begun?.revision === revision) return
    const begun = { revision, version: this.#settings.versionOf(image) }
    this.#begun = begun
    this.#queue = this.#queue
      .then(() => this.#open(begun, this.#opening.signal))
      .catch((error: unknown) => {
        // What may pass is tried again at the end.
        if (!(error instanceof Trouble) || error.kind !== 'passing') this.#tell(error)
      })
  }

  async ended(report: RunReport): Promise<void> {
    const closing = closingOf(report, this.#begun)
    if (closing === undefined || report.unfinished) return this.#opening.abort()
    if (report.outcome.status !== 'cancelled') return this.close(closing)
    // GitHub gives a cancelled step a few seconds, which are AWS's; the post step has its own.
    this.#opening.abort()
    await this.#queue
    if (!this.#over) this.#settings.save('page', JSON.stringify(closing))
  }

  async endedByPost(status: RunReport): Promise<void> {
    const entry = this.#opened ?? (await this.#lost())
    if (entry === undefined) return
    this.#opened = entry
    await this.close(closingAfterKill(status, entry))
  }

  async close(closing: Closing): Promise<void> {
    const limit = this.#limit()
    limit.addEventListener('abort', () => this.#opening.abort())
    await this.#queue
    await this.#persistently(() => this.#settle(closing, limit), limit)
  }

  async retire(why: string): Promise<void> {
    const limit = this.#limit()
    await this.#persistently(async () => {
      const states = await this.#entries.statesOf(await this.#entries.ours(limit), limit)
      for (const [id, was] of states) {
        if (isRetired(was, { live: true })) await this.#entries.setState(id, 'inactive', described(why), limit)
      }
    }, limit)
  }

  async #persistently(work: () => Promise<void>, limit: AbortSignal): Promise<void> {
    const wrong = this.#over ? undefined : await persistently(work, limit, this.#settings.sleep)
    if (wrong !== undefined) this.#tell(wrong.error)
  }

  async #open(what: Omit<NewEntry, 'known'>, signal: AbortSignal): Promise<void> {
    if (await this.#entries.jobHasOne(signal)) {
      const { environment, info } = this.#settings
      info(`GitHub keeps the entry of this job on the page of ${environment} by itself`)
      return
    }
    const entries = await this.#entries.ours(signal)
    const known = this.#settings.mode !== 'deploy'
    const { id } =
      (await this.#found(what.revision, entries, signal)) ?? (await this.#create({ ...what, known }, entries, signal))
    await this.#entries.setState(id, 'in_progress', described(`${what.version} is on its way`), signal)
  }

  /** Makes the page say how the run has ended, from whatever it says now. */
  async #settle(closing: Closing, signal: AbortSignal): Promise<void> {
    const entries = await this.#entries.ours(signal)
    let own = await this.#found(closing.revision, entries, signal)
    const others = entries.filter(entry => entry.id !== own?.id)
    const retires = closing.live || closing.state === 'pending'
    const states = retires ? await this.#entries.statesOf(others, signal) : new Map<number, string>()
    const current = others.find(entry => states.get(entry.id) === 'success')
    const said = own === undefined && closing.state === 'success' && current?.note.revision === closing.revision
    if (own === undefined && !said && closing.create && !(await this.#entries.jobHasOne(signal))) {
      own = await this.#create(closing, entries, signal)
    }
    if (own !== undefined) await this.#entries.setState(own.id, closing.state, closing.description, signal)
    const instead = described(`${closing.version} is ${closing.live ? 'live' : 'staged'} instead`)
    for (const [id, was] of states) {
      const stays = (said && id === current?.id) || (own !== undefined && id > own.id)
      if (!stays && isRetired(was, closing)) await this.#entries.setState(id, 'inactive', instead, signal)
    }
  }

  /** This run's, also when nobody heard that it was made; or, for a promote, the one that waits for exactly this revision. */
  async #found(revision: string, entries: readonly Entry[], signal: AbortSignal): Promise<Opened | undefined> {
    if (this.#opened?.revision === revision) return this.#opened
    // The page shows the newest as the last word, so an older one is not taken up again.
    const [newest] = entries
    if (newest?.note.revision !== revision) return undefined
    const { run, mode } = this.#settings
    const isOurs = newest.note.run === run.nonce
    if (!isOurs && (mode !== 'promote' || (await this.#entries.stateOf(newest.id, signal)) !== 'pending')) {
      return undefined
    }
    return this.#remember({ id: newest.id, revision })
  }

  async #create(what: NewEntry, entries: readonly Entry[], signal: AbortSignal): Promise<Opened> {
    const id = await this.#entries.create(what, entries, signal)
    return this.#remember({ id, revision: what.revision })
  }

  #remember(entry: Opened): Opened {
    this.#opened = entry
    this.#settings.save('entry', `${entry.id} ${entry.revision.replace(/\s/g, '')}`)
    return entry
  }

  /** Of a main that was killed before it heard that its entry was made. */
  async #lost(): Promise<Opened | undefined> {
    try {
      const entries = await this.#entries.ours(this.#limit())
      const own = entries.find(entry => entry.note.run === this.#settings.run.nonce)
      return own && { id: own.id, revision: own.note.revision }
    } catch (error) {
      this.#tell(error)
      return undefined
    }
  }

  #api(): Promise<DeploymentsApi> {
    this.#client ??= this.#settings.api()
    return this.#client
  }

  #limit(): AbortSignal {
    return AbortSignal.timeout(this.#settings.limitMs ?? endLimitMs)
  }

  #tell(error: unknown): void {
    if (this.#over) return
    this.#over = true
    const what = error instanceof Error ? error.message : String(error)
    const kind = error instanceof Trouble ? error.kind : 'refused'
    this.#settings.warn(
      `The page of the environment ${this.#settings.environment} on GitHub is not up to date: ${what}. ${whatToDo[kind]}`,
    )
  }
}

const whatToDo = {
  denied: 'Add `permissions: { deployments: write }` to the job, beside what it has, or check github-token.',
  passing: 'The next run puts it right.',
  refused: 'The result of the run is not touched by it.',
} as const satisfies Readonly<Record<Trouble['kind'], string>>

function keptEntry(kept: string | undefined): Opened | undefined {
  const match = /^(\d{1,15}) (\S+)$/.exec(kept ?? '')
  return match?.[1] === undefined || match[2] === undefined ? undefined : { id: Number(match[1]), revision: match[2] }
}
