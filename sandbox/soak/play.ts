import type { Clock } from '../../src/deploy/clock.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import { putAlarm } from '../metric-alarm.ts'
import { type Acted, type ActOptions, type Actor, type Simulation, simulate } from '../simulation.ts'
import type { LoggedCall } from '../wire/call-log.ts'
import { type Witness, type WitnessedCall, witnessed } from '../witness.ts'
import { type Break, type BreakName, breaks } from './breaks.ts'
import { alarmName, type Case, drawCase, isHarmless, type Plan } from './case.ts'
import { type ClientsSaw, watchClients } from './clients.ts'
import { checkEnd } from './end.ts'
import { Observer } from './observer.ts'
import { othersOf } from './others.ts'
import type { Violation } from './rules.ts'

export interface Played {
  readonly case: Case
  readonly violations: readonly Violation[]
  /** How each run has ended; undefined for one that was killed. */
  readonly outcomes: readonly (Outcome | undefined)[]
  readonly calls: readonly LoggedCall[]
  /** When the case began. */
  readonly start: number
  readonly clients: ClientsSaw
  /** What each run has said. */
  readonly lines: readonly (readonly string[])[]
}

/** A run of ours never takes that long, whatever it waits for: its timeout, a lease, and the time of cookies. */
const longestMs = 3 * 3_600_000

/** Plays the case of a seed: a run with faults and trouble, then a clean one. Rejects only for a defect of the soak itself. */
export async function playSeed(seed: number, broken?: BreakName): Promise<Played> {
  return play(drawCase(seed), broken === undefined ? undefined : breaks[broken])
}

async function play(one: Case, broken: Break | undefined): Promise<Played> {
  const late: { observer?: Observer } = {}
  const witness: Witness = {
    before: (call: WitnessedCall) => late.observer?.before(call),
    after: (call: WitnessedCall) => late.observer?.after(call),
  }
  const simulation = simulate({
    seed: one.seed,
    topology: one.topology,
    settings: one.settings,
    unsigned: true,
    between: aws => broken?.between?.(witnessed(aws, witness)) ?? witnessed(aws, witness),
  })
  const { timeline, cloud, topology, wire } = simulation
  const start = timeline.now()
  const observer = new Observer(cloud, topology, () => timeline.now())
  late.observer = observer
  if (one.plan['alarm-names'] !== undefined) putAlarm(simulation, alarmName, 'OK')
  const clients = watchClients(simulation, one.topology.productionPorts ?? [80], start + longestMs)
  const acted: Acted[] = []
  try {
    acted.push(...(await disturbed(one, simulation, observer, broken)))
    wire.faults.clear()
    acted.push(...(await clean(one, simulation, observer, acted)))
    checkEnd(one, simulation, observer, acted)
  } catch (error) {
    observer.blame('ended', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  const saw = clients()
  if (isHarmless(one) && saw.failed > 0) {
    observer.blame('clients', `${saw.failed} of ${saw.requests} requests failed: ${saw.failures.join('; ')}`)
  }
  return {
    case: one,
    violations: observer.violations,
    outcomes: acted.map(one => (one.killed ? undefined : one.report.outcome)),
    calls: wire.calls.list(),
    start,
    clients: saw,
    lines: acted.map(({ lines }) => lines),
  }
}

const nonceOf = (run: number) => run.toString(16).padStart(16, '0')

/** The first run, or two at once, with all that the case does to them; and the post step of one that was cancelled. */
async function disturbed(
  one: Case,
  simulation: Simulation,
  observer: Observer,
  broken: Break | undefined,
): Promise<readonly Acted[]> {
  const { plan, disruption, faults } = one
  simulation.wire.faults.add(faults)
  const others = othersOf(one, simulation, observer)
  const entry = (run: number, what: Plan, more: ActOptions = {}) => {
    observer.expect({ run, plan: what, nonce: nonceOf(run) })
    return { inputs: broken?.plan?.(what) ?? what, more: { ...more, owner: { nonce: nonceOf(run), ...more.owner } } }
  }
  switch (disruption.kind) {
    case 'none':
      return simulation.race([entry(1, plan)], others)
    case 'kill':
      return simulation.race([entry(1, plan, { kill: disruption.at })], others)
    case 'race':
      return simulation.race([entry(1, plan), entry(2, disruption.plan, { afterMs: disruption.afterMs })], others)
    case 'cancel': {
      const cancel = new AbortController()
      const canceller: Actor = async (clock: Clock) => {
        await clock.sleep(disruption.afterMs)
        cancel.abort(new Error('SIGINT'))
      }
      const [acted] = await simulation.race([entry(1, plan, { signal: cancel.signal })], [...others, canceller])
      if (acted === undefined) return []
      if (!acted.report.unfinished || !disruption.post) return [acted]
      observer.expect({ run: 2, plan, nonce: nonceOf(1) })
      return [acted, ...(await simulation.race([{ inputs: plan, more: { owner: { nonce: nonceOf(1) }, post: true } }]))]
    }
    default:
      return disruption satisfies never
  }
}

/** The next attempt of the run that was killed; after anything else, a run of its own. */
function clean(
  one: Case,
  simulation: Simulation,
  observer: Observer,
  before: readonly Acted[],
): Promise<readonly Acted[]> {
  const run = before.length + 1
  observer.expect({ run, plan: one.last, nonce: nonceOf(run) })
  const killed = one.disruption.kind === 'kill' ? one.disruption : undefined
  const owner = { nonce: nonceOf(run), ...(killed && { runId: '1', attempt: 2 }) }
  return simulation.race([{ inputs: one.last, more: { owner, afterMs: killed?.nextAfterMs ?? 0 } }])
}
