import { lines } from '../e2e/stage.ts'
import { problemsOfRest } from './beside.ts'
import type { KillCase } from './cases.ts'
import { type KillPlace, later, problemsOfCustomers, problemsOfPair, problemsOfRun } from './place.ts'
import type { Scenario } from './scenario.ts'

export interface KillResult {
  readonly case: KillCase
  /** Of the call at which it was killed; undefined when the run has ended before that call. */
  readonly operation: string | undefined
  /** Empty when the next run has put everything right. */
  readonly problems: readonly string[]
  readonly requests: number
  readonly failed: number
  readonly perSecond: number
  readonly seconds: number
  /** Of both runs, for those who have to find out. */
  readonly log: string
}

/** A case that could not be played to its end, such as when what it needs could not be prepared. */
export function brokenCase(one: KillCase, error: unknown): KillResult {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    case: one,
    operation: undefined,
    problems: [problem],
    requests: 0,
    failed: 0,
    perSecond: 0,
    seconds: 0,
    log: '',
  }
}

/** Another run comes when whatever the killed one has written is in force. */
const laterMs = 500

/**
 * Kills a run with SIGKILL at this very call. Nothing of it runs any more, no post step either, as when a runner is lost. Then the next
 * run has to put everything right.
 */
export async function playCase(place: KillPlace, scenario: Scenario, one: KillCase): Promise<KillResult> {
  const began = performance.now()
  const before = place.parts()
  await scenario.prepare?.(place)
  const { beside } = scenario
  const known = new Set([place.live, ...(beside === undefined ? [place.before] : [])])
  const { faults } = place.stage.sandbox.api
  place.client.take()

  const planned = scenario.killed(place)
  if (beside === undefined) known.add(planned.version)
  const runId = place.newRunId()
  const action = place.start(planned, runId, 1)
  let operation: string | undefined
  faults.add([{ kind: 'hang', when: one.when, after: one.call - 1, times: 1 }], hit => {
    operation = hit.operation
    action.kill()
  })
  const killed = await action.result
  faults.clear()
  const problems = operation === undefined ? [...problemsOfRun(killed, planned.version)] : []
  if (operation !== undefined && killed.conclusion !== 'lost')
    problems.push(`the killed run ended: ${killed.conclusion}`)

  const follower = scenario.followers[one.follower]
  if (follower === undefined) throw new Error(`${scenario.name} has no run ${one.follower} that follows`)
  const next = follower(place, planned)
  if (beside === undefined) known.add(next.version)
  if (!next.attempt) await later(laterMs)
  const result = await place.start(next, next.attempt ? runId : place.newRunId(), next.attempt ? 2 : 1).result
  problems.push(...problemsOfRun(result, next.version))
  if (beside !== undefined) problems.push(...(await beside.verify(place, next, before)))
  if (beside !== undefined && problems.length === 0) {
    await beside.leave(place)
    problems.push(...problemsOfRest(before, place.parts(), 'the case'))
  }
  if (place.world === undefined) problems.push(...problemsOfPair(place))
  const after = await problemsOfCustomers(place, known, beside === undefined ? next.version : place.live)
  if (beside === undefined) place.goneTo(next.version)
  return {
    case: one,
    operation,
    ...after,
    problems: [...problems, ...after.problems],
    seconds: (performance.now() - began) / 1_000,
    log: `--- killed\n${lines(killed)}\n--- next run\n${lines(result)}`,
  }
}
