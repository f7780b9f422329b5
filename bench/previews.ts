import { type Simulation, simulate } from '../sandbox/simulation.ts'
import { standingPreview } from '../sandbox/standing-preview.ts'
import type { Figure } from './numbers.ts'

/** What previews cost in calls to AWS, in virtual time. */

export interface PreviewCosts {
  readonly create: number
  readonly again: number
  readonly update: number
  readonly destroy: number
}

const preview = { mode: 'preview', 'preview-id': 'pr-1', 'pull-request': '1', 'preview-domain': 'preview.example.com' }

export async function previewCosts(): Promise<PreviewCosts> {
  const simulation = simulate({ seed: 1, unsigned: true, settings: { throttling: false } })
  const cost = (inputs: Readonly<Record<string, string>>) => costOf(simulation, inputs)
  return {
    create: await cost({ ...preview, image: 'sample-app:0.0.2' }),
    again: await cost({ ...preview, image: 'sample-app:0.0.2' }),
    update: await cost({ ...preview, image: 'sample-app:0.0.3' }),
    destroy: await cost({ mode: 'preview-destroy', 'preview-id': 'pr-1' }),
  }
}

/**
 * A sweep over so many previews, of which the first `closed` have a pull request that is closed.
 *
 * @param more such as who sweeps, when the previews are somebody else's
 * @returns calls of the whole sweep
 */
export async function sweepCost(previews: number, closed: number, more: SweepOptions = {}): Promise<number> {
  const simulation = simulate({ seed: 1, unsigned: true, settings: { throttling: false } })
  const numbers = Array.from({ length: previews }, (_, index) => index + 1)
  const services = numbers.map(number => standingPreview(simulation, number, simulation.timeline.now()))
  // ECS learns of rules in its own time.
  simulation.timeline.advanceTo(simulation.timeline.now() + 60_000)
  for (const make of services) make()
  return costOf(
    simulation,
    { mode: 'preview-sweep' },
    { ...more, openPullRequests: async numbers => new Set(numbers.filter(one => one > closed)) },
  )
}

type SweepOptions = Pick<NonNullable<Parameters<Simulation['act']>[2]>, 'owner' | 'openPullRequests'>

async function costOf(
  { wire, act }: Simulation,
  inputs: Readonly<Record<string, string>>,
  more: SweepOptions = {},
): Promise<number> {
  wire.calls.clear()
  const { report } = await act(inputs, [], more)
  if ('failure' in report.outcome) throw new Error(JSON.stringify(report.outcome))
  return wire.calls.list().length
}

/**
 * What is promised, and held by a test. What is there already costs one for each other listener of the load balancer, which may have a
 * rule of an earlier push.
 */
export const promised = { create: 45, again: 26, update: 48, destroy: 28, sweepOf90: 22, each: 30 }

export async function previews(): Promise<readonly Figure[]> {
  const { create, again, update, destroy } = await previewCosts()
  const counts = [1, 20, 90] as const
  const nothing = await Promise.all(counts.map(count => sweepCost(count, 0)))
  const all = await sweepCost(90, 90)
  const row = (what: string, figure: number, limit?: number): Figure => ({
    what,
    figure: String(figure),
    limit: limit === undefined ? '' : `≤ ${limit}`,
  })
  return [
    row('make one', create, promised.create),
    row('find that it is there', again, promised.again),
    row('update one', update, promised.update),
    row('destroy one', destroy, promised.destroy),
    ...counts.map((count, index) =>
      row(`sweep ${count} that stay`, nothing[index] ?? Number.NaN, count === 90 ? promised.sweepOf90 : undefined),
    ),
    row('sweep 90 that go, each', Math.round((all - (nothing[2] ?? 0)) / 90), promised.each),
  ]
}
