import type { Color } from '../model/color.ts'
import { isPinned } from '../model/image.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { allSendTo } from './traffic.ts'
import { readWeights } from './weights.ts'

/**
 * What the idle service has after a run that failed, in a sentence: what it had before, or what was tried. Nothing when this run has
 * not touched it, or when it gets traffic.
 *
 * @param byPost the post step has still to put it back
 */
export function whereIdleIs(progress: Progress, seen: Snapshot, byPost: boolean): readonly string[] {
  const had = progress.idleBack ?? progress.idleBefore
  if (had === undefined || !allSendTo(progress.from, seen)) return []
  const has = seen.services.value[progress.to]
  const { idleWas, idleBack } = progress
  const named = (taskDefinition: string) => {
    const known = taskDefinition === idleWas?.taskDefinition || taskDefinition === idleBack?.taskDefinition
    const version = known && idleWas !== undefined ? ` (version ${idleWas.version})` : ''
    return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1) + version
  }
  const size = (desired: number) => `${desired} ${desired === 1 ? 'task' : 'tasks'}`
  if (idleBack !== undefined && runsWhatFailed(progress, idleBack.taskDefinition)) {
    return [
      `The idle service ${has.name} has ${size(has.desired)} of what was tried: it had ${named(had.taskDefinition)} before, too, and new tasks run what the tag stands for now. Digests can be put back.`,
    ]
  }
  // Also by the way out of a cancelled run, which leaves no other note.
  const asHad = servingOn(had, progress.to, seen).desired === has.desired
  if (idleBack !== undefined || (has.taskDefinition === had.taskDefinition && asHad)) {
    return [`The idle service ${has.name} was put back to ${named(had.taskDefinition)} with ${size(has.desired)}.`]
  }
  return [
    `The idle service ${has.name} was not put back${byPost ? ' yet: the post step of this job does it' : ''}. It has ${named(has.taskDefinition)} with ${size(has.desired)}; before this run it had ${named(had.taskDefinition)} with ${size(had.desired)}.`,
  ]
}

/**
 * What the idle service gets back once the new color has had customers: their cookies of group stickiness lead them there whatever the
 * weights say (aws-facts 2.4), so it keeps as many tasks as it has.
 */
export function servingOn<Idle extends { readonly desired: number }>(idle: Idle, color: Color, seen: Snapshot): Idle {
  const sticky = seen.production.value.some(route => readWeights(route, seen.targetGroups).stickySeconds !== undefined)
  return sticky ? { ...idle, desired: Math.max(idle.desired, seen.services.value[color].desired) } : idle
}

/** The same in a run that has failed: a color that never had customers just gets what it had. */
export function backTo<Idle extends { readonly desired: number }>(
  idle: Idle,
  progress: Progress,
  seen: Snapshot,
): Idle {
  return progress.restoredAt === undefined ? idle : servingOn(idle, progress.to, seen)
}

/** Whether the revision that is put back is the one that was tried: its tag has moved, and new tasks of it are what failed. */
export function runsWhatFailed({ candidate }: Progress, putBack: string): boolean {
  return candidate !== undefined && candidate.taskDefinition === putBack && !isPinned(candidate.image)
}
