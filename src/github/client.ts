import { troubleOf } from './trouble.ts'

/** GitHub's client, as `#github` has it. */
type Toolkit = typeof import('#github')
export type Octokit = InstanceType<Toolkit['GitHub']>

/** Of one call, in milliseconds: GitHub answers these within a second. */
const callLimitMs = 4_000

export interface Connection {
  readonly octokit: Octokit
  /** Sends one request, for a few seconds at most. Throws a `Trouble`. */
  call<T>(signal: AbortSignal, send: (request: { readonly signal: AbortSignal }) => Promise<T>): Promise<T>
}

/** @param url GITHUB_API_URL */
export async function connect(token: string, url: string): Promise<Connection> {
  const { GitHub, getOctokitOptions }: Toolkit = await import(/* webpackIgnore: true */ '#github')
  const silent = () => undefined
  const octokit = new GitHub(
    getOctokitOptions(token, {
      baseUrl: url,
      userAgent: 'ecs-bluegreen',
      // What it has to say comes from outside, and would be printed as it is.
      log: { debug: silent, info: silent, warn: silent, error: silent },
    }),
  )
  return {
    octokit,
    async call(signal, send) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(callLimitMs)])
      try {
        return await send({ signal: limited })
      } catch (error) {
        throw troubleOf(error, limited.aborted)
      }
    },
  }
}

/** `owner/name` as the client takes it. */
export function ownerAndName(repository: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = repository.split('/')
  return { owner, repo }
}
