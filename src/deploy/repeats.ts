import { Refusal } from '../model/outcome.ts'
import { repeated } from '../plan/bounds.ts'
import type { World } from './world.ts'

/** Steps that have a limit and a pause of their own, or are another one each time. */
const paced: readonly string[] = ['attach', 'create-rule', 'create-test-rule', 'create-service']

/**
 * Counts the steps of one run, and pauses before one that it has done before.
 *
 * @throws Refusal for a step that was done too often
 */
export function countRepeats(world: World): (kind: string, text: string) => Promise<void> {
  const done = new Map<string, number>()
  return async (kind, text) => {
    if (paced.includes(kind)) return
    const before = done.get(text) ?? 0
    done.set(text, before + 1)
    const verdict = repeated(text, before)
    if ('code' in verdict) throw new Refusal(verdict)
    if (verdict.pauseMs > 0) await world.clock.sleep(verdict.pauseMs, world.signal)
  }
}
