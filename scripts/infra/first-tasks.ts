import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { containerLogs } from '../../src/aws/container-logs.ts'
import { containerService } from '../../src/aws/container-service.ts'
import { oneLine } from '../../src/aws/errors.ts'
import { spokenLines } from '../../src/deploy/spoken-lines.ts'
import type { TaskView } from '../../src/model/service.ts'
import { tellingEvents } from '../../src/plan/events.ts'
import { logPlace, taskId } from '../../src/plan/log-tails.ts'
import { causeOf } from '../../src/plan/task-causes.ts'
import { type Account, attempts } from './account.ts'
import { portsOf } from './estate.ts'
import type { Values } from './templates.ts'

/** More of one kind nobody reads. */
const most = { events: 3, lines: 20, columns: 500 }

/**
 * Why the first tasks of a service are not healthy: what ECS says, how the newest one ended, and what it has logged last. To be asked as soon
 * as the creation has failed, because the rollback deletes the service, its cluster and its log group.
 *
 * @param service name of the one that could not be made
 * @returns lines; what cannot be read is told in one of them, because the failure itself is another
 */
export async function firstTasks(account: Account, values: Values, service: string): Promise<readonly string[]> {
  const cluster = values.Cluster || (values.Service ?? '')
  const lines = await Promise.all([
    told(() => eventsOf(account, cluster, service)),
    told(() => endOf(account, cluster, service, values.HealthCheckPath ?? '/health')),
  ])
  return lines.flat()
}

async function told(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await look()
  } catch (error) {
    return [`More would be known here: ${oneLine(error instanceof Error ? error.message : String(error))}`]
  }
}

async function eventsOf(account: Account, cluster: string, service: string): Promise<readonly string[]> {
  const found = await portsOf(account, cluster).ecs.describe([service])
  const events = found.flatMap(({ view }) => tellingEvents(view.events)).slice(0, most.events)
  return events.map(event => `ECS said: ${oneLine(event)}`)
}

async function endOf(account: Account, cluster: string, service: string, path: string): Promise<readonly string[]> {
  const ecs = containerService(account.ecs, cluster, new AbortController().signal)
  const stopped = await ecs.describeTasks(service, 'STOPPED')
  const failed = stopped.flatMap(task => {
    const cause = causeOf(task, { protocol: 'HTTP', path })
    return cause === undefined ? [] : [{ task, cause }]
  })
  const [newest] = failed.sort((one, other) => (other.task.endedAt ?? 0) - (one.task.endedAt ?? 0))
  if (newest === undefined) return []
  const { task, cause } = newest
  const reason = task.stoppedReason === undefined ? '' : `: ${oneLine(task.stoppedReason)}`
  return [
    `The task ${taskId(task.arn)} of ${service} has stopped${reason}`,
    `That is: ${cause.what}. ${cause.todo}`,
    ...(await told(() => lastWords(account, ecs, task))),
  ]
}

/** Of the container that ended first, and of its only one otherwise. */
async function lastWords(_account: Account, ecs: ReturnType<typeof containerService>, task: TaskView) {
  const guilty = task.containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0) ?? task.containers[0]
  if (guilty === undefined) return []
  const { definition } = await ecs.describeTaskDefinition(task.taskDefinition)
  const place = logPlace(definition, guilty.name, task.arn)
  if (typeof place === 'string') return [place]
  const client = async (region: string) => new CloudWatchLogsClient({ region, ...attempts })
  const events = await containerLogs(client, new AbortController().signal).tail(place, most.lines)
  const lines = events.flatMap(event => spokenLines(event, most.columns)).slice(-most.lines)
  return lines.length === 0
    ? [`${guilty.name} has logged nothing.`]
    : [`Its last lines, of ${guilty.name}:`, ...lines.map(line => `  | ${line}`)]
}
