import type { AmidShift } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type Color, colors } from '../model/color.ts'
import type { Journal } from '../model/journal.ts'
import { Refusal } from '../model/outcome.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { describeJournal } from '../plan/journal.ts'
import { runningOn } from './running-on.ts'

const askAgain =
  'Somebody has deployed or rolled back since this run was asked for: look at `mode: status`, and ask again if it is still wanted.'

/**
 * The guard of `expected-live`: a color, or a version. No call without it, nor for a color.
 *
 * @throws Refusal when something else is live
 */
export async function expectLive(inputs: Inputs, world: World, seen: Snapshot, live: Color): Promise<void> {
  const { expectedLive: expected } = inputs
  if (expected === undefined || expected === live) return
  const version = isColor(expected) ? undefined : (await runningOn(world, seen, [live]))[live]?.version
  if (version === expected) return
  throw new Refusal({
    code: 'LIVE_NOT_EXPECTED',
    headline: `${version ?? live} is live${version === undefined ? '' : ` on ${live}`}, but expected-live is ${expected}.`,
    details: [`Nothing was written. ${askAgain}`],
  })
}

/**
 * The same in the middle of another run's shift, before anything is given back. A deploy goes on from the color that will get all the
 * traffic. Whoever rolls back flees from what comes or names what was there: both colors have customers.
 */
export function amidShift(inputs: Inputs, world: World): AmidShift {
  const { expectedLive: expected } = inputs
  if (expected === undefined) return {}
  return {
    allow: async (journal, seen, gets) => {
      const sides = inputs.mode === 'rollback' ? [journal.from, journal.to] : [gets]
      const running = isColor(expected) ? {} : await runningOn(world, seen, sides)
      const named = sides.map(color => running[color]?.version ?? color)
      if (named.includes(expected)) return
      throw new Refusal({
        code: 'LIVE_NOT_EXPECTED',
        headline:
          inputs.mode === 'rollback'
            ? `Traffic is between ${named.join(' and ')}, but expected-live is ${expected}.`
            : `Traffic is between the colors, and ${named.join()} would get all of it first, but expected-live is ${expected}.`,
        details: [`Nothing was written. ${askAgain}`, leftBetween(journal)],
      })
    },
  }
}

/** What whoever is refused then still has. */
export function leftBetween(journal: Journal): string {
  return `A run was ${describeJournal(journal)}, and its traffic stays as it is. \`mode: rollback\` without a name gives it back.`
}

function isColor(expected: string): boolean {
  return colors.some(color => color === expected)
}
