import { type ApiAnswer, type ApiRequest, invalid, notFound, refusal } from './answers.ts'
import { type Deployments, type StatusState, statusStates } from './deployments.ts'
import { deploymentShape, statusShape } from './shapes.ts'

/** What the double knows of the repository. */
export interface Repository {
  /** `owner/name`. */
  readonly name: string
  readonly url: string
  readonly deployments: Deployments
  /** Commits, and the commits of branches and tags. */
  readonly refs: ReadonlyMap<string, string>
  /** Checks of the commits have failed, so only who asks for no contexts may deploy them. */
  readonly checksFailed: boolean
  /** Refs that lack commits of the default branch. */
  readonly behind: readonly string[]
}

/** By the name that GitHub's own client has for it. */
export const operations = [
  'listDeployments',
  'createDeployment',
  'listDeploymentStatuses',
  'createDeploymentStatus',
] as const
export type Operation = (typeof operations)[number]

export interface Route {
  readonly operation: Operation
  /** As GitHub's OpenAPI description has it. */
  readonly template: string
  readonly deploymentId: number
}

const collection = '/repos/{owner}/{repo}/deployments'
const statuses = `${collection}/{deployment_id}/statuses`

/** @returns undefined for a path that the double does not play, or that is of another repository */
export function routeOf({ method, path }: ApiRequest, repository: string): Route | undefined {
  const match = /^\/repos\/([^/]+\/[^/]+)\/deployments(?:\/(\d+)\/statuses)?$/.exec(path)
  if (match === null || match[1]?.toLowerCase() !== repository.toLowerCase()) return undefined
  const single = match[2] !== undefined
  const deploymentId = Number(match[2] ?? 0)
  const template = single ? statuses : collection
  if (method === 'GET')
    return { operation: single ? 'listDeploymentStatuses' : 'listDeployments', template, deploymentId }
  if (method === 'POST')
    return { operation: single ? 'createDeploymentStatus' : 'createDeployment', template, deploymentId }
  return undefined
}

export function answer(route: Route, request: ApiRequest, repository: Repository): ApiAnswer {
  switch (route.operation) {
    case 'listDeployments':
      return list(request, repository)
    case 'createDeployment':
      return create(request, repository)
    case 'listDeploymentStatuses':
      return listStatuses(route, request, repository)
    case 'createDeploymentStatus':
      return createStatus(route, request, repository)
    default:
      return route.operation satisfies never
  }
}

function list({ query }: ApiRequest, { deployments, url }: Repository): ApiAnswer {
  const wanted = (filter: string | undefined, member: string) =>
    filter === undefined || filter === 'none' || filter === member
  const found = deployments.all().filter(record => {
    const sameThing = wanted(query.sha, record.sha) && wanted(query.ref, record.ref)
    return sameThing && wanted(query.task, record.task) && wanted(query.environment, record.environment)
  })
  return { status: 200, body: pageOf(found, query).map(record => deploymentShape(record, url)) }
}

function listStatuses({ deploymentId }: Route, { query }: ApiRequest, { deployments, url }: Repository): ApiAnswer {
  const record = deployments.find(deploymentId)
  if (record === undefined) return notFound
  return { status: 200, body: pageOf(record.statuses, query).map(status => statusShape(status, record, url)) }
}

function create({ body }: ApiRequest, repository: Repository): ApiAnswer {
  const { deployments, refs, url } = repository
  const given = membersOf(body)
  if (given === undefined) return refusal(400, 'Problems parsing JSON')
  const { ref, task = 'deploy', environment = 'production', description = '', payload = {} } = given
  if (typeof ref !== 'string' || ref === '') return invalid('Deployment', 'ref', 'missing_field')
  if (typeof task !== 'string' || task === '') return invalid('Deployment', 'task')
  if (typeof environment !== 'string' || environment.length > 255) return invalid('Deployment', 'environment')
  if (!isDescription(description)) return invalid('Deployment', 'description')
  const { transient_environment: transient = false } = given
  const { production_environment: production = environment === 'production' } = given
  const sha = refs.get(ref)
  if (sha === undefined) return refusal(422, `No ref found for: ${ref}`)
  if (given.auto_merge !== false && repository.behind.includes(ref)) {
    return { status: 202, body: { message: `Auto-merged main into ${ref} on deployment.` } }
  }
  const contexts = given.required_contexts
  if (repository.checksFailed && !(Array.isArray(contexts) && contexts.length === 0)) {
    return refusal(409, `Conflict: Commit status checks failed for ${ref}.`)
  }
  const kept = typeof payload === 'string' ? payload : (membersOf(payload) ?? {})
  const flags = { transient: transient === true, production: production === true }
  const record = deployments.add({
    ref,
    sha,
    task,
    environment,
    description: description ?? '',
    payload: kept,
    ...flags,
  })
  return { status: 201, body: deploymentShape(record, url) }
}

function createStatus({ deploymentId }: Route, { body }: ApiRequest, { deployments, url }: Repository): ApiAnswer {
  const given = membersOf(body)
  if (given === undefined) return refusal(400, 'Problems parsing JSON')
  const record = deployments.find(deploymentId)
  if (record === undefined) return notFound
  const { state, description = '', environment_url: environmentUrl = '' } = given
  const logUrl = given.log_url ?? given.target_url ?? ''
  const known = statusStates.find(one => one === state)
  if (known === undefined) return invalid('DeploymentStatus', 'state')
  if (!isDescription(description)) return invalid('DeploymentStatus', 'description')
  if (!isUrl(logUrl)) return invalid('DeploymentStatus', 'log_url')
  if (!isUrl(environmentUrl)) return invalid('DeploymentStatus', 'environment_url')
  const autoInactive = given.auto_inactive !== false
  const status = {
    state: known satisfies StatusState,
    description: description ?? '',
    logUrl,
    environmentUrl,
    autoInactive,
  }
  const added = deployments.addStatus(deploymentId, status)
  return added === undefined ? notFound : { status: 201, body: statusShape(added, record, url) }
}

/** As long as GitHub's description says; it does not say what happens to longer ones, so they are refused here. */
function isDescription(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && [...value].length <= 140)
}

function isUrl(value: unknown): value is string {
  return value === '' || (typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value))
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined
}

function pageOf<T>(records: readonly T[], query: Readonly<Record<string, string>>): readonly T[] {
  const size = Math.min(100, Math.max(1, Number(query.per_page ?? 30) || 30))
  const page = Math.max(1, Number(query.page ?? 1) || 1)
  return records.slice((page - 1) * size, page * size)
}
