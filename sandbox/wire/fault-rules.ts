import type { AwsService } from '../cloud/ports.ts'
import { services } from './catalog.ts'

/** Trouble to make on purpose. A rule without a service or operation takes every call. */
export interface FaultRule {
  readonly service?: AwsService
  /** As the SDK names it, such as `ModifyListener`. */
  readonly operation?: string
  readonly kind: FaultKind
  /** For `error`: name or wire code, such as `PriorityInUse`; the service's own failure when absent. */
  readonly code?: string
  /** For `error`, `throttle` and `denied`: instead of AWS's text. */
  readonly message?: string
  /** HTTP status, instead of the one that goes with the code. */
  readonly status?: number
  /** For `delay`: how long the call waits before it is carried out. */
  readonly delayMs?: number
  /** For `hang`: whether the call is carried out or not; `before` when absent. */
  readonly when?: 'before' | 'after'
  /** How many calls it hits; all of them when absent. */
  readonly times?: number
  /** How many matching calls it lets pass first. */
  readonly after?: number
}

const kinds = ['throttle', 'error', 'delay', 'lost-answer', 'lost-request', 'hang', 'denied'] as const
export type FaultKind = (typeof kinds)[number]

/** Hears of a hit at its very moment: of a hang that is carried out, right after that; of everything else, before it. */
export type OnHit = (hit: { readonly service: AwsService; readonly operation: string }) => void

/** A rule, and what it has seen so far. */
export interface FaultRuleState extends FaultRule {
  readonly matched: number
  readonly hit: number
}

export interface Trouble {
  /** Waits of all `delay` rules that hit this call, added up. */
  readonly delayMs: number
  /** The first other rule that hits it. */
  readonly rule: FaultRule | undefined
  /** To be called when that one has let its call be carried out. */
  readonly carriedOut: () => void
}

export interface FaultRules {
  add(rules: readonly FaultRule[], onHit?: OnHit): void
  list(): readonly FaultRuleState[]
  clear(): void
  /** Trouble for one call. Counts it. */
  troubleFor(service: AwsService, operation: string): Trouble
}

export function createFaultRules(): FaultRules {
  let states: Counted[] = []
  return {
    add(rules, onHit = () => undefined) {
      states.push(...rules.map(rule => ({ rule, onHit, matched: 0, hit: 0 })))
    },
    list: () => states.map(({ rule, matched, hit }) => ({ ...rule, matched, hit })),
    clear() {
      states = []
    },
    troubleFor(service, operation) {
      let delayMs = 0
      let decided: Counted | undefined
      for (const state of states) {
        if (!matches(state.rule, service, operation)) continue
        state.matched++
        // Only one rule can decide what becomes of a call; delays come on top.
        const mayAct = state.rule.kind === 'delay' || decided === undefined
        if (!mayAct || !isDue(state)) continue
        state.hit++
        if (state.rule.kind === 'delay') delayMs += state.rule.delayMs ?? 0
        else decided = state
        if (!hangsAfter(state.rule)) state.onHit({ service, operation })
      }
      const carriedOut = () => {
        if (decided !== undefined && hangsAfter(decided.rule)) decided.onHit({ service, operation })
      }
      return { delayMs, rule: decided?.rule, carriedOut }
    },
  }
}

interface Counted {
  readonly rule: FaultRule
  readonly onHit: OnHit
  matched: number
  hit: number
}

function hangsAfter(rule: FaultRule): boolean {
  return rule.kind === 'hang' && rule.when === 'after'
}

function matches(rule: FaultRule, service: AwsService, operation: string): boolean {
  return (rule.service ?? service) === service && (rule.operation ?? operation) === operation
}

function isDue({ rule, matched, hit }: Counted): boolean {
  return matched > (rule.after ?? 0) && hit < (rule.times ?? Number.POSITIVE_INFINITY)
}

/** Rules, or every problem with them. Unknown words are problems: a misspelled rule would test nothing. */
export function parseFaultRules(
  value: unknown,
): { readonly rules: readonly FaultRule[] } | { readonly problems: readonly string[] } {
  if (!Array.isArray(value)) return { problems: ['the body must be a JSON list of rules'] }
  const problems = value.flatMap((rule, index) => problemsOf(rule).map(problem => `rule ${index + 1}: ${problem}`))
  return problems.length > 0 ? { problems } : { rules: value as readonly FaultRule[] }
}

const checks: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  service: value => oneOf(value, Object.keys(services)),
  operation: value =>
    Object.values(services).some(shape => shape.operations.has(String(value)))
      ? undefined
      : `is no operation: ${String(value)}`,
  kind: value => oneOf(value, kinds),
  code: text,
  message: text,
  status: value => (isCount(value) && Number(value) >= 400 && Number(value) <= 599 ? undefined : 'must be 400 to 599'),
  delayMs: count,
  when: value => oneOf(value, ['before', 'after']),
  times: count,
  after: count,
}

function problemsOf(rule: unknown): readonly string[] {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return ['must be an object']
  const problems = Object.entries(rule).flatMap(([name, value]) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (check === undefined) return [`unknown member ${name}`]
    const problem = check(value)
    return problem === undefined ? [] : [`${name} ${problem}`]
  })
  const { kind, delayMs, when, service, operation } = rule as Partial<Record<keyof FaultRule, unknown>>
  if (kind === undefined) problems.push(`kind is missing: ${kinds.join(', ')}`)
  if (kind === 'delay' && delayMs === undefined) problems.push('delayMs is missing')
  if (kind !== 'hang' && when !== undefined) problems.push('when goes with the kind hang alone')
  const shape = Object.values(services).find(each => each.service === service)
  if (shape !== undefined && typeof operation === 'string' && !shape.operations.has(operation)) {
    problems.push(`${shape.service} has no operation ${operation}`)
  }
  return problems
}

function oneOf(value: unknown, words: readonly string[]): string | undefined {
  return words.includes(String(value)) ? undefined : `must be one of ${words.join(', ')}`
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? undefined : 'must be text'
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0
}

function count(value: unknown): string | undefined {
  return isCount(value) ? undefined : 'must be a whole number of 0 or more'
}
