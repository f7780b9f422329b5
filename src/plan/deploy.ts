import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision } from '../model/step.ts'
import { bake } from './bake.ts'
import type { DeployGoal } from './goal.ts'
import { testIdle } from './idle-tests.ts'
import { recover } from './recover.ts'
import { resumeLive, resumeNew } from './scaling.ts'
import { settle } from './settle.ts'
import { shift } from './shift.ts'
import { register, stage } from './stage.ts'
import { noteWayBack, stagedOnly } from './staged.ts'
import { deletedByOthers, movedByOthers } from './traffic.ts'
import { prove } from './verify.ts'
import { hold } from './watch.ts'

/**
 * What to do now, from what was seen. Asked again after every step and every wait; it never remembers, so that a fresh
 * run continues what a killed one began. The first row that applies is the decision:
 *
 * | what is so                                        | decision                                    |
 * |---------------------------------------------------|---------------------------------------------|
 * | the run has failed                                | recover, see `recover.ts`                   |
 * | somebody has deleted a listener or rule of ours   | finish: failed                              |
 * | somebody else has moved traffic meanwhile         | finish: failed                              |
 * | no candidate yet                                  | register what was asked for, or reuse it    |
 * | the weights were read before the candidate        | look again                                  |
 * | live runs the candidate, no tag of it moves       | finish: unchanged; first what is left over  |
 * | the auto scaling of live is held                  | give it back                                |
 * | `pre-deploy-command` given, not passed            | run it, wait for it, or fail                |
 * | the idle target group is in no listener or rule   | add it to production at weight 0            |
 * | the candidate is not on the idle service          | update the idle service                     |
 * | the new color has traffic, and is not well        | fail; wait while nobody knows               |
 * | it has the share of a step that is not over       | wait and watch, see `watch.ts`              |
 * | not proven                                        | wait for the gate that is closed, or fail   |
 * | live runs more tasks than were staged             | update the idle service                     |
 * | proven, but not all seen at one time              | look again                                  |
 * | proven, tests given, not passed                   | run them, see `idle-tests.ts`, or fail      |
 * | proven, `auto-promote` is false                   | note it, then finish: staged                |
 * | proven, a rollback, not noted yet                 | note what production leaves                 |
 * | proven, its auto scaling may be held              | give it back, see `scaling.ts`              |
 * | proven, `production-url` given, nobody watching   | begin to ask it                             |
 * | `production-url` has told no version yet          | wait, or fail                               |
 * | a production route has not the share that is due  | give it to that route, see `schedule.ts`    |
 * | it has all the traffic, and is not well           | fail; wait while nobody knows               |
 * | `bake-time` is not over                           | wait and watch, see `bake.ts`               |
 * | production still answers with the old version     | wait, or fail                               |
 * | tags not written                                  | write them                                  |
 * | a test route does not send to the new idle color  | point it there                              |
 * | old revisions, or the old color's count, to clear | do it when nobody needs it, see `after.ts`  |
 * | otherwise                                         | finish: succeeded                           |
 */
export function nextDeployStep(goal: DeployGoal, progress: Progress, seen: Snapshot, now: number): Decision {
  const { candidate, staged, failure } = progress
  if (failure !== undefined) return recover(failure, goal, progress, seen, now)
  const deleted = deletedByOthers(seen)
  if (deleted !== undefined) return deleted
  if (progress.shiftedAt === undefined) {
    const moved = movedByOthers(progress, seen)
    if (moved !== undefined) return moved
  }
  if (candidate === undefined) return register(goal, progress, seen)
  if (staged === undefined) return resumeLive(progress) ?? stage(goal, progress, candidate, seen, now)
  if (progress.shiftedAt === undefined) {
    return (
      hold(goal, progress, candidate, staged, seen, now) ??
      prove(goal, progress, candidate, staged, seen, now) ??
      testIdle(goal, progress, candidate, seen, now) ??
      stagedOnly(goal, progress, candidate, seen) ??
      noteWayBack(goal, progress, seen) ??
      resumeNew(goal, progress) ??
      shift(goal, progress, seen, now)
    )
  }
  return (
    bake(goal, progress, candidate, staged, seen, progress.shiftedAt, now) ??
    settle(goal, progress, candidate, seen, now)
  )
}
