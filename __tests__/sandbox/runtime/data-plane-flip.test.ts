import net from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import type { LoadBalancerView } from '../../../sandbox/cloud/ports.ts'
import { createDataPlane } from '../../../sandbox/runtime/data-plane.ts'
import {
  arn,
  closeAll,
  eventually,
  forward,
  httpOrigin,
  KeptAlive,
  rawOrigin,
  silentOrigin,
  startPlane,
  talk,
} from './scripted-plane.ts'

afterEach(closeAll)

test('kept-alive clients move with their next request, and none of them fails', async () => {
  const blue = await httpOrigin((_, response) => response.end('blue'))
  const green = await httpOrigin((_, response) => response.end('green'))
  const scripted = await startPlane(() => forward(blue))
  const clients = Array.from({ length: 10 }, () => new KeptAlive(scripted.port))
  const seen: string[][] = clients.map(() => [])
  const asking = clients.map(async (client, index) => {
    while (seen[index]?.at(-1) !== 'green') seen[index]?.push((await client.ask('/')).body)
  })
  await eventually(() => seen.every(each => each.length > 20))
  scripted.route = () => forward(green)
  const at = seen.map(each => each.length)
  await Promise.all(asking)
  // One request of each client may have been on its way.
  for (const [index, each] of seen.entries()) expect(each.length - (at[index] as number)).toBeLessThanOrEqual(2)
  expect(scripted.recorded.every(({ status }) => status === 200)).toBe(true)
})

test('while the nodes differ, clients of the one see new and of the other old', async () => {
  const blue = await httpOrigin((_, response) => response.end('blue'))
  const green = await httpOrigin((_, response) => response.end('green'))
  const { port } = await startPlane((_, node) => forward(node === 'a' ? green : blue))
  const bodies = []
  for (let count = 0; count < 4; count++) bodies.push((await new KeptAlive(port).ask('/')).body)
  expect(bodies).toEqual(['green', 'blue', 'green', 'blue'])
})

test('a request in flight when its target is drained completes there; a later cut ends what is left', async () => {
  const finish: (() => void)[] = []
  const blue = await httpOrigin((_, response) => finish.push(() => response.end('blue')))
  const green = await httpOrigin((_, response) => response.end('green'))
  const scripted = await startPlane(() => forward(blue))
  const [first, second] = [new KeptAlive(scripted.port), new KeptAlive(scripted.port)]
  const quick = first.ask('/')
  const stuck = second.ask('/')
  await eventually(() => finish.length === 2)
  scripted.route = () => forward(green)
  finish[0]?.()
  expect((await quick).body).toBe('blue')
  expect((await first.ask('/')).body).toBe('green')
  scripted.plane.onTargetGone(blue.target)
  expect(await stuck).toMatchObject({ status: 502 })
  expect((await second.ask('/')).body).toBe('green')
  await eventually(() => blue.sockets.size === 0)
})

test('a target that is gone takes its WebSockets and half answers along', async () => {
  const origin = await rawOrigin(socket =>
    socket.once('data', chunk =>
      chunk.includes('Upgrade')
        ? socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
        : socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'),
    ),
  )
  const { port, plane } = await startPlane(() => forward(origin))
  const socketClosed = talk(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\n\r\n')
  const half = talk(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await eventually(() => origin.sockets.size === 2)
  await new Promise(resolve => setTimeout(resolve, 50))
  plane.onTargetGone(origin.target)
  expect(await socketClosed).toMatch(/^HTTP\/1\.1 101 /)
  expect(await half).toMatch(/\r\n\r\nhalf$/)
})

test('listeners come and go; one that comes again has its port again', async () => {
  let ports = [80]
  const node = {
    id: 'a',
    route: () => ({ kind: 'fixed', status: 200, contentType: 'text/plain', body: 'ok' }) as const,
    record: () => undefined,
  }
  const view: LoadBalancerView = { arn, nodes: [node], listenerPorts: () => ports, isEncrypted: () => false }
  const plane = createDataPlane({ loadBalancers: () => [view], resolve: () => undefined })
  try {
    await plane.ready()
    const production = plane.port(arn, 80) as number
    const client = new KeptAlive(production)
    expect(await client.ask('/')).toMatchObject({ status: 200 })

    ports = [80, 8080]
    plane.onListenersChanged(arn)
    await plane.ready()
    const test = plane.port(arn, 8080) as number
    expect(await new KeptAlive(test).ask('/')).toMatchObject({ status: 200 })
    expect(await client.ask('/')).toMatchObject({ status: 200 })

    ports = [8080]
    plane.onListenersChanged(arn)
    expect(plane.port(arn, 80)).toBeUndefined()
    await new Promise(resolve => client.socket.once('close', resolve))
    const refused = new Promise(resolve => net.connect(production, '127.0.0.1').once('error', resolve))
    expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })

    ports = [80, 8080]
    plane.onListenersChanged(arn)
    await plane.ready()
    expect(plane.port(arn, 80)).toBe(production)
  } finally {
    await plane.close()
  }
})

test('a port that was asked for and is taken is said so', async () => {
  const taken = await silentOrigin()
  const view: LoadBalancerView = { arn, nodes: [], listenerPorts: () => [80], isEncrypted: () => false }
  const plane = createDataPlane({ loadBalancers: () => [view], resolve: () => undefined, portFor: () => taken.port })
  await expect(plane.ready()).rejects.toThrow(`cannot listen on 127.0.0.1:${taken.port}`)
  await plane.close()
})

test('closing ends everything, in the middle of requests too', async () => {
  const origin = await silentOrigin()
  const { port, plane } = await startPlane(() => forward(origin))
  const talks = [talk(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'), talk(port, 'GET / HT'), talk(port)]
  await eventually(() => origin.sockets.size === 1)
  await plane.close()
  expect(await Promise.all(talks)).toEqual(['', '', ''])
  await eventually(() => origin.sockets.size === 0)
})
