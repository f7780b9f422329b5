import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from './deploy/clock.ts'
import type { Log } from './deploy/log.ts'
import { pageOf } from './github/page-of.ts'
import type { SideSettings } from './github/preview-side.ts'
import { keepHeapSmall } from './heap.ts'
import { readDefinitionFile } from './inputs/definition-file.ts'
import { pullRequestOf } from './inputs/event.ts'
import { type InputName, type Inputs, modes, readInputs } from './inputs/inputs.ts'
import { previewTask } from './inputs/preview.ts'
import type { Closing } from './model/environment-page.ts'
import type { LockOwner } from './model/journal.ts'
import { type Failure, type Outcome, Refusal } from './model/outcome.ts'
import type { RunReport } from './model/report.ts'
import { isRunning, newNonce, ownerFrom } from './owner.ts'
import { startProductionProbe } from './probe/production.ts'
import { askTestUrl } from './probe/test-url.ts'
import { takesPlace } from './report/annotations.ts'
import { actionLog, failed, harmless } from './report/log.ts'
import { publish } from './report/publish.ts'
import { inputText, loadCore, saveState } from './report/runner.ts'
import { finishThenTell, run } from './run.ts'
import { commandRunner } from './shell/run-command.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** The wall clock. */
export const wallClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  },
}

/** The main step: reads inputs, runs the mode, reports, and fails the step when there was a failure. */
export async function main(env: Env): Promise<void> {
  const nonce = newNonce()
  // Before anything else: the post step finds the lock of a killed run by it.
  saveState(env.GITHUB_STATE, { phase: 'running', nonce })
  keepHeapSmall()
  const cancel = new AbortController()
  // GitHub sends SIGINT, and SIGTERM 7.5 s later: both only end the waiting; the way out stays orderly.
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => cancel.abort(new Error(`${name}: the run was cancelled`)))
  }
  let summary = true
  const reportPath = inputText(env, 'report-path')
  let phase = 'done'
  try {
    if (await isPassedOver(env)) return saveState(env.GITHUB_STATE, { phase })
    const file = await readDefinitionFile(inputText(env, 'task-definition'), env.GITHUB_WORKSPACE ?? '.')
    const inputs = readActionInputs(env, file)
    summary = inputs.summary
    const report = await runWith(inputs, env, nonce, cancel.signal)
    if (report.unfinished) phase = 'unfinished'
    await publish(report, { env, summary, reportPath })
    const { outcome } = report
    if ('failure' in outcome) failed(await loadCore(), outcome.failure)
    else (await loadCore()).info(harmless(`Done: ${outcome.because}.`))
  } catch (error) {
    const failure = failureOf(error)
    await publish(bareReport({ status: 'failed', failure }, env), { env, summary, reportPath })
    failed(await loadCore(), failure)
    if (error instanceof Error && failure.code === 'INTERNAL')
      (await loadCore()).debug(harmless(error.stack ?? error.message))
  }
  saveState(env.GITHUB_STATE, { phase })
}

export function readActionInputs(env: Env, file?: Parameters<typeof readInputs>[3]): Inputs {
  const given = Object.keys(env)
    .filter(name => name.startsWith('INPUT_') && env[name] !== '')
    .map(name => name.slice('INPUT_'.length).toLowerCase())
  const number = aboutPreviews(env) ? pullRequestOf(env.GITHUB_EVENT_PATH) : ''
  const read = (name: InputName) => inputText(env, name) || (name === 'pull-request' ? number : '')
  return readInputs(read, regionOf(env), given, file)
}

/**
 * @param nonce what tells this run, and its post step, from all others
 * @param how `finish`: take back what main could not, then tell where everything stands
 */
export async function runWith(
  inputs: Inputs,
  env: Env,
  nonce: string,
  signal: AbortSignal,
  how: 'run' | 'finish' = 'run',
): Promise<RunReport> {
  const log = actionLog()
  const owner = ownerFrom(env, nonce, process.pid)
  const page = openPage(inputs, env, owner, log)
  const side = await openSide(inputs, { env, owner, region: regionOf(env), clock: wallClock, log, signal })
  try {
    const report = await (how === 'run' ? run : finishThenTell)(inputs, {
      clock: wallClock,
      owner,
      runs: isRunning,
      log,
      signal,
      region: regionOf(env),
      userAgent: userAgent(env),
      ...credentialsOf(env),
      askUrl: (url, cancelled) => askTestUrl(url, inputs.versionFrom, wallClock, cancelled),
      runCommand: commandRunner(env, wallClock),
      startProbe: (url, rate) => startProductionProbe(url, inputs.versionFrom, wallClock, rate),
      ...(page === undefined ? {} : { page }),
      ...(side === undefined ? {} : { openPullRequests: side.openPullRequests }),
    })
    await (how === 'run' ? page?.ended(report) : page?.endedByPost(report))
    if (how === 'run') await side?.ended(report)
    return page === undefined && side === undefined ? report : { ...report, warnings: log.warnings() }
  } finally {
    await log.flushed()
  }
}

function aboutPreviews(env: Env): boolean {
  return inputText(env, 'mode').startsWith('preview') || inputText(env, 'plan-for').startsWith('preview')
}

/** A pull request of strangers: its workflow may fail for its own reasons, but not for what GitHub keeps from it on purpose. */
async function isPassedOver(env: Env): Promise<boolean> {
  const outsider = aboutPreviews(env) ? (await previews()).outsiderOf(env) : undefined
  if (outsider === undefined) return false
  const because = `GitHub gives no credentials to pull requests of ${outsider}: nothing was attempted`
  const summary = inputText(env, 'summary') !== 'false'
  const reportPath = inputText(env, 'report-path')
  await publish(bareReport({ status: 'unchanged', because }, env), { env, summary, reportPath })
  const core = await loadCore()
  if (takesPlace()) core.notice(`${because}.`)
  else core.info(`${because}.`)
  return true
}

/** Loaded for previews alone. */
const previews = () => import(/* webpackMode: "eager" */ './github/previews.ts')

async function openSide(inputs: Inputs, settings: SideSettings) {
  if (previewTask({ mode: inputs.mode, 'plan-for': inputs.planFor }) === undefined) return undefined
  return (await previews()).previewSide(inputs, settings)
}

function openPage(inputs: Inputs, env: Env, owner: LockOwner, log: Log) {
  const save = (name: string, value: string) => saveState(env.GITHUB_STATE, { [name]: value })
  return pageOf(inputs, { env, owner, region: regionOf(env), clock: wallClock, log, save })
}

/** What a cancelled main has left to its post step: how its entry on the page of the environment is to end. */
export async function closePage(env: Env, kept: string): Promise<void> {
  const log = actionLog()
  const owner = ownerFrom(env, env.STATE_nonce ?? '', process.pid)
  await openPage(readActionInputs(env), env, owner, log)?.close(JSON.parse(kept) as Closing)
  await log.flushed()
}

function regionOf(env: Env): string {
  return env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? ''
}

/** Only keys of a session end by themselves; whatever else the SDK finds, it renews. */
function credentialsOf(env: Env): { readonly credentialsUntil?: number } {
  const until = Date.parse(env.AWS_CREDENTIAL_EXPIRATION ?? '')
  return env.AWS_SESSION_TOKEN === undefined || Number.isNaN(until) ? {} : { credentialsUntil: until }
}

/** CloudTrail then names the tool and the run. Values from the environment are checked: they become a header. */
function userAgent(env: Env): readonly (readonly [string, string])[] {
  const runId = env.GITHUB_RUN_ID ?? ''
  return [['ecs-bluegreen', '0'], ...(/^\d{1,20}$/.test(runId) ? [['run', runId] as const] : [])]
}

function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return error.failure
  return {
    code: 'INTERNAL',
    headline: `This is a bug in ecs-bluegreen: ${error instanceof Error ? error.message : String(error)}`,
    details: ['Please report it with the log of this step; run again with debug logging for the stack.'],
  }
}

function bareReport(outcome: Outcome, env: Env): RunReport {
  const now = wallClock.now()
  return {
    mode: modes.find(mode => mode === inputText(env, 'mode')) ?? 'deploy',
    outcome,
    cluster: inputText(env, 'cluster') || 'default',
    service: inputText(env, 'service') || 'service',
    region: env.AWS_REGION ?? '',
    startedAt: now,
    endedAt: now,
    routes: [],
    phases: [],
    events: [],
    warnings: [],
    checks: [],
  }
}
