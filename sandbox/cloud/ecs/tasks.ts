import type {
  DescribeTasksRequest,
  Failure,
  ListTasksRequest,
  StopTaskRequest,
  Task as TaskDescription,
} from '@aws-sdk/client-ecs'
import { invalidParameter } from './faults.ts'
import { ecsArn, findCluster, findService, shortName } from './names.ts'
import { page } from './paging.ts'
import { pruneStopped, stopTask } from './task-life.ts'
import { describeTask } from './task-view.ts'
import type { Cluster, Task, World } from './world.ts'

const MAX_PER_CALL = 100

export function listTasks(world: World, input: ListTasksRequest) {
  const cluster = findCluster(world, input.cluster)
  pruneStopped(world)
  const service = input.serviceName === undefined ? undefined : findService(cluster, input.serviceName)
  const desiredStatus = input.desiredStatus ?? 'RUNNING'
  // Stopped tasks are looked for in the whole cluster, the others in the service, which is shorter.
  const candidates =
    service !== undefined && desiredStatus === 'RUNNING' ? service.tasks.values() : cluster.tasks.values()
  const arns: string[] = []
  for (const task of candidates) {
    if (task.desiredStatus !== desiredStatus) continue
    if (service !== undefined && task.service !== service) continue
    if (input.family !== undefined && task.definition.family !== input.family) continue
    if (input.startedBy !== undefined && task.startedBy !== input.startedBy) continue
    if (input.launchType !== undefined && task.launchType !== input.launchType) continue
    arns.push(task.arn)
  }
  const { items, ...rest } = page(arns, input, MAX_PER_CALL)
  return { taskArns: items, ...rest }
}

export function describeTasks(world: World, input: DescribeTasksRequest) {
  const references = input.tasks ?? []
  if (references.length === 0) throw invalidParameter('Tasks cannot be empty.')
  if (references.length > MAX_PER_CALL) throw invalidParameter(`Tasks cannot have more than ${MAX_PER_CALL} elements.`)
  const cluster = findCluster(world, input.cluster)
  pruneStopped(world)
  const tasks: TaskDescription[] = []
  const failures: Failure[] = []
  for (const reference of references) {
    const task = cluster.tasks.get(shortName(reference))
    if (task === undefined) failures.push({ arn: missingArn(world, cluster, reference), reason: 'MISSING' })
    else tasks.push({ ...describeTask(task), tags: input.include?.includes('TAGS') ? [...task.tags] : [] })
  }
  return { tasks, failures }
}

function missingArn(world: World, cluster: Cluster, reference: string): string {
  return ecsArn(world.settings, 'task', `${cluster.name}/${shortName(reference)}`)
}

export function stopTaskCall(world: World, input: StopTaskRequest) {
  const cluster = findCluster(world, input.cluster)
  const task: Task | undefined = cluster.tasks.get(shortName(input.task ?? ''))
  if (task === undefined) throw invalidParameter('The referenced task was not found.')
  stopTask(world, task, 'UserInitiated', input.reason ?? 'Task stopped by user')
  task.owner?.onChanged(task)
  return { task: describeTask(task) }
}
