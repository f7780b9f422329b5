import type { Failure } from '../model/outcome.ts'
import type { Progress, Staged } from '../model/progress.ts'
import type { TargetView } from '../model/routing.ts'
import type { ServiceView, TaskView } from '../model/service.ts'
import type { Snapshot } from '../model/snapshot.ts'

/** A load balancer takes up a target within seconds of its registration; after this it is not a matter of time. */
const unusedLimitMs = 60_000

interface OwnTarget {
  readonly target: TargetView
  readonly task: TaskView
}

/** Targets that are the address of a running task of the deployment that we started, at the port of its container. */
function ownTargets(progress: Progress, staged: Staged, seen: Snapshot): readonly OwnTarget[] {
  const port = seen.services.value[progress.to].loadBalancers[0]?.containerPort
  const tasks = (seen.tasks?.value ?? []).filter(task => task.startedBy === staged.deploymentId)
  return (seen.targets?.value ?? []).flatMap(target => {
    const task = tasks.find(one => one.addresses.includes(target.id))
    return task === undefined || target.port !== port ? [] : [{ target, task }]
  })
}

/**
 * How many running tasks of this service's newest deployment and this revision have a healthy target: their own address, at the
 * port of the service's container.
 */
export function healthyTasks(
  service: ServiceView,
  revision: string,
  tasks: readonly TaskView[],
  targets: readonly TargetView[],
): number {
  const port = service.loadBalancers[0]?.containerPort
  const healthy = new Set(
    targets.filter(target => target.port === port && target.state === 'healthy').map(target => target.id),
  )
  const own = tasks.filter(
    task =>
      task.taskDefinition === revision &&
      task.startedBy === service.deployments[0]?.id &&
      task.lastStatus === 'RUNNING',
  )
  return own.filter(task => task.addresses.some(address => healthy.has(address))).length
}

/** Notes that a task of our deployment has been healthy behind the load balancer: from then on, failed ones are no verdict. */
export function noteServed(progress: Progress, seen: Snapshot, now: number): Progress {
  const { staged } = progress
  if (staged === undefined || staged.servedAt !== undefined) return progress
  const serves = ownTargets(progress, staged, seen).some(({ target }) => target.state === 'healthy')
  return serves ? { ...progress, staged: { ...staged, servedAt: now } } : progress
}

/** Targets of our own tasks that no load balancer node asks anything, for too long: their health will never be known. */
export function unusedFailure(progress: Progress, staged: Staged, seen: Snapshot, now: number): Failure | undefined {
  const unused = ownTargets(progress, staged, seen).filter(({ target, task }) => {
    // AWS's clock may be ahead of ours: the task cannot have started after it was seen.
    const startedAt = Math.min(task.startedAt ?? now, seen.tasks?.at ?? now)
    return target.state === 'unused' && now - Math.max(startedAt, staged.at) >= unusedLimitMs
  })
  const [first] = unused
  if (first === undefined) return undefined
  const group = seen.targetGroups[progress.to]
  const { description, reason } = first.target
  return {
    code: 'TARGETS_UNUSED',
    headline: `${unused.length} targets of ${group.name} are not used by the load balancer, so nobody checks their health: ${description ?? reason ?? 'no reason given'}.`,
    details: [
      `Keep ${group.name} in the forward action of a production listener or rule (weight 0 is enough), and give the load balancer a subnet in every zone where tasks run.`,
      group.arn,
    ],
  }
}
