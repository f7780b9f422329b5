import type { Tags } from '../model/clone.ts'
import type { ByColor } from '../model/color.ts'
import { ownPrefix } from './own-tags.ts'
import { plainTag, tagKeys } from './preview-names.ts'

/** Names and tags of the twin that a single service gets. */

const longest = { group: 32, digest: 8 } as const
const [blueEnd, greenEnd] = ['-blue', '-green']

/** The tag that says whose twin it is. */
export const setupTag = `${ownPrefix}setup`

/** `shop` and `shop-green`; a service that is called `shop-blue` already gets `shop-green` too. */
export function pairOf(service: string): ByColor<string> {
  return { blue: service, green: `${base(service)}${greenEnd}` }
}

/** The text that the input `service` of a deploy has for this pair; undefined when both names are needed. */
export function baseNameOf({ blue, green }: ByColor<string>): string | undefined {
  const name = base(blue)
  return name !== blue && green === `${name}${greenEnd}` ? name : undefined
}

/**
 * Name of the twin's target group: like the original's, which no other in the account has, so that two clusters with a service of one
 * name do not meet. 32 characters at most; where letters have to go, a digest tells names apart that begin alike.
 *
 * @param digest hexadecimal digits, of the original's ARN
 */
export function twinGroupName(group: string, digest: string): string {
  const whole = `${base(group)}${greenEnd}`
  if (whole.length <= longest.group) return whole
  const mark = `-${digest.slice(0, longest.digest)}${greenEnd}`
  return `${group.slice(0, longest.group - mark.length).replace(/-+$/, '')}${mark}`
}

function base(name: string): string {
  return name.endsWith(blueEnd) && name.length > blueEnd.length ? name.slice(0, -blueEnd.length) : name
}

/** Tags of every part that is made. Values hold nothing that people may write freely. */
export function setupTags(
  of: string,
  run: { readonly repository: string; readonly id: string; readonly created: string },
): Tags {
  return {
    [setupTag]: plainTag(of),
    [tagKeys.repository]: plainTag(run.repository),
    [tagKeys.run]: plainTag(run.id),
    [tagKeys.created]: run.created,
  }
}

/** Whether the tags say that this part was made for this service. Without them it is somebody else's, whatever its name. */
export function isTwin(tags: Tags | undefined, of: string): boolean {
  return tags?.[setupTag] === plainTag(of)
}

/** What a service was made for that this action has made itself; undefined when others have made it. */
export function madeFor(tags: Tags): string | undefined {
  return tags[setupTag] ?? (tags[tagKeys.preview] === undefined ? undefined : `the preview ${tags[tagKeys.preview]}`)
}

/** Notes that deploys leave on target groups: those of the original are not true of its twin. */
const notes: ReadonlySet<string> = new Set([
  'Digest',
  'Image',
  'IsProduction',
  'LockTakenBy',
  'LockTakenFrom',
  'LockTakenUrl',
  'Parked',
  'Revision',
  'RolledBack',
  'Scaling',
  'Staged',
  'Tasks',
  'UnfinishedShift',
  'Version',
])

/** AWS takes no more on one thing. */
const mostTags = 50

/** The tags of the original, as far as they may be given to another, and those of the twin. */
export function twinTags(original: Tags, own: Tags): Tags {
  const copied = Object.entries(original).filter(
    ([key]) => !key.startsWith('aws:') && !key.startsWith(ownPrefix) && !notes.has(key),
  )
  return { ...Object.fromEntries(copied.slice(0, mostTags - Object.keys(own).length)), ...own }
}
