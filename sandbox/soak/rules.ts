/** A rule of the design that did not hold. */
export interface Violation {
  /** Milliseconds since the case began. */
  readonly atMs: number
  readonly run: number
  readonly rule: Rule
  readonly says: string
}

export const rules = [
  'proven',
  'revision',
  'served',
  'both-groups',
  'untouched-actions',
  'live-service',
  'bake',
  'capacity',
  'foreign-weights',
  'foreign-service',
  'one-writer',
  'revision-in-use',
  'clients',
  'converged',
  'explained',
  'ended',
] as const
export type Rule = (typeof rules)[number]

/** What breaks a rule, before it is known when and by whom. */
export interface Breach {
  readonly rule: Rule
  readonly says: string
}
