import { describeAlarms } from './aws/alarms.ts'
import { type ClientOptions, createClients, type SdkOverrides } from './aws/clients.ts'
import { containerLogs } from './aws/container-logs.ts'
import { containerService } from './aws/container-service.ts'
import { loadBalancing } from './aws/load-balancing.ts'
import { createLocks } from './aws/locks.ts'
import { createChecklist } from './deploy/checklist.ts'
import type { Clock } from './deploy/clock.ts'
import { lastWords } from './deploy/last-words.ts'
import { createRunLock } from './deploy/lock.ts'
import type { Log } from './deploy/log.ts'
import type { AskUrl, RunCommand } from './deploy/outside.ts'
import { noLock, type RunLock } from './deploy/run-lock.ts'
import type { RunPage } from './deploy/run-page.ts'
import type { ProductionProbe, World } from './deploy/world.ts'
import type { Inputs } from './inputs/inputs.ts'
import { type Check, skipped } from './model/check.ts'
import type { LockOwner } from './model/journal.ts'
import { type Failure, Refusal } from './model/outcome.ts'
import type { RunReport } from './model/report.ts'
import { deploy } from './modes/deploy.ts'
import { finish } from './modes/finish.ts'
import { plan } from './modes/plan.ts'
import { promote } from './modes/promote.ts'
import { rollback } from './modes/rollback.ts'
import { status } from './modes/status.ts'
import { deployReport, planReport, statusReport } from './report/collect.ts'
import { planLines } from './report/plan.ts'

/** What a run needs from outside; the real things in `main.ts`, simulated ones in virtual time. */
export interface Surroundings {
  readonly clock: Clock
  readonly log: Log & { warnings(): readonly string[] }
  readonly signal: AbortSignal
  readonly region: string
  /** Who this run is, for the lock. */
  readonly owner: LockOwner
  /** Whether a process of this machine runs: its lock is dead when it does not. */
  readonly runs: (pid: number) => boolean
  readonly userAgent: ClientOptions['userAgent']
  readonly sdk?: SdkOverrides
  /** Until when the credentials are valid, when the environment says so; milliseconds since the Unix epoch. */
  readonly credentialsUntil?: number
  /** Asks `test-url`. */
  readonly askUrl: AskUrl
  /** Runs `test-command`. */
  readonly runCommand: RunCommand
  /** Asks `production-url`. */
  readonly startProbe?: (url: string, ratePerSecond: number) => ProductionProbe
  /** Where people follow the run. */
  readonly page?: RunPage
}

/** Of the seconds that GitHub gives a cancelled step, the last look may take so many, and what is taken back before it. */
const lastLookMs = 4_000
const backOutMs = 5_500

/** Runs one mode to its end. Throws only what is a bug of ours. */
export async function run(inputs: Inputs, around: Surroundings): Promise<RunReport> {
  const startedAt = around.clock.now()
  const probe =
    inputs.productionUrl === undefined ? undefined : around.startProbe?.(inputs.productionUrl, inputs.probeRate)
  const world = createWorld(inputs, around, probe)
  try {
    switch (inputs.mode) {
      case 'deploy':
      case 'promote':
      case 'rollback':
        return await runDeploy({ ...inputs, mode: inputs.mode }, around, world, startedAt)
      case 'status': {
        const found = await status(world)
        return statusReport({ ...found, ...standing(inputs, around, world, startedAt) })
      }
      case 'plan': {
        const planned = await plan(inputs, world, startedAt)
        return tellPlan(around, planReport({ ...planned, ...standing(inputs, around, world, startedAt) }))
      }
      default:
        return inputs.mode satisfies never
    }
  } catch (error) {
    const report = refusedReport(inputs, around, startedAt, world.checks.all(), error)
    return inputs.mode === 'plan' ? tellPlan(around, { ...report, checks: skipped(report.checks) }) : report
  } finally {
    await probe?.stop()
    around.log.endPhase()
  }
}

const modeOf = { deploy, promote, rollback } as const

async function runDeploy(
  inputs: Inputs & { readonly mode: keyof typeof modeOf },
  around: Surroundings,
  world: World,
  startedAt: number,
): Promise<RunReport> {
  const ended = await modeOf[inputs.mode](inputs, world, startedAt)
  const seenByProbe = ended.progress.watchingSince === undefined ? undefined : await world.probe?.stop()
  const logs = await lastWords(world, ended)
  const report = deployReport({
    mode: inputs.mode,
    ended,
    logs,
    ...standing(inputs, around, world, startedAt),
    version: ended.version,
    warnings: around.log.warnings(),
    probeRate: inputs.probeRate,
    baked: inputs.bakeMs > 0,
    ...(seenByProbe === undefined ? {} : { probe: seenByProbe }),
    ...(inputs.productionUrl === undefined ? {} : { productionUrl: inputs.productionUrl }),
  })
  for (const { label, url } of report.links ?? []) around.log.info(`${label}: ${url}`)
  // A run that had to wait for the lock has begun again.
  return { ...report, startedAt, ...(ended.unfinished ? { unfinished: true } : {}) }
}

/** The post step of a main that was cancelled or killed: finishes what did not fit, then tells what is where. */
export async function finishThenTell(inputs: Inputs, around: Surroundings): Promise<RunReport> {
  try {
    if (inputs.mode !== 'status' && inputs.mode !== 'plan') await finish(createWorld(inputs, around, undefined))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    around.log.warn(`What main has begun could not be taken back: ${error.message}`)
  }
  return run({ ...inputs, mode: 'status' }, around)
}

function tellPlan(around: Surroundings, report: RunReport): RunReport {
  for (const line of planLines(report)) around.log.info(line)
  return report
}

/** What every report says. */
function standing(inputs: Inputs, around: Surroundings, world: World, startedAt: number) {
  return { ...naming(inputs, around), startedAt, endedAt: around.clock.now(), checks: world.checks.all() }
}

function createWorld(inputs: Inputs, around: Surroundings, probe: ProductionProbe | undefined): World {
  let throttled = 0
  const clientsFor = (signal: AbortSignal) =>
    createClients({
      clock: around.clock,
      region: around.region,
      signal,
      onThrottled: () => {
        throttled++
      },
      userAgent: around.userAgent,
      ...(around.sdk === undefined ? {} : { sdk: around.sdk }),
    })
  const clients = clientsFor(around.signal)
  const atEnd = once(() => {
    const signal = AbortSignal.timeout(backOutMs)
    const { ecs, ecsSure, elb, elbOnce } = clientsFor(signal)
    const ports = {
      ecs: containerService(ecs, inputs.cluster, signal, ecsSure),
      elb: loadBalancing(elb, elbOnce, signal),
    }
    return { ...ports, signal, locks: createLocks(elb, signal) }
  })
  const locks = once(() => createLocks(clients.elb, around.signal))
  return {
    ecs: containerService(clients.ecs, inputs.cluster, around.signal, clients.ecsSure),
    elb: loadBalancing(clients.elb, clients.elbOnce, around.signal),
    logs: containerLogs(clients.logs, around.signal),
    atEnd,
    lock: lockOf(inputs, around, () => (around.signal.aborted ? atEnd().locks : locks())),
    onCancel: inputs.onCancel,
    elbAtEnd: () => loadBalancing(clients.elb, clients.elbOnce, AbortSignal.timeout(lastLookMs)),
    clock: around.clock,
    log: around.log,
    signal: around.signal,
    askUrl: around.askUrl,
    runCommand: around.runCommand,
    throttled: () => throttled,
    checks: createChecklist(),
    ...(around.credentialsUntil === undefined ? {} : { credentialsUntil: around.credentialsUntil }),
    names: inputs.services,
    listenerArns: inputs.listenerArns,
    testListenerArns: inputs.testListenerArns,
    ...(probe === undefined ? {} : { probe }),
    ...(around.page === undefined ? {} : { page: around.page }),
    ...(inputs.alarmNames.length === 0
      ? {}
      : { describeAlarms: () => describeAlarms(clients.cloudWatch, inputs.alarmNames, around.signal) }),
  }
}

function lockOf(inputs: Inputs, around: Surroundings, locks: () => ReturnType<typeof createLocks>): RunLock {
  const { clock, log, signal, owner, runs } = around
  if (!inputs.lock) return noLock(clock)
  // Customers on a broken version cannot wait for the deploy that is under way.
  const takeOver = inputs.mode === 'rollback' ? 'always' : 'stale'
  return createRunLock({ locks, clock, log, signal, owner, runs, mode: inputs.mode, takeOver })
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function naming(inputs: Inputs, around: Surroundings) {
  return { cluster: inputs.cluster, service: inputs.serviceLabel, region: around.region }
}

/** A run that ended before anything could be decided: nothing was written. */
function refusedReport(
  inputs: Inputs,
  around: Surroundings,
  startedAt: number,
  checks: readonly Check[],
  error: unknown,
): RunReport {
  const cancelled: Failure = { code: 'CANCELLED', headline: 'Cancelled before anything was written.', details: [] }
  if (!around.signal.aborted && !(error instanceof Refusal)) throw error
  const outcome = around.signal.aborted
    ? ({ status: 'cancelled', failure: cancelled } as const)
    : ({ status: 'failed', failure: (error as Refusal).failure } as const)
  return {
    mode: inputs.mode,
    outcome,
    ...naming(inputs, around),
    startedAt,
    endedAt: around.clock.now(),
    routes: [],
    phases: [],
    events: [],
    warnings: around.log.warnings(),
    checks,
  }
}
