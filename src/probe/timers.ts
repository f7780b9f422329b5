/*
 * Node's timers, here and nowhere else in the probe. Clock.sleep would cost a promise, and an AbortSignal to take it
 * back, for every wake-up of a schedule that wakes a thousand times a second. What the time is, is still asked of the
 * Clock: a timer only says when to look.
 */

/** One wake-up that can be moved. */
export class Alarm {
  readonly #act: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(act: () => void) {
    this.#act = act
  }

  /** Wakes in `ms` milliseconds, and no more at the time that was set before. */
  set(ms: number): void {
    this.clear()
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#act()
    }, ms)
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

/** Returns what ends it. */
export function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms)
  return () => clearInterval(timer)
}
