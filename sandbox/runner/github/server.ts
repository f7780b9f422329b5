import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ApiAnswer, type ApiRequest, notFound, refusal } from './answers.ts'
import { createDeployments, type DeploymentRecord, type Deployments } from './deployments.ts'
import { createGithubFaults, type GithubFaults } from './faults.ts'
import { createPulls, type Pulls } from './pulls.ts'
import { answer, type Operation, type Repository, routeOf } from './routes.ts'
import { denial, loginOf, type TokenOptions } from './tokens.ts'

/** One request and its answer, for whoever checks them. */
export interface Exchange {
  readonly operation: Operation
  /** Path in GitHub's OpenAPI description. */
  readonly template: string
  readonly request: ApiRequest
  readonly answer: ApiAnswer
}

export interface GithubOptions extends TokenOptions {
  /** `owner/name`; the runner double's own when absent. */
  readonly repository?: string
  /** Commits that exist, and commits of branches and tags; the runner double's own commit when absent. */
  readonly refs?: Readonly<Record<string, string>>
  readonly checksFailed?: boolean
  readonly behind?: readonly string[]
  /** Says what is wrong with an exchange; that is answered with 500, and kept in `problems`. */
  readonly check?: (exchange: Exchange) => readonly string[]
}

/** GitHub's API on a loopback port, as far as Deployments, pull requests and comments go. */
export interface Github {
  /** For `GITHUB_API_URL`. */
  readonly url: string
  readonly faults: GithubFaults
  /** Every call that was carried out or refused by GitHub's rules, in order. */
  readonly exchanges: readonly Exchange[]
  /** Calls of operations that the double does not have, and what `check` has found. */
  readonly problems: readonly string[]
  deployments(): readonly DeploymentRecord[]
  readonly pulls: Pulls
  /** From now on the repository has this commit. */
  push(sha: string): void
  /** What GitHub does at the start of a job with `environment:`. @returns what it does at its end */
  startJob(job: { readonly environment: string; readonly runId: string; readonly sha: string }): (ok: boolean) => void
  close(): Promise<void>
}

const runnersCommit = 'ffac537e6cbbf934b08745a378932722df287a53'

export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const faults = createGithubFaults()
  const exchanges: Exchange[] = []
  const problems: string[] = []
  const deployments = createDeployments(() => Date.now())
  const pulls = createPulls(() => Date.now())
  const name = options.repository ?? 'octo-org/octo-repo'
  const { refs = { [runnersCommit]: runnersCommit, main: runnersCommit } } = options
  const known = new Map(Object.entries(refs))
  const repository: Repository = {
    name,
    url: `https://api.github.com/repos/${name}`,
    deployments,
    pulls,
    refs: known,
    checksFailed: options.checksFailed ?? false,
    behind: options.behind ?? [],
  }

  function handle(request: ApiRequest): ApiAnswer {
    const route = routeOf(request, name)
    if (route === undefined) {
      problems.push(`${request.method} ${request.path} is not played here`)
      return notFound
    }
    const given = denial(route, request, options) ?? answer(route, request, repository, loginOf(request, options))
    const exchange = { operation: route.operation, template: route.template, request, answer: given }
    exchanges.push(exchange)
    const found = (route.template === '/graphql' ? undefined : options.check?.(exchange)) ?? []
    problems.push(...found)
    return found.length === 0 ? given : refusal(500, `The double is not GitHub: ${found.join('; ')}`)
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming)
    const route = routeOf(request, name)
    const fault = route && faults.next(route.operation)
    if (fault === undefined) return send(response, handle(request))
    switch (fault.kind) {
      case 'status':
        return send(response, refusal(fault.status ?? 500, fault.message ?? 'Server Error'))
      case 'garbage':
        response.writeHead(200, { 'content-type': 'application/json' }).end('<html>unicorn</html>')
        return undefined
      case 'lost-answer':
        handle(request)
        incoming.socket.resetAndDestroy()
        return undefined
      case 'lost-request':
        incoming.socket.resetAndDestroy()
        return undefined
      case 'hang':
        return undefined
      default:
        return fault.kind satisfies never
    }
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      problems.push(`The double has a defect: ${String(error)}`)
      incoming.socket.resetAndDestroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    exchanges,
    problems,
    deployments: () => deployments.all(),
    pulls,
    push: sha => {
      known.set(sha, sha)
    },
    startJob: job => startJob(deployments, repository, job),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

let lastJob = 40_000

function startJob(
  deployments: Deployments,
  { name }: Repository,
  { environment, runId, sha }: Parameters<Github['startJob']>[0],
): (ok: boolean) => void {
  // What a job makes has the branch as its ref, no description and no payload.
  const production = environment === 'production'
  const facts = { task: 'deploy', description: '', payload: {}, transient: false, production }
  const { id } = deployments.add({ ref: 'main', sha, environment, ...facts })
  const logUrl = `https://github.com/${name}/actions/runs/${runId}/job/${++lastJob}`
  const say = (state: 'queued' | 'in_progress' | 'success' | 'failure') => {
    deployments.addStatus(id, { state, description: '', logUrl, environmentUrl: '', autoInactive: true })
  }
  say('queued')
  say('in_progress')
  return ok => say(ok ? 'success' : 'failure')
}

async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  const url = new URL(incoming.url ?? '/', 'http://github.invalid')
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body: parsed(Buffer.concat(chunks).toString()),
    authorization: incoming.headers.authorization ?? '',
  }
}

/** Text that is no JSON stays text, which no operation takes. */
function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return text
  }
}

function send(response: ServerResponse, { status, body }: ApiAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(body))
}
