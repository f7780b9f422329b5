import { roughDuration } from '../model/duration.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { keepServingMs } from './after.ts'
import type { DeployGoal } from './goal.ts'
import { obeyLimitMs } from './moment.ts'
import { stepsOf } from './schedule.ts'

/** How long a deploy takes, in milliseconds. */
export interface Span {
  /** When all goes well at once: no deploy that moves traffic is faster. */
  readonly leastMs: number
  /** When everything takes as long as it may, and traffic has to go back at the end. */
  readonly mostMs: number
  /** What both are made of, for people. */
  readonly parts: string
}

/** Of a new task until the load balancer calls it healthy; the first check alone comes about 2 s after its start (aws-facts 1.9). */
const leastProofMs = 5_000

export function spanOf(goal: DeployGoal, seen: Snapshot): Span {
  // Traffic stays where it is.
  if (goal.stageOnly === true) {
    return { leastMs: leastProofMs, mostMs: goal.timeoutMs, parts: `\`timeout\` ${roughDuration(goal.timeoutMs)}` }
  }
  const holdsMs = stepsOf(goal.strategy ?? { kind: 'all-at-once' }).reduce((sum, step) => sum + step.holdMs, 0)
  const bakeMs = goal.bakeMs ?? 0
  const restMs = goal.idleCount === undefined ? 0 : Math.max(0, keepServingMs(seen) - bakeMs)
  const backMs = goal.rollbackOnFailure ? obeyLimitMs : 0
  const parts: readonly (readonly [string, number])[] = [
    ['`timeout`', goal.timeoutMs],
    ['steps of traffic', holdsMs],
    ['`bake-time`', bakeMs],
    ['`production-url`', goal.confirm ? obeyLimitMs : 0],
    // Either: who went back has nothing to park.
    restMs > backMs ? ['until the old color is parked', restMs] : ['to go back', backMs],
  ]
  const counted = parts.filter(([, ms]) => ms > 0)
  return {
    leastMs: leastProofMs + holdsMs + bakeMs,
    mostMs: counted.reduce((sum, [, ms]) => sum + ms, 0),
    parts: counted.map(([name, ms]) => `${name} ${roughDuration(ms)}`).join(', '),
  }
}
