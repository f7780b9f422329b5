/**
 * Where time comes from. Everything that waits or stamps takes a Clock, so that a whole deploy also runs in
 * virtual time: the sandbox has a clock that jumps to the next event.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch; fractions allowed. */
  now(): number
  /**
   * Resolves after `ms` milliseconds. Rejects with `signal.reason` as soon as the signal aborts, also when it
   * already had.
   *
   * @param how `aside`: beside work that goes on; virtual time does not move because of it while that work is busy
   */
  sleep(ms: number, signal?: AbortSignal, how?: 'aside'): Promise<void>
}
