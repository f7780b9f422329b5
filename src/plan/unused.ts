import type { Failure } from '../model/outcome.ts'
import type { Progress, Staged } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { isTargetOf } from './proof.ts'

/** A load balancer takes up a target within seconds of its registration; after this it is not a matter of time. */
const unusedLimitMs = 60_000

/** Targets of our own tasks that no load balancer node asks anything, for too long: their health will never be known. */
export function unusedFailure(progress: Progress, staged: Staged, seen: Snapshot, now: number): Failure | undefined {
  const tasks = (seen.tasks?.value ?? []).filter(task => task.startedBy === staged.deploymentId)
  const unused = (seen.targets?.value ?? []).filter(target => {
    if (target.state !== 'unused') return false
    const task = tasks.find(candidate => isTargetOf(target, candidate))
    // AWS's clock may be ahead of ours: the task cannot have started after it was seen.
    const startedAt = Math.min(task?.startedAt ?? now, seen.tasks?.at ?? now)
    return task !== undefined && now - Math.max(startedAt, staged.at) >= unusedLimitMs
  })
  const [first] = unused
  if (first === undefined) return undefined
  const group = seen.targetGroups[progress.to]
  return {
    code: 'TARGETS_UNUSED',
    headline: `${unused.length} targets of ${group.name} are not used by the load balancer, so nobody checks their health: ${first.description ?? first.reason ?? 'no reason given'}.`,
    details: [
      `Keep ${group.name} in the forward action of a production listener or rule (weight 0 is enough), and give the load balancer a subnet in every zone where tasks run.`,
      group.arn,
    ],
  }
}
