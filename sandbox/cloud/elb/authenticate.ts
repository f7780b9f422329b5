import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Route } from '../ports.ts'
import type { Router } from './router.ts'

const unauthorized: Route = {
  kind: 'fixed',
  status: 401,
  contentType: 'text/plain',
  body: '401 Authorization Required',
}

/**
 * What an authenticate action does to strangers. Nobody can log in here: a session cookie or a bearer token is taken
 * at its word, so that a rule with such an action can be tested at all.
 */
export function authenticate(action: Action, next: Router): Router {
  if (action.Type === 'jwt-validation') {
    return request => (request.header('authorization')?.startsWith('Bearer ') === true ? next(request) : unauthorized)
  }
  const config = action.AuthenticateOidcConfig ?? action.AuthenticateCognitoConfig
  const cookie = config?.SessionCookieName ?? 'AWSELBAuthSessionCookie'
  const stranger = strangersRoute(action)
  if (stranger === undefined) return next
  return request => (request.header('cookie')?.includes(`${cookie}-0=`) === true ? next(request) : stranger)
}

/** Undefined when strangers are let through. */
function strangersRoute(action: Action): Route | undefined {
  const oidc = action.AuthenticateOidcConfig
  const cognito = action.AuthenticateCognitoConfig
  switch ((oidc ?? cognito)?.OnUnauthenticatedRequest) {
    case 'allow':
      return undefined
    case 'deny':
      return unauthorized
    default: {
      const endpoint = oidc?.AuthorizationEndpoint ?? `https://${cognito?.UserPoolDomain}/oauth2/authorize`
      const asked = new URLSearchParams({
        client_id: oidc?.ClientId ?? cognito?.UserPoolClientId ?? '',
        response_type: 'code',
        scope: (oidc ?? cognito)?.Scope ?? 'openid',
      })
      return { kind: 'redirect', status: 302, location: `${endpoint}?${asked}` }
    }
  }
}
