import type { ListenerSeen, NewRule, RuleCondition, RuleSeen } from '../model/clone.ts'
import type { PreviewPlace, Range } from '../model/preview.ts'
import type { RoutingAction } from '../model/routing.ts'
import { mayMatch } from './expression.ts'

/** Where a preview is found: its rule, its URL, and whose requests it would take. */

export function placeText(place: PreviewPlace): string {
  switch (place.kind) {
    case 'host':
      return `the host ${place.host}`
    case 'path':
      return `the path ${place.path}`
    case 'header':
      return `the header ${place.name}: ${place.value}`
    default:
      return place satisfies never
  }
}

export function conditionsOf(place: PreviewPlace): readonly RuleCondition[] {
  switch (place.kind) {
    case 'host':
      return [{ Field: 'host-header', HostHeaderConfig: { Values: [place.host] } }]
    case 'path':
      return [{ Field: 'path-pattern', PathPatternConfig: { Values: [place.path, `${place.path}/*`] } }]
    case 'header':
      return [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: place.name, Values: [place.value] } }]
    default:
      return place satisfies never
  }
}

/** The rule of a preview. A path is taken off again: the application knows nothing of it. */
export function ruleOf(listenerArn: string, priority: number, place: PreviewPlace, targetGroupArn: string): NewRule {
  const transforms =
    place.kind === 'path'
      ? [
          {
            Type: 'url-rewrite',
            UrlRewriteConfig: { Rewrites: [{ Regex: `^${escaped(place.path)}/?(.*)$`, Replace: '/$1' }] },
          },
        ]
      : []
  const actions: readonly RoutingAction[] = [
    { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: targetGroupArn, Weight: 1 }] } },
  ]
  return { listenerArn, priority, conditions: conditionsOf(place), actions, transforms }
}

export function urlOf(place: PreviewPlace, listener: ListenerSeen, loadBalancerHost: string): string {
  const scheme = listener.protocol === 'HTTPS' ? 'https' : 'http'
  const port = listener.port === (scheme === 'https' ? 443 : 80) ? '' : `:${listener.port}`
  const host = place.kind === 'host' ? place.host : loadBalancerHost
  return `${scheme}://${host}${port}${place.kind === 'path' ? place.path : ''}/`
}

export function sendsTo(rule: Pick<RuleSeen, 'actions'>, targetGroupArn: string): boolean {
  return rule.actions.some(
    action =>
      action.TargetGroupArn === targetGroupArn ||
      action.ForwardConfig?.TargetGroups?.some(group => group.TargetGroupArn === targetGroupArn) === true,
  )
}

/** Whether the rule has exactly the conditions of this place. */
export function isAt(rule: RuleSeen, place: PreviewPlace): boolean {
  const told = (conditions: readonly RuleCondition[]) =>
    JSON.stringify(
      conditions.map(condition => [
        condition.Field,
        condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase(),
        valuesOf(condition),
        expressionsOf(condition),
      ]),
    )
  return told(rule.conditions) === told(conditionsOf(place))
}

/**
 * Where the preview of this id would be found by the rule; undefined when this is no place of that preview. Whoever takes a preview away
 * is told neither domain nor path nor header.
 */
export function placeIn(rule: RuleSeen, id: string): PreviewPlace | undefined {
  const [condition] = rule.conditions
  const [text = ''] = condition === undefined ? [] : valuesOf(condition)
  const name = condition?.HttpHeaderConfig?.HttpHeaderName
  const places: readonly PreviewPlace[] = [
    ...(text.startsWith(`${id}.`) ? [{ kind: 'host', host: text } as const] : []),
    ...(text.startsWith('/') && text.endsWith(`/${id}`) ? [{ kind: 'path', path: text } as const] : []),
    ...(name !== undefined && text === id ? [{ kind: 'header', name, value: text } as const] : []),
  ]
  return places.find(place => isAt(rule, place))
}

/**
 * Whether a rule of others asks for requests that the preview would take: it names the host, the path or the header itself, or with a
 * wildcard. What it asks for beside that does not matter: a part of its requests is too many.
 */
export function namesPlace(rule: RuleSeen, place: PreviewPlace): boolean {
  return rule.conditions.some(condition => asksFor(condition, place))
}

function asksFor(condition: RuleCondition, place: PreviewPlace): boolean {
  const values = valuesOf(condition)
  const expressions = expressionsOf(condition)
  switch (place.kind) {
    case 'host':
      return (
        condition.Field === 'host-header' &&
        (values.some(value => matches(value.toLowerCase(), place.host)) ||
          expressions.some(expression => mayMatch(expression, { text: place.host, anyCase: true })))
      )
    case 'path':
      return (
        condition.Field === 'path-pattern' &&
        (values.some(value => matches(value, place.path) || mayBegin(value, `${place.path}/`)) ||
          expressions.some(expression => mayMatchUnder(expression, place.path)))
      )
    case 'header': {
      const name = condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase()
      const value = place.value.toLowerCase()
      return (
        condition.Field === 'http-header' &&
        name === place.name.toLowerCase() &&
        (values.some(pattern => matches(pattern.toLowerCase(), value)) ||
          expressions.some(expression => mayMatch(expression, { text: value, anyCase: true })))
      )
    }
    default:
      return place satisfies never
  }
}

/** Whether a rule that comes first would take requests of the preview: it says nothing about the place at all. */
export function comesFirst(rule: RuleSeen, priority: number, place: PreviewPlace): boolean {
  const field = { host: 'host-header', path: 'path-pattern', header: 'http-header' }[place.kind]
  const speaks = ({ Field, HttpHeaderConfig }: RuleCondition) =>
    Field === field &&
    // A request may well have two headers.
    (place.kind !== 'header' || HttpHeaderConfig?.HttpHeaderName?.toLowerCase() === place.name.toLowerCase())
  return rule.priority < priority && !rule.conditions.some(speaks)
}

export function valuesOf(condition: RuleCondition): readonly string[] {
  const { HostHeaderConfig, PathPatternConfig, HttpHeaderConfig, Values } = condition
  return HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? HttpHeaderConfig?.Values ?? Values ?? []
}

export function expressionsOf(condition: RuleCondition): readonly string[] {
  const { HostHeaderConfig, PathPatternConfig, HttpHeaderConfig, RegexValues } = condition
  return (
    HostHeaderConfig?.RegexValues ??
    PathPatternConfig?.RegexValues ??
    HttpHeaderConfig?.RegexValues ??
    RegexValues ??
    []
  )
}

/** Whether the expression may match the path, or one under it. */
function mayMatchUnder(expression: string, path: string): boolean {
  return mayMatch(expression, { text: path }) || mayMatch(expression, { text: `${path}/`, open: true })
}

/** `*` stands for any number of characters, `?` for one. */
export function matches(pattern: string, text: string): boolean {
  return positions(pattern, text).has(pattern.length)
}

/** Whether the pattern matches any text that begins like this. */
function mayBegin(pattern: string, begin: string): boolean {
  return positions(pattern, begin).size > 0
}

/** Where in the pattern one may be after having read the text. No regular expression: these can be made to take for ever. */
function positions(pattern: string, text: string): ReadonlySet<number> {
  const past = (at: number, into: Set<number>) => {
    into.add(at)
    for (let star = at; pattern[star] === '*'; star++) into.add(star + 1)
  }
  let states = new Set<number>()
  past(0, states)
  for (const letter of text) {
    const next = new Set<number>()
    for (const at of states) {
      if (pattern[at] === '*') past(at, next)
      else if (pattern[at] === '?' || pattern[at] === letter) past(at + 1, next)
    }
    states = next
  }
  return states
}

/** A free priority; where the search begins depends on the preview, so that two that start at once do not meet. */
export function freePriority(range: Range, taken: ReadonlySet<number>, seed: number): number | undefined {
  const size = range.to - range.from + 1
  for (let step = 0; step < size; step++) {
    const priority = range.from + ((seed + step) % size)
    if (!taken.has(priority)) return priority
  }
  return undefined
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** The priority of the rule that sends requests to this group; undefined when there is none. */
export function ownRulesPriority(rules: readonly RuleSeen[], targetGroupArn: string | undefined): number | undefined {
  return rules.find(rule => targetGroupArn !== undefined && sendsTo(rule, targetGroupArn))?.priority
}
