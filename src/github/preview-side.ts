import type { Clock } from '../deploy/clock.ts'
import type { Log } from '../deploy/log.ts'
import type { World } from '../deploy/world.ts'
import { headCommitOf } from '../inputs/event.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { previewTask } from '../inputs/preview.ts'
import type { LockOwner } from '../model/journal.ts'
import type { PreviewNews } from '../model/preview.ts'
import type { RunReport } from '../model/report.ts'
import { type CommentFacts, commentBody, marker } from '../report/preview-comment.ts'
import { newsOf } from '../report/preview-news.ts'
import { mayBeOpen } from './open-pulls.ts'
import { nameOf } from './page-of.ts'
import { persistently, type Sleep } from './persistently.ts'
import { writeComment } from './preview-comment.ts'
import { previewPage } from './preview-page.ts'
import { type PullsApi, pullsApi } from './pulls-api.ts'
import { Trouble } from './trouble.ts'

/** What previews have to do with GitHub. Best effort: whatever GitHub does, a run ends as it would have ended. */
export interface PreviewSide {
  readonly openPullRequests: NonNullable<World['openPullRequests']>
  /** Tells the pull requests and the pages of their environments how the run has ended. */
  ended(report: RunReport): Promise<void>
}

export interface SideSettings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly owner: LockOwner
  readonly region: string
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/** In milliseconds: of the question who is open, of one comment, and of all that a sweep has to tell. */
const limits = { open: 30_000, comment: 10_000, sweep: 120_000 }

/** @returns undefined for runs that have nothing to do with previews, and without a token */
export function previewSide(inputs: Inputs, settings: SideSettings): PreviewSide | undefined {
  const isPreview = previewTask({ mode: inputs.mode, 'plan-for': inputs.planFor }) !== undefined
  if (!isPreview || inputs.githubToken === undefined) return undefined
  return new Side(inputs, inputs.githubToken, settings)
}

class Side implements PreviewSide {
  readonly #inputs: Inputs
  readonly #settings: SideSettings
  readonly #place: { readonly url: string; readonly repository: string }
  readonly #token: string
  readonly #sleep: Sleep
  /** One warning for each thing that GitHub does not do. */
  readonly #told = new Set<'comment' | 'page'>()
  /** It would not write any other comment either. */
  #noComments = false
  #client: Promise<PullsApi> | undefined

  constructor(inputs: Inputs, token: string, settings: SideSettings) {
    const { env, owner, clock } = settings
    this.#inputs = inputs
    this.#settings = settings
    this.#token = token
    this.#place = { url: env.GITHUB_API_URL || 'https://api.github.com', repository: owner.repository }
    this.#sleep = (ms, signal) => clock.sleep(ms, signal)
  }

  readonly openPullRequests = async (numbers: readonly number[]): Promise<ReadonlySet<number> | undefined> => {
    const { log, signal } = this.#settings
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limits.open)])
    let open: ReadonlySet<number> | undefined
    const wrong = await persistently(
      async () => {
        open = await mayBeOpen(await this.#api(), numbers, limit, unasked =>
          log.info(
            `GitHub is slow: ${unasked} of ${numbers.length} pull requests were not asked for, and count as open.`,
          ),
        )
      },
      limit,
      this.#sleep,
    )
    if (wrong === undefined) return open
    log.warn(
      `Which pull requests are open is not known, so previews only go when \`preview-ttl\` has passed: ${said(wrong.error)}. ${whatToDo(wrong.error, 'pull-requests: read')}`,
    )
    return undefined
  }

  async ended(report: RunReport): Promise<void> {
    const { clock, log } = this.#settings
    const news = newsOf(report, this.#inputs.preview.pullRequest)
    const until = clock.now() + limits.sweep
    for (const [index, one] of news.entries()) {
      if (clock.now() > until) {
        log.warn(`GitHub is slow: ${news.length - index} of ${news.length} previews were not told of on GitHub.`)
        return
      }
      await this.#comment(one)
      await this.#page(one, report)
    }
  }

  async #comment(news: PreviewNews): Promise<void> {
    const { pullRequest, id, state } = news
    if (!this.#inputs.comment || pullRequest === undefined || this.#noComments) return
    const facts = this.#facts(pullRequest)
    const order = {
      pullRequest,
      marker: marker(facts, id),
      body: commentBody(news, facts),
      create: state === 'ready' || state === 'failed',
    }
    const limit = AbortSignal.timeout(limits.comment)
    const wrong = await persistently(async () => writeComment(await this.#api(), order, limit), limit, this.#sleep)
    if (wrong === undefined) return
    this.#noComments = !isOfOne(wrong.error)
    if (this.#told.has('comment')) return
    this.#told.add('comment')
    this.#settings.log.warn(
      `The comment on pull request ${pullRequest} is not up to date: ${said(wrong.error)}. ${whatToDo(wrong.error, 'pull-requests: write')}`,
    )
  }

  async #page(news: PreviewNews, report: RunReport): Promise<void> {
    const { environmentPage } = this.#inputs
    if (environmentPage === undefined || this.#told.has('page')) return
    const { owner, log, region } = this.#settings
    const { cluster, service } = this.#facts(undefined)
    const page = previewPage({
      place: { ...this.#place, environment: `${environmentPage}/${news.id}` },
      token: this.#token,
      about: { region, cluster, service },
      run: { nonce: owner.nonce, id: owner.runId, sha: this.#commit(news.pullRequest), url: owner.runUrl },
      warn: line => {
        this.#told.add('page')
        log.warn(line)
      },
      info: line => log.info(line),
      sleep: this.#sleep,
    })
    await page(news, report)
  }

  #facts(pullRequest: number | undefined): CommentFacts {
    const { inputs, region, owner } = { inputs: this.#inputs, ...this.#settings }
    const commit = this.#commit(pullRequest)
    return { region, cluster: nameOf(inputs.cluster), service: inputs.preview.service, commit, runUrl: owner.runUrl }
  }

  /** In a run for a pull request GITHUB_SHA is a merge that nobody has made. */
  #commit(pullRequest: number | undefined): string {
    const { env } = this.#settings
    return headCommitOf(env.GITHUB_EVENT_PATH, pullRequest) ?? env.GITHUB_SHA ?? ''
  }

  #api(): Promise<PullsApi> {
    this.#client ??= this.#place.repository.includes('/')
      ? pullsApi(this.#token, this.#place)
      : Promise.reject(new Trouble('refused', 0, 'GITHUB_REPOSITORY is not set, so this is no job on GitHub'))
    return this.#client
  }
}

/** Whether it is this pull request that GitHub has something against: its conversation is locked, or it is gone. */
function isOfOne(error: unknown): boolean {
  if (!(error instanceof Trouble)) return false
  return [404, 410, 422].includes(error.status) || (error.status === 403 && /locked/i.test(error.message))
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function whatToDo(error: unknown, permission: string): string {
  const kind = error instanceof Trouble ? error.kind : 'refused'
  switch (kind) {
    case 'denied':
      return `Add \`permissions: { ${permission} }\` to the job, beside what it has, or check github-token.`
    case 'passing':
      return 'The next run puts it right.'
    case 'refused':
      return 'The result of the run is not touched by it.'
    default:
      return kind satisfies never
  }
}
