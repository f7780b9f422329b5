import { Refusal } from '../model/outcome.ts'
import type { World } from './world.ts'

/**
 * Tags are advisory: a role that may not read or write them must not turn a deploy red.
 *
 * @returns undefined when AWS refused, which is said
 */
export async function advisory<T>(world: World, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    world.log.warn(`${error.failure.headline} The deploy goes on: these tags are only notes.`)
    return undefined
  }
}

/** What fails here must not turn the deploy red: it is told, with what to do. */
export async function tolerated(world: World, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof Refusal) || world.signal.aborted) throw error
    world.log.warn(`${what}. ${[error.failure.headline, ...error.failure.details].join(' ')}`)
  }
}
