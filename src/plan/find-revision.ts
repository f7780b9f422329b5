import { parseImage, versionLabel } from '../model/image.ts'
import type { Failure } from '../model/outcome.ts'
import type { Described } from '../model/task-definition.ts'
import { canonical } from './canonical.ts'
import { registrationOf } from './task-definition.ts'

/** What a rollback goes to, as the inputs say it. */
export type Sought =
  | { readonly kind: 'previous' }
  | { readonly kind: 'revision'; readonly arn: string }
  | { readonly kind: 'image'; readonly image: string }
  | { readonly kind: 'version'; readonly version: string }

/** The same bits by what the texts say: a digest counts alone, and a tag also when the other has a digest beside it. */
export function sameImage(wanted: string, found: string): boolean {
  if (wanted === found) return true
  const [one, other] = [parseImage(wanted), parseImage(found)]
  if (one === undefined || other === undefined || one.repository !== other.repository) return false
  if (one.digest !== undefined) return one.digest === other.digest
  return one.tag !== undefined && one.tag === other.tag
}

/** @param noted what the notes on its color call this image, when there are any */
export function isSought(sought: Sought, arn: string, image: string, noted = versionLabel(image)): boolean {
  switch (sought.kind) {
    case 'previous':
      return false
    case 'revision':
      return sought.arn === arn
    case 'image':
      return sameImage(sought.image, image)
    case 'version':
      return sought.version === noted || sought.version === versionLabel(image)
    default:
      return sought satisfies never
  }
}

/** `version 1.2.3`, for people. */
export function soughtText(sought: Sought): string {
  switch (sought.kind) {
    case 'previous':
      return 'the version before'
    case 'revision':
      return sought.arn
    case 'image':
      return sought.image
    case 'version':
      return `version ${sought.version}`
    default:
      return sought satisfies never
  }
}

/** A revision that has what is sought. */
export interface Match {
  readonly arn: string
  readonly described: Described
  /** When, for people; empty when ECS did not say. */
  readonly registered: string
}

export type Picked =
  | { readonly kind: 'one'; readonly match: Match }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear'; readonly failure: Failure }

/** More would not be read. */
const mostListed = 10

/**
 * Which of the revisions with one image a rollback goes to. A deploy that failed leaves a revision behind, too, so the newest may never have
 * been live. The first row that applies:
 *
 * | matches                                  | decision                          |
 * |------------------------------------------|-----------------------------------|
 * | none                                     | none                              |
 * | some are noted as having been live       | the first of these                |
 * | all say the same, but for their tags     | the first                         |
 * | otherwise                                | unclear: whoever asks names one   |
 */
export function pickRevision(sought: Sought, matches: readonly Match[], lived: ReadonlySet<string>): Picked {
  const match = matches.find(({ arn }) => lived.has(arn)) ?? matches[0]
  if (match === undefined) return { kind: 'none' }
  if (lived.has(match.arn) || new Set(matches.map(contentOf)).size === 1) return { kind: 'one', match }
  const listed = matches
    .slice(0, mostListed)
    .map(one => `${one.arn}${one.registered && `, registered ${one.registered}`}`)
  const hidden = matches.length - listed.length
  return {
    kind: 'unclear',
    failure: {
      code: 'REVISION_UNCLEAR',
      headline: `${matches.length} revisions with ${soughtText(sought)} differ in more than their image, and which of them was live is not noted.`,
      details: [
        ...listed,
        ...(hidden > 0 ? [`and ${hidden} more`] : []),
        'Name one by `task-definition-arn`. Nothing was written.',
      ],
    },
  }
}

/** Tags do nothing to what runs. */
function contentOf({ described: { definition } }: Match): string {
  return canonical(registrationOf({ definition, tags: [] }))
}
