import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { FreePorts } from '../sandbox/runtime/free-port.ts'

/** A program of ours that serves until it is stopped, in a process of its own: nobody shares a processor by accident. */
export interface Child {
  /** The first line that it printed, which says that it serves. */
  readonly firstLine: string
  /** Microseconds of processor time that it has used so far. */
  processorTime(): Promise<number>
  stop(): Promise<void>
}

const hook = pathToFileURL(path.join(import.meta.dirname, 'processor-time.js')).href

const serving = new Set<ChildProcess>()

// An interrupted bench must not leave servers behind.
process.on('exit', () => {
  for (const child of serving) child.kill()
})

export const ports = new FreePorts()

export interface Origin {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

/** The sample app by itself. */
export async function startOrigin(): Promise<Origin> {
  const port = await ports.choose()
  const child = await startChild(['sample-app/server.js'], { PORT: String(port), HOST: '127.0.0.1', VERSION: '0.0.1' })
  return { port, url: `http://127.0.0.1:${port}/version`, stop: () => child.stop() }
}

/** @throws Error when the program ends before it has printed a line */
export function startChild(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Child> {
  const child = spawn(process.execPath, [`--import=${hook}`, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  serving.add(child)
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  const stop = async () => {
    child.kill()
    await ended
  }
  return new Promise((resolve, reject) => {
    let output = ''
    child.once('error', reject)
    child.once('close', () => {
      serving.delete(child)
      reject(new Error(`${args.join(' ')} ended at once`))
    })
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const whole = output.includes('\n')
      output += whole ? '' : text
      if (whole || !output.includes('\n')) return
      resolve({ firstLine: output.slice(0, output.indexOf('\n')), processorTime: () => askTime(child), stop })
    })
  })
}

function askTime(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', time => resolve(Number(time)))
    child.send('processor time', error => {
      if (error !== null) reject(error)
    })
  })
}

/**
 * Runs a program to its end and gives what it printed.
 * @throws Error with its error output when it fails
 */
export function runToEnd(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  serving.add(child)
  return new Promise((resolve, reject) => {
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4000)
    })
    child.once('error', reject)
    child.once('close', code => {
      serving.delete(child)
      if (code === 0) resolve(output)
      else reject(new Error(`${args.join(' ')} ended with ${code}: ${errors.trim() || output.trim().slice(-4000)}`))
    })
  })
}

/** Gives the work a folder of its own, and removes it afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
