import type { Failure } from './outcome.ts'

/** `SKIP` says that nobody could look, and why: it is neither good nor bad. */
export type Mark = 'OK' | 'NG' | 'SKIP'

export const sections = [
  'Services',
  'Target groups',
  'Listeners and rules',
  'Task definition',
  'Time',
  'Alarms',
  'Roles and credentials',
] as const

export type Section = (typeof sections)[number]

/** One line of the preflight: what was looked at before anything is written. */
export interface Check {
  readonly section: Section
  readonly mark: Mark
  /** One line that begins with the object. */
  readonly says: string
  /** Why it is NG. */
  readonly failure?: Failure
}
