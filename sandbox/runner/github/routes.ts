import { type ApiAnswer, type ApiRequest, invalid, membersOf, notFound, pageOf, refusal } from './answers.ts'
import { type Deployments, type StatusState, statusStates } from './deployments.ts'
import { createComment, getPull, listComments, listPulls, updateComment } from './pull-routes.ts'
import type { Pulls } from './pulls.ts'
import { deploymentShape, statusShape } from './shapes.ts'

/** What the double knows of the repository. */
export interface Repository {
  /** `owner/name`. */
  readonly name: string
  readonly url: string
  readonly deployments: Deployments
  readonly pulls: Pulls
  /** Commits, and the commits of branches and tags. */
  readonly refs: ReadonlyMap<string, string>
  /** Checks of the commits have failed, so only who asks for no contexts may deploy them. */
  readonly checksFailed: boolean
  /** Refs that lack commits of the default branch. */
  readonly behind: readonly string[]
}

const repository = '/repos/{owner}/{repo}'

/** By the name that GitHub's own client has for it, with the path as GitHub's OpenAPI description has it. */
const table = {
  listDeployments: ['GET', `${repository}/deployments`],
  createDeployment: ['POST', `${repository}/deployments`],
  listDeploymentStatuses: ['GET', `${repository}/deployments/{deployment_id}/statuses`],
  createDeploymentStatus: ['POST', `${repository}/deployments/{deployment_id}/statuses`],
  listPulls: ['GET', `${repository}/pulls`],
  getPull: ['GET', `${repository}/pulls/{pull_number}`],
  listComments: ['GET', `${repository}/issues/{issue_number}/comments`],
  createComment: ['POST', `${repository}/issues/{issue_number}/comments`],
  updateComment: ['PATCH', `${repository}/issues/comments/{comment_id}`],
  // No operation of the description: the one query that the action has.
  viewer: ['POST', '/graphql'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
export type Operation = keyof typeof table

export interface Route {
  readonly operation: Operation
  readonly template: string
  /** The number in the path. */
  readonly id: number
}

/** @returns undefined for a path that the double does not play, or that is of another repository */
export function routeOf({ method, path }: ApiRequest, name: string): Route | undefined {
  for (const [operation, [by, template]] of Object.entries(table)) {
    const [owner, repo] = name.split('/')
    const own = template.replace('{owner}', owner ?? '').replace('{repo}', repo ?? '')
    const match = new RegExp(`^${own.replace(/\{\w+\}/, '(\\d+)')}$`, 'i').exec(path)
    if (match !== null && by === method)
      return { operation: operation as Operation, template, id: Number(match[1] ?? 0) }
  }
  return undefined
}

/** @param login whose token it is */
export function answer(route: Route, request: ApiRequest, repository: Repository, login: string): ApiAnswer {
  switch (route.operation) {
    case 'listDeployments':
      return list(request, repository)
    case 'createDeployment':
      return create(request, repository)
    case 'listDeploymentStatuses':
      return listStatuses(route, request, repository)
    case 'createDeploymentStatus':
      return createStatus(route, request, repository)
    case 'listPulls':
      return listPulls(request, repository)
    case 'getPull':
      return getPull(route.id, repository)
    case 'listComments':
      return listComments(route.id, request, repository)
    case 'createComment':
      return createComment(route.id, request, repository, login)
    case 'updateComment':
      return updateComment(route.id, request, repository)
    case 'viewer':
      return viewer(request, login)
    default:
      return route.operation satisfies never
  }
}

function viewer({ body }: ApiRequest, login: string): ApiAnswer {
  const { query } = membersOf(body) ?? {}
  const known = typeof query === 'string' && /^\s*(query)?\s*\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/.test(query)
  return known
    ? { status: 200, body: { data: { viewer: { login } } } }
    : { status: 200, body: { errors: [{ message: 'The double knows no other query than who the viewer is' }] } }
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

function listStatuses({ id: deploymentId }: Route, { query }: ApiRequest, { deployments, url }: Repository): ApiAnswer {
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

function createStatus({ id: deploymentId }: Route, { body }: ApiRequest, { deployments, url }: Repository): ApiAnswer {
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
