import { type Color, colors } from '../model/color.ts'
import type { Journal } from '../model/journal.ts'
import type { Progress } from '../model/progress.ts'
import type { Part, Snapshot } from '../model/snapshot.ts'
import type { Step } from '../model/step.ts'
import { longLookMs, momentMs } from '../plan/moment.ts'
import { lookAgain } from './observe.ts'
import type { World } from './world.ts'

/** The lock was taken over from another run: whatever was concluded before is void. */
export class BeginAgain extends Error {
  constructor() {
    super('the lock is ours now, and what another run has left is what counts')
    this.name = 'BeginAgain'
  }
}

/**
 * Makes sure that this step may be done: it is no write, or the lock is ours and the journal says what comes.
 *
 * @returns what is so now, when the step has to be decided again, because the lock was taken just now or the note took long; undefined when it may be done
 * @throws BeginAgain
 */
export async function underLock(
  step: Step,
  world: World,
  progress: Progress,
  seen: Snapshot,
): Promise<Snapshot | undefined> {
  const planned = journalOf(step, progress, seen)
  if (planned === undefined) return undefined
  const journal = keepShares(planned, world.lock.journal())
  const began = world.clock.now()
  const lock = await world.lock.before(journal, seen)
  // It may have been waited for, and whoever had it may have changed anything.
  if (lock === 'taken-over') throw new BeginAgain()
  const stale = journal.phase === 'staging' && seen.production.at < (progress.candidate?.at ?? 0)
  // What traffic is moved on is then no longer what was seen. Once only: where each call takes so long, nothing would ever be done.
  const late = lock !== 'held' && journal.phase === 'shifting' && world.clock.now() - began > momentMs
  if ((lock === 'held' || lock === 'noted') && !stale && !late) return undefined
  const same = lock === 'taken' && !late && areAtRest(seen, world.clock.now())
  return lookAtOnce(world, seen, progress.to, same ? ['routes'] : ['services', 'routes'])
}

/** What was read beside an answer that was lost is half a minute old when the next attempt has one: it is read once more, not for ever. */
async function lookAtOnce(world: World, seen: Snapshot, idle: Color, parts: readonly Part[]): Promise<Snapshot> {
  const began = world.clock.now()
  const looked = await lookAgain(world, seen, idle, parts)
  return world.clock.now() - began > longLookMs ? lookAgain(world, looked, idle, parts) : looked
}

/**
 * Whether the services need not be read again: seen a moment ago, with nothing in motion. Who had the lock until that moment can only
 * have given idle another count or revision since; what we saw there is whole, and as good to put back. Which color is live is another
 * matter: that is always read under the lock.
 */
function areAtRest({ services }: Snapshot, now: number): boolean {
  return (
    now - services.at <= momentMs &&
    colors.every(color => {
      const { desired, running, deployments } = services.value[color]
      return running === desired && deployments.length === 1 && deployments[0]?.rollout === 'COMPLETED'
    })
  )
}

/** Whoever takes back what has moved traffic leaves that to be seen: whose staging has failed has moved none. */
function keepShares(journal: Journal, before: Journal | undefined): Journal {
  return journal.phase === 'restoring' && before?.shares !== undefined ? { ...journal, shares: before.shares } : journal
}

/** What is about to be done, as the next run needs to know it; undefined for steps that harm nobody. */
export function journalOf(step: Step, progress: Progress, seen: Snapshot): Journal | undefined {
  const phase = amidShift(phaseOf(step, progress), progress)
  return (
    phase && {
      phase,
      ...factsOf(progress, seen),
      ...(phase === 'shifting' ? { shares: sharesOf(step, progress) } : {}),
    }
  )
}

/** What a run knows, for those who come after it. */
export function factsOf(progress: Progress, seen: Snapshot): Omit<Journal, 'phase'> {
  const { from, to, candidate, staged, previous } = progress
  const { name: service, taskDefinition, desired } = seen.services.value[to]
  // Before the idle service is touched, it is what will have to be put back.
  const idle = progress.idleBefore ?? (staged === undefined ? { service, taskDefinition, desired } : undefined)
  return {
    from,
    to,
    live: previous?.taskDefinition ?? seen.services.value[from].taskDefinition,
    ...(candidate === undefined ? {} : { candidate: candidate.taskDefinition }),
    ...(staged === undefined ? {} : { deployment: staged.deploymentId }),
    ...(idle === undefined ? {} : { idle }),
  }
}

function phaseOf(step: Step, progress: Progress): Journal['phase'] | undefined {
  switch (step.kind) {
    case 'stage':
    case 'run-task':
    case 'note':
      return 'staging'
    case 'resume-scaling':
      // A look harms nobody.
      return progress.held?.[step.color] === undefined ? undefined : 'staging'
    case 'put-back':
      return 'restoring'
    case 'tag':
    case 'park':
    case 'deregister':
      return 'settling'
    case 'route':
      switch (step.why) {
        case 'shift':
          return 'shifting'
        case 'restore':
          return 'restoring'
        case 'reference':
          return 'staging'
        case 'test':
          return progress.shiftedAt === undefined && progress.staged !== undefined ? 'staging' : 'settling'
        default:
          return step.why satisfies never
      }
    // A revision more harms nobody, and a run that only asks or stops what is its own needs no leave.
    case 'register':
    case 'stop-task':
    case 'ask-test-url':
    case 'test-command':
    case 'watch':
      return undefined
    default:
      return step satisfies never
  }
}

/** The new color may have to grow while it has a part of the traffic: whoever comes after a kill then has a shift to undo all the same. */
function amidShift(
  phase: Journal['phase'] | undefined,
  { provenAt, shiftedAt }: Progress,
): Journal['phase'] | undefined {
  return phase === 'staging' && provenAt !== undefined && shiftedAt === undefined ? 'shifting' : phase
}

/** What production is being given; what it was told last, when this step is about something else. */
function sharesOf(step: Step, { told }: Progress): string {
  const shares = step.kind === 'route' && step.why === 'shift' ? step.shares : Object.values(told).at(-1)
  return shares === undefined ? '' : colors.map(color => `${color} ${shares[color]}`).join(' ')
}
