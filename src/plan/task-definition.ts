/**
 * From a described task definition to the input that registers the next revision. Allow-list instead of deny-list: ECS
 * adds output-only members over time, and one of them in the input would be refused. Source of the list: the input shape
 * of RegisterTaskDefinition.
 */
const inputMembers = [
  'family',
  'containerDefinitions',
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'volumes',
  'placementConstraints',
  'requiresCompatibilities',
  'cpu',
  'memory',
  'pidMode',
  'ipcMode',
  'proxyConfiguration',
  'inferenceAccelerators',
  'ephemeralStorage',
  'runtimePlatform',
  'enableFaultInjection',
] as const

/** A task definition as ECS describes it; the members that we do not read stay unknown on purpose. */
export interface TaskDefinition {
  readonly taskDefinitionArn?: string | undefined
  readonly status?: string | undefined
  readonly containerDefinitions?:
    | readonly { readonly name?: string | undefined; readonly image?: string | undefined }[]
    | undefined
  readonly [member: string]: unknown
}

export interface Tag {
  readonly key?: string | undefined
  readonly value?: string | undefined
}

export interface Described {
  readonly definition: TaskDefinition
  /** ECS keeps tags beside the definition, and loses them unless they are sent again. */
  readonly tags: readonly Tag[]
}

/** What RegisterTaskDefinition takes to make this definition again, with other images in the named containers. */
export function registrationOf(
  described: Described,
  images: Readonly<Record<string, string>> = {},
): Readonly<Record<string, unknown>> {
  const input: Record<string, unknown> = {}
  for (const member of inputMembers) {
    const value = described.definition[member]
    if (value !== undefined) input[member] = value
  }
  input.containerDefinitions = (described.definition.containerDefinitions ?? []).map(container => {
    const image = container.name === undefined ? undefined : images[container.name]
    return image === undefined ? container : { ...container, image }
  })
  // AWS reserves this prefix for tags that it sets itself, and refuses them as input.
  const tags = described.tags.filter(tag => tag.key?.startsWith('aws:') !== true)
  if (tags.length > 0) input.tags = tags
  return input
}

/** Whether registering `wanted` would only make a copy of `existing`. */
export function isIdentical(existing: Described, wanted: Readonly<Record<string, unknown>>): boolean {
  if (existing.definition.status === 'INACTIVE') return false
  return canonical(registrationOf(existing)) === canonical(wanted)
}

export function imageOf(described: Described, container: string): string | undefined {
  return described.definition.containerDefinitions?.find(candidate => candidate.name === container)?.image
}

/** JSON with sorted members: ECS promises no order. Tags are a set too. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, member: unknown) => {
    if (key === 'tags' && Array.isArray(member)) {
      return [...(member as Tag[])].sort((one, two) => ((one.key ?? '') < (two.key ?? '') ? -1 : 1))
    }
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member
    return Object.fromEntries(Object.entries(member).sort(([one], [two]) => (one < two ? -1 : 1)))
  })
}
