import { connect, ownerAndName } from './client.ts'

export interface ListedComment {
  readonly id: number
  readonly body: string
  /** Who has written it; empty when the account is gone. */
  readonly login: string
}

/** Pull requests of one repository, and what is said about them. Every call may throw a `Trouble`. */
export interface PullsApi {
  /** Numbers of those that are open, newest first. */
  openPulls(page: number, signal: AbortSignal): Promise<readonly number[]>
  stateOf(number: number, signal: AbortSignal): Promise<string>
  /** Oldest first. */
  comments(pull: number, page: number, signal: AbortSignal): Promise<readonly ListedComment[]>
  comment(pull: number, body: string, signal: AbortSignal): Promise<void>
  edit(comment: number, body: string, signal: AbortSignal): Promise<void>
  /** Whose token it is, as GitHub names authors. */
  viewer(signal: AbortSignal): Promise<string>
}

/** The most that GitHub gives in one answer. */
export const pageSize = 100

export interface PullsPlace {
  /** GITHUB_API_URL. */
  readonly url: string
  /** `owner/name`. */
  readonly repository: string
}

export async function pullsApi(token: string, place: PullsPlace): Promise<PullsApi> {
  const { octokit, call } = await connect(token, place.url)
  const where = ownerAndName(place.repository)
  const { pulls, issues } = octokit.rest
  return {
    openPulls: (page, signal) =>
      call(signal, async request => {
        const sorted = { state: 'open', sort: 'created', direction: 'desc' } as const
        const { data } = await pulls.list({ ...where, ...sorted, per_page: pageSize, page, request })
        return data.map(({ number }) => number)
      }),
    stateOf: (number, signal) =>
      call(signal, async request => (await pulls.get({ ...where, pull_number: number, request })).data.state),
    comments: (pull, page, signal) =>
      call(signal, async request => {
        const { data } = await issues.listComments({ ...where, issue_number: pull, per_page: pageSize, page, request })
        return data.map(({ id, body, user }) => ({ id, body: body ?? '', login: user?.login ?? '' }))
      }),
    comment: (pull, body, signal) =>
      call(signal, async request => {
        await issues.createComment({ ...where, issue_number: pull, body, request })
      }),
    edit: (comment, body, signal) =>
      call(signal, async request => {
        await issues.updateComment({ ...where, comment_id: comment, body, request })
      }),
    viewer: signal =>
      call(signal, async request => {
        // Tokens of jobs and of Apps may not ask `GET /user`; this they may, and it needs no permission.
        const { viewer } = await octokit.graphql<{ readonly viewer: { readonly login: string } }>(
          '{ viewer { login } }',
          {
            request,
          },
        )
        return viewer.login
      }),
  }
}
