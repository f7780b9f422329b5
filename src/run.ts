import { describeAlarms } from './aws/alarms.ts'
import { type ClientOptions, createClients, type SdkOverrides } from './aws/clients.ts'
import { cloneBalancing } from './aws/clone-balancing.ts'
import { cloneServices } from './aws/clone-services.ts'
import { containerLogs } from './aws/container-logs.ts'
import { containerService } from './aws/container-service.ts'
import { loadBalancing } from './aws/load-balancing.ts'
import { createLocks } from './aws/locks.ts'
import { scalingOf } from './aws/scaling.ts'
import { LeftToNext, LeftToPost, saysItself } from './deploy/alone.ts'
import { createChecklist } from './deploy/checklist.ts'
import type { Clock } from './deploy/clock.ts'
import { heartbeat } from './deploy/heartbeat.ts'
import { lastWords } from './deploy/last-words.ts'
import { createRunLock } from './deploy/lock.ts'
import type { Log } from './deploy/log.ts'
import type { AskUrl, RunCommand } from './deploy/outside.ts'
import { noLock, type RunLock } from './deploy/run-lock.ts'
import type { RunPage } from './deploy/run-page.ts'
import type { ProductionProbe, World } from './deploy/world.ts'
import type { Inputs } from './inputs/inputs.ts'
import { isPreviewMode, previewTask } from './inputs/preview.ts'
import { isSetup } from './inputs/setup.ts'
import { type Check, skipped } from './model/check.ts'
import type { LockOwner } from './model/journal.ts'
import { type Failure, Refusal } from './model/outcome.ts'
import type { RunReport } from './model/report.ts'
import { deploy } from './modes/deploy.ts'
import { finish } from './modes/finish.ts'
import { plan } from './modes/plan.ts'
import { promote } from './modes/promote.ts'
import { namingWhatRuns, RefusedKnowing, whereItStands, whereItWasLeft } from './modes/refused-knowing.ts'
import { rollback } from './modes/rollback.ts'
import { runPreview } from './modes/run-preview.ts'
import { setup } from './modes/setup.ts'
import { status } from './modes/status.ts'
import { deployReport } from './report/collect.ts'
import { planLines } from './report/plan.ts'
import { previewLines, previewReport } from './report/preview.ts'
import { setupLines, setupReport } from './report/setup.ts'
import { planReport, statusReport } from './report/standing.ts'
import { statusLines } from './report/status.ts'

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
  /** In [0, 1): how long a retry waits; the runtime's own when absent. */
  readonly random?: () => number
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
  /** Which of the repository's pull requests are open, for `preview-sweep`. */
  readonly openPullRequests?: NonNullable<World['openPullRequests']>
}

/** The last look of a run that has failed may take so long. */
const lastLookMs = 4_000

/**
 * GitHub gives a cancelled step 7.5 s, then 2.5 s more. What is taken back may take until the first of these since the cancel, the last
 * look until the second; then the probe needs a second to hang up. Each gets a moment, however late it comes.
 */
const cancelMs = { backOut: 5_000, lastLook: 5_800, least: 300 }

/** Runs one mode to its end. Throws only what is a bug of ours. */
export function run(inputs: Inputs, around: Surroundings): Promise<RunReport> {
  const { log, during } = heartbeat(around.clock, around.log, 'Read services, target groups, listeners and rules')
  return during(() => runMode(inputs, { ...around, log }))
}

async function runMode(inputs: Inputs, around: Surroundings): Promise<RunReport> {
  const startedAt = around.clock.now()
  const probe =
    inputs.productionUrl === undefined ? undefined : around.startProbe?.(inputs.productionUrl, inputs.probeRate)
  const world = createWorld(inputs, around, probe)
  try {
    const task = previewTask({ mode: inputs.mode, 'plan-for': inputs.planFor })
    if (task !== undefined) {
      const ran = { startedAt, owner: around.owner, dry: inputs.mode === 'plan' }
      const ended = await runPreview(task, inputs, world, ran)
      const warnings = around.log.warnings()
      const report = previewReport({
        mode: inputs.mode,
        ...ended,
        ...standing(inputs, around, world, startedAt),
        warnings,
      })
      for (const line of previewLines(report)) around.log.info(line)
      return report
    }
    if (isSetup({ mode: inputs.mode, 'plan-for': inputs.planFor }))
      return await runSetup(inputs, around, world, startedAt)
    switch (inputs.mode) {
      case 'deploy':
      case 'promote':
      case 'rollback':
        return await runDeploy({ ...inputs, mode: inputs.mode }, around, world, startedAt)
      case 'status': {
        const found = await status(world)
        const report = statusReport({ ...found, ...standing(inputs, around, world, startedAt) })
        for (const line of statusLines(report)) around.log.info(line)
        return report
      }
      case 'plan': {
        const planned = await plan(inputs, world, startedAt)
        return tellPlan(around, planReport({ ...planned, ...standing(inputs, around, world, startedAt) }))
      }
      case 'setup':
      case 'preview':
      case 'preview-destroy':
      case 'preview-sweep':
        throw new Error(`${inputs.mode} was passed by`)
      default:
        return inputs.mode satisfies never
    }
  } catch (error) {
    const known = await knownOf(error, world)
    const report = { ...refusedReport(inputs, around, startedAt, world.checks.all(), error), ...known }
    return inputs.mode === 'plan'
      ? tellPlan(around, {
          ...report,
          checks: skipped(report.checks, inputs.alarmNames.length === 0 ? ['Alarms'] : []),
        })
      : report
  } finally {
    await probe?.stop()
    around.log.endPhase()
  }
}

async function runSetup(inputs: Inputs, around: Surroundings, world: World, startedAt: number): Promise<RunReport> {
  const { mode } = inputs
  const ended = await setup(inputs, world, { startedAt, owner: around.owner, dry: mode === 'plan' })
  const warnings = around.log.warnings()
  const report = setupReport({ mode, ...ended, ...standing(inputs, around, world, startedAt), warnings })
  for (const line of setupLines(report)) around.log.info(line)
  return report
}

const modeOf = { deploy, promote, rollback } as const

async function runDeploy(
  inputs: Inputs & { readonly mode: keyof typeof modeOf },
  around: Surroundings,
  world: World,
  startedAt: number,
): Promise<RunReport> {
  const ended = await namingWhatRuns(world, await modeOf[inputs.mode](inputs, world, startedAt))
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
    const { mode } = inputs
    if (mode !== 'status' && mode !== 'plan' && mode !== 'setup' && !isPreviewMode(mode))
      await finish(createWorld(inputs, around, undefined))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    around.log.warn(`What main has begun could not be taken back: ${error.message}`)
  }
  // Half a pair has no status; what is missing is what a plan tells.
  return run(
    { ...inputs, ...(inputs.mode === 'setup' ? { mode: 'plan', planFor: 'setup' } : { mode: 'status' }) },
    around,
  )
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
      ...(around.random === undefined ? {} : { random: around.random }),
    })
  const clients = clientsFor(around.signal)
  const sinceCancel = stopwatch(around)
  const untilAfterCancel = (ms: number) => AbortSignal.timeout(Math.ceil(Math.max(cancelMs.least, ms - sinceCancel())))
  const atEnd = once(() => {
    const signal = untilAfterCancel(cancelMs.backOut)
    const { ecs, ecsSure, elb, elbOnce, scaling } = clientsFor(signal)
    const ports = {
      ecs: containerService(ecs, inputs.cluster, signal, ecsSure),
      elb: loadBalancing(elb, elbOnce, signal),
      scaling: scalingOf(scaling, inputs.cluster, signal),
    }
    return { ...ports, signal, locks: createLocks(elb, signal) }
  })
  const locks = once(() => createLocks(clients.elb, around.signal))
  return {
    ecs: containerService(clients.ecs, inputs.cluster, around.signal, clients.ecsSure),
    elb: loadBalancing(clients.elb, clients.elbOnce, around.signal),
    scaling: scalingOf(clients.scaling, inputs.cluster, around.signal),
    logs: containerLogs(clients.logs, around.signal),
    atEnd,
    lock: lockOf(inputs, around, () => (around.signal.aborted ? atEnd().locks : locks())),
    clone: once(() => ({
      elb: cloneBalancing(clients.elb, clients.elbOnce, around.signal),
      ecs: cloneServices(clients.ecs, inputs.cluster, around.signal),
    })),
    ...(around.openPullRequests === undefined ? {} : { openPullRequests: around.openPullRequests }),
    onCancel: inputs.onCancel,
    elbAtEnd: () => {
      const { aborted } = around.signal
      const signal = aborted ? untilAfterCancel(cancelMs.lastLook) : AbortSignal.timeout(lastLookMs)
      return loadBalancing(clients.elb, clients.elbOnce, signal)
    },
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

/** Milliseconds since the run was cancelled; 0 when it was not. */
function stopwatch({ clock, signal }: Surroundings): () => number {
  let since = signal.aborted ? clock.now() : undefined
  signal.addEventListener(
    'abort',
    () => {
      since ??= clock.now()
    },
    { once: true },
  )
  return () => (since === undefined ? 0 : clock.now() - since)
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

async function knownOf(error: unknown, world: World): ReturnType<typeof whereItStands> {
  if (error instanceof RefusedKnowing) return whereItStands(world, error)
  return error instanceof LeftToNext ? whereItWasLeft(world) : { routes: [] }
}

function cancelledBy(error: unknown): Failure {
  const left = error instanceof LeftToPost || error instanceof LeftToNext
  if (!left) return { code: 'CANCELLED', headline: 'Cancelled before anything was written.', details: [] }
  return {
    code: 'CANCELLED',
    headline: 'Cancelled while this run looked after what an earlier one had left.',
    details: [
      error instanceof LeftToPost
        ? 'The post step of this job does it; `mode: status` shows where everything stands.'
        : 'on-cancel is leave: lock, listeners and services stay as they are now, and the next run goes on; `mode: status` shows where everything stands.',
    ],
  }
}

/** A run that ended before anything could be decided: nothing of its own was written. */
function refusedReport(
  inputs: Inputs,
  around: Surroundings,
  startedAt: number,
  checks: readonly Check[],
  error: unknown,
): RunReport {
  const left = error instanceof LeftToPost
  if (!around.signal.aborted && !(error instanceof Refusal)) throw error
  const outcome = around.signal.aborted
    ? ({ status: 'cancelled', failure: saysItself(error) ? error.failure : cancelledBy(error) } as const)
    : ({ status: 'failed', failure: (error as Refusal).failure } as const)
  return {
    mode: inputs.mode,
    outcome,
    ...(left ? { unfinished: true as const } : {}),
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
