import { type ApiAnswer, type ApiRequest, notFound, refusal } from './answers.ts'
import type { Route } from './routes.ts'
import { actionsBot } from './shapes.ts'

/** What a token may do. In a private repository, `none` does not even see that it exists. */
export type Permission = 'write' | 'read' | 'none'

/** By what GitHub calls it in `permissions`. */
export interface Token {
  readonly deployments: Permission
  readonly 'pull-requests': Permission
  /** Whose it is; that of a job when absent. */
  readonly login?: string
}

export interface TokenOptions {
  /** One word is for everything. */
  readonly tokens?: Readonly<Record<string, Permission | Token>>
  readonly isPrivate?: boolean
}

/** GitHub's refusals of a token, in its words. */
export function denial(route: Route, request: ApiRequest, options: TokenOptions): ApiAnswer | undefined {
  const token = tokenOf(request, options)
  if (token === undefined) return refusal(401, 'Bad credentials')
  // Whoever has a token may ask whose it is.
  if (route.operation === 'viewer') return undefined
  const permission = token[/deployments/.test(route.template) ? 'deployments' : 'pull-requests']
  if (permission === 'write') return undefined
  const seesNothing = token.deployments === 'none' && token['pull-requests'] === 'none'
  if (seesNothing && options.isPrivate === true) return notFound
  const mayRead = permission === 'read' || options.isPrivate !== true
  return request.method === 'GET' && mayRead ? undefined : refusal(403, 'Resource not accessible by integration')
}

/** Whose token it is. */
export function loginOf(request: ApiRequest, options: TokenOptions): string {
  return tokenOf(request, options)?.login ?? actionsBot.login
}

function tokenOf({ authorization }: ApiRequest, { tokens }: TokenOptions): Token | undefined {
  const token = tokens?.[authorization.replace(/^(?:token|bearer) /i, '')]
  return typeof token === 'string' ? { deployments: token, 'pull-requests': token } : token
}
