import { type FailureCode, Refusal } from '../model/outcome.ts'

export function refusal(code: FailureCode, headline: string, ...details: readonly string[]): Refusal {
  return new Refusal({ code, headline, details })
}
