import type { Ended } from '../deploy/loop.ts'
import { firstLook } from '../deploy/observe.ts'
import type { World } from '../deploy/world.ts'
import { colors, otherColor } from '../model/color.ts'
import { type Failure, type FailureCode, Refusal } from '../model/outcome.ts'
import type { RunReport } from '../model/report.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { readLive } from '../plan/weights.ts'
import { routeChanges, sideOf } from '../report/sides.ts'
import { runningOn } from './running-on.ts'

/** A run that is refused after its first look: where production stands is known, and is to be told. */
export class RefusedKnowing extends Refusal {
  readonly seen: Snapshot
  constructor(failure: Failure, seen: Snapshot) {
    super(failure)
    this.name = 'RefusedKnowing'
    this.seen = seen
  }
}

/** Whoever cannot reach AWS is not to wait for it once more, only to be told a name. */
const unreachable: readonly FailureCode[] = ['CREDENTIALS', 'THROTTLED', 'AWS_ERROR', 'UNKNOWN_TOO_LONG']

/** Where production stood when a run was refused. Names are read as far as AWS gives them. */
export async function whereItStands(
  world: World,
  { seen, failure }: Pick<RefusedKnowing, 'seen' | 'failure'>,
): Promise<Pick<RunReport, 'sides' | 'routes'>> {
  const routes = routeChanges(seen, seen)
  const live = readLive(seen.production.value, seen.targetGroups)
  if (live.kind === 'unclear') return { routes }
  const running = unreachable.includes(failure.code) ? {} : await named(world, seen)
  const after = sideOf(live.color, seen, running[live.color])
  const idle = otherColor(live.color)
  const { blue, green } = seen.services.value
  return {
    routes,
    sides: {
      active: live.color,
      services: { blue: blue.name, green: green.name },
      before: after,
      after,
      idle: sideOf(idle, seen, running[idle]),
    },
  }
}

/** The same after a run that was cancelled while it put right what an earlier one had left: as things are now. */
export async function whereItWasLeft(world: World): Promise<Pick<RunReport, 'sides' | 'routes'>> {
  const end: World = { ...world, ...world.atEnd() }
  try {
    const seen = await firstLook(end)
    return await whereItStands(end, { seen, failure: { code: 'CANCELLED', headline: '', details: [] } })
  } catch (error) {
    if (!(error instanceof Refusal) && !end.signal.aborted) throw error
    return { routes: [] }
  }
}

/** The same for a run that was refused at the first thing that it had to do: it has not come to read what runs. */
export async function namingWhatRuns<T extends Ended & { readonly before: Snapshot }>(
  world: World,
  ended: T,
): Promise<T> {
  const { outcome, progress, before } = ended
  const failure = 'failure' in outcome ? outcome.failure : undefined
  if (failure === undefined || progress.candidate !== undefined || progress.previous !== undefined) return ended
  if (unreachable.includes(failure.code)) return ended
  const { [progress.from]: previous, [progress.to]: idleWas } = await named(world, before)
  return { ...ended, progress: { ...progress, ...(previous && { previous }), ...(idleWas && { idleWas }) } }
}

async function named(world: World, seen: Snapshot): ReturnType<typeof runningOn> {
  // A run that was cancelled has a moment left, with clients of its own.
  const end: World = world.signal.aborted ? { ...world, ...world.atEnd() } : world
  try {
    return await runningOn(end, seen, colors)
  } catch (error) {
    if (!(error instanceof Refusal) && !end.signal.aborted) throw error
    return {}
  }
}
