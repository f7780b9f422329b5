import type { Failure } from './outcome.ts'

/** `SKIP` says that nobody could look, and why: it is neither good nor bad. */
export type Mark = 'OK' | 'NG' | 'SKIP'

export const sections = [
  'Lock',
  'Services',
  'Target groups',
  'Listeners and rules',
  'Task definition',
  'Time',
  'Alarms',
  'Auto scaling',
  'Roles and credentials',
] as const

export type Section = (typeof sections)[number]

/** One line of the preflight: what was looked at before anything is written. */
export interface Check {
  readonly section: Section
  readonly mark: Mark
  /** Begins with the object; one line, but for a statement that allows what is missing. */
  readonly says: string
  /** Why it is NG. */
  readonly failure?: Failure
}

/** The tree as lines: a section, then its checks. */
export function checkLines(checks: readonly Check[]): readonly string[] {
  const found = sections.filter(section => checks.some(check => check.section === section))
  return found.flatMap(section => [
    section,
    ...checks
      .filter(check => check.section === section)
      .map(({ mark, says }) => `  ${mark.padEnd(4)}  ${says.replaceAll('\n', '\n        ')}`),
  ])
}

/**
 * The checks, and those that nobody made because something else is NG.
 *
 * @param without sections that have nothing to check here
 */
export function skipped(checks: readonly Check[], without: readonly Section[] = []): readonly Check[] {
  const missing = sections.filter(
    section => !without.includes(section) && !checks.some(check => check.section === section),
  )
  return [
    ...checks,
    ...missing.map(section => ({ section, mark: 'SKIP' as const, says: 'Not looked at, because of what is NG' })),
  ]
}
