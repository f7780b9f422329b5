import type { PreviewDecision, PreviewGoal, PreviewPart, PreviewProgress, PreviewSeen } from '../model/preview.ts'
import type { Progress } from '../model/progress.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import type { DeployGoal } from './goal.ts'
import { noteServed } from './own-targets.ts'
import { prove } from './verify.ts'

/**
 * The proof of a preview is the proof of any deploy. That one knows two colors: a preview is the one that is deployed to, and there is
 * nobody else.
 */
export function provePreview(
  goal: PreviewGoal,
  progress: PreviewProgress,
  seen: PreviewSeen,
  now: number,
): PreviewDecision | undefined {
  const { candidate, staged } = progress
  const snapshot = snapshotOf(seen)
  if (candidate === undefined || staged === undefined || snapshot === undefined) return undefined
  const decision = prove(deployGoal(goal), deployProgress(progress), candidate, staged, snapshot, now)
  switch (decision?.kind) {
    case undefined:
      return undefined
    case 'finish':
      return decision
    case 'wait': {
      const { until, because, look, explains } = decision
      return {
        kind: 'wait',
        until,
        because: because.replace(/^green: /, ''),
        look: [...partsOf(look), ...lostRule(look, seen)],
        ...(explains === undefined ? {} : { explains: partsOf(explains) }),
      }
    }
    case 'do':
      // Its size is fixed: the proof of a preview never asks for more tasks.
      return undefined
    default:
      return decision satisfies never
  }
}

/** Notes that a task has served: from then on failed ones are no verdict. */
export function noteServedPreview(progress: PreviewProgress, seen: PreviewSeen, now: number): PreviewProgress {
  const snapshot = snapshotOf(seen)
  if (progress.staged === undefined || snapshot === undefined) return progress
  const { staged } = noteServed(deployProgress(progress), snapshot, now)
  return staged === undefined ? progress : { ...progress, staged }
}

/** Targets that no rule sends requests to: somebody has deleted it while this run was at work. */
function lostRule(look: readonly Part[], { targets }: PreviewSeen): readonly PreviewPart[] {
  return look.includes('targets') && targets?.value.some(({ state }) => state === 'unused') === true ? ['rules'] : []
}

function partsOf(parts: readonly Part[]): readonly PreviewPart[] {
  return parts.flatMap(part => {
    if (part === 'services') return ['service' as const]
    return part === 'targets' || part === 'tasks' || part === 'stopped-tasks' ? [part] : []
  })
}

function snapshotOf(seen: PreviewSeen): Snapshot | undefined {
  const service = seen.service.value?.view
  const group = seen.group.value?.view
  if (service === undefined || group === undefined) return undefined
  const { at } = seen.service
  return {
    endedAt: seen.endedAt,
    services: { at, value: { blue: service, green: service } },
    targetGroups: { blue: group, green: group },
    production: { at, value: [] },
    test: { at, value: [] },
    ...(seen.targets === undefined ? {} : { targets: seen.targets }),
    ...(seen.tasks === undefined ? {} : { tasks: seen.tasks }),
    ...(seen.stoppedTasks === undefined ? {} : { stoppedTasks: seen.stoppedTasks }),
    ...(seen.unread === undefined ? {} : { unread: seen.unread }),
  }
}

function deployProgress({ startedAt, candidate, staged }: PreviewProgress): Progress {
  return {
    startedAt,
    from: 'blue',
    to: 'green',
    told: {},
    unanswered: {},
    referenced: [],
    throttled: 0,
    ...(candidate === undefined ? {} : { candidate }),
    ...(staged === undefined ? {} : { staged }),
  }
}

function deployGoal(goal: PreviewGoal): DeployGoal {
  return {
    image: goal.image,
    container: goal.container,
    version: '',
    timeoutMs: goal.timeoutMs,
    rollbackOnFailure: false,
    confirm: false,
    desiredCount: goal.desired,
    ...(goal.pollIntervalMs === undefined ? {} : { pollIntervalMs: goal.pollIntervalMs }),
  }
}
