import { type Failure, type FailureCode, failed } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import { stopPreDeploy } from './pre-deploy.ts'
import { allSendTo, sendsOnlyTo } from './shift.ts'
import { fullShare } from './weights.ts'

/** After these somebody else is at work: what is there now is theirs, and not ours to put back. */
const notOurs: readonly FailureCode[] = ['CANDIDATE_SUPERSEDED', 'SERVICE_NOT_ACTIVE', 'TRAFFIC_MOVED', 'LOCK_LOST']

/**
 * What to do once the deploy has failed for `failure`. Production first: a switch that came half-way is taken back, because
 * the old color has served all along and still can. Then the idle color, so that the way back stays open.
 *
 * | what is so                                                   | decision                      |
 * |--------------------------------------------------------------|-------------------------------|
 * | the task of `pre-deploy-command` still runs                  | stop it                       |
 * | some, but not all, production routes were given to the new   | give them back, one by one    |
 * | the candidate is on idle, traffic is not, and it may go      | put the old revision back     |
 * | otherwise                                                    | finish: failed                |
 */
export function recover(failure: Failure, rollback: boolean, progress: Progress, seen: Snapshot): Decision {
  const unfinished = stopPreDeploy(progress, seen)
  if (unfinished !== undefined) return unfinished
  const half = progress.shiftedAt === undefined
  const given = seen.production.value.find(
    route => progress.told[route.arn] === progress.to && !sendsOnlyTo(route, progress.from, seen),
  )
  if (half && given !== undefined && !notOurs.includes(failure.code)) {
    return {
      kind: 'do',
      step: { kind: 'route', why: 'restore', route: given, shares: fullShare(progress.from), to: progress.from },
    }
  }
  const { idleBefore } = progress
  // A color that has any traffic is not changed, whoever sent it there.
  const idle = allSendTo(progress.from, seen)
  if (half && idle && rollback && idleBefore !== undefined && !notOurs.includes(failure.code)) {
    return { kind: 'do', step: { kind: 'put-back', color: progress.to, ...idleBefore } }
  }
  return { kind: 'finish', outcome: failed(failure.code, failure.headline, ...failure.details) }
}
