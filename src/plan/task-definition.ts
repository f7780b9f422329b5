import type { ContainerDefinition, ContainerSettings, Described, TaskDefinition } from '../model/task-definition.ts'
import { canonical } from './canonical.ts'

export type { Described, Tag, TaskDefinition } from '../model/task-definition.ts'

/**
 * What ECS adds to a description, and does not take as input. Source: the members that the shape TaskDefinition has
 * and RegisterTaskDefinition's input has not. A deny-list, although a list of what may be sent would look safer: that one
 * would drop, without a word, every member that ECS learns after us.
 */
const outputOnly: ReadonlySet<string> = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'registeredBy',
  'deleteRequestedAt',
])

/** ECS has grown more of them over time, all of them moments and authors; no member of the input is named like that. */
function isOutputOnly(member: string): boolean {
  return outputOnly.has(member) || /(?:At|By)$/.test(member)
}

/** What RegisterTaskDefinition takes to make this definition again, with other images and settings in named containers. */
export function registrationOf(
  described: Described,
  images: Readonly<Record<string, string>> = {},
  settings?: ContainerSettings,
): Readonly<Record<string, unknown>> {
  const kept = Object.entries(described.definition).filter(
    ([member, value]) => value !== undefined && value !== null && !isOutputOnly(member),
  )
  const containerDefinitions = (described.definition.containerDefinitions ?? []).map(container => {
    const image = imageFor(images, container.name)
    const changed = image === undefined ? container : { ...container, image }
    return settings !== undefined && container.name === settings.container ? withSettings(changed, settings) : changed
  })
  // AWS reserves this prefix for tags that it sets itself, and refuses them as input.
  const tags = described.tags.filter(tag => tag.key?.startsWith('aws:') !== true)
  // From entries, because assigning a member called __proto__ would set something else.
  return Object.fromEntries([
    ...kept,
    ['containerDefinitions', containerDefinitions],
    ...(tags.length > 0 ? [['tags', tags]] : []),
  ])
}

/** Only what somebody wrote: a container may be called `constructor`, which every object has. */
export function imageFor(images: Readonly<Record<string, string>>, container: string | undefined): string | undefined {
  return container !== undefined && Object.hasOwn(images, container) ? images[container] : undefined
}

/** ECS refuses a name that is both a variable and a secret: the new meaning of a name takes the place of either old one. */
function withSettings(container: ContainerDefinition, settings: ContainerSettings): ContainerDefinition {
  const { environment, secrets } = settings
  const taken = new Set([...Object.keys(environment), ...Object.keys(secrets)])
  if (taken.size === 0) return container
  const merged = (list: unknown, added: readonly object[]) => {
    if (list === undefined && added.length === 0) return undefined
    const old = Array.isArray(list) ? (list as readonly { readonly name?: string }[]) : []
    return [...old.filter(one => !taken.has(one.name ?? '')), ...added]
  }
  return {
    ...container,
    environment: merged(
      container.environment,
      Object.entries(environment).map(([name, value]) => ({ name, value })),
    ),
    secrets: merged(
      container.secrets,
      Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    ),
  }
}

/** Whether registering `wanted` would only make a copy of `existing`. */
export function isIdentical(existing: Described, wanted: Readonly<Record<string, unknown>>): boolean {
  return isUsable(existing.definition) && canonical(registrationOf(existing)) === canonical(wanted)
}

/** A service cannot be updated to a deregistered revision: ECS answers "TaskDefinition is inactive". */
export function isUsable(definition: TaskDefinition): boolean {
  return definition.status === undefined || definition.status === 'ACTIVE'
}

export function imageOf(described: { readonly definition: TaskDefinition }, container: string): string | undefined {
  return described.definition.containerDefinitions?.find(candidate => candidate.name === container)?.image
}

/** Names of the containers, for people. */
export function containersOf(definition: TaskDefinition): readonly string[] {
  return (definition.containerDefinitions ?? []).map(container => container.name ?? '')
}
