import type { Color } from '../model/color.ts'
import { type Failure, type Outcome, Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision, Step } from '../model/step.ts'
import { noteServed } from '../plan/own-targets.ts'
import { allSendTo } from '../plan/shift.ts'
import { act } from './act.ts'
import { lookAgain } from './observe.ts'
import type { World } from './world.ts'

/** How a run stood when it ended: also after a failure, because the report needs it then most of all. */
export interface Ended {
  readonly outcome: Outcome
  readonly progress: Progress
  readonly seen: Snapshot
}

/** The back-off of polling is at most 2 to the power of this. */
const throttledLimit = 3

/**
 * Observe, decide, act, again and again until the decision is to finish. Level-triggered: nothing is concluded from having
 * done a step, only from having seen its effect. Never throws: a refusal becomes the outcome, with what was known by then.
 */
export async function runLoop(
  world: World,
  decide: (progress: Progress, seen: Snapshot, now: number) => Decision,
  start: Progress,
  firstSeen: Snapshot,
): Promise<Ended> {
  let progress = start
  let seen = firstSeen
  let said = ''
  const say = (because: string) => {
    if (because === said) return
    said = because
    world.log.info(`${because} (${Math.round((world.clock.now() - progress.startedAt) / 1_000)}s)`)
  }
  for (;;) {
    try {
      world.signal.throwIfAborted()
      const decision = decide(progress, seen, world.clock.now())
      switch (decision.kind) {
        case 'finish': {
          const { outcome } = decision
          if (!('failure' in outcome) || progress.failure !== undefined) return { outcome, progress, seen }
          progress = { ...progress, failure: outcome.failure }
          break
        }
        case 'do': {
          progress = intend(decision.step, progress)
          const acted = await act(decision.step, world, progress, seen)
          progress = acted.progress
          seen = acted.seen
          if (acted.look.length > 0) seen = await lookAgain(world, seen, progress.to, acted.look)
          break
        }
        case 'wait': {
          say(decision.because)
          const ms = decision.until - world.clock.now()
          if (ms > 0) await world.clock.sleep(ms, world.signal)
          const throttledBefore = world.throttled()
          seen = await lookAgain(world, seen, progress.to, decision.look)
          const slower = world.throttled() > throttledBefore ? progress.throttled + 1 : progress.throttled - 1
          progress = { ...progress, throttled: Math.max(0, Math.min(throttledLimit, slower)) }
          break
        }
        default:
          decision satisfies never
      }
      progress = noteServed(stamp(progress, seen, world.clock.now()), seen, world.clock.now())
    } catch (error) {
      seen = await lastLook(world, seen, progress.to)
      const outcome = outcomeOf(error, world, progress, seen)
      // A failure is recovered from, once: what fails while recovering is told beside the reason, and ends the run.
      if (outcome.status === 'cancelled' || progress.failure !== undefined) return { outcome, progress, seen }
      progress = { ...progress, failure: outcome.failure }
    }
  }
}

/** Noted before the act: a write whose answer is lost may have been applied, and must be taken back if the run fails. */
function intend(step: Step, progress: Progress): Progress {
  if (step.kind !== 'route' || step.why === 'reference') return progress
  return { ...progress, told: { ...progress.told, [step.route.arn]: step.to } }
}

/** A write may have been applied although its answer, or the look after it, was cut off: say what is so, not what was. */
async function lastLook(world: World, seen: Snapshot, idle: Color): Promise<Snapshot> {
  try {
    return await lookAgain({ ...world, elb: world.elbAtEnd() }, seen, idle, ['routes'])
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    world.log.warn(
      `The weights could not be read at the end, so they may differ from what is told here. ${error.failure.headline}`,
    )
    return seen
  }
}

/** Moments that follow from what was seen; for the report, and for how long the old version may still be heard. */
function stamp(progress: Progress, seen: Snapshot, now: number): Progress {
  if (progress.shiftedAt !== undefined || progress.staged === undefined) return progress
  return allSendTo(progress.to, seen) ? { ...progress, shiftedAt: now } : progress
}

function outcomeOf(
  error: unknown,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Extract<Outcome, { failure: Failure }> {
  if (world.signal.aborted) {
    const where = allSendTo(progress.to, seen)
      ? `${progress.to} has all the traffic.`
      : allSendTo(progress.from, seen)
        ? `${progress.from} has all the traffic.`
        : 'Some listeners send to blue and some to green.'
    const failure: Failure = {
      code: 'CANCELLED',
      headline: `Cancelled. ${where}`,
      details: ['Run again to finish; `mode: status` shows where everything stands.'],
    }
    return { status: 'cancelled', failure }
  }
  if (!(error instanceof Refusal)) throw error
  if (progress.failure === undefined) return { status: 'failed', failure: error.failure }
  const { code, headline, details } = progress.failure
  const also = `The clean-up after it failed too. ${error.failure.headline}`
  return { status: 'failed', failure: { code, headline, details: [...details, also, ...error.failure.details] } }
}
