import net from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Route } from '../../../sandbox/cloud/ports.ts'
import {
  closeAll,
  eventually,
  forward,
  httpOrigin,
  KeptAlive,
  rawOrigin,
  scriptedOrigin,
  silentOrigin,
  startPlane,
  talk,
} from './scripted-plane.ts'

afterEach(closeAll)

const get = (...headers: string[]) => ['GET / HTTP/1.1', 'Host: shop.test', ...headers, '', ''].join('\r\n')
const nowhere: Route = { kind: 'forward', targetGroupArn: 'tg', target: { ip: '10.9.9.9', port: 8080 }, cookies: [] }

describe('502, and the client can go on, when the target', () => {
  test.each([
    ['says what is no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['gives two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['gives a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['has a head without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(50_000)}`],
    ['switches protocols unasked', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
  ])('%s', async (_, answer) => {
    const origin = await scriptedOrigin(answer)
    const { port, recorded } = await startPlane(() => forward(origin))
    const client = new KeptAlive(port)
    for (let count = 0; count < 2; count++) expect(await client.ask('/')).toMatchObject({ status: 502 })
    expect(recorded).toEqual(Array(2).fill({ route: 'forward', status: 502, byNode: true }))
    await eventually(() => origin.sockets.size === 0)
  })

  test.each<[string, (socket: net.Socket) => void]>([
    ['closes without a word', socket => socket.end()],
    ['resets', socket => socket.resetAndDestroy()],
    ['closes within the head', socket => socket.end('HTTP/1.1 200 OK\r\nContent-')],
  ])('%s', async (_, end) => {
    const origin = await rawOrigin(socket => socket.on('data', () => end(socket)))
    const { port, recorded } = await startPlane(() => forward(origin))
    const client = new KeptAlive(port)
    for (let count = 0; count < 2; count++) expect(await client.ask('/')).toMatchObject({ status: 502 })
    expect(recorded).toEqual(Array(2).fill({ route: 'forward', status: 502, byNode: true }))
  })

  test('refuses the connection', async () => {
    const origin = await silentOrigin()
    await origin.close()
    const { port } = await startPlane(() => forward(origin))
    expect(await new KeptAlive(port).ask('/')).toMatchObject({ status: 502 })
  })

  test('is nobody', async () => {
    const { port } = await startPlane(() => nowhere)
    const client = new KeptAlive(port)
    expect(await client.ask('/')).toMatchObject({ status: 502 })
    expect(await client.ask('/', 'POST', Buffer.from('hello'))).toMatchObject({ status: 502 })
  })
})

test('a body that the target cuts short breaks the connection: half is never taken for the whole', async () => {
  const origin = await rawOrigin(socket =>
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello')),
  )
  const { port, recorded } = await startPlane(() => forward(origin))
  await expect(new KeptAlive(port).ask('/')).rejects.toMatchObject({ failure: 'closed-within-response' })
  expect(recorded).toEqual([{ route: 'forward', status: 502, byNode: true }])
})

test('a chunked body that the target garbles breaks the connection', async () => {
  const origin = await rawOrigin(socket =>
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok')
      setTimeout(() => socket.write('NO'), 50)
    }),
  )
  const { port } = await startPlane(() => forward(origin))
  await expect(new KeptAlive(port).ask('/')).rejects.toMatchObject({ failure: 'closed-within-response' })
})

test('bytes after an answer are not taken for the next one', async () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
  const origin = await scriptedOrigin(`${answer}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison`)
  const { port } = await startPlane(() => forward(origin))
  const client = new KeptAlive(port)
  for (let count = 0; count < 3; count++) expect(await client.ask('/')).toMatchObject({ body: 'ok' })
})

test('a reused connection that the target closed while idle costs a GET nothing', async () => {
  const origin = await httpOrigin((_, response) => response.end('ok'))
  const { port } = await startPlane(() => forward(origin))
  const client = new KeptAlive(port)
  for (let count = 0; count < 20; count++) {
    expect(await client.ask('/')).toMatchObject({ status: 200 })
    // The load balancer has not seen the close yet when the next request comes.
    for (const socket of origin.sockets) socket.end()
  }
})

test('a target that dies with a request in flight is a 502, not a second try elsewhere', async () => {
  let asked = 0
  const origin = await httpOrigin((request, response) => {
    if (request.url !== '/slow') response.end('ok')
    else if (++asked > 0) setTimeout(() => response.socket?.destroy(), 120)
  })
  const { port } = await startPlane(() => forward(origin))
  const client = new KeptAlive(port)
  expect(await client.ask('/')).toMatchObject({ status: 200 })
  expect(await client.ask('/slow')).toMatchObject({ status: 502 })
  expect(asked).toBe(1)
})

test('503 when there is no target, on a connection that goes on', async () => {
  const { port, recorded } = await startPlane(() => ({ kind: 'unavailable', because: 'app-green has no targets' }))
  const client = new KeptAlive(port)
  for (let count = 0; count < 2; count++) expect(await client.ask('/')).toMatchObject({ status: 503 })
  expect(recorded).toEqual(Array(2).fill({ route: 'unavailable', status: 503, byNode: true }))
})

describe('after the idle timeout', () => {
  test('a target that has not answered is a 504', async () => {
    const origin = await silentOrigin()
    const { port, recorded } = await startPlane(() => forward(origin), { idleMs: 150 })
    expect(await new KeptAlive(port).ask('/')).toMatchObject({ status: 504 })
    expect(recorded).toEqual([{ route: 'forward', status: 504, byNode: true }])
    await eventually(() => origin.sockets.size === 0)
  })

  test('a slow body goes on as long as bytes come', async () => {
    const origin = await httpOrigin((_, response) => {
      response.writeHead(200, { 'content-length': 12 })
      let left = 12
      const timer = setInterval(() => {
        response.write('.')
        if (--left === 0) clearInterval(timer)
      }, 60)
    })
    const { port } = await startPlane(() => forward(origin), { idleMs: 500 })
    expect(await new KeptAlive(port).ask('/')).toMatchObject({ status: 200, body: '............' })
  })

  test('a client that stops within its head, or its body, is a 408; an idle one is closed', async () => {
    const origin = await httpOrigin((request, response) => request.resume().on('end', () => response.end()))
    const { port } = await startPlane(() => forward(origin), { idleMs: 150 })
    expect(await talk(port, 'GET / HT')).toMatch(/^HTTP\/1\.1 408 /)
    expect(await talk(port, 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello')).toMatch(/^HTTP\/1\.1 408 /)
    expect(await talk(port)).toBe('')
    await eventually(() => origin.sockets.size === 0)
  })
})

describe('a client', () => {
  test('that leaves takes its request along', async () => {
    const origin = await silentOrigin()
    const { port, recorded } = await startPlane(() => forward(origin))
    const client = net.connect(port, '127.0.0.1', () => client.write(get()))
    await eventually(() => origin.sockets.size === 1)
    client.destroy()
    await eventually(() => origin.sockets.size === 0)
    expect(recorded).toEqual([{ route: 'forward', status: 460, byNode: true }])
  })

  test('that leaves in the middle of a big answer leaves nothing open', async () => {
    const origin = await httpOrigin((_, response) => response.end(Buffer.alloc(20_000_000)))
    const { port } = await startPlane(() => forward(origin))
    const client = net.connect(port, '127.0.0.1', () => client.write(get()))
    await new Promise(resolve => client.once('data', resolve))
    client.destroy()
    await eventually(() => origin.sockets.size === 0)
  })

  test.each([
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two hosts', get('Host: other.test'), 400],
    ['a length and chunks', get('Content-Length: 3', 'Transfer-Encoding: chunked'), 400],
    ['bare line feeds', 'GET / HTTP/1.1\nHost: a\n\n\r\n\r\n', 400],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
    ['garbled chunks', `${get('Transfer-Encoding: chunked')}xyz\r\n`, 400],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n', 405],
    ['too long a target', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['too many headers', get(`X: ${'x'.repeat(70_000)}`), 431],
    ['a head without an end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}`, 431],
  ])('with %s is refused, and its connection closed', async (_, request, status) => {
    const origin = await httpOrigin((_, response) => response.end())
    const { port } = await startPlane(() => forward(origin))
    const heard = await talk(port, request)
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`])
    expect(origin.connections).toBe(0)
  })

  test('that smuggles a request behind its chunks gets a 400, and the target never sees it', async () => {
    const seen: string[] = []
    const origin = await rawOrigin(socket => socket.on('data', chunk => seen.push(chunk.toString('latin1'))))
    const { port } = await startPlane(() => forward(origin))
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
    const heard = await talk(port, `${head}3\r\nabc\r\n`, 'xx\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400'])
    expect(seen.join('')).not.toContain('/admin')
  })

  test('whose upload is refused early learns why', async () => {
    const origin = await rawOrigin(socket =>
      socket.once('data', () => socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')),
    )
    const { port } = await startPlane(() => forward(origin))
    const client = new KeptAlive(port)
    expect(await client.ask('/', 'PUT', Buffer.alloc(10_000_000))).toMatchObject({ status: 413 })
  })
})
