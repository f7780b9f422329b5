import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { LineReader } from '../../src/shell/lines.ts'
import type { TaskEnd, TaskEvents, TaskLaunch } from '../cloud/ports.ts'
import type { FreePorts } from './free-port.ts'
import type { Guard } from './guard.ts'

export interface TaskSettings {
  readonly command: readonly string[]
  /** Sandbox seconds per second of the wall clock. */
  readonly speed: number
  readonly version: string
  readonly ports: FreePorts
  readonly guard: Guard
  readonly log: (line: string) => void
}

/** How often a task gets another port because somebody else was faster to take the one it was given. */
const portAttempts = 5
/** A process needs some real time to end, however compressed the sandbox's time is. */
const leastGraceMs = 1000

/** One task as a process of its own, in a process group of its own. */
export class TaskProcess {
  /** Loopback port that the process was told to listen on; undefined before it runs and after it has ended. */
  port: number | undefined
  readonly #task: TaskLaunch
  readonly #settings: TaskSettings
  readonly #events: TaskEvents
  readonly #ended: Promise<void>
  #resolveEnded: () => void = () => undefined
  #child: ChildProcess | undefined
  #running = false
  #stopGraceMs: number | undefined
  #killTimer: NodeJS.Timeout | undefined

  constructor(task: TaskLaunch, settings: TaskSettings, events: TaskEvents) {
    this.#task = task
    this.#settings = settings
    this.#events = events
    this.#ended = new Promise(resolve => {
      this.#resolveEnded = resolve
    })
  }

  get pid(): number | undefined {
    return this.port === undefined ? undefined : this.#child?.pid
  }

  /**
   * Runs the process to its end, and tells the events.
   * @param refused why it cannot be started at all, such as a missing image
   */
  async run(refused: string | undefined): Promise<void> {
    if (refused !== undefined) {
      this.#finish({ kind: 'failed-to-start', stoppedReason: refused })
      return
    }
    this.#events.onPulled()
    for (let attempt = 1; ; attempt++) {
      const port = await this.#settings.ports.choose()
      const { end, portTaken } = await this.#runOn(port).catch(cannotSpawn)
      if (portTaken && attempt < portAttempts && this.#stopGraceMs === undefined) continue
      if (portTaken) this.#log('found its port taken again and again: does it listen on the port that PORT says?')
      this.#finish(end)
      return
    }
  }

  #finish(end: TaskEnd): void {
    this.#resolveEnded()
    this.#events.onStopped(end)
  }

  /** Asks the process to end, and makes it after `graceMs` of wall time. Resolves when it has ended. */
  async stop(graceMs = this.#task.stopTimeoutMs / this.#settings.speed): Promise<void> {
    this.#stopGraceMs = Math.min(Math.max(graceMs, leastGraceMs), this.#stopGraceMs ?? Number.POSITIVE_INFINITY)
    this.#terminate()
    await this.#ended
  }

  async #runOn(port: number): Promise<{ end: TaskEnd; portTaken: boolean }> {
    const { command, guard } = this.#settings
    const [program, ...args] = command as [string, ...string[]]
    const child = spawn(program, args, {
      detached: true,
      env: this.#environment(port),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let errors = ''
    new LineReader(child.stdout, line => this.#print(line))
    new LineReader(child.stderr, line => {
      errors = `${errors}${line}\n`.slice(-4000)
      this.#print(line)
    })
    return new Promise(resolve => {
      child.once('error', error => {
        // Later errors are failed signals: the process's end is told by its own event.
        if (child.pid !== undefined) this.#log(error.message)
        else resolve(cannotSpawn(error))
      })
      child.once('spawn', () => {
        guard.watch(child.pid as number)
        this.port = port
        if (!this.#running) this.#events.onRunning()
        this.#running = true
        if (this.#stopGraceMs !== undefined) this.#terminate()
      })
      let giveUpOutput: NodeJS.Timeout | undefined
      child.once('exit', () => {
        this.port = undefined
        this.#killGroup()
        // A daemon that left the group may hold the pipes for ever; its output is not the task's any more.
        giveUpOutput = setTimeout(() => {
          child.stdout.destroy()
          child.stderr.destroy()
        }, 1000)
      })
      // `close` comes after the last output: what was said about an early end is complete then.
      child.once('close', (code, signal) => {
        guard.release(child.pid as number)
        clearTimeout(giveUpOutput)
        clearTimeout(this.#killTimer)
        resolve({ end: this.#end(code, signal), portTaken: code !== 0 && errors.includes('EADDRINUSE') })
      })
    })
  }

  #terminate(): void {
    const { pid } = this.#child ?? {}
    if (pid === undefined || this.port === undefined) return
    this.#child?.kill('SIGTERM')
    // Asked again, it gets the shorter of both times, from now on.
    clearTimeout(this.#killTimer)
    this.#killTimer = setTimeout(() => this.#killGroup(), this.#stopGraceMs)
  }

  /** The whole group: a wrapper such as `npm start` must not leave its server behind. */
  #killGroup(): void {
    const { pid } = this.#child ?? {}
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch (error) {
      // Nobody left is what we want.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  #end(code: number | null, signal: NodeJS.Signals | null): TaskEnd {
    // A SIGKILL that we did not send is the kernel's, which ends what uses too much memory.
    if (signal === 'SIGKILL' && this.#stopGraceMs === undefined)
      return { kind: 'exited', exitCode: 137, outOfMemory: true }
    return { kind: 'exited', exitCode: code ?? 128 + signalNumber(signal) }
  }

  #environment(port: number): NodeJS.ProcessEnv {
    const { image, environment } = this.#task
    const { version, speed } = this.#settings
    // A task sees nothing of ours but the paths: our environment may hold credentials.
    const { PATH, HOME, TMPDIR } = process.env
    const own = { HOST: '127.0.0.1', VERSION: version, IMAGE: image, TIME_SPEED: String(speed) }
    return { PATH, HOME, TMPDIR, ...own, ...environment, PORT: String(port) }
  }

  #print(line: string): void {
    this.#events.onOutput(line)
    this.#log(line)
  }

  #log(line: string): void {
    this.#settings.log(`${this.#task.taskId.slice(0, 8)} ${line}`)
  }
}

/** What cannot even be tried, such as an environment value with a zero byte. */
function cannotSpawn(error: Error): { end: TaskEnd; portTaken: boolean } {
  return { end: { kind: 'failed-to-start', stoppedReason: cannotStart(error.message) }, portTaken: false }
}

function cannotStart(why: string): string {
  return `CannotStartContainerError: Error response from daemon: failed to create task for container: ${why}`
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal]
}
