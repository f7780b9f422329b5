import type { Task, World } from './world.ts'

interface TaskLog {
  /** Why the task cannot start, in the words of ECS. */
  readonly refused?: string
  readonly write: (line: string) => void
  readonly end: () => void
}

const nowhere = { write: () => {}, end: () => {} }

/**
 * Where the serving container logs to: with the driver `awslogs`, a stream of its own in the group that the task definition
 * names. A group that does not exist keeps the task from starting, unless it may be made.
 */
export function logOf(world: World, task: Task): TaskLog {
  const { logConfiguration, name = '' } = task.serving.definition
  const { options = {} } = logConfiguration ?? {}
  const group = options['awslogs-group']
  if (logConfiguration?.logDriver !== 'awslogs' || group === undefined) return nowhere
  if (options['awslogs-create-group'] === 'true') world.logs.createGroup(group)
  if (!world.logs.hasGroup(group)) {
    const why = 'ResourceNotFoundException: The specified log group does not exist.'
    return {
      refused: `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ${why} : exit status 1`,
      ...nowhere,
    }
  }
  const prefix = options['awslogs-stream-prefix']
  // Without a prefix the stream has the name of the container's id, which Fargate does not allow.
  const stream = prefix === undefined ? task.serving.runtimeId : `${prefix}/${name}/${task.id}`
  return { write: line => world.logs.write(group, stream, line), end: () => world.logs.end(group, stream) }
}
