import { type Behavior, createImageRegistry } from '../images.ts'
import { between, type Random } from '../random.ts'
import { playOf } from '../simulated-command.ts'
import type { Timeline } from '../timeline.ts'
import type { CheckResult, HealthCheck, Runtime, TargetAddress, TaskEvents, TaskLaunch } from './ports.ts'
import type { Span } from './settings.ts'

/**
 * Tasks without processes: they boot, answer and fall over in virtual time, and the image's tag says how
 * (`0.0.2-crash`, `0.0.2-unhealthy`, …). Everything else runs well.
 */
export interface SimulatedRuntime extends Runtime {
  /** What the target answers to `GET /version` now; undefined when nobody listens there. Counts as traffic. */
  answer(target: TargetAddress): SimulatedAnswer | undefined
  /** Puts new bits behind a mutable tag: from now on it resolves to another digest. */
  push(image: string): void
  /** From now on the target's health checks answer 503. */
  sicken(target: TargetAddress): void
}

export interface SimulatedAnswer {
  readonly status: number
  readonly version: string
  /** The request is taken and never answered: what a load balancer answers in its place, a minute later, is the status. */
  readonly never?: true
}

export interface SimulatedRuntimeOptions {
  readonly timeline: Timeline
  readonly random: Random
  /** From the process's start to its first answer. */
  readonly boot?: Span
  /** Boot time of `X-slow` without SLOW_SECONDS in the task's environment. */
  readonly slowSeconds?: number
}

interface Process {
  readonly launch: TaskLaunch
  readonly events: TaskEvents
  readonly behavior: Behavior
  /** The task's own next step. */
  cancel: () => void
  phase: 'created' | 'booting' | 'listening'
  /** SIGTERM has come. What listens goes on answering until it has ended, as a program that drains does. */
  ending: boolean
  answers: number
  sick: boolean
}

const DEFAULT_BOOT: Span = { minMs: 500, maxMs: 2000 }
/** From SIGTERM to the end of a program that handles it. */
const SHUTDOWN: Span = { minMs: 50, maxMs: 300 }
/** From the start to the end of one that cannot live. */
const SHORT_LIFE: Span = { minMs: 300, maxMs: 1500 }
/** As the sample app's: seconds of `X-slow`, share of `X-errors`, answers until `X-degrades` turns bad, answers of `X-hangs` to one that never comes. */
const SLOW_SECONDS = 45
const ERROR_PERCENT = 20
const DEGRADE_AFTER = 500
const HANG_EVERY = 30

export function createSimulatedRuntime(options: SimulatedRuntimeOptions): SimulatedRuntime {
  const { timeline, random } = options
  const tasks = new Map<string, Process>()
  const byAddress = new Map<string, Process>()
  const registry = createImageRegistry()

  const after = (span: Span, act: () => void) =>
    timeline.at(timeline.now() + between(random, span.minMs, span.maxMs), act)

  function pulled(process: Process): void {
    const refused = registry.refusal(process.launch.image)
    if (refused !== undefined) {
      end(process, { kind: 'failed-to-start', stoppedReason: refused })
      return
    }
    process.events.onPulled()
    process.phase = 'booting'
    byAddress.set(key(process.launch.ip, process.launch.containerPort), process)
    process.events.onRunning()
    process.cancel = boot(process)
  }

  function boot(process: Process): () => void {
    const listen = () => {
      process.phase = 'listening'
    }
    const { command } = process.launch
    if (command !== undefined) {
      const { lasts, exitCode, prints, at } = playOf(command)
      for (const [index, line] of prints.entries()) {
        timeline.at(timeline.now() + (at[index] ?? 0), () => process.events.onOutput(line))
      }
      return timeline.at(timeline.now() + lasts, () => end(process, { kind: 'exited', exitCode }))
    }
    process.events.onOutput(`sample-app ${registry.version(process.launch.image)} starts`)
    switch (process.behavior) {
      case 'crash':
        return after(SHORT_LIFE, () => {
          process.events.onOutput('Error: this version crashes at its start')
          end(process, { kind: 'exited', exitCode: 1 })
        })
      case 'oom':
        process.events.onOutput('reading everything into memory')
        return after(SHORT_LIFE, () => end(process, { kind: 'exited', exitCode: 137, outOfMemory: true }))
      case 'slow': {
        const seconds = setting(process, 'SLOW_SECONDS', options.slowSeconds ?? SLOW_SECONDS)
        return timeline.at(timeline.now() + seconds * 1000, listen)
      }
      case 'well':
      case 'unhealthy':
      case '404':
      case 'missing':
      case 'nosecret':
      case 'nocapacity':
      case 'errors':
      case 'degrades':
      case 'hangs':
      case 'wrong':
        return after(options.boot ?? DEFAULT_BOOT, listen)
      default:
        return process.behavior satisfies never
    }
  }

  function end(process: Process, how: Parameters<TaskEvents['onStopped']>[0]): void {
    tasks.delete(process.launch.taskId)
    byAddress.delete(key(process.launch.ip, process.launch.containerPort))
    process.events.onStopped(how)
  }

  function stop(taskId: string): void {
    const process = tasks.get(taskId)
    if (process === undefined || process.ending) return
    process.cancel()
    process.ending = true
    const started = process.phase !== 'created'
    process.cancel = started
      ? after(capped(SHUTDOWN, process.launch.stopTimeoutMs), () => end(process, { kind: 'exited', exitCode: 0 }))
      : timeline.at(timeline.now(), () =>
          end(process, { kind: 'failed-to-start', stoppedReason: 'Stopped before it started' }),
        )
  }

  return {
    start(launch, events) {
      const behavior = registry.behavior(launch.image)
      const process: Process = {
        launch,
        events,
        behavior,
        cancel: () => {},
        phase: 'created',
        ending: false,
        answers: 0,
        sick: behavior === 'unhealthy',
      }
      tasks.set(launch.taskId, process)
      // Never from within the call: the caller is still writing down that it starts this task.
      process.cancel = timeline.at(timeline.now(), () => pulled(process))
    },
    stop,
    check(target, check, onResult) {
      const process = byAddress.get(key(target.ip, target.port))
      // An address without a machine swallows packets; a machine without a listener refuses them.
      if (process === undefined) timeline.at(timeline.now() + check.timeoutMs, () => onResult({ kind: 'timeout' }))
      else onResult(checkOf(process, check))
    },
    resolveImage: registry.digest,
    answer(target) {
      const process = byAddress.get(key(target.ip, target.port))
      if (process?.phase !== 'listening') return undefined
      const count = process.answers++
      const version = process.behavior === 'wrong' ? '0.0.0' : registry.version(process.launch.image)
      if (hangs(process, count)) return { status: 504, version, never: true }
      return { status: isBroken(process, count) ? 500 : 200, version }
    },
    push: registry.push,
    sicken(target) {
      const process = byAddress.get(key(target.ip, target.port))
      if (process !== undefined) process.sick = true
    },
  }
}

/** @param count answers before this one */
function isBroken(process: Process, count: number): boolean {
  switch (process.behavior) {
    case 'degrades':
      return count >= setting(process, 'DEGRADE_AFTER', DEGRADE_AFTER)
    case 'errors': {
      const percent = setting(process, 'ERROR_PERCENT', ERROR_PERCENT)
      return (count * percent) % 100 >= 100 - percent
    }
    default:
      return false
  }
}

/** @param count answers before this one */
function hangs(process: Process, count: number): boolean {
  if (process.behavior !== 'hangs') return false
  const every = setting(process, 'HANG_EVERY', HANG_EVERY)
  return count % every === every - 1
}

/** A number of the task's environment, as the sample app reads it. */
function setting(process: Process, name: string, fallback: number): number {
  const text = process.launch.environment[name]
  return text === undefined || text === '' ? fallback : Number(text)
}

function checkOf(process: Process, check: HealthCheck): CheckResult {
  if (process.phase !== 'listening') return { kind: 'failed' }
  const status = process.behavior === '404' ? 404 : process.sick ? 503 : 200
  return matches(check.matcher, status) ? { kind: 'passed' } : { kind: 'mismatch', status }
}

/** `200`, `200-299`, `200,202`. */
function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some(part => {
    const [low, high = low] = part.split('-')
    return Number(low) <= status && status <= Number(high)
  })
}

function capped(span: Span, maxMs: number): Span {
  return { minMs: Math.min(span.minMs, maxMs), maxMs: Math.min(span.maxMs, maxMs) }
}

function key(ip: string, port: number): string {
  return `${ip}:${port}`
}
