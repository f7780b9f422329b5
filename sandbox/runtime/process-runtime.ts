import { fileURLToPath } from 'node:url'
import type { CheckResult, HealthCheck, Runtime, TargetAddress, TaskEvents, TaskLaunch } from '../cloud/ports.ts'
import { createImageRegistry } from '../images.ts'
import { FreePorts } from './free-port.ts'
import { Guard } from './guard.ts'
import { checkHealth, type Endpoint } from './health-check.ts'
import { shellCommand } from './shell-command.ts'
import { TaskProcess } from './task-process.ts'

export interface ProcessRuntimeOptions {
  /** Sandbox seconds per second of the wall clock. */
  readonly speed: number
  /** Program and arguments of every task (see `splitCommand`); the sample app when absent. */
  readonly appCommand?: readonly string[]
  /** Output of the tasks, line by line, each begun by its task's id. */
  readonly log?: (line: string) => void
}

/** Tasks as processes of this machine. Private addresses such as `10.0.1.17:8080` stand for loopback ports. */
export interface ProcessRuntime extends Runtime {
  /** Where the task behind a private address listens; undefined when no process has it. */
  resolve(target: TargetAddress): Endpoint | undefined
  /** Process ids of the tasks that run now. */
  pids(): readonly number[]
  /** Ends every task; resolves when all have ended. Nothing starts afterwards. */
  close(): Promise<void>
}

/** A busy machine must not make a healthy app look sick, however compressed the sandbox's time is. */
const leastCheckTimeoutMs = 500
/** What a task gets for its end when the whole sandbox ends, in wall time. */
const closingGraceMs = 2000

const sampleApp = [process.execPath, fileURLToPath(new URL('../../sample-app/server.js', import.meta.url))]

export function createProcessRuntime(options: ProcessRuntimeOptions): ProcessRuntime {
  const { speed, appCommand = sampleApp, log = () => undefined } = options
  const registry = createImageRegistry()
  const ports = new FreePorts()
  const guard = new Guard(log)
  const tasks = new Map<string, TaskProcess>()
  const addresses = new Map<string, TaskProcess>()
  const checks = new Set<() => void>()
  let closed = false

  function start(task: TaskLaunch, events: TaskEvents): void {
    const address = `${task.ip}:${task.containerPort}`
    const command = task.command === undefined ? appCommand : shellCommand(task.command)
    const settings = { command, speed, version: registry.version(task.image), ports, guard, log }
    const child = new TaskProcess(task, settings, {
      onPulled: () => events.onPulled(),
      onRunning: () => events.onRunning(),
      onOutput: line => events.onOutput(line),
      onStopped(end) {
        tasks.delete(task.taskId)
        if (addresses.get(address) === child) addresses.delete(address)
        events.onStopped(end)
      },
    })
    tasks.set(task.taskId, child)
    addresses.set(address, child)
    const refused = registry.refusal(task.image)
    // Never from within the call: the caller is still writing down that it starts this task.
    setImmediate(() => void child.run(refused))
  }

  function resolve(target: TargetAddress): Endpoint | undefined {
    const port = addresses.get(`${target.ip}:${target.port}`)?.port
    return port === undefined ? undefined : { host: '127.0.0.1', port }
  }

  return {
    start(task, events) {
      if (!closed) start(task, events)
    },
    stop(taskId) {
      void tasks.get(taskId)?.stop()
    },
    check(target: TargetAddress, check: HealthCheck, onResult: (result: CheckResult) => void) {
      const endpoint = resolve(target)
      if (endpoint === undefined) {
        setImmediate(onResult, { kind: 'failed' })
        return
      }
      const timeoutMs = Math.max(check.timeoutMs / speed, leastCheckTimeoutMs)
      const cancel = checkHealth(target, endpoint, check, timeoutMs, result => {
        checks.delete(cancel)
        onResult(result)
      })
      checks.add(cancel)
    },
    resolveImage: registry.digest,
    resolve,
    pids: () => [...tasks.values()].flatMap(task => task.pid ?? []),
    async close() {
      closed = true
      for (const cancel of checks) cancel()
      await Promise.all([...tasks.values()].map(task => task.stop(closingGraceMs)))
      await guard.close()
    },
  }
}
