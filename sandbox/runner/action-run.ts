import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { collectFiles } from './collect-files.ts'
import { commandFileVariables, createCommandFiles } from './command-files.ts'
import { CommandReader } from './command-reader.ts'
import { holds } from './condition.ts'
import { inputVariables, type ResolvedInputs } from './inputs.ts'
import type { Job } from './job.ts'
import type { Manifest } from './manifest.ts'
import { node24 } from './node-program.ts'
import { signal } from './process-tree.ts'
import type { Conclusion, RunResult, Stage, StageResult } from './result.ts'
import { type Graces, type StepEnd, StepProcess } from './step-process.ts'

export interface ActionRunSettings {
  readonly actionDirectory: string
  readonly manifest: Manifest
  readonly inputs: ResolvedInputs
  readonly env: Readonly<Record<string, string>>
  readonly temp: string
  readonly job: Job
  readonly graces: Graces
}

/** One run of an action: main, then post. */
export class ActionRun {
  readonly result: Promise<RunResult>
  readonly #settings: ActionRunSettings
  readonly #groups: number[] = []
  #process: StepProcess | undefined
  #stage: Stage = 'main'
  #cancelled = false
  #lost = false

  constructor(settings: ActionRunSettings) {
    this.#settings = settings
    this.result = this.#run().finally(() => this.#endOrphans())
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  cancel(): void {
    if (this.#cancelled || this.#lost) return
    const { manifest } = this.#settings
    // A post step whose condition also holds for a cancelled job runs on, as on GitHub.
    if (this.#stage === 'post' && holds(manifest.postIf, 'cancelled')) return
    this.#cancelled = true
    this.#process?.cancel()
  }

  kill(): void {
    this.#lost = true
    this.#process?.kill()
  }

  async #run(): Promise<RunResult> {
    const { manifest, job } = this.#settings
    this.#announce()
    const main = await this.#runStage('main', manifest.main)
    let post: StageResult | undefined
    // A lost runner starts nothing more.
    if (manifest.post !== undefined && main.conclusion !== 'lost' && holds(manifest.postIf, main.conclusion)) {
      this.#stage = 'post'
      this.#cancelled = false
      job.log.stage = 'post'
      job.log.write('text', 'Post job cleanup.')
      post = await this.#runStage('post', manifest.post)
    }
    return this.#sum(main, post)
  }

  #announce(): void {
    const { manifest, inputs, job } = this.#settings
    for (const warning of inputs.warnings) job.log.annotate('warning', warning)
    if (manifest.pre !== undefined) {
      job.log.annotate('warning', "`pre` execution is not supported for local action from './'")
    }
    job.log.write('group', `Run ${manifest.name}`)
    const given = [...inputs.values].filter(([, value]) => value !== '')
    if (given.length > 0) job.log.write('text', 'with:')
    for (const [name, value] of given) job.log.write('text', `  ${name}: ${value}`)
    job.log.write('end-group', '')
  }

  async #runStage(stage: Stage, script: string): Promise<StageResult> {
    const { actionDirectory, temp, job } = this.#settings
    const files = createCommandFiles(temp)
    const path = join(actionDirectory, script)
    const reader = new CommandReader(job)
    const ended = existsSync(path)
      ? await this.#runProcess(path, this.#environment(commandFileVariables(files)), line => reader.read(line))
      : this.#missing(path)
    // Nobody is left to read the files, or to tell anybody of them.
    if (this.#lost) return { ...ended, conclusion: 'lost', summary: '' }
    if (this.#cancelled) job.log.annotate('error', 'The operation was canceled.')
    job.log.stage = stage
    const collected = collectFiles(files, job)
    const failed = ended.exitCode !== 0 || reader.failed || collected.failed
    const conclusion = this.#cancelled ? 'cancelled' : failed ? 'failure' : 'success'
    return { ...ended, conclusion, summary: collected.summary }
  }

  async #runProcess(
    script: string,
    env: Readonly<Record<string, string>>,
    onLine: (line: string) => void,
  ): Promise<StepEnd> {
    const { job, graces } = this.#settings
    const process = new StepProcess({ program: node24(), script, directory: job.workspace, env, graces, onLine })
    this.#process = process
    if (process.group !== undefined) this.#groups.push(process.group)
    return process.ended
  }

  #missing(path: string): StepEnd {
    this.#settings.job.log.annotate('error', `File not found: '${path}'`)
    return { exitCode: null, signal: null, durationMs: 0 }
  }

  #environment(files: Readonly<Record<string, string>>): Record<string, string> {
    const { env, inputs, job } = this.#settings
    const state = [...job.state].map(([name, value]) => [`STATE_${name}`, value] as const)
    const merged: Record<string, string> = {
      ...env,
      ...Object.fromEntries(job.env),
      ...files,
      ...inputVariables(inputs.values),
      ...Object.fromEntries(state),
    }
    if (job.paths.length > 0) merged.PATH = [...job.paths, merged.PATH].join(delimiter)
    return merged
  }

  // The runner ends what a job left running; what left its process group is out of our reach.
  #endOrphans(): void {
    for (const group of this.#groups) signal(-group, 'SIGKILL')
  }

  #sum(main: StageResult, post: StageResult | undefined): RunResult {
    const { job } = this.#settings
    const conclusion = worst(main.conclusion, post?.conclusion ?? 'success')
    const known = conclusion === 'lost' && post === undefined ? [] : [...job.outputs]
    return {
      conclusion,
      exitCode: main.exitCode,
      main,
      post,
      outputs: Object.fromEntries(known),
      secretOutputs: known.filter(([, value]) => job.masks.hides(value)).map(([name]) => name),
      env: Object.fromEntries(job.env),
      paths: job.paths,
      state: Object.fromEntries(job.state),
      summary: [main.summary, post?.summary ?? ''].filter(text => text !== '').join('\n'),
      annotations: job.log.annotations,
      log: job.log.lines,
      groups: job.log.lines.filter(line => line.kind === 'group').map(line => line.text),
    }
  }
}

const order: readonly Conclusion[] = ['success', 'failure', 'cancelled', 'lost']

function worst(a: Conclusion, b: Conclusion): Conclusion {
  return order.indexOf(a) >= order.indexOf(b) ? a : b
}
