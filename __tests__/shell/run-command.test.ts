import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { wallClock } from '../../sandbox/wall-clock.ts'
import { commandRunner } from '../../src/shell/run-command.ts'

const path = process.env.PATH ?? ''
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shell-'))
})
afterEach(() => rm(folder, { recursive: true }))

interface Run {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly env?: Record<string, string>
  readonly environment?: Record<string, string>
  onLine?(line: string): void
}

async function run(command: string, options: Run = {}) {
  const lines: string[] = []
  const startedAt = performance.now()
  const end = await commandRunner(
    options.env ?? { PATH: path, JOB: 'build' },
    wallClock,
  )({
    command,
    environment: options.environment ?? {},
    timeoutMs: options.timeoutMs ?? 30_000,
    onLine: line => {
      lines.push(line)
      options.onLine?.(line)
    },
    signal: options.signal ?? new AbortController().signal,
  })
  return { end, lines, tookMs: performance.now() - startedAt }
}

/** A zombie is dead: its parent has not looked yet. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function untilDead(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (!isAlive(pid)) return true
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return false
}

describe('a command', () => {
  test.each<[string, string, number]>([
    ['that ends well', 'true', 0],
    ['that ends with another code', 'exit 3', 3],
    ['of which one line fails', 'false\ntrue', 1],
    ['of which a part of a pipe fails', 'false | true', 1],
    ['that does not exist', 'no-such-program', 127],
    ['that is killed', 'kill -9 $$', 137],
  ])('%s', async (_, command, exitCode) => {
    expect((await run(command)).end).toEqual({ kind: 'exited', exitCode })
  })

  test('has the environment of the job and its own', async () => {
    const { lines } = await run('echo "$JOB $COLOR"', { environment: { COLOR: 'green' } })
    expect(lines).toEqual(['build green'])
  })

  test('tells both its outputs line by line, the last line too', async () => {
    const { lines } = await run('printf "one\\r\\n\\nüber"; printf "err\\n" >&2')
    expect([...lines].sort()).toEqual(['', 'err', 'one', 'über'])
  })

  test('is run by sh where there is no bash', async () => {
    const sh =
      path
        .split(':')
        .map(part => join(part, 'sh'))
        .find(existsSync) ?? ''
    await symlink(sh, join(folder, 'sh'))
    const { lines, end } = await run('echo $JOB; exit 4', { env: { PATH: folder, JOB: 'build' } })
    expect({ lines, end }).toEqual({ lines: ['build'], end: { kind: 'exited', exitCode: 4 } })
  })

  test('cannot be run where there is no shell at all', async () => {
    const { end } = await run('true', { env: { PATH: folder } })
    expect(end).toEqual({
      kind: 'not-started',
      message: 'there is neither bash nor sh on the PATH of this runner',
    })
  })

  test('does not wait for what it leaves in the background, and ends it', async () => {
    const { end, lines, tookMs } = await run('sleep 60 & echo $!')
    expect(end).toEqual({ kind: 'exited', exitCode: 0 })
    expect(tookMs).toBeLessThan(10_000)
    expect(await untilDead(Number(lines[0]))).toBe(true)
  })
})

describe('a command is ended with all that it has started', () => {
  test('when its time is over', async () => {
    const { end, lines } = await run('sleep 60 & echo $!; wait', { timeoutMs: 300 })
    expect(end).toEqual({ kind: 'timed-out' })
    expect(await untilDead(Number(lines[0]))).toBe(true)
  })

  test('also when it does not want to end', async () => {
    const { end, lines, tookMs } = await run('trap "" TERM; (trap "" TERM; sleep 60) & echo $!; wait', {
      timeoutMs: 300,
    })
    expect(end).toEqual({ kind: 'timed-out' })
    expect(tookMs).toBeLessThan(10_000)
    expect(await untilDead(Number(lines[0]))).toBe(true)
  })

  test('when the run is cancelled', async () => {
    const cancel = new AbortController()
    const { end, lines } = await run('sleep 60 & echo $!; wait', {
      signal: cancel.signal,
      onLine: () => cancel.abort(),
    })
    expect(end.kind).toBe('exited')
    expect(await untilDead(Number(lines[0]))).toBe(true)
  })

  test('when it was cancelled before', async () => {
    const { end, tookMs } = await run('sleep 60', { signal: AbortSignal.abort() })
    expect(end.kind).toBe('exited')
    expect(tookMs).toBeLessThan(10_000)
  })
})
