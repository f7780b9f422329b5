import type { Staged } from '../model/progress.ts'
import type { DeploymentView, ServiceEvent, ServiceView, TaskView } from '../model/service.ts'

/** Events of the idle service that came after the candidate was put there, newest first. */
export function eventsSince(staged: Staged, service: ServiceView): readonly ServiceEvent[] {
  const before = new Set(staged.eventsBefore ?? [])
  return service.events.filter(event => !before.has(event.id))
}

/** What ECS said each time it could not place or launch a task. The newest first; empty when it always could. */
export function unplaced(events: readonly ServiceEvent[]): readonly string[] {
  return events
    .filter(event => /unable to place a task|failed to launch a task/i.test(event.message))
    .map(event => withoutService(event.message))
}

/** Tasks that ECS says it has started: more than are wanted means that some had to be replaced. */
export function startedTasks(events: readonly ServiceEvent[]): number {
  return events.reduce((sum, { message }) => sum + Number(/has started (\d+) tasks/.exec(message)?.[1] ?? 0), 0)
}

/**
 * Whether ECS has told of the start of each of these tasks, and of no other: then nothing has taken the place of one of them. False
 * also when its words are not the ones that we know, or the events of some starts are there no more.
 */
export function hasStartedOnly(tasks: readonly TaskView[], events: readonly ServiceEvent[]): boolean {
  const told = events
    .filter(({ message }) => /has started \d+ tasks/.test(message))
    .flatMap(({ message }) => [...message.matchAll(/\(task ([^)\s]+)\)/g)].map(([, id]) => id))
  const known = tasks.map(task => task.arn.slice(task.arn.lastIndexOf('/') + 1))
  return startedTasks(events) === told.length && told.length === known.length && known.every(id => told.includes(id))
}

/**
 * What ECS said when it gave up on a deployment that is not there any more, when what is PRIMARY now is what it went back to. A rollback
 * that is over between two looks leaves no other trace, and looks like somebody's update. Undefined also when somebody has updated
 * the service since: the first deployment that was completed after the failure is another one.
 */
export function gaveUpOn(
  deploymentId: string,
  primary: DeploymentView | undefined,
  events: readonly ServiceEvent[],
): string | undefined {
  const at = events.findIndex(({ message }) => message.includes(`(deployment ${deploymentId}) deployment failed`))
  const [failed, ...after] = events.slice(0, at + 1).reverse()
  if (failed === undefined || !after.some(({ message }) => message.includes('rolling back to deployment'))) return
  const completed = after.flatMap(
    ({ message }) => /\(deployment ([^)\s]+)\) deployment completed/.exec(message)?.[1] ?? [],
  )
  return completed[0] === primary?.id ? withoutService(failed.message) : undefined
}

/** What targets answered when ECS replaced their tasks: `Health checks failed with these codes: [503]`. */
export function refusedChecks(events: readonly ServiceEvent[]): readonly string[] {
  return events.flatMap(({ message }) => /is unhealthy in .* due to \(reason (.*?)\)\.?$/.exec(message)?.[1] ?? [])
}

/** The routine of every deployment. What is left is worth a line. */
const routine =
  /has started \d+ tasks|registered \d+ targets|has begun draining|has stopped \d+|stopped \d+ pending|steady state|deployment completed/

/** Says that there is a reason, but not which. */
const vague = /unable to consistently start tasks/

/** What ECS said that is no routine, each message once, newest first. Ids of tasks would make all of them different. */
export function tellingEvents(events: readonly ServiceEvent[]): readonly string[] {
  const seen = new Map<string, string>()
  for (const { message } of events) {
    if (routine.test(message)) continue
    const kind = message.replace(/\(task [^)]*\)/g, '')
    if (!seen.has(kind)) seen.set(kind, message)
  }
  return [...seen.values()].sort((one, two) => Number(vague.test(one)) - Number(vague.test(two)))
}

/** Live accounts write `(service app-green) was …`, the documentation `service (app-green) was …`. */
function withoutService(message: string): string {
  return message.replace(/^\(?service \(?[^)\s]+\)\s*/, '')
}
