import type { FollowedLog, LogTail } from '../model/container-log.ts'
import { tailsWanted, taskId } from '../plan/log-tails.ts'
import { followLog, readTails } from './container-logs.ts'
import type { Ended } from './loop.ts'
import type { World } from './world.ts'

/**
 * After a failure, what its containers have said last, in the log and for the report. A cancelled run has no time for it,
 * and one that is cancelled now keeps the failure that it had.
 */
export async function lastWords(world: World, { outcome, progress, seen }: Ended): Promise<readonly LogTail[]> {
  if (!('failure' in outcome) || outcome.status === 'cancelled' || world.signal.aborted) return []
  const { oneOffLog, oneOff } = seen
  const ofCommand = outcome.failure.code === 'PRE_DEPLOY_FAILED' && oneOffLog !== undefined && oneOff !== undefined
  // Its lines are in the log already.
  if (ofCommand) return [tailOf(await heardLast(world, oneOff.value, oneOffLog), taskId(oneOff.value.arn))]
  const tails = await readTails(world, tailsWanted(progress, seen))
  for (const { container, task, lines, note } of tails) {
    world.log.phase(`Last lines of ${container} in task ${task}`)
    const shown = note === undefined ? lines : [note]
    for (const line of shown.length === 0 ? ['It printed nothing.'] : shown) world.log.info(line)
  }
  world.log.endPhase()
  return tails
}

/** A task that did not end in time has gone on talking. */
async function heardLast(
  world: World,
  task: Parameters<typeof followLog>[1],
  followed: FollowedLog,
): Promise<FollowedLog> {
  try {
    return await followLog(world, task, followed)
  } catch (error) {
    // A cancel, now that all is decided: what was heard until then is enough.
    if (!world.signal.aborted) throw error
    return followed
  }
}

function tailOf({ container, tail, note, missed }: FollowedLog, task: string): LogTail {
  const why = note ?? missed?.because
  return { container, task, lines: tail, ...(why === undefined ? {} : { note: why }) }
}
