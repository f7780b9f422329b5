import type { StateValue } from '@aws-sdk/client-cloudwatch'
import { AwsFault } from '../ports.ts'

/** What a composite alarm watches. Names may be names or ARNs. */
export type AlarmRule =
  | { readonly kind: 'state'; readonly of: string; readonly is: StateValue }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'not'; readonly rule: AlarmRule }
  | { readonly kind: 'and' | 'or'; readonly rules: readonly AlarmRule[] }

const TOKEN = /\s*(\(|\)|"[^"]*"|[^\s()"]+)/y
const STATES: ReadonlySet<string> = new Set(['ALARM', 'OK', 'INSUFFICIENT_DATA'])

/**
 * Reads `ALARM(a) AND NOT (OK("b c") OR TRUE)`. NOT binds tighter than AND, AND tighter than OR.
 * @throws AwsFault
 */
export function parseRule(text: string): AlarmRule {
  const tokens = tokenize(text)
  let position = 0
  const peek = () => tokens[position]
  const take = (wanted?: string): string => {
    const token = tokens[position++]
    if (token === undefined || (wanted !== undefined && token !== wanted)) throw unreadable(text, token)
    return token
  }
  const list = (kind: 'and' | 'or', word: string, item: () => AlarmRule): AlarmRule => {
    const first = item()
    const rules = [first]
    while (peek() === word) {
      take(word)
      rules.push(item())
    }
    return rules.length === 1 ? first : { kind, rules }
  }
  const either = (): AlarmRule => list('or', 'OR', both)
  const both = (): AlarmRule => list('and', 'AND', single)
  const single = (): AlarmRule => {
    const token = take()
    if (token === 'NOT') return { kind: 'not', rule: single() }
    if (token === 'TRUE' || token === 'FALSE') return { kind: 'constant', value: token === 'TRUE' }
    if (token === '(') {
      const rule = either()
      take(')')
      return rule
    }
    if (!STATES.has(token)) throw unreadable(text, token)
    take('(')
    const name = take().replace(/^"|"$/g, '')
    take(')')
    return { kind: 'state', of: name, is: token as StateValue }
  }
  const rule = either()
  if (peek() !== undefined) throw unreadable(text, peek())
  return rule
}

/** @param stateOf undefined for an alarm that has been deleted since: it has no state to compare with */
export function holds(rule: AlarmRule, stateOf: (alarm: string) => StateValue | undefined): boolean {
  switch (rule.kind) {
    case 'state':
      return (stateOf(rule.of) ?? 'INSUFFICIENT_DATA') === rule.is
    case 'constant':
      return rule.value
    case 'not':
      return !holds(rule.rule, stateOf)
    case 'and':
      return rule.rules.every(each => holds(each, stateOf))
    case 'or':
      return rule.rules.some(each => holds(each, stateOf))
    default:
      return rule satisfies never
  }
}

/** The alarms that a rule names. */
export function children(rule: AlarmRule): readonly string[] {
  switch (rule.kind) {
    case 'state':
      return [rule.of]
    case 'constant':
      return []
    case 'not':
      return children(rule.rule)
    case 'and':
    case 'or':
      return rule.rules.flatMap(children)
    default:
      return rule satisfies never
  }
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push(match[1] ?? '')
    if (TOKEN.lastIndex >= text.trimEnd().length) return tokens
  }
  throw unreadable(text, undefined)
}

function unreadable(text: string, token: string | undefined): AwsFault {
  const where = token === undefined ? 'at its end' : `at '${token}'`
  return new AwsFault('ValidationError', `AlarmRule must be a valid expression, which '${text}' is not ${where}`)
}
