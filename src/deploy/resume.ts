import type { ByColor, Color } from '../model/color.ts'
import type { Journal } from '../model/journal.ts'
import { type Failure, Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { type Fitness, fitnessOf, idleToPutBack, resume } from '../plan/resume.ts'
import { readLive } from '../plan/weights.ts'
import { act } from './act.ts'
import { lookAgain } from './observe.ts'
import type { World } from './world.ts'

/** Each route may be written so often: somebody else may be writing too. */
const writesPerRoute = 3

/**
 * Gives all the traffic to one color again, after a run was ended in the middle of a shift. Every look is a fresh one, and so is
 * the proof before every write.
 *
 * @param notOurs what says that somebody else has given the weights that are there: then they are his
 * @param undo also when all of it has moved
 * @throws Refusal LIVE_UNCLEAR when it cannot be told, or proven, who should have it
 */
export async function giveBack(
  world: World,
  journal: Journal,
  first: Snapshot,
  notOurs: (seen: Snapshot) => Failure | undefined = () => undefined,
  undo = false,
): Promise<Snapshot> {
  let seen = first
  let progress = blank(world, journal)
  const limit = writesPerRoute * first.production.value.length
  for (let writes = 0; ; writes++) {
    const [looked, fitness] = await prove(world, seen, journal)
    seen = looked
    const foreign = writes === 0 ? notOurs(seen) : undefined
    if (foreign !== undefined) throw new Refusal(foreign)
    const decision = resume(journal, seen, fitness, undo)
    switch (decision.kind) {
      case 'clear':
        return seen
      case 'stop':
        throw new Refusal(decision.failure)
      case 'give': {
        const { route, color, because } = decision
        if (writes >= limit) throw disputed(route.label, route.arn)
        if (writes === 0) world.log.info(`Give all the traffic to ${color}: ${because}`)
        await world.lock.before({ ...journal, phase: 'restoring' }, seen)
        const shares = color === 'blue' ? { blue: 100, green: 0 } : { blue: 0, green: 100 }
        const acted = await act({ kind: 'route', why: 'restore', route, shares, to: color }, world, progress, seen)
        progress = acted.progress
        break
      }
      default:
        decision satisfies never
    }
  }
}

/** Which color `giveBack` would give all the traffic to, as things are now; undefined when it would refuse to. Reads only. */
export async function wouldGet(world: World, journal: Journal, seen: Snapshot): Promise<Color | undefined> {
  const [looked, fitness] = await prove(world, seen, journal)
  const decision = resume(journal, looked, fitness)
  switch (decision.kind) {
    case 'clear':
      return decision.live
    case 'give':
      return decision.color
    case 'stop':
      return undefined
    default:
      return decision satisfies never
  }
}

/** One look at all that it takes. */
async function prove(world: World, seen: Snapshot, journal: Journal): Promise<[Snapshot, ByColor<Fitness>]> {
  const { from, to, live, candidate } = journal
  const parts = ['services', 'routes', 'tasks', 'targets', 'live-tasks', 'live-targets'] as const
  const looked = await lookAgain(world, seen, to, parts)
  const { services, tasks, targets, liveTasks, liveTargets } = looked
  const old = fitnessOf(services.value[from], liveTasks?.value ?? [], liveTargets?.value ?? [], live)
  const young = fitnessOf(services.value[to], tasks?.value ?? [], targets?.value ?? [], candidate)
  return [looked, from === 'blue' ? { blue: old, green: young } : { blue: young, green: old }]
}

/** Gives the idle service back what it had, when the run that changed it was ended before it moved traffic for good. */
export async function putIdleBack(world: World, journal: Journal, seen: Snapshot): Promise<Snapshot> {
  const looked = await lookAgain(world, seen, journal.to, ['services', 'routes'])
  const idle = idleToPutBack(journal, looked)
  if (idle === undefined) return looked
  await world.lock.before({ ...journal, phase: 'restoring' }, looked)
  const acted = await act(
    { kind: 'put-back', color: journal.to, ...idle },
    world,
    { ...blank(world, journal), idleBefore: journal.idle ?? idle },
    looked,
  )
  return acted.seen
}

/** Whether requests go to both colors, or to neither. */
export function isMixed(seen: Snapshot): boolean {
  return readLive(seen.production.value, seen.targetGroups).kind === 'unclear'
}

/** Of a run that has not begun anything. */
export function blank(world: World, { from, to }: Pick<Journal, 'from' | 'to'>): Progress {
  return { startedAt: world.clock.now(), from, to, told: {}, unanswered: {}, referenced: [], throttled: 0 }
}

function disputed(label: string, arn: string): Refusal {
  return new Refusal({
    code: 'WRITE_NOT_CONFIRMED',
    headline: `${label} was given back again and again, but reads back otherwise.`,
    details: [arn, 'Somebody else writes to it at the same time. Let one of them own it, then run `mode: status`.'],
  })
}
