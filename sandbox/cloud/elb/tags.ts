import type {
  AddTagsInput,
  DescribeTagsInput,
  DescribeTagsOutput,
  RemoveTagsInput,
  Tag,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { type Core, listener, loadBalancer, rule, targetGroup } from './core.ts'
import { invalid, refused, required } from './faults.ts'

const TAGS_PER_RESOURCE = 50
const DESCRIBED_AT_ONCE = 20

/** What keys and values may be made of. Source: the service model's pattern of both. */
const LETTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** @throws AwsFault */
export function readTags(tags: readonly Tag[] | undefined): Map<string, string> {
  const read = new Map<string, string>()
  for (const { Key, Value } of tags ?? []) {
    const key = required(Key, 'Tags.Key')
    if (read.has(key)) throw refused('DuplicateTagKeys', `Tag keys must be unique: '${key}'`)
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalid('aws: prefixed tag key names are not allowed for external use.')
    }
    if (key.length < 1 || key.length > 128) throw invalid(`The tag key '${key}' must have 1 to 128 characters`)
    if ((Value ?? '').length > 256) throw invalid(`The value of the tag '${key}' must have at most 256 characters`)
    if (!LETTERS.test(key) || !LETTERS.test(Value ?? '')) {
      throw invalid(`The tag '${key}' has characters that are not allowed: '${Value ?? ''}'`)
    }
    read.set(key, Value ?? '')
  }
  checkCount(read.size)
  return read
}

export function addTags(core: Core, input: AddTagsInput): object {
  const added = readTags(required(input.Tags, 'Tags'))
  const holders = resources(core, input.ResourceArns)
  for (const tags of holders) checkCount(new Set([...tags.keys(), ...added.keys()]).size)
  for (const tags of holders) for (const [key, value] of added) tags.set(key, value)
  return {}
}

export function removeTags(core: Core, input: RemoveTagsInput): object {
  const keys = required(input.TagKeys, 'TagKeys')
  for (const tags of resources(core, input.ResourceArns)) for (const key of keys) tags.delete(key)
  return {}
}

export function describeTags(core: Core, input: DescribeTagsInput): DescribeTagsOutput {
  const arns = required(input.ResourceArns, 'ResourceArns')
  if (arns.length > DESCRIBED_AT_ONCE) {
    throw invalid(`Cannot have more than ${DESCRIBED_AT_ONCE} resources described`)
  }
  return {
    TagDescriptions: resources(core, arns).map((tags, index) => ({
      ResourceArn: arns[index],
      Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
    })),
  }
}

function checkCount(count: number): void {
  if (count > TAGS_PER_RESOURCE) throw refused('TooManyTags', `A resource can have at most ${TAGS_PER_RESOURCE} tags`)
}

function resources(core: Core, arns: readonly string[] | undefined): readonly Map<string, string>[] {
  return required(arns, 'ResourceArns').map(arn => {
    const kind = core.arns.kindOf(arn)
    switch (kind) {
      case 'load balancer':
        return loadBalancer(core, arn).tags
      case 'listener':
        return listener(core, arn).tags
      case 'listener rule':
        return rule(core, arn).tags
      case 'target group':
        return targetGroup(core, arn).tags
      case undefined:
        throw invalid(`'${arn}' is not a valid resource ARN`)
      default:
        return kind satisfies never
    }
  })
}
