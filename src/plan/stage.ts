import { isPinned } from '../model/image.ts'
import { failed } from '../model/outcome.ts'
import type { Candidate, Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { preDeploy } from './pre-deploy.ts'
import { fullShare } from './weights.ts'

export function register(goal: DeployGoal, progress: Progress, seen: Snapshot): Decision {
  const live = seen.services.value[progress.from]
  const idle = seen.services.value[progress.to]
  return {
    kind: 'do',
    step: {
      kind: 'register',
      color: progress.to,
      from: live.taskDefinition,
      reusable: idle.taskDefinition,
      images: { [goal.container]: goal.image },
    },
  }
}

export function stage(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
  now: number,
): Decision {
  const live = seen.services.value[progress.from]
  const idle = seen.services.value[progress.to]
  const settled = live.running === live.desired && live.running > 0 && live.deployments.length === 1
  if (live.taskDefinition === candidate.taskDefinition && settled) {
    return {
      kind: 'finish',
      outcome: { status: 'unchanged', because: `${live.name} already runs ${candidate.image} and has all the traffic` },
    }
  }
  if (live.running === 0 && goal.desiredCount === undefined) {
    return {
      kind: 'finish',
      outcome: failed(
        'LIVE_NOT_RUNNING',
        `${live.name} is live but runs no task, so its size says nothing about how many the new version needs.`,
        'Set `desired-count`.',
      ),
    }
  }
  const first = preDeploy(goal, progress, candidate, seen, now)
  if (first !== undefined) return first
  const unreferenced = seen.targetGroups[progress.to].loadBalancerArns.length === 0 && progress.referenced.length === 0
  const [route] = seen.production.value
  if (unreferenced && route !== undefined) {
    return {
      kind: 'do',
      step: { kind: 'route', why: 'reference', route, shares: fullShare(progress.from), to: progress.from },
    }
  }
  return {
    kind: 'do',
    step: {
      kind: 'stage',
      color: progress.to,
      service: idle.name,
      taskDefinition: candidate.taskDefinition,
      // Never less capacity: a smaller wish would let the new color drown in the old one's traffic.
      desired: Math.max(goal.desiredCount ?? 0, live.running),
      force: idle.taskDefinition === candidate.taskDefinition && !isPinned(candidate.image),
    },
  }
}
