import { isDeepStrictEqual } from 'node:util'
import type { RunTaskRequest } from '@aws-sdk/client-ecs'
import { conflict, invalidParameter } from './faults.ts'
import { findCluster } from './names.ts'
import { copyOf } from './plain.ts'
import { checkNetwork } from './service-checks.ts'
import { mergeTags } from './tags.ts'
import { lookUpDefinition } from './task-definitions.ts'
import { createTask } from './task-launch.ts'
import { begin } from './task-life.ts'
import { describeTask } from './task-view.ts'
import type { Definition, Task, World } from './world.ts'

const MAX_COUNT = 10
/** How long a client token stands for its first request. Source: ECS_Idempotency. */
const TOKEN_KEPT_MS = 24 * 3_600_000

interface Answered {
  readonly at: number
  readonly request: RunTaskRequest
  readonly tasks: readonly Task[]
}

/** RunTask remembers client tokens, so a repeated request starts nothing twice. */
export function createRunTask(world: World): (input: RunTaskRequest) => Record<string, unknown> {
  const answered = new Map<string, Answered>()
  return input => {
    const { clientToken, ...rest } = input
    const request = copyOf(rest)
    const before = clientToken === undefined ? undefined : answered.get(clientToken)
    if (before !== undefined && world.timeline.now() - before.at < TOKEN_KEPT_MS) {
      if (!isDeepStrictEqual(before.request, request)) {
        throw conflict('The request with the same client token was made with different parameters.')
      }
      return { tasks: before.tasks.map(describeTask), failures: [] }
    }
    const tasks = run(world, request)
    if (clientToken !== undefined) answered.set(clientToken, { at: world.timeline.now(), request, tasks })
    return { tasks: tasks.map(describeTask), failures: [] }
  }
}

function run(world: World, request: RunTaskRequest): readonly Task[] {
  const cluster = findCluster(world, request.cluster)
  const definition = runnable(world, request.taskDefinition ?? '')
  checkNetwork(request, definition)
  checkOverrides(request, definition)
  checkCapacity(request)
  const count = request.count ?? 1
  if (count < 1 || count > MAX_COUNT) throw invalidParameter(`Count should be between 1 and ${MAX_COUNT}.`)
  const tasks = Array.from({ length: count }, () =>
    createTask(world, {
      cluster,
      definition,
      run: request,
      group: request.group ?? `family:${definition.family}`,
      startedBy: request.startedBy,
      launchType: request.launchType ?? (request.capacityProviderStrategy?.length ? undefined : 'EC2'),
      networkConfiguration: request.networkConfiguration,
      tags: mergeTags(request.propagateTags === 'TASK_DEFINITION' ? definition.tags : [], request.tags ?? []),
    }),
  )
  for (const task of tasks) begin(world, task)
  return tasks
}

/** RunTask says as InvalidParameterException what UpdateService says as ClientException. */
function runnable(world: World, reference: string): Definition {
  const definition = lookUpDefinition(world, reference)
  if (definition === undefined) throw invalidParameter('TaskDefinition not found.')
  if (definition.status !== 'ACTIVE') throw invalidParameter('TaskDefinition is inactive')
  return definition
}

function checkOverrides(request: RunTaskRequest, definition: Definition): void {
  for (const { name } of request.overrides?.containerOverrides ?? []) {
    if (definition.containers.some(container => container.name === name)) continue
    throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`)
  }
}

function checkCapacity(request: RunTaskRequest): void {
  if (request.launchType === undefined || !request.capacityProviderStrategy?.length) return
  throw invalidParameter(
    'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
  )
}
