import type { GroupSeen, Tags } from '../model/clone.ts'
import type { Crowd, PreviewOwner, PreviewStanding, Range } from '../model/preview.ts'
import { mayBePreview, ownerIn, pullRequestIn, servicePrefix, tagKeys } from '../plan/preview-names.ts'
import { placeIn } from '../plan/preview-rule.ts'
import { tagsOfPresent } from './present-tags.ts'
import { nameFor } from './preview-name.ts'
import { type StrayRule, strayRules } from './preview-rules.ts'
import { readQuotas } from './quotas.ts'
import { describeIfThere } from './revisions.ts'
import type { World } from './world.ts'

/** Whose previews are listed. */
export interface PreviewsOf {
  /** Base name of the two colors. */
  readonly service: string
  readonly like: Omit<PreviewOwner, 'id'>
}

/** What counts against limits, before one more is made. */
export async function lookAtCrowd(
  world: World,
  whose: PreviewsOf,
  loadBalancerArn: string,
  except: string,
): Promise<Crowd> {
  const { elb } = world.clone()
  const [groups, listeners, quotas] = await Promise.all([
    elb.allGroups(),
    elb.describeListeners(loadBalancerArn),
    readQuotas(world),
  ])
  let rules = 0
  for (const listener of listeners) rules += (await elb.describeRulesOf(listener.arn)).length
  const tagged = await taggedGroups(world, whose, groups)
  const previews = tagged.flatMap(({ name, tags }) => {
    const owner = ownerOf(world, whose, name, tags)
    return owner === undefined ? [] : [standingOf(owner, name, tags, 'target group')]
  })
  return {
    rules,
    targetGroups: groups.filter(group => group.view.loadBalancerArns.includes(loadBalancerArn)).length,
    quotas,
    previews: previews.filter(preview => preview.name !== except),
  }
}

/**
 * Every preview of this service, whole or in parts. Calls grow with pages of names and batches of tags, whoever's the previews are; only
 * families without anything else cost one each.
 */
export async function listPreviews(
  world: World,
  whose: PreviewsOf,
  priorities: Range,
): Promise<readonly PreviewStanding[]> {
  const clone = world.clone()
  const byName = new Map<string, PreviewStanding>()
  const add = (standing: PreviewStanding) => {
    const known = byName.get(standing.name)
    byName.set(standing.name, known === undefined ? standing : merged(known, standing))
  }
  const [groups, services, families, left] = await Promise.all([
    clone.elb.allGroups(),
    clone.ecs.list(),
    clone.ecs.families(servicePrefix(whose.service), 'ACTIVE'),
    clone.ecs.families(servicePrefix(whose.service), 'INACTIVE'),
  ])
  // A name has its owner in it: the family of what is somebody else's is his, too.
  const foreign = new Set<string>()
  const judge = (name: string, tags: Tags, part: 'target group' | 'service') => {
    const owner = ownerOf(world, whose, name, tags)
    if (owner !== undefined) add(standingOf(owner, name, tags, part))
    else if (isForeign(tags, whose)) foreign.add(name)
  }
  for (const { name, tags } of await taggedGroups(world, whose, groups)) judge(name, tags, 'target group')
  const known = groups.filter(group => byName.has(group.view.name))
  const strays = await strayRules(world, priorities, groups, known)
  for (const standing of strays.flatMap(stray => fromStray(whose, stray))) add(standing)
  const candidates = services.filter(name => mayBePreview(name, whose.service))
  for (const { view, tags } of await clone.ecs.describe(candidates)) {
    if (view.status === 'ACTIVE') judge(view.name, tags, 'service')
  }
  const mayBeOurs = (name: string) => mayBePreview(name, whose.service) && (byName.has(name) || !foreign.has(name))
  for (const family of families.filter(mayBeOurs)) {
    const known = byName.get(family)
    if (known !== undefined) add({ ...known, parts: ['task definition'] })
    else for (const standing of await fromFamily(world, whose, family)) add(standing)
  }
  // A run was lost between deregistering and deleting. What is whole finds its own.
  for (const family of left.filter(name => mayBeOurs(name) && !byName.has(name))) {
    const [newest] = await world.ecs.listRevisions(family, 'INACTIVE')
    if (newest !== undefined) for (const standing of await fromFamily(world, whose, family, newest)) add(standing)
  }
  return [...byName.values()]
}

/** Whether it is a preview of another repository or service. What only has no tags may be ours. */
function isForeign(tags: Tags, { like }: PreviewsOf): boolean {
  return tags[tagKeys.preview] !== undefined && ownerIn(tags, like) === undefined
}

interface TaggedGroup {
  readonly name: string
  readonly tags: Tags
}

async function taggedGroups(
  world: World,
  whose: PreviewsOf,
  groups: readonly GroupSeen[],
): Promise<readonly TaggedGroup[]> {
  const candidates = groups.filter(group => mayBePreview(group.view.name, whose.service))
  const tags = await tagsOfPresent(
    world,
    candidates.map(group => group.view.arn),
  )
  return candidates.map(({ view }) => ({ name: view.name, tags: tags[view.arn] ?? {} }))
}

/** It has no name of its own: the place beside the tags tells whose it is. */
function fromStray({ service, like }: PreviewsOf, { rule, tags }: StrayRule): readonly PreviewStanding[] {
  const owner = ownerIn(tags, like)
  if (owner === undefined || placeIn(rule, owner.id) === undefined) return []
  return [standingOf(owner, nameFor(service, owner), tags, 'rule')]
}

/** Whose part it is, by its tags. Somebody may have copied them to a thing of his own, which has another name: that is none of ours. */
function ownerOf(world: World, { service, like }: PreviewsOf, name: string, tags: Tags): PreviewOwner | undefined {
  const owner = ownerIn(tags, like)
  if (owner === undefined || nameFor(service, owner) === name) return owner
  world.log.warn(
    `${name} has the tags of the preview ${owner.id}, but not its name: it is left alone. Take the tags off`,
  )
  return undefined
}

async function fromFamily(
  world: World,
  whose: PreviewsOf,
  family: string,
  revision = family,
): Promise<readonly PreviewStanding[]> {
  const described = await describeIfThere(world, revision)
  const tags = Object.fromEntries((described?.tags ?? []).map(({ key = '', value = '' }) => [key, value]))
  const owner = ownerOf(world, whose, family, tags)
  return owner === undefined ? [] : [standingOf(owner, family, tags, 'task definition')]
}

function standingOf(
  owner: PreviewOwner,
  name: string,
  tags: Readonly<Record<string, string>>,
  part: PreviewStanding['parts'][number],
): PreviewStanding {
  const pull = pullRequestIn(tags)
  return {
    owner,
    name,
    parts: [part],
    ...(pull === undefined ? {} : { pullRequest: pull }),
    ...standingTimes(tags),
  }
}

/** When it was made and pushed to, and until when it stays, as far as the tags of a part tell. */
export function standingTimes(tags: Tags): Pick<PreviewStanding, 'createdAt' | 'pushedAt' | 'expiresAt'> {
  const created = timeIn(tags, tagKeys.created)
  const pushed = timeIn(tags, tagKeys.pushed)
  const expires = timeIn(tags, tagKeys.expires)
  return {
    ...(created === undefined ? {} : { createdAt: created }),
    ...(pushed === undefined ? {} : { pushedAt: pushed }),
    ...(expires === undefined ? {} : { expiresAt: expires }),
  }
}

function timeIn(tags: Tags, key: string): number | undefined {
  const at = Date.parse(tags[key] ?? '')
  return Number.isNaN(at) ? undefined : at
}

/** Parts are tagged one after the other: the later time counts. */
function merged(one: PreviewStanding, two: PreviewStanding): PreviewStanding {
  const latest = (name: 'createdAt' | 'pushedAt' | 'expiresAt') => {
    const times = [one[name], two[name]].filter(time => time !== undefined)
    return times.length === 0 ? {} : { [name]: Math.max(...times) }
  }
  return {
    ...one,
    ...two,
    ...latest('createdAt'),
    ...latest('pushedAt'),
    ...latest('expiresAt'),
    parts: [...new Set([...one.parts, ...two.parts])],
  }
}
