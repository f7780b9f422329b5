import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../src/deploy/clock.ts'

/** The wall clock, for the commands of the sandbox. */
export const wallClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: async (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
}
