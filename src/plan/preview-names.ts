import type { Tags } from '../model/clone.ts'
import type { PreviewOwner } from '../model/preview.ts'
import { ownPrefix, previewTag } from './own-tags.ts'

/** Names and tags of previews. */

/** A target group's name has at most 32 characters; service and family share it, so that each part tells the others. */
const digits = 8
const lengths = { service: 10, id: 12 } as const

export const tagKeys = {
  preview: previewTag,
  repository: `${ownPrefix}repository`,
  repositoryId: `${ownPrefix}repository-id`,
  of: `${ownPrefix}service`,
  pullRequest: `${ownPrefix}pull-request`,
  run: `${ownPrefix}run`,
  created: `${ownPrefix}created`,
  pushed: `${ownPrefix}pushed`,
  expires: `${ownPrefix}expires`,
} as const

/** They change with every push: two revisions that differ only in them are the same. */
export const fleeting: readonly string[] = [tagKeys.run, tagKeys.created, tagKeys.pushed, tagKeys.expires]

/**
 * What the digest in a preview's name is made of: names that are cut to the same letters still differ. A repository that is renamed finds
 * its previews again.
 */
export function digestText({ repository, repositoryId, of, id }: PreviewOwner): string {
  return JSON.stringify([repositoryId ?? repository, of, id])
}

/**
 * `shop-pr-12-0a1b2c3d`: letters, digits and hyphens, none at the ends, 32 at most.
 *
 * @param service base name of the two colors
 * @param digest hexadecimal digits of `digestText`
 */
export function previewName(service: string, id: string, digest: string): string {
  return [servicePrefix(service), cut(id, lengths.id), digest.slice(0, digits)].filter(part => part !== '').join('-')
}

/** What the names of all previews of a service begin with. */
export function servicePrefix(service: string): string {
  return cut(service, lengths.service)
}

/** Whether this may be the name of a preview of the service; the tags say whether it is. */
export function mayBePreview(name: string, service: string): boolean {
  const begin = servicePrefix(service)
  return name.startsWith(begin === '' ? '' : `${begin}-`) && /-[0-9a-f]{8}$/.test(name)
}

function cut(text: string, length: number): string {
  const plain = text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-/, '')
  return plain.slice(0, length).replace(/-+$/, '')
}

/** Tags of every part, but for `created`, which only the first run knows. Values hold nothing that people may write freely. */
export function ownerTags(
  owner: PreviewOwner,
  run: { readonly id: string; readonly pullRequest?: number; readonly expires: string },
): Tags {
  const { repository, repositoryId, of, id } = owner
  return {
    [tagKeys.preview]: id,
    [tagKeys.repository]: plainTag(repository),
    ...(repositoryId === undefined ? {} : { [tagKeys.repositoryId]: repositoryId }),
    [tagKeys.of]: plainTag(of),
    ...(run.pullRequest === undefined ? {} : { [tagKeys.pullRequest]: String(run.pullRequest) }),
    [tagKeys.run]: plainTag(run.id),
    [tagKeys.expires]: run.expires,
  }
}

/** What a push that is for no pull request says of the one before, so that the end of that one does not end the preview. */
const noPullRequest = 'none'

/** What the tags of a part are to be by this push, which was not the first. */
export function tagsOfPush(goal: Tags, there: Tags): Tags {
  const { [tagKeys.created]: _, ...tags } = goal
  const forgets = there[tagKeys.pullRequest] !== undefined && tags[tagKeys.pullRequest] === undefined
  return forgets ? { ...tags, [tagKeys.pullRequest]: noPullRequest } : tags
}

/** The pull request that the tags tell of. */
export function pullRequestIn(tags: Tags): number | undefined {
  const noted = tags[tagKeys.pullRequest] ?? ''
  return /^\d+$/.test(noted) ? Number(noted) : undefined
}

/** Whether the tags say that this part belongs to that preview. Without them it is somebody else's, whatever its name. */
export function isOwn(tags: Tags | undefined, owner: PreviewOwner): boolean {
  return (
    tags !== undefined &&
    tags[tagKeys.preview] === owner.id &&
    isOfRepository(tags, owner) &&
    tags[tagKeys.of] === plainTag(owner.of)
  )
}

/** By the id where both sides know it: a name may go to another repository, when the one that had it is renamed or deleted. */
function isOfRepository(tags: Tags, { repository, repositoryId }: Pick<PreviewOwner, 'repository' | 'repositoryId'>) {
  const noted = tags[tagKeys.repositoryId]
  if (noted !== undefined && repositoryId !== undefined) return noted === repositoryId
  return tags[tagKeys.repository] === plainTag(repository)
}

/** Which preview of this repository and service the tags tell of; undefined when of none. */
export function ownerIn(tags: Tags, like: Omit<PreviewOwner, 'id'>): PreviewOwner | undefined {
  const id = tags[tagKeys.preview]
  if (id === undefined) return undefined
  if (!isOwn(tags, { ...like, id })) return undefined
  const { repository, of } = like
  const noted = tags[tagKeys.repositoryId]
  // Its name was made from what was known then.
  return { repository, of, id, ...(noted === undefined ? {} : { repositoryId: noted }) }
}

/** ECS and Elastic Load Balancing take only these in tags. */
export function plainTag(text: string): string {
  return text.replace(/[^A-Za-z0-9_.:/=+@-]/g, '-').slice(0, 256)
}
