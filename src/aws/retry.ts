import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types'
import type { Clock } from '../deploy/clock.ts'
import { isCrowded } from './errors.ts'

/** Attempts of one call, the first included: a deploy is worth more patience than the SDK's three. */
const maxAttempts = 6

/** The SDK's own numbers: base of the exponential back-off with full jitter, and its cap. */
const delays = { throttledMs: 1_000, transientMs: 50, capMs: 20_000 }

/**
 * Retries as the SDK's standard strategy does them, on the SDK's own classification of errors, but waiting on our Clock: a
 * cancel ends the wait at once, and a deploy in virtual time spends no real time. `onThrottled` hears about every throttled
 * attempt, so that polling slows down too. The SDK's strategies sleep on timers of their own, which rules them out.
 */
export class ClockedRetryStrategy implements RetryStrategyV2 {
  readonly mode = 'standard'
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #onThrottled: () => void
  readonly #random: () => number

  readonly #transient: boolean

  /** @param transient false: a call without an answer is not repeated, because it may have been applied */
  constructor(
    clock: Clock,
    signal: AbortSignal,
    onThrottled: () => void,
    transient = true,
    random: () => number = Math.random,
  ) {
    this.#transient = transient
    this.#random = random
    this.#clock = clock
    this.#signal = signal
    this.#onThrottled = onThrottled
  }

  async acquireInitialRetryToken(): Promise<RetryToken> {
    return retryToken(0)
  }

  /** @throws Error when there is nothing to gain: the SDK then throws the call's own error. */
  async refreshRetryTokenForRetry(token: RetryToken, error: RetryErrorInfo): Promise<RetryToken> {
    const throttled = error.errorType === 'THROTTLING'
    if (throttled) this.#onThrottled()
    // Not counted as throttling: it says nothing about how often we may look.
    const crowded = isCrowded(error.error)
    const worthIt = throttled || crowded || (this.#transient && error.errorType === 'TRANSIENT')
    const attempts = token.getRetryCount() + 1
    if (!worthIt || attempts >= maxAttempts) throw new Error('no retry')
    const base = throttled || crowded ? delays.throttledMs : delays.transientMs
    await this.#clock.sleep(this.#random() * Math.min(delays.capMs, base * 2 ** token.getRetryCount()), this.#signal)
    return retryToken(attempts)
  }

  recordSuccess(): void {}
}

/** Each call is sent once. */
export class NoRetryStrategy implements RetryStrategyV2 {
  readonly mode = 'standard'

  async acquireInitialRetryToken(): Promise<RetryToken> {
    return retryToken(0)
  }

  async refreshRetryTokenForRetry(): Promise<RetryToken> {
    throw new Error('no retry')
  }

  recordSuccess(): void {}
}

function retryToken(count: number): RetryToken {
  return { getRetryCount: () => count, getRetryDelay: () => 0 }
}
