import type { LogPlace } from '../model/container-log.ts'
import type { Progress } from '../model/progress.ts'
import type { TaskView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { TaskDefinition } from '../model/task-definition.ts'
import { failedTasks } from './give-up.ts'

/** A container whose last words may tell why the deploy has failed. */
export interface TailWanted {
  readonly taskArn: string
  readonly taskDefinition: string
  readonly container: string
}

/** Of tasks that failed in the same way one is enough, and more than these nobody reads. */
const mostTails = 3

/**
 * Which containers to ask for their last lines: one of each kind of stopped task of our deployment, then one that runs but is not
 * healthy. Those that never ran have said nothing.
 */
export function tailsWanted(progress: Progress, seen: Snapshot): readonly TailWanted[] {
  const { staged, candidate } = progress
  if (staged === undefined || candidate === undefined) return []
  const check = seen.targetGroups[progress.to].healthCheck
  const serving = seen.services.value[progress.to].loadBalancers[0]?.containerName ?? candidate.container
  const wanted = new Map<string, TailWanted>()
  const ask = (task: TaskView, container: string, kind: string) => {
    if (!wanted.has(kind)) {
      wanted.set(kind, { taskArn: task.arn, taskDefinition: task.taskDefinition, container })
    }
  }
  for (const task of failedTasks(staged, seen.stoppedTasks?.value ?? [], check)) {
    const ended = task.containers.filter(container => container.exitCode !== undefined)
    const failing = ended.filter(container => container.exitCode !== 0)
    // Its sidecars may have been ended because of it: they must not take its place.
    const first = (failing.length > 0 ? failing : ended).filter(one => one.name === serving)
    for (const { name, exitCode } of [...first, ...failing.filter(one => one.name !== serving)]) {
      ask(task, name, `${name} ${exitCode}`)
    }
  }
  const sick = (seen.targets?.value ?? []).filter(target => target.state !== 'healthy' && target.state !== 'draining')
  for (const task of seen.tasks?.value ?? []) {
    const ours = task.startedBy === staged.deploymentId && task.lastStatus === 'RUNNING'
    if (ours && sick.some(target => task.addresses.includes(target.id))) ask(task, serving, `${serving} running`)
  }
  return [...wanted.values()].slice(0, mostTails)
}

/**
 * Where the container of a task logs to. Options of other drivers may hold tokens: only the driver's name is told.
 *
 * @returns a note when it cannot be read from CloudWatch Logs
 */
export function logPlace(definition: TaskDefinition, container: string, taskArn: string): LogPlace | string {
  const found = definition.containerDefinitions?.find(one => one.name === container)
  const { logDriver, options = {} } = (found?.logConfiguration ?? {}) as {
    readonly logDriver?: string
    readonly options?: Readonly<Record<string, string>>
  }
  if (logDriver === undefined)
    return `${container} has no log configuration: set \`logConfiguration\` to awslogs to see its last lines here.`
  if (logDriver !== 'awslogs') return `${container} logs through ${logDriver}: its last lines are there.`
  const group = options['awslogs-group']
  const prefix = options['awslogs-stream-prefix']
  if (group === undefined || prefix === undefined) {
    return `${container} logs to ${group ?? 'an unnamed group'} without \`awslogs-stream-prefix\`: which stream is its own cannot be known.`
  }
  const [, partition = 'aws', , ownRegion = '', account = ''] = taskArn.split(':')
  const region = options['awslogs-region'] ?? ownRegion
  return {
    group,
    stream: `${prefix}/${container}/${taskId(taskArn)}`,
    region,
    arn: `arn:${partition}:logs:${region}:${account}:log-group:${group}:log-stream:*`,
  }
}

export function taskId(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1)
}
