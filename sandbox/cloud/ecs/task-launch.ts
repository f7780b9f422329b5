import type {
  ContainerDefinition,
  ContainerOverride,
  NetworkConfiguration,
  RunTaskRequest,
  Tag,
} from '@aws-sdk/client-ecs'
import { randomHex } from '../../random.ts'
import type { TaskLaunch } from '../ports.ts'
import { ecsArn } from './names.ts'
import type { Cluster, Container, Definition, Deployment, Service, Task, TaskOwner, World } from './world.ts'

/** Between SIGTERM and SIGKILL when the container definition says nothing. */
const STOP_TIMEOUT_S = 30

export interface TaskOrder {
  readonly cluster: Cluster
  readonly definition: Definition
  readonly service?: Service
  readonly deployment?: Deployment
  readonly owner?: TaskOwner
  readonly run?: RunTaskRequest
  readonly group: string
  readonly startedBy: string | undefined
  readonly launchType: string | undefined
  readonly networkConfiguration: NetworkConfiguration | undefined
  readonly tags: readonly Tag[]
}

/** A new task's record, in the cluster and, for a service's task, in the service. */
export function createTask(world: World, order: TaskOrder): Task {
  const id = randomHex(world.random, 32)
  const balancer = order.deployment?.request.loadBalancers?.[0]
  const containers = order.definition.containers.map(
    (definition): Container => ({
      definition,
      runtimeId: `${id}-${Math.floor(world.random() * 4_294_967_296)}`,
      imageDigest: undefined,
      exitCode: undefined,
      reason: undefined,
    }),
  )
  const serving = servingContainer(containers, balancer?.containerName)
  const task: Task = {
    id,
    arn: ecsArn(world.settings, 'task', `${order.cluster.name}/${id}`),
    cluster: order.cluster,
    definition: order.definition,
    service: order.service,
    deployment: order.deployment,
    owner: order.owner,
    run: order.run,
    group: order.group,
    startedBy: order.startedBy,
    launchType: order.launchType,
    eni: attach(world, order),
    containers,
    serving,
    containerPort: balancer?.containerPort ?? serving.definition.portMappings?.[0]?.containerPort ?? 0,
    tags: order.tags,
    version: 1,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    proved: false,
    failing: false,
    registrations: [],
    stop: undefined,
    times: { createdAt: world.timeline.now() },
    cancel: undefined,
  }
  order.cluster.tasks.set(id, task)
  order.service?.tasks.add(task)
  return task
}

function servingContainer(containers: readonly Container[], name: string | undefined): Container {
  const named = containers.find(container => container.definition.name === name)
  const chosen = named ?? containers.find(container => container.definition.essential !== false) ?? containers[0]
  if (chosen === undefined) throw new Error('a task definition has at least one container')
  return chosen
}

/** The subnet with the fewest tasks of the service: the scheduler spreads over zones. */
function attach(world: World, order: TaskOrder) {
  const { zones } = world.settings
  const subnets = order.networkConfiguration?.awsvpcConfiguration?.subnets ?? []
  const places = subnets.length > 0 ? subnets : zones.map((_, index) => `subnet-${index}`)
  const taken = places.map(() => 0)
  for (const task of order.service?.tasks ?? []) {
    const index = task.desiredStatus === 'RUNNING' ? places.indexOf(task.eni.subnetId) : -1
    if (index >= 0) taken[index] = (taken[index] ?? 0) + 1
  }
  const index = taken.indexOf(Math.min(...taken))
  return world.network.attach(places[index] ?? '', zones[index % zones.length] ?? '')
}

/** What the runtime has to run. */
export function launchOf(world: World, task: Task): TaskLaunch {
  const { definition } = task.serving
  const override = overrideFor(task, definition)
  return {
    taskId: task.id,
    ip: task.eni.ip,
    containerPort: task.containerPort,
    containerName: definition.name ?? '',
    image: pinned(world, task),
    environment: Object.fromEntries(
      [...(definition.environment ?? []), ...(override?.environment ?? [])].map(pair => [
        pair.name ?? '',
        pair.value ?? '',
      ]),
    ),
    ...(override?.command === undefined ? {} : { command: override.command }),
    stopTimeoutMs: (definition.stopTimeout ?? STOP_TIMEOUT_S) * 1000,
  }
}

function overrideFor(task: Task, definition: ContainerDefinition): ContainerOverride | undefined {
  return task.run?.overrides?.containerOverrides?.find(override => override.name === definition.name)
}

/**
 * The first task of a deployment turns each tag into a digest, and the rest of the deployment runs those bits whatever
 * becomes of the tag. What cannot be resolved is tried again by the next task.
 */
function pinned(world: World, task: Task): string {
  const image = task.serving.definition.image ?? ''
  if (task.deployment === undefined) return image
  const { digests } = task.deployment
  for (const container of task.containers) {
    const name = container.definition.image ?? ''
    if (digests.has(name)) continue
    const digest = world.runtime.resolveImage(name)
    if (digest !== undefined) digests.set(name, digest)
  }
  const digest = digests.get(image)
  return digest === undefined || image.includes('@') ? image : `${image}@${digest}`
}
