import type { ContainerDefinition, DefinitionFile, Tag, TaskDefinition } from '../model/task-definition.ts'
import type { Parsed } from './values.ts'

/**
 * Takes what a file holds for a task definition, or says what is missing. Only what this action relies on is checked: the rest
 * is ECS's business, so that it may learn new fields. Values are never repeated.
 *
 * @param tree what JSON or YAML made of the file
 */
export function checkDefinition(path: string, tree: unknown): Parsed<DefinitionFile> {
  const no = (sentence: string): Parsed<never> => ({ kind: 'problem', problem: `'${path}' ${sentence}` })
  if (!isRecord(tree)) return no('holds no task definition: it must be an object with family and containerDefinitions.')
  // What `aws ecs describe-task-definition` prints has the tags beside the definition.
  const outer = isRecord(tree.taskDefinition) ? tree.taskDefinition : tree
  const { tags: ownTags, ...definition } = withoutNulls(outer) as Record<string, unknown>
  const tags = ownTags ?? tree.tags
  if (typeof definition.family !== 'string' || !/^[A-Za-z0-9_-]{1,255}$/.test(definition.family)) {
    return no('has no family, or one that is not letters, digits, hyphens and underscores.')
  }
  const containers = definition.containerDefinitions
  if (!Array.isArray(containers) || containers.length === 0) return no('has no containerDefinitions.')
  const names = new Set<string>()
  for (const [index, container] of containers.entries()) {
    const problem = containerProblem(container, index, names)
    if (problem !== undefined) return no(problem)
  }
  if (tags !== undefined && !isTags(tags)) return no('has tags that are not a list of key and value.')
  return {
    kind: 'value',
    value: {
      path,
      definition: withTextSizes(definition) as TaskDefinition,
      ...(tags === undefined ? {} : { tags: tags as readonly Tag[] }),
    },
  }
}

function containerProblem(container: unknown, index: number, names: Set<string>): string | undefined {
  if (!isRecord(container) || typeof container.name !== 'string' || container.name === '') {
    return `has no name for container ${index + 1}.`
  }
  const { name, image, environment, secrets } = container as ContainerDefinition & { readonly name: string }
  if (names.has(name)) return `names two containers ${name}.`
  names.add(name)
  if (image !== undefined && typeof image !== 'string') return `has an image for ${name} that is no text.`
  return (
    pairsProblem(environment, `environment of ${name}`, 'value') ??
    pairsProblem(secrets, `secrets of ${name}`, 'valueFrom')
  )
}

function pairsProblem(list: unknown, what: string, member: string): string | undefined {
  if (list === undefined) return undefined
  if (!Array.isArray(list)) return `must write the ${what} as a list of name and ${member}.`
  for (const [index, one] of list.entries()) {
    if (!isRecord(one) || typeof one.name !== 'string') return `has no name for entry ${index + 1} in the ${what}.`
    // YAML makes numbers of 1.10 and 007, which cannot be undone.
    if (typeof one[member] !== 'string')
      return `has a ${member} for ${one.name} in the ${what} that is no text: put it in quotes.`
  }
  return undefined
}

/** ECS wants the sizes of the task as text, and everybody writes `cpu: 256` in YAML. */
function withTextSizes(definition: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const asText = (value: unknown) => (typeof value === 'number' ? String(value) : value)
  const { cpu, memory } = definition
  return {
    ...definition,
    ...(cpu === undefined ? {} : { cpu: asText(cpu) }),
    ...(memory === undefined ? {} : { memory: asText(memory) }),
  }
}

/** A member that is null was left out; tools write it for what is not set. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  )
}

function isTags(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      tag => isRecord(tag) && typeof tag.key === 'string' && ['string', 'undefined'].includes(typeof tag.value),
    )
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
