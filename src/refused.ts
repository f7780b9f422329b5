import { LeftToNext, LeftToPost, saysItself } from './deploy/alone.ts'
import type { World } from './deploy/world.ts'
import type { Inputs } from './inputs/inputs.ts'
import { type Failure, Refusal } from './model/outcome.ts'
import type { RunReport } from './model/report.ts'
import { RefusedKnowing, whereItStands, whereItWasLeft } from './modes/refused-knowing.ts'
import { naming, type Surroundings } from './surroundings.ts'

async function knownOf(error: unknown, world: World): ReturnType<typeof whereItStands> {
  if (error instanceof RefusedKnowing) return whereItStands(world, error)
  return error instanceof LeftToNext ? whereItWasLeft(world) : { routes: [] }
}

function cancelledBy(error: unknown): Failure {
  const left = error instanceof LeftToPost || error instanceof LeftToNext
  if (!left) return { code: 'CANCELLED', headline: 'Cancelled before anything was written.', details: [] }
  return {
    code: 'CANCELLED',
    headline: 'Cancelled while this run looked after what an earlier one had left.',
    details: [
      error instanceof LeftToPost
        ? 'The post step of this job does it; `mode: status` shows where everything stands.'
        : 'on-cancel is leave: lock, listeners and services stay as they are now, and the next run goes on; `mode: status` shows where everything stands.',
    ],
  }
}

/** A run that ended before anything could be decided: nothing of its own was written. */
export async function refusedReport(
  inputs: Inputs,
  around: Surroundings,
  startedAt: number,
  world: World,
  error: unknown,
): Promise<RunReport> {
  const known = await knownOf(error, world)
  const left = error instanceof LeftToPost
  if (!around.signal.aborted && !(error instanceof Refusal)) throw error
  const outcome = around.signal.aborted
    ? ({ status: 'cancelled', failure: saysItself(error) ? error.failure : cancelledBy(error) } as const)
    : ({ status: 'failed', failure: (error as Refusal).failure } as const)
  return {
    mode: inputs.mode,
    outcome,
    ...(left ? { unfinished: true as const } : {}),
    ...naming(inputs, around),
    startedAt,
    endedAt: around.clock.now(),
    phases: [],
    events: [],
    warnings: around.log.warnings(),
    checks: world.checks.all(),
    ...known,
  }
}
