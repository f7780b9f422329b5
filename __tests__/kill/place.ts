import { isDeepStrictEqual } from 'node:util'
import { seedPlain } from '../../sandbox/cloud/topology-plain.ts'
import type { RunResult } from '../../sandbox/runner/result.ts'
import { lines, openStage, type Stage } from '../e2e/stage.ts'
import { versionAt } from '../e2e/version-at.ts'
import { type Parts, partsOf } from '../modes/preview-world.ts'
import { Client } from './client.ts'
import type { Place, Planned, Scenario } from './scenario.ts'

/** More would turn the delays of a busy machine into failed health checks. */
const speed = 10

/** Processes start no faster in compressed time, and several sandboxes share the machine. */
const graceSeconds = 120

/** A sandbox with a client, on which one case is played after another: each leaves it steady for the next. */
export class KillPlace implements Place {
  readonly stage: Stage
  readonly client: Client
  readonly ports: readonly number[] | undefined
  readonly world: Scenario['world']
  live = '0.0.1'
  before = ''
  staged = ''
  #versions = 1
  #runs = 1_000

  static async open({ ports, world }: Pick<Scenario, 'ports' | 'world'>): Promise<KillPlace> {
    const topology = {
      tasks: { blue: 1, green: 1 },
      healthCheckGracePeriodSeconds: graceSeconds,
      ...(ports === undefined ? {} : { productionPorts: ports }),
      ...(world === undefined ? {} : { testPort: undefined }),
    }
    const stage = await openStage({
      speed,
      topology,
      ...(world === undefined ? {} : { seedWith: cloud => seedPlain(cloud, topology) }),
    })
    return new KillPlace(stage, ports, world)
  }

  private constructor(stage: Stage, ports: readonly number[] | undefined, world: Scenario['world']) {
    this.stage = stage
    this.ports = ports
    this.world = world
    this.client = new Client(ports?.map(port => `${stage.sandbox.url(port)}/version`) ?? [stage.url])
  }

  get sandbox() {
    return this.stage.sandbox
  }

  get productionUrl(): string {
    return this.stage.url
  }

  newVersion(): string {
    return `0.0.${++this.#versions}`
  }

  newRunId(): string {
    return String(++this.#runs)
  }

  start(planned: Planned, runId: string, attempt: number) {
    const env = { GITHUB_RUN_ID: runId, GITHUB_RUN_ATTEMPT: String(attempt) }
    return this.stage.start({ timeout: '2m', ...planned.inputs }, env)
  }

  async run(planned: Planned): Promise<RunResult> {
    const result = await this.start(planned, this.newRunId(), 1).result
    const problems = [...problemsOfRun(result, planned.version)]
    if (problems.length > 0) throw new Error(`${problems.join('\n')}\n${lines(result)}`)
    if (planned.stages) this.staged = planned.version
    else if (!planned.beside) this.goneTo(planned.version)
    return result
  }

  parts(): Parts {
    return partsOf(this.sandbox)
  }

  weights() {
    return this.stage.weights()
  }

  settled(): Promise<void> {
    return later(settleMs)
  }

  async versionsAt(host: string): Promise<readonly string[]> {
    const answered = await Promise.all(Array.from({ length: answers }, () => versionAt(this.stage.url, host)))
    return [...new Set(answered)]
  }

  async park(): Promise<void> {
    const { cloud, topology } = this.stage.sandbox
    const idle = this.stage.weights().blue === 0 ? 'blue' : 'green'
    const { cluster, service } = topology.inputs
    cloud.call('ecs', 'UpdateService', { cluster, service: `${service}-${idle}`, desiredCount: 0 })
    while (this.stage.service(idle).runningCount !== 0) await later(50)
  }

  goneTo(version: string): void {
    if (version !== this.live) this.before = this.live
    this.live = version
  }

  async close(): Promise<void> {
    await this.client.stop()
    await this.stage.close()
  }
}

export function problemsOfRun(result: RunResult, version: string): readonly string[] {
  const { exitCode, outputs } = result
  if (exitCode !== 0) return [`the run ended with ${exitCode ?? 'a signal'}: ${outputs['failure-reason'] ?? '?'}`]
  return outputs.version === version ? [] : [`the run says that ${outputs.version} is live instead of ${version}`]
}

/** How the pair must stand when a run has ended well: one color has everything, and nothing of a killed run is left. */
export function problemsOfPair({ stage }: KillPlace): readonly string[] {
  const problems: string[] = []
  const { productionArns, testListenerArn } = stage.sandbox.topology
  const weights = stage.weights()
  for (const others of productionArns.map(arn => stage.weightsOf(arn)))
    if (!isDeepStrictEqual(others, weights)) problems.push(`another listener has ${JSON.stringify(others)}`)
  const { blue = -1, green = -1 } = weights
  const oneHasAll = (blue === 0 && green > 0) || (green === 0 && blue > 0)
  if (!oneHasAll || Object.keys(weights).length !== 2) problems.push(`the weights are ${JSON.stringify(weights)}`)
  const testers = stage.weightsOf(testListenerArn)
  const [idle, live] = blue === 0 ? (['blue', 'green'] as const) : (['green', 'blue'] as const)
  if (!(Number(testers[idle]) > 0) || (testers[live] ?? 0) !== 0)
    problems.push(`testers get ${JSON.stringify(testers)}`)
  const lock = stage.lock()
  if (lock !== undefined) problems.push(`the lock is still there: ${JSON.stringify(lock)}`)
  return problems
}

/** What customers may have seen, and what they get in the end. */
export async function problemsOfCustomers(place: KillPlace, known: ReadonlySet<string>, version: string) {
  const problems: string[] = []
  const seen = place.client.take()
  if (seen.failed > 0) problems.push(`${seen.failed} requests failed`, ...seen.failures)
  const strange = [...seen.versions].filter(one => !known.has(one))
  if (strange.length > 0) problems.push(`customers saw the versions ${strange.join(', ')}`)
  await place.settled()
  const rest = place.client.take()
  const last = await place.client.next(answers * place.sandbox.topology.productionArns.length)
  const failed = rest.failed + last.failed
  if (failed > 0) problems.push(`${failed} requests failed after the run`, ...rest.failures, ...last.failures)
  if ([...last.versions].join() !== version) problems.push(`customers get ${[...last.versions].join()} in the end`)
  return {
    problems,
    requests: seen.requests + rest.requests + last.requests,
    failed: seen.failed + failed,
    perSecond: seen.perSecond,
  }
}

/** The longest propagation of the sandbox is 2.5 s of its time. */
const settleMs = 2_500 / speed + 50
/** Enough to have heard from both nodes of a listener. */
const answers = 20

export const later = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
