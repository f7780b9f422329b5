import { parseImage } from '../model/image.ts'
import { failed } from '../model/outcome.ts'
import type { Candidate, Progress, RunningVersion } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { notesOf } from './noted.ts'
import { assessProduction } from './production.ts'
import { probeLookMs, sendsOnlyTo } from './shift.ts'
import { fullShare } from './weights.ts'

export function confirm(
  goal: DeployGoal,
  progress: Progress,
  seen: Snapshot,
  shiftedAt: number,
  now: number,
): Decision | undefined {
  if (!goal.confirm || progress.confirmedAt !== undefined) return undefined
  const verdict = assessProduction(seen.probe?.value, goal.version, shiftedAt, now)
  switch (verdict.kind) {
    case 'confirmed':
      return undefined
    case 'pending':
      return { kind: 'wait', until: now + probeLookMs, look: ['probe'], because: verdict.because }
    case 'not-seen':
      return {
        kind: 'finish',
        outcome: failed(
          'VERSION_NOT_SEEN',
          `Production does not answer with ${goal.version} alone although ${progress.to} has all the traffic: ${verdict.because}.`,
          'If the application calls this image something else, set `version`; if it says its version in another place, set `version-from`. Sticky sessions also keep clients on the old color.',
        ),
      }
    default:
      return verdict satisfies never
  }
}

export function settle(goal: DeployGoal, progress: Progress, candidate: Candidate, seen: Snapshot): Decision {
  const { previous } = progress
  if (progress.taggedAt === undefined) {
    return {
      kind: 'do',
      step: {
        kind: 'tag',
        changes: [
          {
            color: progress.to,
            targetGroupArn: seen.targetGroups[progress.to].arn,
            tags: {
              IsProduction: 'true',
              ...notesOf(candidateVersion(goal.version, candidate, progress.staged?.deploymentId, seen)),
            },
          },
          {
            color: progress.from,
            targetGroupArn: seen.targetGroups[progress.from].arn,
            tags: {
              IsProduction: 'false',
              ...(previous && notesOf(previous)),
            },
          },
        ],
      },
    }
  }
  const astray = seen.test.value.find(
    route => !sendsOnlyTo(route, progress.from, seen) && progress.told[route.arn] !== progress.from,
  )
  if (astray !== undefined) {
    return {
      kind: 'do',
      step: { kind: 'route', why: 'test', route: astray, shares: fullShare(progress.from), to: progress.from },
    }
  }
  return {
    kind: 'finish',
    outcome: {
      status: 'succeeded',
      because: `${goal.version} is live on ${progress.to}`,
    },
  }
}

/** The candidate with its digest: for a tag, only its tasks know which bits it stood for. */
export function candidateVersion(
  version: string,
  candidate: Candidate,
  deploymentId: string | undefined,
  seen: Snapshot,
): RunningVersion {
  const digest =
    parseImage(candidate.image)?.digest ??
    seen.tasks?.value
      .filter(task => task.taskDefinition === candidate.taskDefinition && task.startedBy === deploymentId)
      .flatMap(task => task.containers)
      .find(container => container.name === candidate.container)?.digest
  return { image: candidate.image, version, ...(digest === undefined ? {} : { digest }) }
}
