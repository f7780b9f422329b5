import type { Tag } from '@aws-sdk/client-ecs'
import { AwsFault } from '../ports.ts'
import { invalidParameter, resourceNotFound } from './faults.ts'
import { findCluster, shortName } from './names.ts'
import { pruneStopped } from './task-life.ts'
import type { World } from './world.ts'

const MAX_TAGS = 50

/** What keys and values may be made of. Source: the service model's pattern of both. */
const LETTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** `added` over `tags`, key by key. @throws AwsFault when there would be too many or a key is AWS's own */
export function mergeTags(tags: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const merged = new Map(tags.map(tag => [tag.key, tag]))
  for (const tag of added) {
    if (tag.key === undefined || tag.key.length < 1 || tag.key.length > 128) {
      throw invalidParameter('Tag keys must be between 1 and 128 characters long.')
    }
    if (tag.key.toLowerCase().startsWith('aws:')) throw invalidParameter('Tag keys beginning with aws: are reserved.')
    if ((tag.value ?? '').length > 256) throw invalidParameter('Tag values must be at most 256 characters long.')
    if (!LETTERS.test(tag.key) || !LETTERS.test(tag.value ?? '')) {
      throw invalidParameter(`The tag '${tag.key}' has characters that are not allowed.`)
    }
    merged.set(tag.key, { key: tag.key, value: tag.value ?? '' })
  }
  if (merged.size > MAX_TAGS) {
    throw new AwsFault('LimitExceededException', `The number of tags exceeds the limit of ${MAX_TAGS}.`)
  }
  return [...merged.values()]
}

export function tagResource(world: World, input: { resourceArn?: string | undefined; tags?: Tag[] | undefined }) {
  const resource = findTagged(world, input.resourceArn ?? '')
  resource.tags = mergeTags(resource.tags, input.tags ?? [])
  return {}
}

export function untagResource(
  world: World,
  input: { resourceArn?: string | undefined; tagKeys?: string[] | undefined },
) {
  const resource = findTagged(world, input.resourceArn ?? '')
  const gone = new Set(input.tagKeys ?? [])
  resource.tags = resource.tags.filter(tag => !gone.has(tag.key ?? ''))
  return {}
}

export function listTagsForResource(world: World, input: { resourceArn?: string | undefined }) {
  return { tags: findTagged(world, input.resourceArn ?? '').tags }
}

function findTagged(world: World, arn: string): { tags: readonly Tag[] } {
  const [, , service, , , path = ''] = arn.split(':')
  if (service !== 'ecs') throw invalidParameter(`The specified ARN is invalid: ${arn}`)
  const [kind, cluster] = path.split('/')
  if (kind === 'cluster') return findCluster(world, arn)
  if (kind === 'task-definition') {
    const [family = '', revision] = arn.slice(arn.indexOf('/') + 1).split(':')
    return found(world.families.get(family)?.revisions.find(one => String(one.revision) === revision))
  }
  pruneStopped(world)
  if (kind === 'service') return found(findCluster(world, cluster).services.get(shortName(arn)))
  if (kind === 'task') return found(findCluster(world, cluster).tasks.get(shortName(arn)))
  throw invalidParameter(`The specified ARN is invalid: ${arn}`)
}

function found<T>(resource: T | undefined): T {
  if (resource === undefined) throw resourceNotFound()
  return resource
}
