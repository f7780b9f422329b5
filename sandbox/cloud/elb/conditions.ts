import { BlockList, isIP } from 'node:net'
import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import { invalid } from './faults.ts'

/** Quotas of one rule. Source: the user guide's pages on conditions (3 values, 5 wildcards) and quotas (5 values, 6 wildcards). */
const VALUES_PER_CONDITION = 3
const VALUES_PER_RULE = 5
/** The pages disagree; what the more generous one allows is allowed. */
const WILDCARDS_PER_RULE = 6

const FIELDS = ['host-header', 'path-pattern', 'http-header', 'http-request-method', 'query-string', 'source-ip']
const ONCE: ReadonlySet<string> = new Set(['host-header', 'path-pattern', 'http-request-method', 'source-ip'])
const HTTP_TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~?-]+$/

/**
 * Checks a rule's conditions and gives them the shape that the API reads back: host and path show both the legacy
 * `Values` and their config.
 * @throws AwsFault
 */
export function readConditions(conditions: readonly RuleCondition[] | undefined): readonly RuleCondition[] {
  if (conditions === undefined || conditions.length === 0) throw invalid('A condition must be specified')
  const read = conditions.map(readCondition)
  for (const field of ONCE) {
    if (read.filter(condition => condition.Field === field).length > 1) {
      throw invalid(`A rule can only have one '${field}' condition`)
    }
  }
  const values = read.flatMap(valuesOf)
  if (values.length > VALUES_PER_RULE) throw invalid(`A rule can only have '${VALUES_PER_RULE}' condition values`)
  const wildcards = values.join('').match(/[*?]/g)?.length ?? 0
  if (wildcards > WILDCARDS_PER_RULE) throw invalid(`A rule can only have '${WILDCARDS_PER_RULE}' condition wildcards`)
  return read
}

function readCondition(condition: RuleCondition): RuleCondition {
  const field = condition.Field
  const read = shape(condition)
  const values = valuesOf(read)
  if (values.length === 0) throw invalid(`A value must be specified for the condition '${field}'`)
  if (values.length > VALUES_PER_CONDITION) {
    throw invalid(`A condition can only have '${VALUES_PER_CONDITION}' values: '${field}' has ${values.length}`)
  }
  for (const value of values) {
    if (value.length > 128) throw invalid(`The value '${value}' of '${field}' must have at most 128 characters`)
  }
  return read
}

function shape(condition: RuleCondition): RuleCondition {
  const field = condition.Field
  switch (field) {
    case 'host-header':
      return { Field: field, ...plain(condition, 'HostHeaderConfig', checkHost) }
    case 'path-pattern':
      return { Field: field, ...plain(condition, 'PathPatternConfig', checkPath) }
    case 'http-header':
      return { Field: field, HttpHeaderConfig: readHeader(condition) }
    case 'http-request-method': {
      const values = condition.HttpRequestMethodConfig?.Values ?? []
      const bad = values.find(value => !/^[A-Z_-]{1,40}$/.test(value))
      if (bad !== undefined) throw invalid(`The HTTP request method '${bad}' is not valid`)
      return { Field: field, HttpRequestMethodConfig: { Values: [...values] } }
    }
    case 'query-string':
      return { Field: field, QueryStringConfig: readQuery(condition) }
    case 'source-ip': {
      const values = condition.SourceIpConfig?.Values ?? []
      for (const value of values) addSubnet(new BlockList(), value)
      return { Field: field, SourceIpConfig: { Values: [...values] } }
    }
    default:
      throw invalid(`Condition field '${field}' must be one of '[${FIELDS.join(', ')}]'`)
  }
}

function plain(
  condition: RuleCondition,
  config: 'HostHeaderConfig' | 'PathPatternConfig',
  check: (value: string) => void,
): Partial<RuleCondition> {
  const given = condition[config]
  const legacy = condition.Values ?? []
  if (given !== undefined && legacy.length > 0) {
    throw invalid(`You cannot specify both Values and ${config} for a condition`)
  }
  const expressions = given?.RegexValues ?? condition.RegexValues ?? []
  if (expressions.length > 0) {
    for (const expression of expressions) checkRegex(expression)
    return { RegexValues: [...expressions], [config]: { RegexValues: [...expressions] } }
  }
  const values = given?.Values ?? legacy
  for (const value of values) check(value)
  return { Values: [...values], [config]: { Values: [...values] } }
}

function checkHost(host: string): void {
  const lastLabel = host.slice(host.lastIndexOf('.') + 1)
  if (!/^[A-Za-z0-9.*?-]+$/.test(host) || !host.includes('.') || !/^[A-Za-z*?]+$/.test(lastLabel)) {
    throw invalid(`The host name '${host}' is not valid`)
  }
}

function checkPath(path: string): void {
  if (!/^[A-Za-z0-9_.$/~"'@:+&*?-]+$/.test(path)) throw invalid(`The path pattern '${path}' is not valid`)
}

function readHeader(condition: RuleCondition): NonNullable<RuleCondition['HttpHeaderConfig']> {
  const config = condition.HttpHeaderConfig
  const name = config?.HttpHeaderName ?? ''
  if (!HTTP_TOKEN.test(name) || /[*?]/.test(name) || name.length > 40) {
    throw invalid(`The HTTP header name '${name}' is not valid`)
  }
  if (name.toLowerCase() === 'host') throw invalid('Use a host-header condition to match the host header')
  const expressions = config?.RegexValues ?? []
  if (expressions.length > 0) {
    for (const expression of expressions) checkRegex(expression)
    return { HttpHeaderName: name, RegexValues: [...expressions] }
  }
  return { HttpHeaderName: name, Values: [...(config?.Values ?? [])] }
}

function readQuery(condition: RuleCondition): NonNullable<RuleCondition['QueryStringConfig']> {
  const pairs = condition.QueryStringConfig?.Values ?? []
  return {
    Values: pairs.map(pair => {
      if (pair.Value === undefined) throw invalid('A value must be specified for each query-string condition')
      return pair.Key === undefined ? { Value: pair.Value } : { Key: pair.Key, Value: pair.Value }
    }),
  }
}

function checkRegex(expression: string): void {
  try {
    new RegExp(expression)
  } catch {
    throw invalid(`The regular expression '${expression}' is not valid`)
  }
}

/** @throws AwsFault when it is not CIDR notation */
export function addSubnet(list: BlockList, cidr: string): void {
  const [address = '', bits = ''] = cidr.split('/')
  const family = isIP(address)
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) {
    throw invalid(`The source IP '${cidr}' must be in CIDR format`)
  }
  list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6')
}

/** Every value of a condition as text, to count and measure them. */
function valuesOf(condition: RuleCondition): readonly string[] {
  const query = condition.QueryStringConfig?.Values?.map(pair => `${pair.Key ?? ''}${pair.Value ?? ''}`)
  return (
    condition.RegexValues ??
    condition.Values ??
    condition.HttpHeaderConfig?.RegexValues ??
    condition.HttpHeaderConfig?.Values ??
    condition.HttpRequestMethodConfig?.Values ??
    condition.SourceIpConfig?.Values ??
    query ??
    []
  )
}
