import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'

const program = join(import.meta.dirname, '../../sample-app/server.js')
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function start(environment: Record<string, string>) {
  const port = await freePort()
  const env = { HOST: '127.0.0.1', PORT: String(port), ...environment }
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  const url = `http://127.0.0.1:${port}`
  const status = async (path: string) => (await fetch(url + path)).status
  return { child, url, status }
}

test('it says its version as JSON and in a header, is healthy, and has a page', async () => {
  const { url, status } = await start({ VERSION: '0.0.2' })
  const response = await fetch(`${url}/version?cache=no`)
  expect(response.headers.get('x-version')).toBe('0.0.2')
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual({ name: 'sample-app', version: '0.0.2' })
  expect(await (await fetch(url)).text()).toContain('<h1>0.0.2</h1>')
  expect([await status('/health'), await status('/nothing')]).toEqual([200, 404])
  const head = await fetch(`${url}/version`, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '40', ''])
})

test('errors: healthy, but a fifth of its versions are a 500', async () => {
  const { status } = await start({ VERSION: '0.0.3-errors' })
  const seen = []
  for (let count = 0; count < 50; count++) seen.push(await status('/version'))
  expect(seen.filter(code => code === 500)).toHaveLength(10)
  expect(await status('/health')).toBe(200)
})

test('degrades: good at first, bad after some requests, healthy all the while', async () => {
  const { status } = await start({ VERSION: '0.0.3-degrades', DEGRADE_AFTER: '5' })
  const seen = []
  for (let count = 0; count < 8; count++) seen.push(await status('/version'), await status('/health'))
  expect(seen).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 500, 200, 500, 200, 500, 200])
})

test('hangs: some versions are never answered, and it is healthy', async () => {
  const { url, status } = await start({ VERSION: '0.0.3-hangs', HANG_EVERY: '3' })
  expect([await status('/version'), await status('/version')]).toEqual([200, 200])
  const hung = fetch(`${url}/version`, { signal: AbortSignal.timeout(300) })
  await expect(hung).rejects.toThrow('timeout')
  expect([await status('/version'), await status('/health')]).toEqual([200, 200])
})

test('wrong: reports another version than its own', async () => {
  const { url } = await start({ VERSION: '0.0.3-wrong' })
  const response = await fetch(`${url}/version`)
  expect(await response.json()).toEqual({ name: 'sample-app', version: '0.0.0' })
  expect(response.headers.get('x-version')).toBe('0.0.0')
})

test('SIGTERM: what is in flight is finished, kept-alive connections end, nothing new is taken', async () => {
  const { child, url } = await start({ VERSION: '1' })
  const agent = new http.Agent({ keepAlive: true })
  const ask = (path: string) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(url + path, { agent }, response => resolve(response.resume())).once('error', reject)
    })
  await ask('/version')
  const inFlight = ask('/wait?ms=400')
  await ask('/version')
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const response = await inFlight
  expect([response.statusCode, response.headers.connection]).toEqual([200, 'close'])
  expect(await exited).toEqual([0, null])
  await expect(ask('/version')).rejects.toThrow()
  agent.destroy()
})

test('SIGTERM: a request that does not end does not keep it from ending', async () => {
  const { child, url } = await start({ VERSION: '1', SHUTDOWN_SECONDS: '3', TIME_SPEED: '10' })
  const request = http.get(`${url}/wait?ms=60000`).on('error', () => undefined)
  await once(request, 'finish')
  await fetch(`${url}/health`)
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})
