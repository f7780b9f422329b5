import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { CheckResult, HealthCheck, TaskEnd, TaskLaunch } from '../../../sandbox/cloud/ports.ts'
import {
  createProcessRuntime,
  type ProcessRuntime,
  type ProcessRuntimeOptions,
} from '../../../sandbox/runtime/process-runtime.ts'
import { isAlive } from '../../processes.ts'
import { eventually } from './scripted-plane.ts'

const runtimes: ProcessRuntime[] = []
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runtime-'))
})
afterEach(async () => {
  await Promise.all(runtimes.splice(0).map(runtime => runtime.close()))
  await rm(folder, { recursive: true })
})

function start(options: Partial<ProcessRuntimeOptions> = {}): ProcessRuntime {
  const runtime = createProcessRuntime({ speed: 1, ...options })
  runtimes.push(runtime)
  return runtime
}

let launched = 0
function task(tag: string, more: Partial<TaskLaunch> = {}): TaskLaunch {
  const taskId = (++launched).toString(16).padStart(32, '0')
  const common = { containerPort: 8080, containerName: 'app', environment: {}, stopTimeoutMs: 30_000 }
  return { taskId, ip: `10.0.1.${launched}`, image: `sample-app:${tag}`, ...common, ...more }
}

/** Starts a task, and says what becomes of it. */
function run(runtime: ProcessRuntime, launch: TaskLaunch) {
  const target = { ip: launch.ip, port: launch.containerPort }
  const seen: { events: string[]; printed: string[]; end?: TaskEnd } = { events: [], printed: [] }
  const ended = new Promise<TaskEnd>(resolve => {
    runtime.start(launch, {
      onPulled: () => seen.events.push('pulled'),
      onRunning: () => seen.events.push('running'),
      onOutput: line => seen.printed.push(line),
      onStopped(end) {
        seen.events.push('stopped')
        resolve(end)
      },
    })
  })
  return { seen, ended, target, taskId: launch.taskId }
}

const healthCheck: HealthCheck = { protocol: 'HTTP', path: '/health', timeoutMs: 2000, matcher: '200' }

function check(runtime: ProcessRuntime, target: { ip: string; port: number }, how: Partial<HealthCheck> = {}) {
  return new Promise<CheckResult>(resolve => runtime.check(target, { ...healthCheck, ...how }, resolve))
}

async function untilHealthy(runtime: ProcessRuntime, target: { ip: string; port: number }): Promise<void> {
  while ((await check(runtime, target)).kind !== 'passed') await new Promise(resolve => setTimeout(resolve, 20))
}

async function ask(
  runtime: ProcessRuntime,
  target: { ip: string; port: number },
  path = '/version',
): Promise<Response> {
  const { host, port } = runtime.resolve(target) as { host: string; port: number }
  return fetch(`http://${host}:${port}${path}`)
}

async function script(text: string): Promise<readonly string[]> {
  const path = join(folder, 'app.mjs')
  await writeFile(path, text)
  return [process.execPath, path]
}

test('a task is a process: it starts, is healthy, says its version, and stops when asked', async () => {
  const runtime = start()
  const { seen, ended, target, taskId } = run(runtime, task('0.0.2'))
  expect(seen.events).toEqual([])
  expect(await check(runtime, target)).toEqual({ kind: 'failed' })
  await untilHealthy(runtime, target)
  expect(seen.events).toEqual(['pulled', 'running'])
  const response = await ask(runtime, target)
  expect([response.headers.get('x-version'), await response.json()]).toEqual([
    '0.0.2',
    { name: 'sample-app', version: '0.0.2' },
  ])
  const [pid] = runtime.pids()
  runtime.stop(taskId)
  expect(await ended).toEqual({ kind: 'exited', exitCode: 0 })
  expect(seen.events).toEqual(['pulled', 'running', 'stopped'])
  expect(runtime.resolve(target)).toBeUndefined()
  expect(isAlive(pid as number)).toBe(false)
  runtime.stop(taskId)
})

describe('trouble by tag', () => {
  test.each<[string, TaskEnd]>([
    ['0.0.3-crash', { kind: 'exited', exitCode: 1 }],
    ['0.0.3-oom', { kind: 'exited', exitCode: 137, outOfMemory: true }],
  ])('%s ends by itself', async (tag, end) => {
    const { ended, seen } = run(start(), task(tag))
    expect(await ended).toEqual(end)
    expect(seen.events).toEqual(['pulled', 'running', 'stopped'])
  })

  test('missing is never pulled, and says what ECS says', async () => {
    const { ended, seen } = run(start(), task('0.0.3-missing'))
    expect(await ended).toEqual({
      kind: 'failed-to-start',
      stoppedReason:
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ' +
        'docker.io/library/sample-app:0.0.3-missing: docker.io/library/sample-app:0.0.3-missing: not found',
    })
    expect(seen.events).toEqual(['stopped'])
  })

  test('nosecret never gets as far as the image', async () => {
    const { ended, seen } = run(start(), task('0.0.3-nosecret'))
    expect(await ended).toEqual({
      kind: 'failed-to-start',
      stoppedReason: expect.stringMatching(
        /^ResourceInitializationError: unable to pull secrets or registry auth: .*AccessDeniedException: .*ssm:GetParameters/,
      ),
    })
    expect(seen.events).toEqual(['stopped'])
  })

  test('404 serves, but has no such health path', async () => {
    const runtime = start()
    const { target } = run(runtime, task('0.0.3-404'))
    let result: CheckResult = { kind: 'failed' }
    while (result.kind === 'failed') result = await check(runtime, target)
    expect(result).toEqual({ kind: 'mismatch', status: 404 })
    expect((await ask(runtime, target)).status).toBe(200)
  })

  test('unhealthy serves, but fails its checks by status', async () => {
    const runtime = start()
    const { target } = run(runtime, task('0.0.3-unhealthy'))
    let result: CheckResult = { kind: 'failed' }
    while (result.kind === 'failed') result = await check(runtime, target)
    expect(result).toEqual({ kind: 'mismatch', status: 503 })
    expect(await check(runtime, target, { matcher: '200,301-302,500-503' })).toEqual({ kind: 'passed' })
    expect((await ask(runtime, target)).status).toBe(200)
  })

  test('slow is running long before it is healthy', async () => {
    const runtime = start({ speed: 50 })
    const { target, seen } = run(runtime, task('0.0.3-slow'))
    await eventually(() => seen.events.includes('running'))
    const since = performance.now()
    await untilHealthy(runtime, target)
    expect(performance.now() - since).toBeGreaterThan(800)
  })
})

test('the environment of the task definition reaches the task; ours does not, and PORT is ours', async () => {
  process.env.RUNTIME_TEST_SECRET = 'not for tasks'
  const appCommand = await script(`
    import { createServer } from 'node:http'
    createServer((_, response) => response.end(JSON.stringify(process.env))).listen(process.env.PORT, process.env.HOST)`)
  const runtime = start({ appCommand, speed: 4 })
  const { target } = run(runtime, task('1.2.3', { environment: { COLOR: 'blue', PORT: '1', VERSION: 'mine' } }))
  await untilHealthy(runtime, target)
  const seen = (await (await ask(runtime, target)).json()) as Record<string, string>
  expect(seen).toMatchObject({ COLOR: 'blue', VERSION: 'mine', IMAGE: 'sample-app:1.2.3', TIME_SPEED: '4' })
  expect(seen.PORT).toBe(String(runtime.resolve(target)?.port))
  expect(seen).not.toHaveProperty('RUNTIME_TEST_SECRET')
  delete process.env.RUNTIME_TEST_SECRET
})

test.each<[string, readonly string[], number]>([
  ['words', ['true'], 0],
  ['a script', ['sh', '-c', '[ "$COLOR" = green ] && exit 3'], 3],
  ['quotes', ['sh', '-c', `[ "$1" = "it's" ] && exit 4`, 'x', "it's"], 4],
  ['a program that is not there', ['no-such-program'], 127],
])('a command takes the place of the program: %s', async (_, command, exitCode) => {
  const { ended } = run(start(), task('1', { command, environment: { COLOR: 'green' } }))
  expect(await ended).toEqual({ kind: 'exited', exitCode })
})

test('a task that ignores SIGTERM is killed after its time', async () => {
  const appCommand = await script(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf')`)
  const lines: string[] = []
  const runtime = start({ appCommand, log: line => lines.push(line) })
  const { ended, taskId } = run(runtime, task('1', { stopTimeoutMs: 1000 }))
  await eventually(() => lines.some(line => line.endsWith('deaf')))
  const since = performance.now()
  runtime.stop(taskId)
  expect(await ended).toEqual({ kind: 'exited', exitCode: 137 })
  expect(performance.now() - since).toBeGreaterThan(900)
})

test('closing does not wait for the time that a deaf task was given before', async () => {
  const appCommand = await script(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf')`)
  const lines: string[] = []
  const runtime = start({ appCommand, log: line => lines.push(line) })
  const { ended, taskId } = run(runtime, task('1'))
  await eventually(() => lines.some(line => line.endsWith('deaf')))
  runtime.stop(taskId)
  const since = performance.now()
  await runtime.close()
  expect(performance.now() - since).toBeLessThan(10_000)
  expect(await ended).toEqual({ kind: 'exited', exitCode: 137 })
})

test('a task that is stopped before it has begun still ends, once', async () => {
  const runtime = start()
  const { ended, seen, taskId } = run(runtime, task('1'))
  runtime.stop(taskId)
  expect((await ended).kind).toBe('exited')
  expect(seen.events.filter(event => event === 'stopped')).toHaveLength(1)
  expect(runtime.pids()).toEqual([])
})

test('a program that is not there cannot be started', async () => {
  const { ended, seen } = run(start({ appCommand: ['/no/such/program'] }), task('1'))
  expect(await ended).toEqual({
    kind: 'failed-to-start',
    stoppedReason: expect.stringMatching(/^CannotStartContainerError: .*ENOENT/),
  })
  expect(seen.events).toEqual(['pulled', 'stopped'])
})

test('a port that is taken in the last moment is exchanged for another', async () => {
  const marks = join(folder, 'attempts')
  const appCommand = await script(`
    import { appendFileSync, readFileSync } from 'node:fs'
    import { createServer } from 'node:http'
    appendFileSync(${JSON.stringify(marks)}, process.env.PORT + '\\n')
    const first = readFileSync(${JSON.stringify(marks)}, 'utf8').trim().split('\\n').length < 3
    if (first) createServer().listen(process.env.PORT, '127.0.0.1')
    createServer((_, response) => response.end('ok')).listen(process.env.PORT, '127.0.0.1')`)
  const runtime = start({ appCommand })
  const { target, seen } = run(runtime, task('1'))
  await untilHealthy(runtime, target)
  const tried = (await readFile(marks, 'utf8')).trim().split('\n')
  expect(new Set(tried).size).toBe(3)
  expect(runtime.resolve(target)?.port).toBe(Number(tried.at(-1)))
  expect(seen.events).toEqual(['pulled', 'running'])
})

describe('a health check', () => {
  test('comes as a load balancer makes it: named, and on a new connection each time', async () => {
    const appCommand = await script(`
      import { createServer } from 'node:http'
      let connections = 0
      const server = createServer((request, response) => {
        const { host, 'user-agent': agent } = request.headers
        console.log(JSON.stringify({ url: request.url, host, agent, connections }))
        response.writeHead(request.url === '/moved' ? 302 : 200, { location: '/elsewhere' }).end('x'.repeat(100_000))
      })
      server.on('connection', () => connections++)
      server.listen(process.env.PORT, process.env.HOST)`)
    const lines: string[] = []
    const runtime = start({ appCommand, log: line => lines.push(line.slice(9)) })
    const { target } = run(runtime, task('1'))
    await untilHealthy(runtime, target)
    expect(await check(runtime, target, { path: '/moved' })).toEqual({ kind: 'mismatch', status: 302 })
    expect(await check(runtime, target, { path: '/moved', matcher: '300-399' })).toEqual({ kind: 'passed' })
    await eventually(() => lines.length === 3)
    const host = `${target.ip}:8080`
    expect(lines.map(line => JSON.parse(line))).toEqual([
      { url: '/health', host, agent: 'ELB-HealthChecker/2.0', connections: 1 },
      { url: '/moved', host, agent: 'ELB-HealthChecker/2.0', connections: 2 },
      { url: '/moved', host, agent: 'ELB-HealthChecker/2.0', connections: 3 },
    ])
  })

  test('tells a silent target from one that speaks no HTTP', async () => {
    const silent = start({
      appCommand: await script(`
      import { createServer } from 'node:net'
      createServer(socket => socket.resume()).listen(process.env.PORT, '127.0.0.1', () => console.log('up'))`),
      speed: 1000,
    })
    const one = run(silent, task('1'))
    let result: CheckResult = { kind: 'failed' }
    while (result.kind === 'failed') result = await check(silent, one.target)
    expect(result).toEqual({ kind: 'timeout' })

    const rude = start({
      appCommand: await script(`
      import { createServer } from 'node:net'
      createServer(socket => socket.end('hello\\r\\n\\r\\n')).listen(process.env.PORT, '127.0.0.1', () => console.log('up'))`),
    })
    const two = run(rude, task('1'))
    await eventually(() => two.seen.events.includes('running'))
    expect(await check(rude, two.target)).toEqual({ kind: 'failed' })
  })
})

test('images have the same digest in every run, and a digest knows the tag that it came from', async () => {
  const [runtime, other] = [start(), start()]
  const digest = runtime.resolveImage('registry.test:5000/team/app:0.0.2') as string
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(other.resolveImage('registry.test:5000/team/app:0.0.2')).toBe(digest)
  expect(runtime.resolveImage('registry.test:5000/team/app:0.0.3')).not.toBe(digest)
  expect(runtime.resolveImage(`app@${digest}`)).toBe(digest)
  expect(runtime.resolveImage('app:0.0.2-missing')).toBeUndefined()
  const { target } = run(runtime, task('', { image: `registry.test:5000/team/app@${digest}` }))
  await untilHealthy(runtime, target)
  expect((await ask(runtime, target)).headers.get('x-version')).toBe('0.0.2')
})

test('closing leaves no process behind, wrapped ones neither', async () => {
  const wrapped = await script('setInterval(() => {}, 1000)')
  const appCommand = ['/bin/sh', '-c', `trap '' TERM; ${wrapped.join(' ')} & echo child $!; wait; wait`]
  const lines: string[] = []
  const runtime = start({ appCommand, log: line => lines.push(line) })
  const tasks = [run(runtime, task('1')), run(runtime, task('2'))]
  await eventually(() => lines.filter(line => line.includes('child')).length === 2)
  const pids = [...runtime.pids(), ...lines.map(line => Number(line.split('child ')[1]))]
  expect(pids.filter(isAlive)).toHaveLength(4)
  await runtime.close()
  await Promise.all(tasks.map(({ ended }) => ended))
  await eventually(() => pids.filter(isAlive).length === 0)
})

test('when we die without a word, so do the tasks', async () => {
  const module = pathToFileURL(join(import.meta.dirname, '../../../sandbox/runtime/process-runtime.ts')).href
  const parent = join(folder, 'parent.ts')
  await writeFile(
    parent,
    `import { createProcessRuntime } from ${JSON.stringify(module)}
     const runtime = createProcessRuntime({ speed: 1, appCommand: ['/bin/sleep', '1000'] })
     let running = 0
     for (const taskId of ['a', 'b']) runtime.start(
       { taskId, ip: taskId, containerPort: 1, containerName: 'x', image: 'x', environment: {}, stopTimeoutMs: 1 },
       { onPulled() {}, onStopped() {}, onRunning() { if (++running === 2) console.log(runtime.pids().join(' ')) } },
     )`,
  )
  const child = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  const pids = String(line).trim().split(' ').map(Number)
  expect(pids.filter(isAlive)).toHaveLength(2)
  child.kill('SIGKILL')
  await eventually(() => pids.filter(isAlive).length === 0)
})
