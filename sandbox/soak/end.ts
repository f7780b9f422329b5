import type { Acted, Simulation } from '../simulation.ts'
import { type Case, isHarmless } from './case.ts'
import { colors, imageOf, locksOf, routeState, serviceState, shareOf, tagsOf } from './look.ts'
import type { Observer } from './observer.ts'

/** Holds the end of a case to what it must be: every run explained, and after the clean one nothing left over. */
export function checkEnd(test: Case, simulation: Simulation, observer: Observer, acted: readonly Acted[]): void {
  for (const [index, one] of acted.entries()) {
    checkExplained(one, observer, index + 1)
    if (!one.killed && one.report.outcome.status === 'succeeded') observer.checkBaked(index + 1, one.report.endedAt)
  }
  const last = acted.at(-1)?.report.outcome
  if (last === undefined) return
  const run = acted.length
  if (!('failure' in last)) {
    checkLeft(simulation, observer, run)
    checkLive(test, simulation, observer, run)
  } else if (isHarmless(test)) {
    const { code, headline, details } = last.failure
    observer.blame('converged', `the clean run ended ${last.status}, ${code}: ${headline} ${details.join(' ')}`, run)
  }
}

function checkExplained(one: Acted, observer: Observer, run: number): void {
  if (one.killed || !('failure' in one.report.outcome)) return
  const { status, failure } = one.report.outcome
  if (failure.headline === '' || failure.code === 'INTERNAL') {
    observer.blame('explained', `ended ${status} with ${JSON.stringify(failure)}`, run)
  }
}

function checkLeft({ cloud, topology }: Simulation, observer: Observer, run: number): void {
  const [lock] = locksOf(cloud)
  if (lock !== undefined) observer.blame('converged', `the lock of ${lock.nonce} is still there`, run)
  const note = tagsOf(cloud, topology.targetGroupArns.blue).UnfinishedShift ?? ''
  if (note !== '') observer.blame('converged', `the note of an unfinished shift is still there: ${note}`, run)
}

/** One color has it all, runs what the last run was asked for, and has its tasks. */
function checkLive(test: Case, { cloud, topology }: Simulation, observer: Observer, run: number): void {
  const routes = topology.productionArns.flatMap(arn => routeState(cloud, topology, arn) ?? [])
  const live = colors.find(color => routes.every(route => shareOf(route, color) === 1))
  if (live === undefined) {
    observer.blame('converged', `production is split: ${JSON.stringify(routes.map(route => route.weights))}`, run)
    return
  }
  const { taskDefinition, desiredCount, runningCount } = serviceState(cloud, topology, live)
  const image = imageOf(cloud, taskDefinition)
  if (image !== test.last.image) {
    observer.blame('converged', `${live} is live with ${image}, not ${test.last.image}`, run)
  }
  // ECS replaces what others have stopped a moment ago.
  const disturbed = test.trouble.kind === 'death' || test.trouble.kind === 'sick'
  if (desiredCount === 0 || (runningCount < desiredCount && !disturbed)) {
    observer.blame('converged', `${live} is live with ${runningCount}/${desiredCount} tasks`, run)
  }
}
