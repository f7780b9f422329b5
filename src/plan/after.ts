import type { Candidate, Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { obeyLimitMs } from './moment.ts'
import { allSendTo } from './traffic.ts'
import { readWeights } from './weights.ts'

/**
 * What becomes of the old version once customers are on the new one. None of it can make the deploy fail: what cannot be done is
 * told, and the run ends well. Undefined when nothing is left to do.
 *
 * | what is so                                                   | decision                        |
 * |--------------------------------------------------------------|---------------------------------|
 * | `keep-revisions` given, not done                             | deregister older ones           |
 * | `idle-desired-count` given, the old color has another count  | wait until nobody can need it   |
 * | nobody can need it, but the weights were read before         | look again                      |
 * | the old color gets any traffic                               | leave it                        |
 * | otherwise                                                    | park it                         |
 */
export function clearUp(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
  now: number,
): Decision | undefined {
  if (goal.keepRevisions !== undefined && progress.deregisteredAt === undefined) {
    const family = familyOf(candidate.taskDefinition)
    return { kind: 'do', step: { kind: 'deregister', family, keep: goal.keepRevisions } }
  }
  return park(goal, progress, seen, now)
}

function park(goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Decision | undefined {
  const { from, to, parkedAt } = progress
  const old = seen.services.value[from]
  if (goal.idleCount === undefined || parkedAt !== undefined || old.desired === goal.idleCount) return undefined
  const servesUntil = (progress.shiftedAt ?? progress.startedAt) + keepServingMs(seen)
  if (now < servesUntil) {
    return {
      kind: 'wait',
      until: servesUntil,
      look: ['services', 'routes'],
      because: `${from} still serves those who come late`,
    }
  }
  // However long ago the switch was: what is to be taken away must not be in use now.
  if (Math.min(seen.production.at, seen.services.at) < servesUntil) {
    return { kind: 'wait', until: now, look: ['services', 'routes'], because: `is ${from} idle?` }
  }
  if (!allSendTo(to, seen)) return undefined
  return { kind: 'do', step: { kind: 'park', color: from, service: old.name, desired: goal.idleCount } }
}

/**
 * How long the old color has to go on after the last write: until every node has obeyed, and until the cookies of group stickiness
 * that it has given out have expired. Requests in flight then have the deregistration delay, which ECS waits before it
 * stops a task.
 */
export function keepServingMs(seen: Snapshot): number {
  const sticky = seen.production.value.map(route => (readWeights(route, seen.targetGroups).stickySeconds ?? 0) * 1_000)
  return Math.max(obeyLimitMs, ...sticky)
}

/** `arn:…:task-definition/app:7` is of the family `app`. */
export function familyOf(taskDefinition: string): string {
  return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1).replace(/:[^:]*$/, '')
}
