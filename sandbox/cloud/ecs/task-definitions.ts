import type {
  ContainerDefinition,
  DeleteTaskDefinitionsRequest,
  DeregisterTaskDefinitionRequest,
  DescribeTaskDefinitionRequest,
  Failure,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionsRequest,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs'
import { clientFault, invalidParameter } from './faults.ts'
import { ecsArn } from './names.ts'
import { page } from './paging.ts'
import { copyOf } from './plain.ts'
import { mergeTags } from './tags.ts'
import type { Definition, World } from './world.ts'

export function registerTaskDefinition(world: World, input: RegisterTaskDefinitionRequest) {
  const { tags, ...content } = copyOf(input)
  const name = content.family ?? ''
  if (!/^[\w-]{1,255}$/.test(name)) throw clientFault('Family contains invalid characters.')
  checkContent(content)
  const family = world.families.get(name) ?? { name, revisions: [] }
  const revision = family.revisions.length + 1
  const containers = (content.containerDefinitions ?? []).map(withDefaults)
  const definition: Definition = {
    arn: ecsArn(world.settings, 'task-definition', `${name}:${revision}`),
    family: name,
    revision,
    content: { volumes: [], placementConstraints: [], ...content, containerDefinitions: containers },
    containers,
    registeredAt: world.timeline.now(),
    status: 'ACTIVE',
    deregisteredAt: undefined,
    deleteRequestedAt: undefined,
    tags: mergeTags([], tags ?? []),
  }
  family.revisions.push(definition)
  world.families.set(name, family)
  return { taskDefinition: describe(world, definition), tags: [...definition.tags] }
}

function checkContent(content: Definition['content']): void {
  const containers = content.containerDefinitions ?? []
  if (containers.length === 0) throw clientFault('Container list cannot be empty.')
  for (const container of containers) {
    if (!container.image) throw clientFault('Container.image should not be null or empty.')
    if (!container.name) throw clientFault('Container.name should not be null or empty.')
    checkVariables(container)
  }
  if (!content.requiresCompatibilities?.includes('FARGATE')) return
  if (content.networkMode !== 'awsvpc') throw clientFault('Fargate only supports network mode ‘awsvpc’.')
  if (!content.cpu) throw clientFault("Fargate requires that 'cpu' be defined at the task level.")
  if (!content.memory) throw clientFault("Fargate requires that 'memory' be defined at the task level.")
}

/** A name is either a variable or a secret, and a secret only once. */
function checkVariables(container: ContainerDefinition): void {
  const taken = new Set((container.environment ?? []).map(variable => variable.name))
  for (const { name } of container.secrets ?? []) {
    if (taken.has(name)) {
      throw clientFault(
        `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${name}'.`,
      )
    }
    taken.add(name)
  }
}

/** AWS returns more than was sent: empty lists, `essential`, the host port of awsvpc. */
function withDefaults(container: ContainerDefinition): ContainerDefinition {
  return {
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    portMappings: (container.portMappings ?? []).map(mapping => ({
      ...mapping,
      hostPort: mapping.hostPort ?? mapping.containerPort,
      protocol: mapping.protocol ?? 'tcp',
    })),
  }
}

export function describeTaskDefinition(world: World, input: DescribeTaskDefinitionRequest) {
  const definition = lookUpDefinition(world, input.taskDefinition ?? '')
  if (definition === undefined) throw clientFault('Unable to describe task definition.')
  const tags = input.include?.includes('TAGS') ? { tags: [...definition.tags] } : {}
  return { taskDefinition: describe(world, definition), ...tags }
}

export function deregisterTaskDefinition(world: World, input: DeregisterTaskDefinitionRequest) {
  const reference = input.taskDefinition ?? ''
  if (!/:\d+$/.test(reference)) throw clientFault('Revision is missing.')
  const definition = lookUpDefinition(world, reference)
  if (definition === undefined) throw clientFault('The specified task definition does not exist.')
  if (definition.status === 'DELETE_IN_PROGRESS') throw clientFault('The specified task definition is being deleted.')
  definition.status = 'INACTIVE'
  definition.deregisteredAt ??= world.timeline.now()
  return { taskDefinition: describe(world, definition) }
}

const deletedPerCall = 10

/** AWS deletes what no task and no service uses any more, without saying when: it stays DELETE_IN_PROGRESS here. */
export function deleteTaskDefinitions(world: World, input: DeleteTaskDefinitionsRequest) {
  const references = input.taskDefinitions ?? []
  if (references.length === 0) throw invalidParameter('Task definitions cannot be empty.')
  if (references.length > deletedPerCall) {
    throw invalidParameter(`Task definitions cannot have more than ${deletedPerCall} elements.`)
  }
  const taskDefinitions: TaskDefinition[] = []
  const failures: Failure[] = []
  for (const reference of references) {
    if (!/:\d+$/.test(reference)) throw clientFault('Revision is missing.')
    const definition = lookUpDefinition(world, reference)
    if (definition === undefined) failures.push({ arn: reference, reason: 'MISSING' })
    else if (definition.status === 'ACTIVE') {
      const detail = 'The task definition must be deregistered before it can be deleted.'
      failures.push({ arn: definition.arn, reason: 'TASK_DEFINITION_IS_ACTIVE', detail })
    } else {
      definition.status = 'DELETE_IN_PROGRESS'
      definition.deleteRequestedAt ??= world.timeline.now()
      taskDefinitions.push(describe(world, definition))
    }
  }
  return { taskDefinitions, failures }
}

export function listTaskDefinitions(world: World, input: ListTaskDefinitionsRequest) {
  const status = input.status ?? 'ACTIVE'
  const names = [...world.families.keys()].filter(name => name === (input.familyPrefix ?? name)).sort()
  const arns = names
    .flatMap(name => world.families.get(name)?.revisions ?? [])
    .filter(definition => definition.status === status)
    .map(definition => definition.arn)
  const { items, ...rest } = page(input.sort === 'DESC' ? arns.reverse() : arns, input, 100)
  return { taskDefinitionArns: items, ...rest }
}

export function listTaskDefinitionFamilies(world: World, input: ListTaskDefinitionFamiliesRequest) {
  const status = input.status ?? 'ALL'
  const names = [...world.families.values()]
    .filter(family => family.name.startsWith(input.familyPrefix ?? ''))
    .filter(family => {
      const active = family.revisions.some(definition => definition.status === 'ACTIVE')
      return status === 'ALL' || active === (status === 'ACTIVE')
    })
    .map(family => family.name)
    .sort()
  const { items, ...rest } = page(names, input, 100)
  return { families: items, ...rest }
}

/** `family` (its newest ACTIVE revision), `family:revision` or the ARN; undefined when there is none. */
export function lookUpDefinition(world: World, reference: string): Definition | undefined {
  const name = reference.startsWith('arn:') ? reference.slice(reference.indexOf('/') + 1) : reference
  const [family = '', revision] = name.split(':')
  const revisions = world.families.get(family)?.revisions ?? []
  if (revision === undefined) return revisions.findLast(definition => definition.status === 'ACTIVE')
  if (!/^\d+$/.test(revision)) throw invalidParameter(`Invalid revision number. Number: ${revision}`)
  const found = revisions[Number(revision) - 1]
  return found !== undefined && reference.startsWith('arn:') && found.arn !== reference ? undefined : found
}

function describe(world: World, definition: Definition): TaskDefinition {
  const { content } = definition
  return copyOf({
    ...content,
    taskDefinitionArn: definition.arn,
    revision: definition.revision,
    status: definition.status,
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
    compatibilities: content.networkMode === 'awsvpc' ? ['EC2', 'FARGATE'] : ['EC2'],
    registeredAt: new Date(definition.registeredAt),
    registeredBy: `arn:${world.settings.partition}:iam::${world.settings.accountId}:root`,
    ...(definition.deregisteredAt === undefined ? {} : { deregisteredAt: new Date(definition.deregisteredAt) }),
    ...(definition.deleteRequestedAt === undefined
      ? {}
      : { deleteRequestedAt: new Date(definition.deleteRequestedAt) }),
  })
}
