import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { killTree, signal } from './process-tree.ts'

/** Milliseconds of wall time that the runner gives. */
export interface Graces {
  /** From SIGINT to SIGTERM. */
  readonly interruptMs: number
  /** From SIGTERM to SIGKILL. */
  readonly terminateMs: number
  /** From a process's end to the end of its output, which its children may hold open. */
  readonly outputMs: number
}

/** Source: actions/runner, ProcessInvoker. */
export const githubGraces: Graces = { interruptMs: 7_500, terminateMs: 2_500, outputMs: 5_000 }

export interface StepEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly durationMs: number
}

export interface StepLaunch {
  readonly program: string
  readonly script: string
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
  readonly graces: Graces
  /** Hears each line of stdout and stderr, without its end. */
  readonly onLine: (line: string) => void
}

/** The process of one step, in a group of its own: a terminal's Ctrl-C reaches only the runner, which passes it on. */
export class StepProcess {
  /** Comes after the last line of output; rejects when the process could not be started. */
  readonly ended: Promise<StepEnd>
  readonly #child: ChildProcess
  readonly #graces: Graces
  #timer: NodeJS.Timeout | undefined
  #cancelling = false
  #closed = false

  constructor(launch: StepLaunch) {
    const { program, script, directory: cwd, env } = launch
    const startedAt = performance.now()
    const child = spawn(program, [script], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.#graces = launch.graces
    readLines(child.stdout, launch.onLine)
    readLines(child.stderr, launch.onLine)
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', () => this.#limitOutput())
      // `close` comes after the last output.
      child.once('close', (exitCode, name) => {
        this.#closed = true
        clearTimeout(this.#timer)
        resolve({ exitCode, signal: name, durationMs: performance.now() - startedAt })
      })
    })
  }

  /** Undefined before the process has one and after it has ended. */
  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined
  }

  /** Pid that leads the process's group, also after its end. */
  get group(): number | undefined {
    return this.#child.pid
  }

  /** Asks the process to end as the runner does for a cancel: SIGINT, then SIGTERM, then it is killed. */
  cancel(): void {
    if (this.#cancelling || this.pid === undefined) return
    this.#cancelling = true
    signal(this.pid, 'SIGINT')
    this.#timer = setTimeout(() => {
      if (this.pid !== undefined) signal(this.pid, 'SIGTERM')
      this.#timer = setTimeout(() => this.kill(), this.#graces.terminateMs)
    }, this.#graces.interruptMs)
  }

  /** Ends the process and everything that it started, at once. */
  kill(): void {
    // Its children may go on after it, and hold its output open.
    if (!this.#closed && this.#child.pid !== undefined) killTree(this.#child.pid)
  }

  #limitOutput(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#child.stdout?.destroy()
      this.#child.stderr?.destroy()
    }, this.#graces.outputMs)
  }
}

/** Lines end with a line feed, a carriage return, or both, as the runner reads them: a command may follow any of these. */
function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    // A carriage return that comes last may have its line feed in the next piece.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  stream.once('close', () => {
    if (rest !== '') onLine(rest.replace(/\r$/, ''))
  })
}
