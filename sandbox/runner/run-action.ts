import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ActionRun } from './action-run.ts'
import { holds } from './condition.ts'
import { resolveInputs } from './inputs.ts'
import { contextMember, jobEnvironment, pushEvent } from './job-environment.ts'
import { JobLog } from './job-log.ts'
import { readManifest } from './manifest.ts'
import { Masks } from './masks.ts'
import type { LogLine, RunResult } from './result.ts'
import { type Graces, githubGraces } from './step-process.ts'

export interface RunOptions {
  /** Folder with `action.yml`. */
  readonly actionDirectory: string
  /** The step's `with:`. */
  readonly inputs: Readonly<Record<string, string>>
  /** Over the variables of a job; of the caller's own environment only `PATH` and `HOME` are passed on. */
  readonly env: Readonly<Record<string, string>>
  /** Hidden from the first line on, as a workflow's `secrets` are. */
  readonly secrets?: readonly string[]
  /** What `GITHUB_EVENT_PATH` holds; a push to `main` when not given. */
  readonly event?: unknown
  /** `GITHUB_WORKSPACE`; an empty folder that is removed at the end when not given. */
  readonly workspace?: string
  /** `RUNNER_TEMP`, in which the action may leave files; removed at the end when not given. */
  readonly temp?: string
  /** Whether `::debug::` lines are shown and `RUNNER_DEBUG` is 1. */
  readonly debug?: boolean
  /** Hears every line of the log when it comes. */
  readonly onLine?: (line: LogLine) => void
  /** GitHub's when not given. */
  readonly graces?: Partial<Graces>
}

export interface RunningAction {
  /** Of the process that runs now, main's or post's. */
  pid(): number | undefined
  /** What the Cancel button does: ends main in steps, and then runs post. */
  cancel(): void
  /** What the loss of the runner does: ends everything at once, and runs nothing more. */
  kill(): void
  /** Rejects when there is no Node 24 to run the action with. */
  readonly result: Promise<RunResult>
}

/**
 * Starts an action as GitHub's runner does.
 * @throws Error when the folder holds no `node24` action, or a default or `post-if` is more than it can evaluate
 */
export function startAction(options: RunOptions): RunningAction {
  const actionDirectory = resolve(options.actionDirectory)
  const manifest = readManifest(actionDirectory)
  // A condition that cannot be evaluated is told now, not after main.
  holds(manifest.postIf, 'success')
  const own = mkdtempSync(join(tmpdir(), 'ecs-bluegreen-runner-'))
  const removeOwn = () => rmSync(own, { recursive: true, force: true })
  try {
    const workspace = resolve(options.workspace ?? join(own, 'workspace'))
    const temp = resolve(options.temp ?? join(own, 'temp'))
    for (const directory of [workspace, temp]) mkdirSync(directory, { recursive: true })
    const debug = options.debug ?? false
    const env = jobEnvironment({ workspace, temp }, options.env, options.event ?? pushEvent(options.env), debug)
    const inputs = resolveInputs(manifest, options.inputs, member => contextMember(member, env))
    const masks = new Masks()
    for (const secret of [...(options.secrets ?? []), env.GITHUB_TOKEN ?? '']) masks.add(secret)
    const log = new JobLog(masks, options.onLine ?? (() => undefined))
    const job = { log, masks, outputs: new Map(), state: new Map(), env: new Map(), paths: [], workspace, debug }
    const graces = { ...githubGraces, ...options.graces }
    const run = new ActionRun({ actionDirectory, manifest, inputs, env, temp, job, graces })
    return {
      pid: () => run.pid,
      cancel: () => run.cancel(),
      kill: () => run.kill(),
      result: run.result.finally(removeOwn),
    }
  } catch (error) {
    removeOwn()
    throw error
  }
}

/** Runs an action to its end: `startAction` for those who never cancel. */
export async function runAction(options: RunOptions): Promise<RunResult> {
  return startAction(options).result
}
