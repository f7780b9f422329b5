import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { DescribeServicesCommand } from '@aws-sdk/client-ecs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createWireServer, type WireServer } from '../../../sandbox/wire/server.ts'
import { clients, scripted } from './scripted.ts'

const plane = scripted({ services: [] })
let server: WireServer
beforeEach(async () => {
  plane.received.length = 0
  server = await createWireServer({ controlPlane: plane })
})
afterEach(() => server.close())

const page = (path: string, method = 'GET', body?: unknown) =>
  fetch(server.endpoint + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })

const describeServices = (endpoint: string) =>
  clients({ endpoint }).ecs.send(new DescribeServicesCommand({ services: ['blue'] }))

test('listens on loopback, on the port it was given or on a free one', async () => {
  expect(server.endpoint).toBe(`http://127.0.0.1:${server.port}`)
  const { port } = server
  await server.close()
  const again = await createWireServer({ controlPlane: plane, host: '127.0.0.1', port })
  expect(again.port).toBe(port)
  await expect(createWireServer({ controlPlane: plane, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await again.close()
})

test('takes an endpoint with a path', async () => {
  await describeServices(`${server.endpoint}/aws`)
  expect((await (await page('/aws/_sandbox/calls')).json()) as unknown[]).toHaveLength(1)
})

test('has pages for health, calls and faults', async () => {
  expect(await (await page('/_sandbox/health')).json()).toEqual({ status: 'ok' })

  const rules = [{ kind: 'denied', service: 'ecs', times: 1 }]
  const added = await page('/_sandbox/faults', 'POST', rules)
  expect([added.status, await added.json()]).toEqual([200, [{ ...rules[0], matched: 0, hit: 0 }]])
  await expect(describeServices(server.endpoint)).rejects.toMatchObject({ name: 'AccessDeniedException' })
  expect(await (await page('/_sandbox/faults')).json()).toEqual([{ ...rules[0], matched: 1, hit: 1 }])
  expect((await page('/_sandbox/faults', 'DELETE')).status).toBe(204)
  expect(await (await page('/_sandbox/faults')).json()).toEqual([])

  expect(await (await page('/_sandbox/calls')).json()).toEqual([
    {
      at: expect.any(Number),
      service: 'ecs',
      operation: 'DescribeServices',
      input: { services: ['blue'] },
      status: 403,
      error: 'AccessDeniedException',
      attempt: 1,
      requestId: expect.any(String),
    },
  ])
  expect((await page('/_sandbox/calls', 'DELETE')).status).toBe(204)
  expect(await (await page('/_sandbox/calls')).json()).toEqual([])
})

test.each([
  ['GET', '/_sandbox/moon', 404],
  ['POST', '/_sandbox/calls', 405],
  ['PUT', '/_sandbox/faults', 405],
])('%s %s is refused with %i', async (method, path, status) => {
  const response = await page(path, method)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ problems: [expect.any(String)] })
})

test('refuses bad rules with every problem, and takes none of them', async () => {
  const response = await page('/_sandbox/faults', 'POST', [{ kind: 'throttle' }, { kind: 'x' }, { kind: 'delay' }])
  expect(response.status).toBe(400)
  expect(((await response.json()) as { problems: string[] }).problems).toHaveLength(2)
  expect(await (await page('/_sandbox/faults')).json()).toEqual([])
  const text = await fetch(`${server.endpoint}/_sandbox/faults`, { method: 'POST', body: '[' })
  expect(text.status).toBe(400)
})

test('keeps connections open between calls', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const call = () =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${server.endpoint}/_sandbox/health`, { agent }, response => {
        const { localPort } = response.socket
        response.resume().on('end', () => resolve(localPort))
      })
        .on('error', reject)
        .end()
    })
  const ports = [await call(), await call()]
  expect(ports[1]).toBe(ports[0])
  agent.destroy()
})

test('carries a delayed call out late, by the clock', async () => {
  server.faults.add([{ kind: 'delay', delayMs: 60 }])
  const before = performance.now()
  await describeServices(server.endpoint)
  expect(performance.now() - before).toBeGreaterThanOrEqual(59)
})

test('closes at once: what waits is broken off without being carried out, idle connections do not hold it', async () => {
  await describeServices(server.endpoint)
  plane.received.length = 0
  server.faults.add([{ kind: 'delay', delayMs: 3_600_000 }])
  const waiting = describeServices(server.endpoint).catch((error: unknown) => error)
  while (server.faults.list()[0]?.hit !== 1) await new Promise(setImmediate)
  await server.close()
  expect(await waiting).toMatchObject({ message: expect.stringContaining('ECONNRESET') })
  expect(plane.received).toEqual([])
})

test('a client that stops in the middle of its request does not keep it from closing', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await new Promise<void>(resolve => {
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc', () => resolve())
  })
  const ended = new Promise(resolve => socket.once('close', resolve))
  await server.close()
  await ended
})

test.each(['before', 'after'] as const)(
  'holds a call that hangs %s it was carried out, until the client is gone or the server closes',
  async when => {
    const hit = new Promise<number>(resolve => {
      server.faults.add([{ kind: 'hang', when }], () => resolve(plane.received.length))
    })
    const waiting = describeServices(server.endpoint).catch((error: unknown) => error)
    const carriedOut = when === 'before' ? 0 : 1
    expect(await hit).toBe(carriedOut)
    await server.close()
    expect(await waiting).toMatchObject({ message: expect.stringContaining('ECONNRESET') })
    expect(plane.received).toHaveLength(carriedOut)
  },
)
