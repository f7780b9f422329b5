import { BlockList, isIP } from 'node:net'
import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { RoutedRequest } from '../ports.ts'
import { addSubnet } from './conditions.ts'

export type Matcher = (request: RoutedRequest) => boolean

/** Conditions are replaced whole and never edited, so that every node can use the same matcher. */
const compiled = new WeakMap<readonly RuleCondition[], Matcher>()

/** A request matches when every condition has at least one value that matches. */
export function matcherFor(conditions: readonly RuleCondition[]): Matcher {
  const known = compiled.get(conditions)
  if (known !== undefined) return known
  const matchers = conditions.map(compile)
  const [first, second] = matchers
  const matcher: Matcher =
    first !== undefined && second === undefined ? first : request => matchers.every(matches => matches(request))
  compiled.set(conditions, matcher)
  return matcher
}

/** As the API allows it: each condition has values or expressions, never both. */
function compile(condition: RuleCondition): Matcher {
  switch (condition.Field) {
    case 'host-header': {
      // The host comes in lower case already.
      const matches = text(condition.HostHeaderConfig, 'i', host => host)
      return request => matches(plainHost(request.host))
    }
    case 'path-pattern': {
      const matches = text(condition.PathPatternConfig, '')
      return request => matches(request.path)
    }
    case 'http-header': {
      const name = (condition.HttpHeaderConfig?.HttpHeaderName ?? '').toLowerCase()
      const matches = text(condition.HttpHeaderConfig, 'i')
      return request => {
        const value = request.header(name)
        return value !== undefined && matches(value)
      }
    }
    case 'http-request-method': {
      const methods = new Set(condition.HttpRequestMethodConfig?.Values)
      return request => methods.has(request.method)
    }
    case 'query-string':
      return query(condition)
    case 'source-ip':
      return sourceIp(condition)
    default:
      return () => false
  }
}

interface Texts {
  readonly Values?: string[] | undefined
  readonly RegexValues?: string[] | undefined
}

const lower = (value: string) => value.toLowerCase()
const same = (value: string) => value

/** Values without wildcards are compared as they are: a load balancer full of previews has a hundred of them. */
function text(
  config: Texts | undefined,
  flags: 'i' | '',
  fold: (value: string) => string = flags === 'i' ? lower : same,
): (value: string) => boolean {
  const values = config?.RegexValues === undefined ? (config?.Values ?? []) : []
  const exact = values.filter(value => !/[*?]/.test(value)).map(flags === 'i' ? lower : same)
  const expressions = [
    ...values.filter(value => /[*?]/.test(value)).map(value => wildcard(value, flags)),
    ...(config?.RegexValues ?? []).map(value => new RegExp(value, flags)),
  ]
  const [only, second] = exact
  if (expressions.length === 0 && second === undefined) return value => fold(value) === only
  return value => exact.includes(fold(value)) || expressions.some(expression => expression.test(value))
}

/** `*` stands for any number of characters, `?` for exactly one. */
function wildcard(pattern: string, flags: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`)
}

function query(condition: RuleCondition): Matcher {
  const wanted = (condition.QueryStringConfig?.Values ?? []).map(pair => ({
    key: pair.Key === undefined ? undefined : wildcard(pair.Key, 'i'),
    value: wildcard(pair.Value ?? '', 'i'),
  }))
  return request => {
    if (request.query === '') return false
    const pairs = request.query.split('&').map(pair => {
      const equals = pair.indexOf('=')
      return equals < 0 ? { key: pair, value: '' } : { key: pair.slice(0, equals), value: pair.slice(equals + 1) }
    })
    return wanted.some(({ key, value }) =>
      pairs.some(pair => (key === undefined || key.test(pair.key)) && value.test(pair.value)),
    )
  }
}

function sourceIp(condition: RuleCondition): Matcher {
  const list = new BlockList()
  for (const cidr of condition.SourceIpConfig?.Values ?? []) addSubnet(list, cidr)
  return request => {
    const family = isIP(request.sourceIp)
    return family !== 0 && list.check(request.sourceIp, family === 4 ? 'ipv4' : 'ipv6')
  }
}

let lastHost = ''
let lastPlainHost = ''

/** Lower case, without port. Every rule of a listener asks for the same host, so the last answer is kept. */
function plainHost(host: string): string {
  if (host !== lastHost) {
    lastHost = host
    lastPlainHost = withoutPort(host).toLowerCase()
  }
  return lastPlainHost
}

export function withoutPort(host: string): string {
  const colon = host.lastIndexOf(':')
  return colon < 0 || host.endsWith(']') ? host : host.slice(0, colon)
}
