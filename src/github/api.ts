import type { EntryState } from '../model/environment-page.ts'
import { connect, ownerAndName } from './client.ts'

export type { Octokit } from './client.ts'

export interface ListedDeployment {
  readonly id: number
  readonly sha: string
  readonly payload: unknown
}

export interface NewDeployment {
  readonly ref: string
  readonly task: string
  readonly description: string
  readonly payload: Readonly<Record<string, string>>
  /** Its environment is to go, sooner or later. */
  readonly transient?: true
}

export interface NewStatus {
  readonly state: EntryState
  readonly description: string
  readonly logUrl?: string
  readonly environmentUrl?: string
}

/** Deployments of one environment of one repository. Every call may throw a `Trouble`. */
export interface DeploymentsApi {
  /** Newest first, as GitHub gives them; the first page. */
  list(filter: { readonly task: string }, signal: AbortSignal): Promise<readonly ListedDeployment[]>
  /** @returns its id */
  create(what: NewDeployment, signal: AbortSignal): Promise<number>
  latestStatus(
    id: number,
    signal: AbortSignal,
  ): Promise<{ readonly state: string; readonly logUrl: string } | undefined>
  addStatus(id: number, status: NewStatus, signal: AbortSignal): Promise<void>
}

const pageSize = 30

export interface ApiPlace {
  /** GITHUB_API_URL. */
  readonly url: string
  /** `owner/name`. */
  readonly repository: string
  readonly environment: string
}

export async function deploymentsApi(token: string, place: ApiPlace): Promise<DeploymentsApi> {
  const { octokit, call } = await connect(token, place.url)
  const { environment } = place
  const where = ownerAndName(place.repository)
  const { repos } = octokit.rest
  return {
    list: (filter, signal) =>
      call(signal, async request => {
        const { data } = await repos.listDeployments({ ...where, environment, ...filter, per_page: pageSize, request })
        return data.map(({ id, sha, payload }) => ({ id, sha, payload }))
      }),
    create: ({ transient, ...what }, signal) =>
      call(signal, async request => {
        const { data } = await repos.createDeployment({
          ...where,
          ...what,
          environment,
          ...(transient ? { transient_environment: true, production_environment: false } : {}),
          // The load balancer has decided already, or will: no check of a commit has a say in it.
          auto_merge: false,
          required_contexts: [],
          request,
        })
        if (!('id' in data)) throw new Error(`GitHub has made no Deployment: ${data.message ?? 'no reason given'}`)
        return data.id
      }),
    latestStatus: (id, signal) =>
      call(signal, async request => {
        const { data } = await repos.listDeploymentStatuses({
          ...where,
          deployment_id: id,
          per_page: pageSize,
          request,
        })
        const [latest] = data.toSorted((a, b) => b.id - a.id)
        return latest && { state: latest.state, logUrl: latest.log_url ?? latest.target_url }
      }),
    addStatus: (id, { state, description, logUrl, environmentUrl }, signal) =>
      call(signal, async request => {
        await repos.createDeploymentStatus({
          ...where,
          deployment_id: id,
          state,
          description,
          // GitHub's own rule spares production and hits other services of the same environment: ours are named one by one.
          auto_inactive: false,
          ...(logUrl === undefined ? {} : { log_url: logUrl }),
          ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
          request,
        })
      }),
  }
}
