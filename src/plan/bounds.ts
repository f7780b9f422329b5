import { counted } from '../model/count.ts'
import type { Failure } from '../model/outcome.ts'

/** What ends a loop that looks, decides and acts, where AWS gives it no end. */

/** No step begins when `timeout` is over. */
export function isLate(
  { startedAt, timeoutMs }: { readonly startedAt: number; readonly timeoutMs: number },
  now: number,
): boolean {
  return now >= startedAt + timeoutMs
}

/** @param what such as `The preview pr-12`, or `The pair of shop and shop-green` */
export function lateFailure(what: string, next: string): Failure {
  return {
    code: 'NOT_HEALTHY_IN_TIME',
    headline: `${what} was not whole when \`timeout\` was over.`,
    details: [`Next would have been: ${next}.`, 'Run again: it goes on from here. Or raise `timeout`.'],
  }
}

/** A write that AWS takes, and that is not to be seen afterwards: somebody takes it back, or AWS does not keep it. */
const stuckLimit = 6
const stuckPauseMs = 1_000

/** @param before how often the very same step was done by this run */
export function repeated(step: string, before: number): Failure | { readonly pauseMs: number } {
  if (before === 0) return { pauseMs: 0 }
  if (before < stuckLimit) return { pauseMs: stuckPauseMs * 2 ** (before - 1) }
  return {
    code: 'WRITE_NOT_CONFIRMED',
    headline: `AWS has taken a write ${counted(before, 'time')}, and it is not to be seen: ${step}.`,
    details: ['Look who changes it back, such as Terraform or another workflow. Then run again: it goes on from here.'],
  }
}
