import { withAttributes } from '../deploy/attributes.ts'
import type { Whole } from '../deploy/whole.ts'
import type { World } from '../deploy/world.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { Refusal } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { RouteView } from '../model/routing.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { DeployGoal } from '../plan/goal.ts'
import { preflight } from '../plan/preflight.ts'
import { spanOf } from '../plan/span.ts'
import { stagedSize } from '../plan/stage.ts'
import { forwardConfig, type Live, readLive, readWeights } from '../plan/weights.ts'
import { expectLive } from './expected-live.ts'

/** What the modes that write have in common before their first write: who is live, and whether all goes together. */

/** What a run is going to do, and where it begins. */
export interface Prepared {
  readonly before: Snapshot
  readonly goal: DeployGoal
  readonly progress: Progress
}

/**
 * From the first look to the direction of the run.
 *
 * @throws Refusal when it is unclear who is live, or it is not who `expected-live` says
 */
export async function begin(
  inputs: Inputs,
  world: World,
  startedAt: number,
  whole: Whole,
): Promise<Omit<Prepared, 'goal'>> {
  const before = await withSettings(inputs, world, whole.seen)
  const live = readLive(before.production.value, before.targetGroups)
  world.checks.pass('Listeners and rules', [
    () => {
      if (live.kind === 'live') return `${live.color} is live, ${live.idle} is idle`
      throw unclear(live, before)
    },
  ])
  if (live.kind === 'unclear') throw unclear(live, before)
  // With an earlier run's shift half-way it was asked before anything was given back.
  if (whole.allowed !== live.color) await expectLive(inputs, world, before, live.color)
  const progress: Progress = {
    startedAt,
    from: live.color,
    to: live.idle,
    told: {},
    unanswered: {},
    referenced: [],
    throttled: 0,
  }
  return { before, progress }
}

/** @throws Refusal for the first thing that does not go together; nothing was written */
export function check({ before, goal, progress }: Prepared, world: World): void {
  world.checks.take(
    preflight({
      seen: before,
      to: progress.to,
      desired: stagedSize(goal, before.services.value[progress.from].running),
      timeoutMs: goal.timeoutMs,
      span: spanOf(goal, before),
      now: progress.startedAt,
      ...(world.credentialsUntil === undefined ? {} : { credentialsUntil: world.credentialsUntil }),
    }),
  )
}

/** The settings of target groups that a deploy cannot do without, or a plan has to tell. */
async function withSettings(inputs: Inputs, world: World, seen: Snapshot): Promise<Snapshot> {
  const routes = [...seen.production.value, ...seen.test.value]
  // AWS has taken weights for all others already.
  const neverWeighted = routes.some(route => (forwardConfig(route.actions)?.TargetGroups ?? []).length < 2)
  if (inputs.mode !== 'plan' && (!neverWeighted || routes.some(route => excludesStickiness(route, seen)))) return seen
  return { ...seen, targetGroups: await withAttributes(world, seen.targetGroups) }
}

/** AWS refuses target stickiness for whatever shares an action without group stickiness (aws-facts 2.4): so neither group has it. */
function excludesStickiness(route: RouteView, seen: Snapshot): boolean {
  const { weights, stickySeconds } = readWeights(route, seen.targetGroups)
  return weights.blue !== undefined && weights.green !== undefined && stickySeconds === undefined
}

function unclear(live: Extract<Live, { kind: 'unclear' }>, before: Snapshot): Refusal {
  return new Refusal({
    code: 'LIVE_UNCLEAR',
    headline: `Which color is live is unclear: ${live.because}.`,
    details: [
      ...before.production.value.map(route => `${route.label}: ${route.arn}`),
      live.hint,
      'Nothing was written.',
    ],
  })
}

/** A cookie outweighs weights: its holders stay on the old color until it expires (aws-facts 2.4). */
export function warnOfCookies(world: World, seen: Snapshot): void {
  for (const route of seen.production.value) {
    const { stickySeconds } = readWeights(route, seen.targetGroups)
    if (stickySeconds === undefined) continue
    world.log.warn(
      `${route.label} has target group stickiness of ${stickySeconds} s: clients that hold its cookie stay on the old color for as long after the switch.`,
    )
  }
}
