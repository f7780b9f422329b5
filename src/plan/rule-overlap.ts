import type { RuleCondition } from '../model/clone.ts'
import { expressionsOf, matches, valuesOf } from './preview-rule.ts'

/** Whether no request can be for both of two rules. In doubt there is one. */
export function areApart(one: readonly RuleCondition[], two: readonly RuleCondition[]): boolean {
  return one.some(a => two.some(b => isSame(a, b) && nothingForBoth(a, b)))
}

/** Conditions about the same part of a request. */
function isSame(a: RuleCondition, b: RuleCondition): boolean {
  if (a.Field !== b.Field) return false
  if (a.Field === 'http-header') return nameOf(a) !== undefined && nameOf(a) === nameOf(b)
  return a.Field === 'host-header' || a.Field === 'path-pattern'
}

function nothingForBoth(a: RuleCondition, b: RuleCondition): boolean {
  if (expressionsOf(a).length > 0 || expressionsOf(b).length > 0) return false
  // Only paths tell small letters from capitals.
  const letters = (text: string) => (a.Field === 'path-pattern' ? text : text.toLowerCase())
  const [first, second] = [valuesOf(a).map(letters), valuesOf(b).map(letters)]
  if (first.length === 0 || second.length === 0) return false
  return first.every(x => second.every(y => !mayMeet(x, y)))
}

/** Two patterns with wildcards are told apart by what they begin with. */
function mayMeet(x: string, y: string): boolean {
  if (!/[*?]/.test(x)) return matches(y, x)
  if (!/[*?]/.test(y)) return matches(x, y)
  const [begin, other] = [x, y].map(pattern => pattern.split(/[*?]/, 1)[0] ?? '')
  return begin === undefined || other === undefined || begin.startsWith(other) || other.startsWith(begin)
}

function nameOf({ HttpHeaderConfig }: RuleCondition): string | undefined {
  return HttpHeaderConfig?.HttpHeaderName?.toLowerCase()
}
