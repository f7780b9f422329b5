import { parseImage, versionLabel } from '../model/image.ts'

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
