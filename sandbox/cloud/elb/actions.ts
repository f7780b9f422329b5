import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ActionPlace } from './action-place.ts'
import { readCognito, readJwt, readOidc } from './authentication.ts'
import { inRange, invalid, refused, required } from './faults.ts'
import { readForward } from './forward.ts'

const ROUTING: ReadonlySet<string> = new Set(['forward', 'redirect', 'fixed-response'])

/**
 * Checks a list of actions and gives it the shape that the API reads back: sorted, with `Order`, defaults filled in,
 * and without any client secret.
 * @throws AwsFault
 */
export function readActions(actions: readonly Action[] | undefined, place: ActionPlace): readonly Action[] {
  if (actions === undefined || actions.length === 0) throw invalid('At least one action must be specified')
  const ordered = inOrder(actions)
  const read = ordered.map((action, index) => readAction({ ...action, Order: action.Order ?? index + 1 }, place))
  const routing = read.filter(action => ROUTING.has(action.Type ?? ''))
  if (routing.length > 1)
    throw refused('TooManyActions', 'A rule can have only one forward, redirect or fixed-response action')
  if (routing.length === 0 || read.at(-1) !== routing[0]) {
    throw refused('InvalidLoadBalancerAction', 'The last action must be one of: forward, fixed-response, redirect')
  }
  const asking = read.filter(action => action.Type?.startsWith('authenticate-') === true)
  if (asking.length > 1) throw refused('TooManyActions', 'A rule can have only one authenticate action')
  return read
}

/** The target groups that a list of actions names, at any weight. */
export function targetGroupArns(actions: readonly Action[]): readonly string[] {
  return actions.flatMap(action =>
    (action.ForwardConfig?.TargetGroups ?? []).flatMap(tuple => tuple.TargetGroupArn ?? []),
  )
}

function inOrder(actions: readonly Action[]): readonly Action[] {
  if (actions.length === 1) return actions
  for (const action of actions) {
    if (action.Order === undefined) {
      throw refused('InvalidLoadBalancerAction', 'An order must be specified for each action when there are several')
    }
  }
  const orders = new Set(actions.map(action => action.Order))
  if (orders.size < actions.length)
    throw refused('InvalidLoadBalancerAction', 'The order of each action must be unique')
  return actions.toSorted((a, b) => (a.Order ?? 0) - (b.Order ?? 0))
}

function readAction(action: Action & { readonly Order: number }, place: ActionPlace): Action {
  inRange(action.Order, 1, 50_000, 'actions.order')
  const base = { Type: action.Type, Order: action.Order }
  switch (action.Type) {
    case 'forward':
      return { ...base, ...readForward(action, place) }
    case 'redirect':
      return { ...base, RedirectConfig: readRedirect(action, place) }
    case 'fixed-response':
      return { ...base, FixedResponseConfig: readFixedResponse(action) }
    case 'authenticate-oidc':
      onlyOnHttps(action, place)
      return { ...base, AuthenticateOidcConfig: readOidc(action, place.existing) }
    case 'authenticate-cognito':
      onlyOnHttps(action, place)
      return { ...base, AuthenticateCognitoConfig: readCognito(action) }
    case 'jwt-validation':
      onlyOnHttps(action, place)
      return { ...base, JwtValidationConfig: readJwt(action) }
    default:
      throw invalid(
        `1 validation error detected: Value '${action.Type}' at 'actions.type' failed to satisfy constraint: Member must satisfy enum value set: [forward, authenticate-oidc, authenticate-cognito, redirect, fixed-response, jwt-validation]`,
      )
  }
}

function onlyOnHttps(action: Action, place: ActionPlace): void {
  if (place.protocol !== 'HTTPS') {
    throw refused('InvalidLoadBalancerAction', `The action type '${action.Type}' is only supported on HTTPS listeners`)
  }
}

function readRedirect(action: Action, place: ActionPlace): NonNullable<Action['RedirectConfig']> {
  const config = required(action.RedirectConfig, 'RedirectConfig')
  if (config.StatusCode !== 'HTTP_301' && config.StatusCode !== 'HTTP_302') {
    throw invalid(`Redirect status code '${config.StatusCode}' must be HTTP_301 or HTTP_302`)
  }
  const read = {
    Protocol: config.Protocol ?? '#{protocol}',
    Port: config.Port ?? '#{port}',
    Host: config.Host ?? '#{host}',
    Path: config.Path ?? '/#{path}',
    Query: config.Query ?? '#{query}',
    StatusCode: config.StatusCode,
  }
  const same = (value: string, itself: string, own: string) => value === itself || value === own
  if (
    same(read.Protocol, '#{protocol}', place.protocol) &&
    read.Port === '#{port}' &&
    read.Host === '#{host}' &&
    read.Path === '/#{path}'
  ) {
    throw refused('InvalidLoadBalancerAction', 'The redirect configuration is not valid because it creates a loop.')
  }
  return read
}

function readFixedResponse(action: Action): NonNullable<Action['FixedResponseConfig']> {
  const config = required(action.FixedResponseConfig, 'FixedResponseConfig')
  if (!/^[245]\d\d$/.test(config.StatusCode ?? '')) {
    throw invalid(`Fixed response status code '${config.StatusCode}' must be 2XX, 4XX or 5XX`)
  }
  if ((config.MessageBody ?? '').length > 1024) throw invalid('The message body must have at most 1024 characters')
  const types = ['text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json']
  const contentType = config.ContentType ?? 'text/plain'
  if (!types.includes(contentType)) throw invalid(`Content type '${contentType}' must be one of: ${types.join(', ')}`)
  return {
    StatusCode: config.StatusCode,
    ContentType: contentType,
    ...(config.MessageBody === undefined ? {} : { MessageBody: config.MessageBody }),
  }
}
