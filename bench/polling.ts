import { type Simulation, simulate } from '../sandbox/simulation.ts'
import type { Clock } from '../src/deploy/clock.ts'
import { type Figure, median } from './numbers.ts'

/** When the candidate turns healthy, in seconds after it was staged; about, because checks and starts have their own rhythm. */
const delays = [30, 60, 120, 240]

/** What the candidate's way takes beside its own slow start, on average: a place, the pull, and two checks. */
const headStartSeconds = 29

/** Checks come every 15 s: starts are spread over that, or every seed would meet them at the same point. */
const spreadSeconds = (seed: number) => ((seed * 4) % 15) - 7

/** The idle color is parked, so that ECS does not wait for old tasks to drain, and has the time to start slowly. */
export const slowPair = {
  tasks: { blue: 2, green: 0 },
  healthCheckGracePeriodSeconds: 900,
  health: { intervalSeconds: 15, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 2, path: '/health' },
} as const

interface Case {
  readonly healthyAfterMs: number
  readonly latenessMs: number
  readonly calls: number
}

/**
 * Deploys in virtual time, many seeds each: how long after the last target turned healthy the flip was called, and how many
 * API calls the whole deploy took. The idle color is parked at 0, so that ECS does not wait for old tasks to drain; health
 * checks every 15 s, healthy after 2.
 */
export async function polling(seeds: number): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  const all: number[] = []
  for (const delay of delays) {
    const cases: Case[] = []
    for (let seed = 1; seed <= seeds; seed++) {
      cases.push(await deployOnce(seed, Math.max(3, delay - headStartSeconds + spreadSeconds(seed))))
    }
    const lateness = cases.map(one => one.latenessMs)
    all.push(...lateness)
    const calls = cases.map(one => one.calls)
    figures.push({
      what: `healthy after ${(median(cases.map(one => one.healthyAfterMs)) / 1000).toFixed(0)} s: late by (median, max)`,
      figure: `${(median(lateness) / 1000).toFixed(2)} s, ${(Math.max(...lateness) / 1000).toFixed(2)} s`,
      limit: '',
    })
    figures.push({
      what: '  AWS calls of the whole deploy (median, max)',
      figure: `${median(calls)}, ${Math.max(...calls)}`,
      limit: delay === 240 ? '≤ 45' : '',
    })
  }
  return [
    ...figures,
    { what: 'late by, median of all', figure: `${(median(all) / 1000).toFixed(2)} s`, limit: '≤ 2 s' },
  ]
}

async function deployOnce(seed: number, slowSeconds: number): Promise<Case> {
  const simulation = simulate({
    seed,
    slowSeconds,
    topology: slowPair,
    // The bench itself looks all the time, which would use up the buckets.
    settings: { throttling: false },
  })
  let healthyAt: number | undefined
  const { report } = await simulation.act({ image: 'sample-app:0.0.2-slow' }, [
    async clock => {
      healthyAt = await untilHealthy(simulation, clock)
    },
  ])
  if (report.outcome.status !== 'succeeded' || healthyAt === undefined) {
    throw new Error(`seed ${seed}: ${JSON.stringify(report.outcome)}`)
  }
  const calls = simulation.wire.calls.list()
  const at = (operation: string) => calls.find(call => call.operation === operation)?.at ?? Number.NaN
  return {
    healthyAfterMs: healthyAt - at('UpdateService'),
    latenessMs: at('ModifyListener') - healthyAt,
    calls: calls.length,
  }
}

/** The moment at which every target of green is healthy, to 50 ms. */
async function untilHealthy(simulation: Simulation, clock: Clock): Promise<number> {
  for (;;) {
    const { TargetHealthDescriptions } = simulation.cloud.call('elbv2', 'DescribeTargetHealth', {
      TargetGroupArn: simulation.topology.targetGroupArns.green,
    }) as { TargetHealthDescriptions: readonly { TargetHealth: { State: string } }[] }
    const healthy = TargetHealthDescriptions.filter(target => target.TargetHealth.State === 'healthy')
    if (healthy.length === 2) return clock.now()
    await clock.sleep(50)
  }
}
