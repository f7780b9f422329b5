import type { Candidate, Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import type { DeployGoal } from './goal.ts'
import { leftBehindNotes, notesOf } from './noted.ts'
import { candidateVersion } from './settle.ts'
import { sendsOnlyTo, toldOnly } from './traffic.ts'
import { fullShare } from './weights.ts'

/**
 * `auto-promote: false`: a proven and tested candidate stays on the idle color, testers find it there, and it is noted for whoever
 * promotes it. Undefined when traffic is to move.
 */
export function stagedOnly(
  goal: DeployGoal,
  progress: Progress,
  candidate: Candidate,
  seen: Snapshot,
): Decision | undefined {
  if (!goal.stageOnly) return undefined
  const { to, notedAt, staged } = progress
  const astray = seen.test.value.find(route => !sendsOnlyTo(route, to, seen) && !toldOnly(progress, route, to))
  if (astray !== undefined) {
    return { kind: 'do', step: { kind: 'route', why: 'test', route: astray, shares: fullShare(to), to } }
  }
  if (notedAt === undefined) {
    const version = candidateVersion(goal.version, candidate, staged?.deploymentId, seen)
    const tags = { ...notesOf(version), Staged: candidate.taskDefinition }
    return note(seen, to, tags)
  }
  const because = `${goal.version} is proven on ${to} and gets no traffic; ${progress.from} has it all. Run \`mode: promote\` to give it the traffic`
  return { kind: 'finish', outcome: { status: 'staged', because } }
}

/**
 * Before a rollback moves traffic it notes what production leaves: whoever asks again, also after a run that was killed, is not sent
 * back there. Any other run takes such a note back, of a rollback that did not last: the next rollback has to go where this run comes from.
 */
export function noteWayBack(goal: DeployGoal, progress: Progress, seen: Snapshot): Decision | undefined {
  if (progress.notedAt !== undefined) return undefined
  const { from } = progress
  if (!goal.rollback) return progress.staleWayBack ? note(seen, from, leftBehindNotes('')) : undefined
  return note(seen, from, leftBehindNotes(seen.services.value[from].taskDefinition))
}

function note(seen: Snapshot, color: 'blue' | 'green', tags: Readonly<Record<string, string>>): Decision {
  const targetGroupArn = seen.targetGroups[color].arn
  return { kind: 'do', step: { kind: 'note', change: { color, targetGroupArn, tags } } }
}
