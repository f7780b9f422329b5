import { putAlarm, setAlarm } from '../sandbox/metric-alarm.ts'
import { type Simulation, simulate } from '../sandbox/simulation.ts'
import type { Clock } from '../src/deploy/clock.ts'
import { type Figure, median } from './numbers.ts'

/** What goes wrong, and when somebody who sees everything knows it. */
interface BadSign {
  readonly what: string
  /** Makes it happen. */
  readonly cause: (simulation: Simulation) => void
  readonly isThere: (simulation: Simulation) => boolean
}

const signs: readonly BadSign[] = [
  {
    what: 'an alarm goes off',
    cause: simulation => setAlarm(simulation, 'errors', 'ALARM'),
    isThere: () => true,
  },
  {
    what: 'a target is unhealthy',
    cause: simulation => {
      const [first] = targetsOf(simulation)
      if (first !== undefined) simulation.runtime.sicken({ ip: first.Target.Id, port: first.Target.Port })
    },
    isThere: simulation => targetsOf(simulation).some(({ TargetHealth }) => TargetHealth.State === 'unhealthy'),
  },
]

/**
 * Canaries in virtual time that go wrong in the second minute: how long from the bad sign to the write that gives all traffic back.
 * Looks are 5 s apart in the first minute of a step and 10 s later; calls take as long as the simulation's.
 */
export async function rollback(seeds: number): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const sign of signs) {
    const times: number[] = []
    for (let seed = 1; seed <= seeds; seed++) times.push(await once(seed, sign))
    times.sort((one, two) => one - two)
    const p99 = times[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN
    figures.push({
      what: `${sign.what}: weights are back after (median, p99)`,
      figure: `${(median(times) / 1_000).toFixed(1)} s, ${(p99 / 1_000).toFixed(1)} s`,
      limit: '≤ 20 s (two looks)',
    })
  }
  return figures
}

async function once(seed: number, sign: BadSign): Promise<number> {
  const simulation = simulate({ seed, settings: { throttling: false } })
  putAlarm(simulation, 'errors', 'OK')
  const inputs = { image: 'sample-app:0.0.2', strategy: 'canary', 'alarm-names': 'errors' }
  let ms = Number.NaN
  await simulation.act(inputs, [
    async clock => {
      await until(clock, () => greenOf(simulation) > 0)
      // At any moment between two looks.
      await clock.sleep(60_000 + ((seed * 997) % 10_000))
      sign.cause(simulation)
      await until(clock, () => sign.isThere(simulation))
      const badAt = clock.now()
      await until(clock, () => greenOf(simulation) === 0)
      ms = clock.now() - badAt
    },
  ])
  return ms
}

async function until(clock: Clock, isSo: () => boolean): Promise<void> {
  while (!isSo()) await clock.sleep(20)
}

function greenOf({ cloud, topology }: Simulation): number {
  const answer = cloud.call('elbv2', 'DescribeListeners', { ListenerArns: [topology.productionArns[0]] })
  const [listener] = answer.Listeners as readonly {
    DefaultActions: readonly {
      ForwardConfig: { TargetGroups: readonly { TargetGroupArn: string; Weight: number }[] }
    }[]
  }[]
  const groups = listener?.DefaultActions[0]?.ForwardConfig.TargetGroups ?? []
  return groups.find(group => group.TargetGroupArn === topology.targetGroupArns.green)?.Weight ?? 0
}

function targetsOf({ cloud, topology }: Simulation) {
  const answer = cloud.call('elbv2', 'DescribeTargetHealth', { TargetGroupArn: topology.targetGroupArns.green })
  return (answer.TargetHealthDescriptions ?? []) as readonly {
    readonly Target: { readonly Id: string; readonly Port: number }
    readonly TargetHealth: { readonly State: string }
  }[]
}
