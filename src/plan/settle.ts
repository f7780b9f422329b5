import type { Color } from '../model/color.ts'
import { parseImage } from '../model/image.ts'
import { failed } from '../model/outcome.ts'
import type { Candidate, Progress, RunningVersion } from '../model/progress.ts'
import type { RouteView } from '../model/routing.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import { clearUp } from './after.ts'
import type { DeployGoal } from './goal.ts'
import { notesOf, servedNotes } from './noted.ts'
import { assessProduction } from './production.ts'
import { resumedNote } from './scaling.ts'
import { probeLookMs } from './shift.ts'
import { sendsOnlyTo, toldOnly } from './traffic.ts'
import { fullShare } from './weights.ts'

export function confirm(
  goal: DeployGoal,
  progress: Progress,
  seen: Snapshot,
  shiftedAt: number,
  now: number,
): Decision | undefined {
  if (!goal.confirm || progress.confirmedAt !== undefined) return undefined
  const verdict = assessProduction(
    seen.probe?.value,
    goal.version,
    progress.previous?.version,
    shiftedAt,
    now,
    progress.provenAt,
  )
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
    case 'old-answers':
      return {
        kind: 'finish',
        outcome: failed(
          'OLD_VERSION_STILL_ANSWERS',
          `${progress.to} has had all the traffic for two minutes, but production still answers with the old version: ${verdict.because}.`,
          'Something else than these listeners sends requests to the old color, or a cache in front of it keeps its answers: look for other rules, DNS weights and a CDN.',
        ),
      }
    default:
      return verdict satisfies never
  }
}

export function settle(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
  now: number,
): Decision {
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
              ...servedNotes(candidate.taskDefinition),
              ...resumedNote(progress, progress.to),
              Parked: '',
            },
          },
          {
            color: progress.from,
            targetGroupArn: seen.targetGroups[progress.from].arn,
            tags: {
              IsProduction: 'false',
              ...(previous && { ...notesOf(previous), ...servedNotes(previous.taskDefinition, goal.rollback) }),
              // What a rollback gives it again, should it be parked meanwhile.
              Tasks: String(seen.services.value[progress.from].desired),
              // What `status` finds it with, unless somebody raises it.
              Parked: goal.idleCount === undefined ? '' : String(goal.idleCount),
            },
          },
        ],
      },
    }
  }
  const astray = seen.test.value.find(route => isAstray(route, progress.from, progress, seen))
  if (astray !== undefined) {
    return {
      kind: 'do',
      step: { kind: 'route', why: 'test', route: astray, shares: fullShare(progress.from), to: progress.from },
    }
  }
  const left = clearUp(goal, progress, candidate, seen, now)
  if (left !== undefined) return left
  return {
    kind: 'finish',
    outcome: {
      status: 'succeeded',
      because: `${goal.version} is live on ${progress.to}`,
    },
  }
}

/** Whether testers still have to be sent to this color. What was told once, and answered, is not told again. */
export function isAstray(route: RouteView, color: Color, progress: Progress, seen: Snapshot): boolean {
  const told = toldOnly(progress, route, color) && progress.unanswered[route.arn] === undefined
  return !told && !sendsOnlyTo(route, color, seen)
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
