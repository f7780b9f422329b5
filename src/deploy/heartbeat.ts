import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** Nothing is told again more often: whoever reads the log later must not wade through it. */
const silenceMs = 30_000

/** Whoever has just started a job wants to see it begin. */
const firstWordMs = 1_500

/** Characters of the line that is told again. */
const longest = 200

export interface Heartbeat<L extends Log> {
  /** The log, which is listened to. */
  readonly log: L
  /** Says that the run is alive whenever nothing else was said for a while, until the work is done. */
  during<T>(work: () => Promise<T>): Promise<T>
}

/** @param opening what is said when the first line is late */
export function heartbeat<L extends Log>(clock: Clock, log: L, opening: string): Heartbeat<L> {
  const startedAt = clock.now()
  let saidAt = startedAt
  let last: string | undefined
  const heard =
    (say: (line: string) => void) =>
    (line: string): void => {
      saidAt = clock.now()
      last = line
      say(line)
    }
  const listened: L = { ...log, info: heard(log.info), warn: heard(log.warn), phase: heard(log.phase) }

  const due = () => saidAt + (last === undefined ? firstWordMs : silenceMs)

  function speak(): void {
    if (last === undefined) {
      listened.info(opening)
      return
    }
    saidAt = clock.now()
    const inAll = Math.round((saidAt - startedAt) / 1_000)
    log.info(`No news for ${silenceMs / 1_000}s (${inAll}s in all). The last was: ${shortened(last)}`)
  }

  async function beat(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await clock.sleep(Math.max(0, due() - clock.now()), signal, 'aside')
      } catch (error) {
        if (!signal.aborted) throw error
        return
      }
      if (clock.now() >= due()) speak()
    }
  }

  return {
    log: listened,
    async during(work) {
      const ended = new AbortController()
      const beating = beat(ended.signal)
      try {
        return await work()
      } finally {
        ended.abort()
        await beating
      }
    },
  }
}

/** Without its time, and on one line. */
function shortened(line: string): string {
  const text = line.replace(/\s+/g, ' ').replace(/ \(\d+s[^()]*\)$/, '')
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
