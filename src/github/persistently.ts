import { Trouble } from './trouble.ts'

const pauseMs = 1_000
const attempts = 3

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

/**
 * Does what looks first at what is there, and tries again what may pass.
 *
 * @returns what it failed with in the end
 */
export async function persistently(
  work: () => Promise<void>,
  limit: AbortSignal,
  sleep: Sleep,
): Promise<{ readonly error: unknown } | undefined> {
  for (let left = attempts; ; left--) {
    try {
      await work()
      return undefined
    } catch (error) {
      const again = left > 1 && error instanceof Trouble && error.kind === 'passing'
      if (!again || !(await paused(limit, sleep))) return { error }
    }
  }
}

/** @returns whether there is time left */
async function paused(limit: AbortSignal, sleep: Sleep): Promise<boolean> {
  try {
    await sleep(pauseMs, limit)
    return true
  } catch (error) {
    if (!limit.aborted) throw error
    return false
  }
}
