import { isPinned } from '../model/image.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { allSendTo } from './traffic.ts'

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
  if (idleBack !== undefined || (has.taskDefinition === had.taskDefinition && has.desired === had.desired)) {
    return [`The idle service ${has.name} was put back to ${named(had.taskDefinition)} with ${size(had.desired)}.`]
  }
  return [
    `The idle service ${has.name} was not put back${byPost ? ' yet: the post step of this job does it' : ''}. It has ${named(has.taskDefinition)} with ${size(has.desired)}; before this run it had ${named(had.taskDefinition)} with ${size(had.desired)}.`,
  ]
}

/** Whether the revision that is put back is the one that was tried: its tag has moved, and new tasks of it are what failed. */
export function runsWhatFailed({ candidate }: Progress, putBack: string): boolean {
  return candidate !== undefined && candidate.taskDefinition === putBack && !isPinned(candidate.image)
}
