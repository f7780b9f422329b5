import { type Failure, type FailureCode, type Outcome, Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Decision, Step } from '../model/step.ts'
import { wholeShare } from '../model/strategy.ts'
import { noteServed } from '../plan/own-targets.ts'
import { whereIdleIs } from '../plan/put-back.ts'
import { noteReached, noteRestored, whereTrafficIs } from '../plan/traffic.ts'
import { shareOf } from '../plan/weights.ts'
import { act } from './act.ts'
import { stopTaskOfCancelled } from './act-tests.ts'
import { backOut } from './cancel.ts'
import { phaseGroups } from './groups.ts'
import { underLock } from './guard.ts'
import { lookAgain } from './observe.ts'
import { lookPatiently } from './patient-look.ts'
import { openPage } from './run-page.ts'
import type { World } from './world.ts'

/** How a run stood when it ended: also after a failure, because the report needs it then most of all. */
export interface Ended {
  readonly outcome: Outcome
  readonly progress: Progress
  readonly seen: Snapshot
}

/** What somebody else has done. */
const byOthers: readonly FailureCode[] = ['TRAFFIC_MOVED', 'CANDIDATE_SUPERSEDED']

/** The back-off of polling is at most 2 to the power of this. */
const throttledLimit = 3

/** A pause that is announced: shorter ones end before anybody wonders. */
const worthTellingMs = 6_000

/**
 * Observe, decide, act, again and again until the decision is to finish. Level-triggered: nothing is concluded from having
 * done a step, only from having seen its effect. A refusal becomes the outcome, with what was known by then.
 *
 * @throws BeginAgain when another run has worked on the services before this one got the lock; nothing was written
 */
export async function runLoop(
  world: World,
  decide: (progress: Progress, seen: Snapshot, now: number) => Decision,
  start: Progress,
  firstSeen: Snapshot,
): Promise<Ended> {
  let now: Standing = { progress: start, seen: firstSeen }
  let said = ''
  const say = ({ because, until }: Extract<Decision, { kind: 'wait' }>) => {
    if (because === said) return
    said = because
    const now = world.clock.now()
    const pause = until - now >= worthTellingMs ? `; next look in ${seconds(until - now)}` : ''
    world.log.info(`${because} (${seconds(now - start.startedAt)}${pause})`)
  }
  const enter = phaseGroups(world.log)
  const page = await openPage(world.page)
  for (;;) {
    try {
      world.signal.throwIfAborted()
      const decision = decide(now.progress, now.seen, world.clock.now())
      switch (decision.kind) {
        case 'finish': {
          const { outcome } = decision
          if (!('failure' in outcome)) return { outcome, ...now }
          await nameTheWinner(outcome.failure, now, world)
          // What to take back, and what to tell, is decided on what is so now.
          now = { ...now, seen: await lastLook(world, now) }
          if (now.progress.failure !== undefined) return told(outcome, now, world)
          now = failedNow(now, outcome.failure, world)
          break
        }
        case 'do': {
          const fresh = await underLock(decision.step, world, now.progress, now.seen)
          if (fresh !== undefined) {
            now = { ...now, seen: fresh }
            break
          }
          now = { ...now, progress: intend(decision.step, now.progress, world.clock.now()) }
          enter(now.progress, decision.step)
          now = await perform(decision.step, world, now)
          page.did(decision.step)
          break
        }
        case 'wait':
          enter(now.progress)
          say(decision)
          page.pause(now.progress)
          now = await waitAndLook(decision, world, now)
          break
        default:
          decision satisfies never
      }
      const at = world.clock.now()
      now = { ...now, progress: noteServed(stamp(now, at), now.seen, at) }
    } catch (error) {
      await stopTaskOfCancelled(world, now.progress, now.seen)
      const { progress, seen } = now
      // Whoever cancels a run that is taking traffic back does not want to keep customers on what has failed.
      const undo = () => progress.failure !== undefined && decide(progress, seen, world.clock.now()).kind !== 'finish'
      now = { ...now, seen: await backOut(world, progress, seen, undo) }
      now = { ...now, seen: await lastLook(world, now) }
      const outcome = outcomeOf(error, world, now.progress)
      // A failure is recovered from, once: what fails while recovering is told beside the reason, and ends the run.
      if (outcome.status === 'cancelled' || now.progress.failure !== undefined) return told(outcome, now, world)
      now = failedNow(now, outcome.failure, world)
    }
  }
}

/** What others have done, whoever took the lock from this run has done: that one has a name. @throws Refusal LOCK_LOST */
async function nameTheWinner({ code }: Failure, { progress }: Standing, world: World): Promise<void> {
  if (progress.failure !== undefined || !byOthers.includes(code)) return
  try {
    await world.lock.verify()
  } catch (error) {
    if (!(error instanceof Refusal) || error.failure.code === 'LOCK_LOST') throw error
    world.log.info(`Whether somebody has taken the lock could not be read. ${error.failure.headline}`)
  }
}

/** From here on it only recovers; whoever reads along need not wait for the end to learn why. */
function failedNow({ progress, seen }: Standing, failure: Failure, world: World): Standing {
  world.log.info(`${failure.code}: ${failure.headline}`)
  return { progress: { ...progress, failure }, seen }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)}s`
}

/** How a run stands between two decisions. */
interface Standing {
  readonly progress: Progress
  readonly seen: Snapshot
}

async function perform(step: Step, world: World, { progress, seen }: Standing): Promise<Standing> {
  const acted = await act(step, world, progress, seen)
  if (acted.look.length === 0) return acted
  return { progress: acted.progress, seen: await lookPatiently(world, acted.progress, acted.seen, acted.look) }
}

async function waitAndLook(
  { until, look, explains, doubt }: Extract<Decision, { kind: 'wait' }>,
  world: World,
  { progress, seen }: Standing,
): Promise<Standing> {
  const ms = until - world.clock.now()
  await world.lock.sleep(ms, world.signal)
  const throttledBefore = world.throttled()
  const looked = await lookPatiently(world, progress, seen, look, explains)
  const throttled = world.throttled() > throttledBefore ? progress.throttled + 1 : progress.throttled - 1
  const { doubtSince = world.clock.now(), ...known } = progress
  return {
    progress: {
      ...known,
      ...(doubt && { doubtSince }),
      throttled: Math.max(0, Math.min(throttledLimit, throttled)),
    },
    seen: looked,
  }
}

/** A failure always says where customers are, and what became of the idle service: last, and from weights that were read last. */
function told(outcome: Extract<Outcome, { failure: Failure }>, { progress, seen }: Standing, world: World): Ended {
  const { failure } = outcome
  const cancelled = outcome.status === 'cancelled'
  const byPost = cancelled && world.onCancel === 'restore' && world.lock.enabled
  const where = [whereTrafficIs(progress, seen, cancelled), ...whereIdleIs(progress, seen, byPost)]
  const details = [...failure.details, ...where]
  const telling = cancelled ? where[0] : failure.telling
  const shown = { ...failure, details, ...(telling === undefined ? {} : { telling }) }
  return { outcome: { ...outcome, failure: shown }, progress, seen }
}

/** Noted before the act: a write whose answer is lost may have been applied, and must be taken back if the run fails. */
function intend(step: Step, progress: Progress, now: number): Progress {
  if (step.kind === 'tag') {
    return { ...progress, bakedAt: now, ...(progress.watchingSince !== undefined && { confirmedAt: now }) }
  }
  if (step.kind !== 'route' || step.why === 'reference') return progress
  const whole = step.why === 'shift' && shareOf(progress.to, step.shares) === wholeShare
  return {
    ...progress,
    told: { ...progress.told, [step.route.arn]: step.shares },
    ...(whole ? { wholeAt: progress.wholeAt ?? now } : {}),
  }
}

/** A write may have been applied although its answer, or the look after it, was cut off: say what is so, not what was. */
async function lastLook(world: World, { progress, seen }: Standing): Promise<Snapshot> {
  try {
    return await lookAgain({ ...world, elb: world.elbAtEnd() }, seen, progress.to, ['routes'])
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    world.log.warn(
      `The weights could not be read at the end, so they may differ from what is told here. ${error.failure.headline}`,
    )
    return seen
  }
}

/** Moments that follow from what was seen. */
function stamp({ progress, seen }: Standing, now: number): Progress {
  return progress.failure === undefined ? noteReached(progress, seen, now) : noteRestored(progress, seen, now)
}

function outcomeOf(error: unknown, world: World, progress: Progress): Extract<Outcome, { failure: Failure }> {
  if (world.signal.aborted) {
    const failure: Failure = {
      code: 'CANCELLED',
      headline: 'The run was cancelled.',
      details: [
        ...(progress.failure === undefined ? [] : [`It had failed before: ${progress.failure.headline}`]),
        'Run again to finish; `mode: status` shows where everything stands.',
      ],
    }
    return { status: 'cancelled', failure }
  }
  if (!(error instanceof Refusal)) throw error
  if (progress.failure === undefined) return { status: 'failed', failure: error.failure }
  const { details } = progress.failure
  const also = `The clean-up after it failed too. ${error.failure.headline}`
  const status = progress.restoredAt === undefined ? 'failed' : 'rolled-back'
  return { status, failure: { ...progress.failure, details: [...details, also, ...error.failure.details] } }
}
