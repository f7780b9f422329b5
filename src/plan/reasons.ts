import type { TargetView } from '../model/routing.ts'
import type { ContainerView, TaskView } from '../model/service.ts'

/** Why tasks of this revision ended, the most frequent reason first: `3 × Essential container in task exited (app: exit code 1)`. */
export function stoppedReasons(tasks: readonly TaskView[], taskDefinition: string): readonly string[] {
  const counts = new Map<string, number>()
  for (const task of tasks) {
    if (task.taskDefinition !== taskDefinition) continue
    const containers = task.containers.map(containerEnd).filter(end => end !== '')
    const reason = `${task.stoppedReason ?? 'No reason given'}${containers.length === 0 ? '' : ` (${containers.join('; ')})`}`
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts.entries()].sort(([, one], [, two]) => two - one).map(([reason, count]) => `${count} × ${reason}`)
}

function containerEnd(container: ContainerView): string {
  const parts = [
    ...(container.exitCode === undefined ? [] : [`exit code ${container.exitCode}`]),
    ...(container.reason === undefined ? [] : [container.reason]),
  ]
  return parts.length === 0 ? '' : `${container.name}: ${parts.join(', ')}`
}

/** One line per target that is not well: address, state, what it answered, AWS's code. Old ones that drain are no news. */
export function sickTargets(targets: readonly TargetView[]): readonly string[] {
  return targets
    .filter(target => target.state !== 'healthy' && target.state !== 'draining')
    .map(
      target =>
        `${target.id}:${target.port} is ${target.state}: ${target.description ?? 'no description'} (${target.reason ?? 'no code'})`,
    )
}
