import type { Color } from '../model/color.ts'
import type { Failure } from '../model/outcome.ts'
import { sameImage } from './find-revision.ts'
import type { RunNotes } from './noted.ts'

/** What a promote is asked for: one of both, or both. */
export interface Wanted {
  readonly taskDefinition?: string
  readonly image?: string
}

export interface Side {
  readonly color: Color
  readonly taskDefinition: string
  readonly notes: RunNotes
  /** What the image stood for, as far as it is noted. */
  readonly digest?: string
  /** Absent when ECS does not know the revision any more. */
  readonly image?: string
}

export type Promotable =
  /** The idle color still runs what was staged. */
  | { readonly kind: 'staged' }
  /** It is live already: there is nothing to do. */
  | { readonly kind: 'live' }
  | { readonly kind: 'no'; readonly failure: Failure }

/**
 * Whether the candidate of an earlier run may be given the traffic. The first row that applies:
 *
 * | live runs it | idle runs it        | idle's notes                             | verdict                             |
 * |--------------|---------------------|------------------------------------------|-------------------------------------|
 * | yes          | the same revision   | staged, and not known as the same bits   | staged: its tag has moved since     |
 * | yes          | the same revision   | any                                      | live                                |
 * | yes          | another revision    | staged                                   | staged                              |
 * | yes          | another revision    | it served                                | live                                |
 * | yes          | another revision    | neither                                  | no: unclear                         |
 * | yes          | no                  | any                                      | live                                |
 * | no           | no                  | any                                      | no: somebody has staged another     |
 * | no           | yes                 | had it already, and was not staged again | no: that would be going back        |
 * | no           | yes                 | was taken back from it amid its shift    | no: that would be going forth again |
 * | no           | yes                 | none of these                            | staged                              |
 */
export function isStillStaged(wanted: Wanted, live: Side, idle: Side): Promotable {
  if (runs(wanted, live)) return runs(wanted, idle) ? onBoth(wanted, live, idle) : { kind: 'live' }
  if (!runs(wanted, idle)) {
    return no(
      `${idle.color} does not run ${wanted.taskDefinition ?? wanted.image}, but has ${idle.taskDefinition}${idle.image === undefined ? '' : ` with ${idle.image}`}.`,
      'Either it was never staged, or somebody has staged or deployed another version since: promote that one, or stage this one (again).',
    )
  }
  const { served, staged, leftBehind } = idle.notes
  if (served === idle.taskDefinition && staged !== idle.taskDefinition) {
    return no(
      `${wanted.taskDefinition ?? wanted.image} was live already, and ${idle.color} runs it only as the version before: to promote it would be to go back.`,
      'Use `mode: rollback` if that is what you want.',
    )
  }
  if (leftBehind === idle.taskDefinition && staged !== idle.taskDefinition) {
    return no(
      `Production was taken back from ${wanted.taskDefinition ?? wanted.image} on ${idle.color} while it was given the traffic.`,
      'Stage it again if it is to be tried once more.',
    )
  }
  return { kind: 'staged' }
}

function onBoth(wanted: Wanted, live: Side, { color, taskDefinition, notes, digest }: Side): Promotable {
  const waits = notes.staged === taskDefinition
  // A candidate that waits under what is live is there because its tag stands for other bits by now.
  const same = live.taskDefinition === taskDefinition
  if (same) return { kind: waits && (digest === undefined || digest !== live.digest) ? 'staged' : 'live' }
  if (waits) return { kind: 'staged' }
  if (notes.served === taskDefinition) return { kind: 'live' }
  return no(
    `Both colors run ${wanted.image}, in revisions that differ in something else: which one is to be promoted is unclear.`,
    `Set \`task-definition-arn\` to the one that was staged: ${color} has ${taskDefinition}.`,
  )
}

function runs(wanted: Wanted, side: Side): boolean {
  if (wanted.taskDefinition !== undefined) return side.taskDefinition === wanted.taskDefinition
  return wanted.image !== undefined && side.image !== undefined && sameImage(wanted.image, side.image)
}

function no(headline: string, ...details: readonly string[]): Promotable {
  return { kind: 'no', failure: { code: 'NOT_STAGED', headline, details: [...details, 'Nothing was written.'] } }
}
