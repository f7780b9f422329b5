import { parseImage, versionLabel } from '../model/image.ts'
import type { RunningVersion } from '../model/progress.ts'

/**
 * What an image is called and which bits it stood for. The tags of its target group are notes, written by the deploy that
 * put it there: they are believed only when they were written for this very image.
 */
export function noted(image: string, tags: Readonly<Record<string, string>> = {}): RunningVersion {
  const believed: Readonly<Record<string, string>> = tags.Image === image ? tags : {}
  const digest = parseImage(image)?.digest ?? (believed.Digest || undefined)
  return { image, version: believed.Version ?? versionLabel(image), ...(digest === undefined ? {} : { digest }) }
}

/** The tags that `noted` reads again. All of them: a digest that stays from another image would be believed of this one. */
export function notesOf({ image, version, digest = '' }: RunningVersion): Readonly<Record<string, string>> {
  return { Image: image, Version: version, Digest: digest }
}

/** What else is noted on a target group. ARNs of revisions; an empty text takes a note back. */
export interface RunNotes {
  /** The revision on this color that had the traffic last. */
  readonly served?: string
  /** The revision that was proven and tested on this color, and waits for its promotion. */
  readonly staged?: string
  /** The revision on this color that production was taken off by a rollback: until the next deploy nothing goes back there by itself. */
  readonly leftBehind?: string
  /** Tasks that this color had when traffic left it. */
  readonly tasks?: number
  /** Tasks that were left to it since. */
  readonly parked?: number
}

export function readNotes(tags: Readonly<Record<string, string>> = {}): RunNotes {
  const { Revision, Staged, RolledBack, Tasks = '', Parked = '' } = tags
  return {
    ...(Revision ? { served: Revision } : {}),
    ...(Staged ? { staged: Staged } : {}),
    ...(RolledBack ? { leftBehind: RolledBack } : {}),
    ...(/^[1-9]\d{0,3}$/.test(Tasks) ? { tasks: Number(Tasks) } : {}),
    ...(/^\d{1,4}$/.test(Parked) ? { parked: Number(Parked) } : {}),
  }
}

/** For a color that has another version's bits by now under the revision that served: nobody is to go back there unasked. */
export const forgotten: Readonly<Record<string, string>> = { Revision: '', Staged: '' }

/** For a color that has, or has had, the traffic. */
export function servedNotes(taskDefinition: string, leftBehind = false): Readonly<Record<string, string>> {
  return { Revision: taskDefinition, Staged: '', ...leftBehindNotes(leftBehind ? taskDefinition : '') }
}

export function leftBehindNotes(taskDefinition: string): Readonly<Record<string, string>> {
  return { RolledBack: taskDefinition }
}
