import type { Clock } from '../src/deploy/clock.ts'
import type { ClockTimes } from './clock-times.ts'

/**
 * The sandbox's time. The state machines of `cloud/` never look at the wall clock: they ask `now` and book what
 * comes later with `at`. The same code therefore runs on real sockets (`wallTimeline`, which may run faster than
 * life) and in virtual time (`VirtualTimeline`).
 */
export interface Timeline {
  /** Milliseconds since the Unix epoch, in the sandbox's own time. */
  now(): number
  /** Runs `act` once `now()` has reached `time`. Returns a function that takes the booking back. */
  at(time: number, act: () => void): () => void
}

/**
 * Sandbox time that follows the wall clock, `speed` times faster: a 30 s health-check interval takes 3 s at speed 10.
 * `stop` drops every booking, so that the process can end.
 */
export function wallTimeline(speed: number): Timeline & ClockTimes & { stop(): void } {
  const startedAt = Date.now()
  const startedTicks = performance.now()
  const timers = new Set<NodeJS.Timeout>()
  const now = () => startedAt + (performance.now() - startedTicks) * speed
  return {
    now,
    toClock: time => startedAt + (time - startedAt) / speed,
    fromClock: time => startedAt + (time - startedAt) * speed,
    at(time, act) {
      const timer = setTimeout(
        () => {
          timers.delete(timer)
          act()
        },
        Math.max(0, (time - now()) / speed),
      )
      timers.add(timer)
      return () => {
        clearTimeout(timer)
        timers.delete(timer)
      }
    },
    stop() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}

interface Booking {
  readonly time: number
  readonly order: number
  readonly act: () => void
}

/** Time that stands still until somebody moves it, and then runs every booking that falls due, in order. */
export class VirtualTimeline implements Timeline {
  #now: number
  #order = 0
  readonly #bookings: Booking[] = []
  #afterStep: () => void = () => {}

  constructor(start: number) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  at(time: number, act: () => void): () => void {
    const booking: Booking = { time: Math.max(time, this.#now), order: this.#order++, act }
    // Kept sorted; binary search for the place keeps long simulations linear in practice.
    let low = 0
    let high = this.#bookings.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#bookings[middle] as Booking).time <= booking.time) low = middle + 1
      else high = middle
    }
    this.#bookings.splice(low, 0, booking)
    return () => {
      const index = this.#bookings.indexOf(booking)
      if (index >= 0) this.#bookings.splice(index, 1)
    }
  }

  /** Jumps to the next booking and runs it; false when nothing is booked. */
  step(): boolean {
    const next = this.#bookings.shift()
    if (next === undefined) return false
    this.#now = Math.max(this.#now, next.time)
    next.act()
    this.#afterStep()
    return true
  }

  /** From now on `look` is called whenever something has happened, once for each booking. It must not move time. */
  watch(look: () => void): void {
    this.#afterStep = look
  }

  /** Runs everything that is due up to `time`, then stands at `time`. */
  advanceTo(time: number): void {
    while (this.#bookings.length > 0 && (this.#bookings[0] as Booking).time <= time) this.step()
    this.#now = Math.max(this.#now, time)
  }
}

/** Whoever acts in virtual time, as the clock sees him. */
interface Presence {
  sleeping: number
  ended: boolean
}

/**
 * Runs `actors` (deploys, foreign writers, clients) in virtual time: the timeline moves only while every actor that
 * has not ended sleeps on the clock it was given. What they do between two sleeps costs no time. Who has ended holds
 * nobody up any more, whatever he has left asleep.
 * Rejects when all of them sleep and nothing is booked, which would be for ever.
 */
export async function runInVirtualTime<T>(
  timeline: VirtualTimeline,
  actors: readonly ((clock: Clock) => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const all: readonly Presence[] = actors.map(() => ({ sleeping: 0, ended: false }))
  const settled = Promise.allSettled(
    actors.map(async (actor, index) => {
      const one = all[index] as Presence
      try {
        return await actor(clockOf(timeline, one))
      } finally {
        one.ended = true
      }
    }),
  )
  let ended = false
  void settled.then(() => {
    ended = true
  })
  while (!ended) {
    // One turn of the event loop lets every promise that can run do so, real file reads of the SDK included.
    await new Promise(resolve => setImmediate(resolve))
    if (ended) break
    if (all.some(one => !one.ended && one.sleeping === 0)) continue
    if (!timeline.step()) throw new Error('virtual time has come to an end: every actor sleeps and nothing is booked')
  }
  return settled
}

/** One actor may sleep several times at once (calls side by side): it counts as asleep while any sleep is open that is not aside. */
function clockOf(timeline: VirtualTimeline, one: Presence): Clock {
  return {
    now: () => timeline.now(),
    sleep: (ms, signal, how) =>
      new Promise<void>((resolve, reject) => {
        const weight = how === 'aside' ? 0 : 1
        if (signal?.aborted) {
          reject(signal.reason)
          return
        }
        one.sleeping += weight
        const wake = () => {
          signal?.removeEventListener('abort', abort)
          one.sleeping -= weight
        }
        const cancel = timeline.at(timeline.now() + ms, () => {
          wake()
          resolve()
        })
        const abort = () => {
          cancel()
          wake()
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', abort, { once: true })
      }),
  }
}
