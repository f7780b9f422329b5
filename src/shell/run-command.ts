import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Clock } from '../deploy/clock.ts'
import type { CommandOrder, RunCommand } from '../deploy/outside.ts'
import { LineReader } from './lines.ts'

/** GitHub's own way to run a script: the first command that fails ends it, also within a pipe. Slim images have no bash. */
const shells: readonly (readonly [string, ...string[]])[] = [
  ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c'],
  ['sh', '-e', '-c'],
]

/** Between SIGTERM and SIGKILL. A cancelled step has 7.5 s for all that it still has to do. */
const graceMs = 2_000

/** A process that left the group may hold the pipes for ever; what it prints later is not the command's any more. */
const outputGraceMs = 500

export type Env = Readonly<Record<string, string | undefined>>

/** @param env the job's environment, which the command gets too */
export function commandRunner(env: Env, clock: Clock): RunCommand {
  return async order => {
    for (const shell of shells) {
      const end = await runIn(shell, order, env, clock)
      if (end !== 'no-shell') return end
    }
    return { kind: 'not-started', message: 'there is neither bash nor sh on the PATH of this runner' }
  }
}

type Ended = Awaited<ReturnType<RunCommand>>

async function runIn(
  [program, ...args]: readonly [string, ...string[]],
  order: CommandOrder,
  env: Env,
  clock: Clock,
): Promise<Ended | 'no-shell'> {
  const child = spawn(program, [...args, order.command], {
    env: { ...env, ...order.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: a test that starts others must not leave them behind.
    detached: process.platform !== 'win32',
  })
  const started = await new Promise<NodeJS.ErrnoException | undefined>(resolve => {
    child.once('spawn', () => resolve(undefined))
    child.once('error', resolve)
  })
  if (started !== undefined) {
    return started.code === 'ENOENT' ? 'no-shell' : { kind: 'not-started', message: started.message }
  }
  // Later errors are signals that found nobody: the end is told by its own event.
  child.on('error', () => undefined)
  for (const stream of [child.stdout, child.stderr]) new LineReader(stream, order.onLine)
  return untilEnd(child, order, clock)
}

async function untilEnd(child: ChildProcess, order: CommandOrder, clock: Clock): Promise<Ended> {
  const over = new AbortController()
  let timedOut = false
  const kill = async () => {
    signalGroup(child, 'SIGTERM')
    await clock.sleep(graceMs, over.signal)
    signalGroup(child, 'SIGKILL')
  }
  const onAbort = () => void kill().catch(ignoreEnd)
  const timer = clock.sleep(order.timeoutMs, over.signal).then(() => {
    timedOut = true
    return kill()
  })
  if (order.signal.aborted) onAbort()
  else order.signal.addEventListener('abort', onAbort, { once: true })
  const exitCode = await exitOf(child, clock)
  over.abort()
  order.signal.removeEventListener('abort', onAbort)
  await timer.catch(ignoreEnd)
  return timedOut ? { kind: 'timed-out' } : { kind: 'exited', exitCode }
}

/** Resolves after the last output. 128 and the signal's number for a command that was killed, as shells say it. */
function exitOf(child: ChildProcess, clock: Clock): Promise<number> {
  return new Promise(resolve => {
    const closed = new AbortController()
    child.once('exit', () => {
      signalGroup(child, 'SIGKILL')
      clock.sleep(outputGraceMs, closed.signal).then(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, ignoreEnd)
    })
    child.once('close', (code, signal) => {
      closed.abort()
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

function signalGroup(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(name)
    else process.kill(-child.pid, name)
  } catch (error) {
    // Nobody left is what we want; EPERM is what macOS says of a group of which only zombies are left.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

/** A sleep that was ended because the command has. */
function ignoreEnd(): void {}
