import type {
  Action,
  AuthenticateCognitoActionConfig,
  AuthenticateOidcActionConfig,
  JwtValidationActionConfig,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { invalid, required } from './faults.ts'

const SESSION_DEFAULTS = {
  SessionCookieName: 'AWSELBAuthSessionCookie',
  Scope: 'openid',
  SessionTimeout: 604_800,
  OnUnauthenticatedRequest: 'authenticate',
} as const

/**
 * The secret goes nowhere, as no user ever reads it again: what counts is that there is one.
 * @throws AwsFault without a secret, or when there is none to keep
 */
export function readOidc(action: Action, existing: readonly Action[]): AuthenticateOidcActionConfig {
  const config = required(action.AuthenticateOidcConfig, 'AuthenticateOidcConfig')
  for (const name of ['Issuer', 'AuthorizationEndpoint', 'TokenEndpoint', 'UserInfoEndpoint', 'ClientId'] as const) {
    required(config[name], `AuthenticateOidcConfig.${name}`)
  }
  const { ClientSecret, UseExistingClientSecret, ...shown } = config
  if (UseExistingClientSecret === true) {
    if (ClientSecret !== undefined) {
      throw invalid('You cannot specify both a client secret and UseExistingClientSecret')
    }
    const before = existing.find(other => other.Type === 'authenticate-oidc')?.AuthenticateOidcConfig
    if (before?.Issuer !== config.Issuer || before?.ClientId !== config.ClientId) {
      throw invalid('UseExistingClientSecret needs an authenticate-oidc action with the same issuer and client ID')
    }
  } else if (ClientSecret === undefined) {
    throw invalid('You must specify a client secret, or UseExistingClientSecret when you modify a rule')
  }
  return { ...SESSION_DEFAULTS, ...present(shown) }
}

/** @throws AwsFault */
export function readCognito(action: Action): AuthenticateCognitoActionConfig {
  const config = required(action.AuthenticateCognitoConfig, 'AuthenticateCognitoConfig')
  for (const name of ['UserPoolArn', 'UserPoolClientId', 'UserPoolDomain'] as const) {
    required(config[name], `AuthenticateCognitoConfig.${name}`)
  }
  return { ...SESSION_DEFAULTS, ...present(config) }
}

/** @throws AwsFault */
export function readJwt(action: Action): JwtValidationActionConfig {
  const config = required(action.JwtValidationConfig, 'JwtValidationConfig')
  required(config.JwksEndpoint, 'JwtValidationConfig.JwksEndpoint')
  required(config.Issuer, 'JwtValidationConfig.Issuer')
  return present(config)
}

/** Members that are set: a present `undefined` must not hide a default. */
function present<T extends object>(config: T): T {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)) as T
}
