import type { Color } from '../model/color.ts'
import type { Journal } from '../model/journal.ts'
import type { Failure } from '../model/outcome.ts'
import type { RunNotes } from './noted.ts'

export type WayBack =
  /** To what the idle color runs now: warm, or parked. */
  | { readonly kind: 'idle' }
  /** The idle color has had it, and runs something else by now. */
  | { readonly kind: 'revision'; readonly arn: string }
  /** Production is back already. */
  | { readonly kind: 'done'; readonly from: string }
  | { readonly kind: 'nowhere'; readonly failure: Failure }

/**
 * Where `mode: rollback` without a name goes: to what the idle color served production with last. The first row that applies:
 *
 * | what the notes on the idle color say | a journal                            | decision                           |
 * | ------------------------------------ | ------------------------------------ | ---------------------------------- |
 * | production was rolled back from it   | any                                  | done: to go there would be to flip |
 * | anything else                        | traffic comes from what it runs      | idle: notes are made last          |
 * | it served the revision that it runs  | any                                  | idle                               |
 * | it served another one                | any                                  | that revision                      |
 * | nothing                              | traffic comes from it                | idle                               |
 * | nothing                              | none                                 | nowhere: nobody has deployed yet   |
 */
export function wayBack(
  idle: { readonly color: Color; readonly taskDefinition: string; readonly notes: RunNotes },
  journal: Journal | undefined,
): WayBack {
  const { served, leftBehind } = idle.notes
  if (leftBehind !== undefined) return { kind: 'done', from: leftBehind }
  const left = journal?.from === idle.color && journal.phase !== 'staging' ? journal : undefined
  // A run that was killed has made no notes of what it brought live, and nobody makes any of what is put on a live service by hand.
  if (left?.live === idle.taskDefinition) return { kind: 'idle' }
  if (served === idle.taskDefinition) return { kind: 'idle' }
  if (served !== undefined) return { kind: 'revision', arn: served }
  if (left !== undefined) return { kind: 'idle' }
  return {
    kind: 'nowhere',
    failure: {
      code: 'NOTHING_TO_GO_BACK_TO',
      headline: `There is nothing to go back to: what ${idle.color} runs has never been live, as far as the tags of its target group tell.`,
      details: [
        'A deploy notes there what it takes the traffic from. Name what you want instead: `task-definition-arn`, `image` or `version`.',
        'Nothing was written.',
      ],
    },
  }
}
