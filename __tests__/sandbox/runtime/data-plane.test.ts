import { createHash, randomBytes } from 'node:crypto'
import http from 'node:http'
import { afterEach, expect, test } from '@jest/globals'
import {
  closeAll,
  eventually,
  forward,
  httpOrigin,
  KeptAlive,
  rawOrigin,
  scriptedOrigin,
  startPlane,
  talk,
} from './scripted-plane.ts'

afterEach(closeAll)

const sha = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
const get = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: shop.test', ...headers, '', ''].join('\r\n')

/** Answers with what it was sent: headers as they came on the wire, and the body's checksum. */
const echo: http.RequestListener = (request, response) => {
  const hash = createHash('sha256')
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    hash.update(chunk)
  })
  request.on('end', () => {
    const { method, url, httpVersion, rawHeaders } = request
    response.end(JSON.stringify({ method, url, httpVersion, rawHeaders, bytes, sha: hash.digest('hex') }))
  })
}

test('a request goes to the target with the headers that a load balancer adds', async () => {
  const origin = await httpOrigin(echo)
  const { url } = await startPlane(() => forward(origin))
  const response = await fetch(`${url}/a%20b?c=d`, {
    headers: { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Port': '1', 'X-Amzn-Trace-Id': 'Root=1-a-b' },
  })
  const {
    method,
    url: seen,
    rawHeaders,
  } = (await response.json()) as { method: string; url: string; rawHeaders: string[] }
  const named = new Map<string, string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase()
    expect(named.has(name)).toBe(false)
    named.set(name, rawHeaders[at + 1] as string)
  }
  expect([method, seen]).toEqual(['GET', '/a%20b?c=d'])
  expect(named.get('host')).toBe(new URL(url).host)
  expect(named.get('x-forwarded-for')).toBe('203.0.113.9, 127.0.0.1')
  expect(named.get('x-forwarded-proto')).toBe('http')
  expect(named.get('x-forwarded-port')).toBe('80')
  expect(named.get('x-amzn-trace-id')).toMatch(/^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-a-b$/)
  expect(named.has('connection')).toBe(false)
})

test('rules see method, path, query, host and headers', async () => {
  const seen: unknown[] = []
  const { port } = await startPlane(request => {
    const { method, path, query, host, sourceIp, listenerPort } = request
    seen.push({ method, path, query, host, sourceIp, listenerPort, canary: request.header('x-canary') })
    return { kind: 'fixed', status: 200, contentType: 'text/plain', body: '' }
  })
  await talk(
    port,
    get('/p/q?r=s&t', 'X-Canary: yes'),
    'DELETE http://other.test?u HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n',
  )
  const common = { sourceIp: '127.0.0.1', listenerPort: 80 }
  expect(seen).toEqual([
    { ...common, method: 'GET', path: '/p/q', query: 'r=s&t', host: 'shop.test', canary: 'yes' },
    { ...common, method: 'DELETE', path: '/', query: 'u', host: 'other.test', canary: undefined },
  ])
})

test('both sides are kept alive: many requests, one connection to the target', async () => {
  const origin = await httpOrigin((_, response) => response.end('ok'))
  const { port, recorded } = await startPlane(() => forward(origin))
  const client = new KeptAlive(port)
  for (let count = 0; count < 20; count++) expect(await client.ask('/')).toMatchObject({ status: 200, body: 'ok' })
  expect(origin.connections).toBe(1)
  expect(recorded).toEqual(Array(20).fill({ route: 'forward', status: 200, byNode: false }))
})

test('connections go round the nodes, and each request is routed by its own', async () => {
  const { port } = await startPlane((_, node) => ({
    kind: 'fixed',
    status: 200,
    contentType: 'text/plain',
    body: node,
  }))
  const clients = [new KeptAlive(port), new KeptAlive(port), new KeptAlive(port), new KeptAlive(port)]
  const answers = []
  for (const client of clients) answers.push((await client.ask('/')).body, (await client.ask('/')).body)
  expect(answers).toEqual(['a', 'a', 'b', 'b', 'a', 'a', 'b', 'b'])
})

test('pipelined requests are answered in order, whatever each takes', async () => {
  const origin = await httpOrigin((request, response) => {
    setTimeout(() => response.end(request.url), request.url === '/1' ? 60 : 0)
  })
  const { port } = await startPlane(request =>
    request.path === '/3' ? { kind: 'fixed', status: 418, contentType: 'text/plain', body: 'fixed' } : forward(origin),
  )
  const all = ['/1', '/2', '/3', '/4', '/5'].map(path => get(path)).join('')
  const heard = await talk(port, all.slice(0, 50), all.slice(50), get('/6', 'Connection: close'))
  expect([...heard.matchAll(/HTTP\/1\.1 (\d+)/g)].map(match => match[1])).toEqual([
    '200',
    '200',
    '418',
    '200',
    '200',
    '200',
  ])
  expect([...heard.matchAll(/\/\d(?=HTTP|$)|fixed/g)].map(match => match[0])).toEqual([
    '/1',
    '/2',
    'fixed',
    '/4',
    '/5',
    '/6',
  ])
})

test.each(['length', 'chunked'])('a body of 8 MB goes up by %s, unchanged', async framing => {
  const origin = await httpOrigin(echo)
  const { url } = await startPlane(() => forward(origin))
  const body = randomBytes(8_000_000)
  const stream = new ReadableStream({
    start(controller) {
      for (let at = 0; at < body.length; at += 100_000) controller.enqueue(body.subarray(at, at + 100_000))
      controller.close()
    },
  })
  const sent = framing === 'length' ? { body } : { body: stream, duplex: 'half' as const }
  const response = await fetch(url, { method: 'POST', ...sent })
  expect(await response.json()).toMatchObject({ bytes: body.length, sha: sha(body) })
})

const bigBody = randomBytes(8_000_000)
test.each<[string, http.RequestListener]>([
  ['length', (_, response) => response.writeHead(200, { 'content-length': bigBody.length }).end(bigBody)],
  [
    'chunked',
    (_, response) => {
      for (let at = 0; at < bigBody.length; at += 70_000) response.write(bigBody.subarray(at, at + 70_000))
      response.end()
    },
  ],
  ['close', (_, response) => response.socket?.end(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), bigBody]))],
])('a body of 8 MB comes down by %s to a client that reads slowly', async (_, handle) => {
  const origin = await httpOrigin(handle)
  const { url } = await startPlane(() => forward(origin))
  const response = await new Promise<http.IncomingMessage>(resolve => http.get(url, resolve))
  const hash = createHash('sha256')
  let reads = 0
  for await (const chunk of response) {
    hash.update(chunk as Buffer)
    if (reads++ % 40 === 0) await new Promise(resolve => setTimeout(resolve, 5))
  }
  expect(hash.digest('hex')).toBe(sha(bigBody))
})

test('a client that does not read holds the target back', async () => {
  let written = 0
  const origin = await rawOrigin(socket => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n')
      const more = () => {
        while (written < 1_000_000_000) {
          written += 65_536
          if (!socket.write(Buffer.alloc(65_536))) break
        }
      }
      socket.on('drain', more)
      more()
    })
  })
  const { port } = await startPlane(() => forward(origin))
  const client = new KeptAlive(port)
  client.socket.pause()
  client.ask('/').catch(() => undefined)
  await eventually(() => written > 100_000)
  let before = -1
  for (; before !== written; await new Promise(resolve => setTimeout(resolve, 300))) before = written
  // The sockets' own buffers hold some megabytes; the rest stays where it is.
  expect(written).toBeLessThan(100_000_000)
})

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n'],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\n\r\n'],
])('%s answered without a body leaves the connection ready: %j', async (method, answer) => {
  const origin = await scriptedOrigin(answer)
  const { port } = await startPlane(() => forward(origin))
  const client = new KeptAlive(port)
  for (let count = 0; count < 3; count++) {
    expect(await client.ask('/', method)).toMatchObject({ status: Number(answer.slice(9, 12)), body: '' })
  }
  expect(origin.connections).toBe(1)
})

test('Connection: close is honored on either side alone', async () => {
  const origin = await httpOrigin((request, response) => {
    if (request.url === '/bye') response.setHeader('Connection', 'close')
    response.end('ok')
  })
  const { port } = await startPlane(() => forward(origin))
  const heard = await talk(port, get('/'), get('/bye'), get('/', 'Connection: close'))
  expect(heard.match(/HTTP\/1\.1 200/g)).toHaveLength(3)
  expect(heard.match(/Connection: (keep-alive|close)/g)).toEqual([
    'Connection: keep-alive',
    'Connection: keep-alive',
    'Connection: close',
  ])
  expect(origin.connections).toBe(2)
})

test('a client of HTTP/1.0 gets no chunks, and its connection closed', async () => {
  const origin = await httpOrigin((_, response) => {
    response.write('hello ')
    response.end('world')
  })
  const { port } = await startPlane(() => forward(origin))
  const heard = await talk(port, 'GET / HTTP/1.0\r\n\r\n')
  expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(heard.toLowerCase()).not.toContain('transfer-encoding')
  expect(heard.endsWith('\r\n\r\nhello world')).toBe(true)
})

test('100 Continue reaches the client before it sends its body', async () => {
  const origin = await httpOrigin(echo)
  const { url } = await startPlane(() => forward(origin))
  const request = http.request(url, { method: 'PUT', headers: { expect: '100-continue', 'content-length': 5 } })
  request.flushHeaders()
  await new Promise(resolve => request.once('continue', resolve))
  const answered = new Promise<http.IncomingMessage>(resolve => request.once('response', resolve))
  request.end('hello')
  const chunks = await (await answered).toArray()
  expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ method: 'PUT', bytes: 5, sha: sha('hello') })
})

test('a WebSocket is passed through both ways until the target closes', async () => {
  const origin = await rawOrigin(socket => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst')
      socket.on('data', chunk => (chunk.toString() === 'bye' ? socket.end('closing') : socket.write(`<${chunk}>`)))
    })
  })
  const { port, recorded } = await startPlane(() => forward(origin))
  const client = new KeptAlive(port).socket
  let heard = ''
  client.removeAllListeners('data').on('data', chunk => {
    heard += chunk
  })
  client.write(get('/', 'Connection: Upgrade', 'Upgrade: websocket'))
  await eventually(() => heard.endsWith('\r\n\r\nfirst'))
  client.write('hello')
  await eventually(() => heard.endsWith('first<hello>'))
  const closed = new Promise(resolve => client.once('close', resolve))
  client.write('bye')
  await closed
  expect(heard.endsWith('first<hello>closing')).toBe(true)
  expect(recorded).toEqual([{ route: 'forward', status: 101, byNode: false }])
})

test('stickiness cookies are added to what the target sets', async () => {
  const origin = await httpOrigin((_, response) => response.setHeader('Set-Cookie', 'a=1').end())
  const { url } = await startPlane(() => forward(origin, ['AWSALBTG=x; Path=/', 'AWSALB=y']))
  expect((await fetch(url)).headers.getSetCookie()).toEqual(['a=1', 'AWSALBTG=x; Path=/', 'AWSALB=y'])
})

test('fixed answers and redirects come from the load balancer, and keep the connection', async () => {
  const { url, port, recorded } = await startPlane(request =>
    request.path === '/old'
      ? { kind: 'redirect', status: 301, location: 'https://shop.test:443/new' }
      : { kind: 'fixed', status: 404, contentType: 'text/plain', body: 'nothing — here' },
  )
  const moved = await fetch(`${url}/old`, { redirect: 'manual' })
  expect([moved.status, moved.headers.get('location')]).toEqual([301, 'https://shop.test:443/new'])
  const fixed = await fetch(url)
  expect([fixed.status, fixed.headers.get('server'), await fixed.text()]).toEqual([404, 'awselb/2.0', 'nothing — here'])
  const client = new KeptAlive(port)
  expect(await client.ask('/', 'HEAD')).toMatchObject({ status: 404, body: '' })
  expect(await client.ask('/', 'POST', Buffer.from('hello'))).toMatchObject({ status: 404 })
  expect(await client.ask('/', 'GET')).toMatchObject({ status: 404 })
  expect(recorded.map(({ route, status }) => `${route} ${status}`)).toEqual([
    'redirect 301',
    'fixed 404',
    'fixed 404',
    'fixed 404',
    'fixed 404',
  ])
})
