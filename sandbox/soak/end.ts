import type { Acted, Simulation } from '../simulation.ts'
import { type Case, isHarmless } from './case.ts'
import { colors, imageOf, locksOf, routeState, serviceState, shareOf, tagsOf } from './look.ts'
import type { Observer } from './observer.ts'

/** Holds the end of a case to what it must be: every run explained, and after the clean one nothing left over. */
export function checkEnd(test: Case, simulation: Simulation, observer: Observer, acted: readonly Acted[]): void {
  for (const [index, one] of acted.entries()) {
    if (one.killed || !('failure' in one.report.outcome)) continue
    const { status, failure } = one.report.outcome
    if (failure.headline === '' || failure.code === 'INTERNAL') {
      observer.blame('explained', `ended ${status} with ${JSON.stringify(failure)}`, index + 1)
    }
  }
  const last = acted.at(-1)?.report.outcome
  const run = acted.length
  if (last === undefined) return
  const { cloud, topology } = simulation
  const locks = locksOf(cloud)
  const note = tagsOf(cloud, topology.targetGroupArns.blue).UnfinishedShift ?? ''
  const done = last.status === 'succeeded' || last.status === 'unchanged'
  if (!done) {
    const code =
      'failure' in last ? `${last.failure.code}: ${last.failure.headline} ${last.failure.details.join(' ')}` : ''
    if (isHarmless(test)) {
      observer.blame('converged', `the clean run ended ${last.status} ${code}`, run)
    }
    return
  }
  if (locks.length > 0) observer.blame('converged', `the lock of ${locks[0]?.nonce} is still there`, run)
  if (note !== '') observer.blame('converged', `the note of an unfinished shift is still there: ${note}`, run)
  const routes = topology.productionArns.flatMap(arn => routeState(cloud, topology, arn) ?? [])
  const live = colors.find(color => routes.every(route => shareOf(route, color) === 1))
  if (live === undefined) {
    observer.blame('converged', `production is split: ${JSON.stringify(routes.map(route => route.weights))}`, run)
    return
  }
  const { taskDefinition, desiredCount, runningCount } = serviceState(cloud, topology, live)
  const image = imageOf(cloud, taskDefinition)
  if (image !== test.last.image) observer.blame('converged', `${live} is live with ${image}, not ${test.last.image}`, run)
  // ECS replaces what others have stopped a moment ago.
  const disturbed = test.trouble.kind === 'death' || test.trouble.kind === 'sick'
  if (desiredCount === 0 || (runningCount < desiredCount && !disturbed)) {
    observer.blame('converged', `${live} is live with ${runningCount}/${desiredCount} tasks`, run)
  }
}
