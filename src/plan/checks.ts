import type { Check, Section } from '../model/check.ts'
import type { Failure } from '../model/outcome.ts'

export function ok(section: Section, says: string): Check {
  return { section, mark: 'OK', says }
}

export function ng(section: Section, code: Failure['code'], headline: string, ...details: readonly string[]): Check {
  return { section, mark: 'NG', says: headline, failure: { code, headline, details } }
}
