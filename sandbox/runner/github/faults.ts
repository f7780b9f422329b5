import type { Operation } from './routes.ts'

/** Trouble to make on purpose, for calls that are allowed. Without an operation, for every call. */
export interface GithubFault {
  readonly operation?: Operation
  /**
   * `status`: that answer instead. `hang`: none at all. `lost-answer`: carried out, then the connection breaks. `lost-request`: it
   * breaks, and nothing was carried out. `garbage`: an answer that is no JSON.
   */
  readonly kind: 'status' | 'hang' | 'lost-answer' | 'lost-request' | 'garbage'
  /** For `status`. */
  readonly status?: number
  readonly message?: string
  /** How many calls it hits; all of them when absent. */
  readonly times?: number
  /** How many matching calls it lets pass first. */
  readonly after?: number
}

export interface GithubFaults {
  add(...rules: readonly GithubFault[]): void
  clear(): void
  /** Counts the call. */
  next(operation: Operation): GithubFault | undefined
}

export function createGithubFaults(): GithubFaults {
  let rules: { readonly rule: GithubFault; matched: number; hit: number }[] = []
  return {
    add(...added) {
      rules.push(...added.map(rule => ({ rule, matched: 0, hit: 0 })))
    },
    clear() {
      rules = []
    },
    next(operation) {
      for (const state of rules) {
        const { rule } = state
        if (rule.operation !== undefined && rule.operation !== operation) continue
        state.matched++
        if (state.matched <= (rule.after ?? 0) || state.hit >= (rule.times ?? Number.POSITIVE_INFINITY)) continue
        state.hit++
        return rule
      }
      return undefined
    },
  }
}
