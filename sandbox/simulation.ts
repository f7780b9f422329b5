import type { Clock } from '../src/deploy/clock.ts'
import type { Log } from '../src/deploy/log.ts'
import type { RunPage } from '../src/deploy/run-page.ts'
import { type InputName, readInputs } from '../src/inputs/inputs.ts'
import type { LockOwner } from '../src/model/journal.ts'
import type { RunReport } from '../src/model/report.ts'
import { finishThenTell, run } from '../src/run.ts'
import { type Cloud, createCloud } from './cloud/cloud.ts'
import { type CloudSettings, calmSettings } from './cloud/settings.ts'
import { createSimulatedRuntime, type SimulatedRuntime } from './cloud/simulated-runtime.ts'
import { isSteady, seedTopology, type Topology, type TopologyOptions } from './cloud/topology.ts'
import { type KillPoint, killable } from './killable.ts'
import { type Random, randomHex, seededRandom } from './random.ts'
import { simulatedClient } from './simulated-client.ts'
import { simulatedAsk, simulatedCommands } from './simulated-tests.ts'
import { runInVirtualTime, VirtualTimeline } from './timeline.ts'
import { createInProcessHandler } from './wire/in-process.ts'
import { createWire, type Wire } from './wire/wire.ts'

export interface SimulationOptions {
  readonly seed: number
  readonly topology?: Partial<TopologyOptions>
  readonly settings?: Partial<CloudSettings>
  /** How long a task of an `X-slow` image needs before it is healthy. */
  readonly slowSeconds?: number
  /** Members of ECS's structures that are newer than our SDK. */
  readonly newerMembers?: readonly string[]
}

/** A whole AWS in virtual time, steady and waiting. The action's own code runs against it through the real SDK clients. */
export interface Simulation {
  readonly timeline: VirtualTimeline
  readonly cloud: Cloud
  readonly topology: Topology
  readonly runtime: SimulatedRuntime
  readonly random: Random
  /** The wire between the action and AWS: its call log, and faults on request. */
  readonly wire: Wire
  /**
   * Runs the action to its end in virtual time; beside it `others` act, such as a foreign writer. `file` is what the input
   * `task-definition` names, read; `signal` cancels the run.
   */
  act(inputs: Partial<Record<InputName, string>>, others?: readonly Actor[], more?: ActOptions): Promise<Acted>
  /** Several runs of the action in the same virtual time. */
  race(entries: readonly Entry[], others?: readonly Actor[]): Promise<readonly Acted[]>
}

export interface ActOptions {
  readonly file?: Parameters<typeof readInputs>[3]
  readonly signal?: AbortSignal
  /** Who runs it, for the lock: by default each is a run of its own, of the first attempt. */
  readonly owner?: Partial<LockOwner>
  /** Of the processes on the owner's machine; all of them when absent. */
  readonly runs?: (pid: number) => boolean
  /** What the post step does, instead of main. */
  readonly post?: boolean
  /** Where its process is killed; what it reports then is told to nobody. */
  readonly kill?: KillPoint
  /** Where people follow it. */
  readonly page?: RunPage
  /** It starts so much later. */
  readonly afterMs?: number
}

/** One run of several at once. */
export interface Entry {
  readonly inputs: Partial<Record<InputName, string>>
  readonly more?: ActOptions
}

export type Actor = (clock: Clock) => Promise<void>

export interface Acted {
  readonly report: RunReport
  readonly lines: readonly string[]
}

const start = Date.UTC(2026, 0, 1)

/** Nothing takes longer to become steady than this, in virtual milliseconds. */
const steadyLimitMs = 600_000

export function simulate(options: SimulationOptions): Simulation {
  const timeline = new VirtualTimeline(start)
  const random = seededRandom(options.seed)
  const settings = { ...calmSettings, ...options.settings }
  const runtime = createSimulatedRuntime({
    timeline,
    random,
    ...(options.slowSeconds === undefined ? {} : { slowSeconds: options.slowSeconds }),
  })
  const cloud = createCloud({ timeline, random, settings, runtime })
  const topology = seedTopology(cloud, options.topology)
  while (!isSteady(cloud)) {
    if (timeline.now() > start + steadyLimitMs || !timeline.step())
      throw new Error('the seeded services never became steady')
  }
  const wire = createWire({ controlPlane: cloud, random, newerMembers: options.newerMembers ?? [] })
  const loadBalancer = () => {
    const [only] = cloud.elb.loadBalancers()
    if (only === undefined) throw new Error('the simulation has no load balancer')
    return only
  }
  const client = (_url: string, ratePerSecond: number) => {
    const [listenerPort] = loadBalancer().listenerPorts()
    if (listenerPort === undefined) throw new Error('the simulation has no listener')
    return simulatedClient(timeline, loadBalancer(), runtime, { listenerPort, everyMs: 1_000 / ratePerSecond })
  }
  let acts = 0
  return {
    timeline,
    cloud,
    topology,
    runtime,
    random,
    wire,
    async act(inputs, others = [], more = {}) {
      const [acted] = await race([{ inputs, more }], others)
      return acted as Acted
    },
    race,
  }

  async function race(entries: readonly Entry[], others: readonly Actor[] = []): Promise<readonly Acted[]> {
    const runs = entries.map(({ inputs, more = {} }) => prepare(inputs, more))
    const settled = await runInVirtualTime<RunReport | undefined>(timeline, [
      ...runs.map(one => one.action),
      ...others.map(other => async (clock: Clock) => {
        await other(clock)
        return undefined
      }),
    ])
    return runs.map(({ lines }, index) => {
      const one = settled[index]
      if (one?.status !== 'fulfilled') throw one?.reason
      return { report: one.value as RunReport, lines }
    })
  }

  function prepare(inputs: Partial<Record<InputName, string>>, more: ActOptions) {
    const { file, signal = new AbortController().signal, runs = () => true } = more
    const owner = { ...ownerOf(++acts, random), ...more.owner }
    const lines: string[] = []
    const action = async (clock: Clock) => {
      if (more.afterMs !== undefined) await clock.sleep(more.afterMs)
      const read = (name: InputName) => inputs[name] ?? topology.inputs[name as keyof Topology['inputs']] ?? ''
      return (more.post ? finishThenTell : run)(readInputs(read, settings.region, [], file), {
        clock,
        log: collect(lines),
        signal,
        owner,
        runs,
        region: settings.region,
        userAgent: [['simulation', '0']],
        sdk: {
          region: settings.region,
          credentials: { accessKeyId: 'SIMULATION', secretAccessKey: 'simulation' },
          endpoint: 'http://sandbox.invalid',
          requestHandler: killable(createInProcessHandler({ wire, clock, random }), more.kill),
        },
        askUrl: simulatedAsk(loadBalancer, runtime, clock),
        runCommand: simulatedCommands(clock),
        startProbe: client,
        ...(more.page === undefined ? {} : { page: more.page }),
      })
    }
    return { action, lines }
  }
}

function collect(lines: string[]): Log & { warnings(): readonly string[] } {
  const warnings: string[] = []
  return {
    info: line => lines.push(line),
    warn(line) {
      lines.push(line)
      warnings.push(line)
    },
    phase: title => lines.push(title),
    endPhase: () => undefined,
    warnings: () => warnings,
  }
}

function ownerOf(number: number, random: Random): LockOwner {
  return {
    nonce: randomHex(random, 16),
    repository: 'octo-org/octo-repo',
    runId: String(number),
    attempt: 1,
    job: 'deploy',
    runUrl: `https://github.com/octo-org/octo-repo/actions/runs/${number}`,
    machine: 'simulation',
    pid: number,
  }
}
