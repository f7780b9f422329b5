import type { Clock } from './clock.ts'

/** Time that passes as soon as somebody waits for it. */
export function jumpingClock(start: number): Clock {
  let now = start
  return {
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      now += ms
    },
  }
}
