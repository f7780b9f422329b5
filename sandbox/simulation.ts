import type { Clock } from '../src/deploy/clock.ts'
import type { RunPage } from '../src/deploy/run-page.ts'
import type { ProductionProbe } from '../src/deploy/world.ts'
import { type InputName, readInputs } from '../src/inputs/inputs.ts'
import type { LockOwner } from '../src/model/journal.ts'
import type { RunReport } from '../src/model/report.ts'
import { finishThenTell, run } from '../src/run.ts'
import { type Cloud, createCloud } from './cloud/cloud.ts'
import type { ControlPlane } from './cloud/ports.ts'
import { type CloudSettings, calmSettings } from './cloud/settings.ts'
import { createSimulatedRuntime, type SimulatedRuntime } from './cloud/simulated-runtime.ts'
import { isSteady, seedTopology, type Topology } from './cloud/topology.ts'
import type { TopologyOptions } from './cloud/topology-options.ts'
import { createIam, type Iam } from './iam/iam.ts'
import type { PolicyDocument } from './iam/policy.ts'
import { type KillPoint, type Mortal, mortal } from './killable.ts'
import { type Random, seededRandom } from './random.ts'
import { simulatedClient } from './simulated-client.ts'
import { collect, ownerOf, unaskedSettings } from './simulated-surroundings.ts'
import { simulatedAsk, simulatedCommands } from './simulated-tests.ts'
import { runInVirtualTime, VirtualTimeline } from './timeline.ts'
import { createInProcessHandler } from './wire/in-process.ts'
import { createWire, type Wire } from './wire/wire.ts'
import { asRun } from './witness.ts'

export interface SimulationOptions {
  readonly seed: number
  readonly topology?: Partial<TopologyOptions>
  /** Builds the world in place of `seedTopology`. */
  readonly seedWith?: (cloud: Cloud) => Topology
  readonly settings?: Partial<CloudSettings>
  /** How long a task of an `X-slow` image needs before it is healthy. */
  readonly slowSeconds?: number
  /** Members of ECS's structures that are newer than our SDK. */
  readonly newerMembers?: readonly string[]
  /** Calls bear no signature, which the wire does not look at anyhow: a tenth of the time of a simulation goes into them. */
  readonly unsigned?: boolean
  /** Stands between the action and AWS: sees every call when it is carried out, and may change it. */
  readonly between?: (aws: ControlPlane) => ControlPlane
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
  /** What the policies of its runs have allowed. */
  readonly iam: Iam
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
  /** Where its process is killed: it ends there, and reports nothing. */
  readonly kill?: KillPoint
  /** Where people follow it. */
  readonly page?: RunPage
  /** What GitHub says of open pull requests; absent where nobody can ask. */
  readonly openPullRequests?: (numbers: readonly number[]) => Promise<ReadonlySet<number> | undefined>
  /** All that its role may do; everything when absent. Needs a simulation whose calls are signed. */
  readonly policies?: readonly PolicyDocument[]
  /** Of the same role. */
  readonly bounds?: PolicyDocument
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
  /** @throws Error when its process was killed: nobody has reported anything */
  readonly report: RunReport
  readonly lines: readonly string[]
  readonly killed: boolean
  /** When each of them was said. */
  readonly saidAt: readonly number[]
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
  const topology = options.seedWith?.(cloud) ?? seedTopology(cloud, options.topology)
  while (!isSteady(cloud)) {
    if (timeline.now() > start + steadyLimitMs || !timeline.step())
      throw new Error('the seeded services never became steady')
  }
  const { between = aws => aws } = options
  const iam = createIam(cloud, { ...settings, account: settings.accountId })
  const wire = createWire({
    controlPlane: between(cloud),
    random,
    newerMembers: options.newerMembers ?? [],
    iam,
  })
  const loadBalancer = () => {
    const [only] = cloud.elb.loadBalancers()
    if (only === undefined) throw new Error('the simulation has no load balancer')
    return only
  }
  const client = (_url: string, ratePerSecond: number) => {
    const [listenerPort] = loadBalancer().listenerPorts()
    if (listenerPort === undefined) throw new Error('the simulation has no listener')
    return simulatedClient(timeline, loadBalancer(), runtime, { listenerPort, ratePerSecond })
  }
  let acts = 0
  return {
    timeline,
    cloud,
    topology,
    runtime,
    random,
    wire,
    iam,
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
    // What others could not do beside it, a test would otherwise take for done.
    const broken = settled.slice(runs.length).find(one => one.status === 'rejected')
    if (broken?.status === 'rejected') throw broken.reason
    return runs.map(({ lines, saidAt }, index) => {
      const one = settled[index]
      if (one?.status !== 'fulfilled') throw one?.reason
      return acted(one.value, lines, saidAt)
    })
  }

  function prepare(inputs: Partial<Record<InputName, string>>, more: ActOptions) {
    const { file, signal = new AbortController().signal, runs = () => true } = more
    const number = ++acts
    const accessKeyId = `SIMULATION${number}`
    if (more.policies !== undefined) {
      if (options.unsigned) throw new Error('unsigned calls say nothing of who makes them')
      iam.limit(accessKeyId, more.policies, more.bounds)
    }
    const owner = { ...ownerOf(number, random), ...more.owner }
    const lines: string[] = []
    const saidAt: number[] = []
    const action = async (clock: Clock) => {
      if (more.afterMs !== undefined) await clock.sleep(more.afterMs)
      const life = more.kill === undefined ? undefined : mortal(more.kill)
      const read = (name: InputName) => inputs[name] ?? topology.inputs[name as keyof Topology['inputs']] ?? ''
      const handler = createInProcessHandler({ wire, clock, random })
      const around = {
        clock: life?.clock(clock) ?? clock,
        random,
        log: collect(lines, () => saidAt.push(clock.now())),
        signal,
        owner,
        runs,
        region: settings.region,
        userAgent: [['simulation', '0']] as const,
        sdk: {
          region: settings.region,
          credentials: { accessKeyId, secretAccessKey: 'simulation' },
          endpoint: 'http://sandbox.invalid',
          ...unaskedSettings,
          ...(options.unsigned ? { signer: { sign: async <T>(request: T) => request } } : {}),
          requestHandler: life?.handler(handler) ?? handler,
        },
        askUrl: simulatedAsk(loadBalancer, runtime, clock),
        runCommand: simulatedCommands(clock),
        startProbe: (url: string, ratePerSecond: number) => untilKilled(client(url, ratePerSecond), life),
        ...(more.page === undefined ? {} : { page: more.page }),
        ...(more.openPullRequests === undefined ? {} : { openPullRequests: more.openPullRequests }),
      }
      const ended = asRun(number, () =>
        (more.post ? finishThenTell : run)(readInputs(read, settings.region, [], file), around),
      )
      return life === undefined ? ended : Promise.race([ended, life.killed])
    }
    return { action, lines, saidAt }
  }
}

function acted(report: RunReport | undefined, lines: readonly string[], saidAt: readonly number[]): Acted {
  return {
    lines,
    saidAt,
    killed: !report,
    get report() {
      if (!report) throw new Error('this run was killed: it reports nothing')
      return report
    },
  }
}

function untilKilled(probe: ProductionProbe, life: Mortal | undefined): ProductionProbe {
  void life?.killed.then(() => probe.stop())
  return probe
}
