import { X509Certificate } from 'node:crypto'
import type http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createIdentity } from '../../../sandbox/runtime/certificate.ts'
import { closeAll, eventually, forward, httpOrigin, identity, startPlane, talk } from './scripted-plane.ts'

afterEach(closeAll)

interface Heard {
  readonly status: number | undefined
  readonly body: string
  readonly socket: net.Socket
}

/** One request over TLS to a client that trusts only the sandbox's certificate. */
function ask(port: number, options: https.RequestOptions = {}, body = ''): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      { host: '127.0.0.1', port, ca: identity.certificate, ...options },
      (response: http.IncomingMessage) => {
        let heard = ''
        response.on('data', (chunk: Buffer) => {
          heard += chunk.toString()
        })
        response.on('end', () => resolve({ status: response.statusCode, body: heard, socket: response.socket }))
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

describe('the certificate', () => {
  const certificate = new X509Certificate(identity.certificate)

  test('is signed by its own key, and valid now for a few days', () => {
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.validFromDate.getTime()).toBeLessThan(Date.now())
    const days = (certificate.validToDate.getTime() - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(1)
    expect(days).toBeLessThan(8)
  })

  test('is for this machine alone', () => {
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(certificate.checkHost('localhost')).toBe('localhost')
    expect(certificate.checkHost('example.com')).toBeUndefined()
    expect(certificate.ca).toBe(false)
  })

  test('is another one every time', () => {
    const other = new X509Certificate(createIdentity().certificate)
    expect(other.serialNumber).not.toBe(certificate.serialNumber)
    expect(certificate.verify(other.publicKey)).toBe(false)
  })
})

describe('an HTTPS listener', () => {
  const echo: http.RequestListener = (request, response) => {
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on('end', () => response.end(JSON.stringify({ bytes, proto: request.headers['x-forwarded-proto'] })))
  }

  test('decrypts, forwards, and tells the target how the client came', async () => {
    const origin = await httpOrigin(echo)
    const { port } = await startPlane(
      () => forward(origin),
      {},
      () => true,
    )
    const heard = await ask(port, { method: 'POST' }, 'x'.repeat(300_000))
    expect(heard.status).toBe(200)
    expect(JSON.parse(heard.body)).toEqual({ bytes: 300_000, proto: 'https' })
  })

  test('keeps a connection for the next request', async () => {
    const origin = await httpOrigin(echo)
    const { port } = await startPlane(
      () => forward(origin),
      {},
      () => true,
    )
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
    const sockets = [await ask(port, { agent }), await ask(port, { agent })].map(heard => heard.socket)
    agent.destroy()
    expect(sockets[0]).toBe(sockets[1])
  })

  test('is not trusted by those who were not told to', async () => {
    const { port, recorded } = await startPlane(
      () => ({ kind: 'unavailable', because: 'test' }),
      {},
      () => true,
    )
    await expect(ask(port, { ca: [] })).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(recorded).toEqual([])
  })

  test('answers nobody who speaks plain HTTP', async () => {
    const { port, recorded } = await startPlane(
      () => ({ kind: 'unavailable', because: 'test' }),
      {},
      () => true,
    )
    expect(await talk(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).not.toContain('HTTP/1.1')
    expect(recorded).toEqual([])
  })

  test('chooses HTTP/1.1 from what a client offers', async () => {
    const { port } = await startPlane(
      () => ({ kind: 'unavailable', because: 'test' }),
      {},
      () => true,
    )
    const socket = tls.connect({
      host: '127.0.0.1',
      port,
      ca: identity.certificate,
      ALPNProtocols: ['h2', 'http/1.1'],
    })
    await new Promise(resolve => socket.once('secureConnect', resolve))
    expect(socket.alpnProtocol).toBe('http/1.1')
    socket.destroy()
  })

  test('changes its protocol for the next connection, at the same port', async () => {
    let encrypted = false
    const origin = await httpOrigin(echo)
    const { port, url } = await startPlane(
      () => forward(origin),
      {},
      () => encrypted,
    )
    expect(await (await fetch(url)).json()).toMatchObject({ proto: 'http' })
    encrypted = true
    expect(JSON.parse((await ask(port)).body)).toMatchObject({ proto: 'https' })
  })

  test('closes connections at the end, those that never greeted too', async () => {
    const { port, plane } = await startPlane(
      () => ({ kind: 'unavailable', because: 'test' }),
      {},
      () => true,
    )
    const silent = net.connect(port, '127.0.0.1')
    let closed = false
    silent.on('error', () => undefined)
    silent.on('close', () => {
      closed = true
    })
    await new Promise(resolve => silent.once('connect', resolve))
    const agent = new https.Agent({ keepAlive: true })
    await ask(port, { agent })
    await plane.close()
    await eventually(() => closed)
    agent.destroy()
  })
})

test("a rule's transforms reach the target: another host and URL in place of the client's", async () => {
  const origin = await httpOrigin((request, response) =>
    response.end(JSON.stringify([request.url, request.rawHeaders])),
  )
  const plain = forward(origin)
  const { url } = await startPlane(
    () => ({ ...plain, rewrite: { host: 'in.example.com', target: '/v2?a=1' } }) as never,
  )
  const [target, headers] = (await (await fetch(`${url}/v1`)).json()) as [string, string[]]
  expect(target).toBe('/v2?a=1')
  const hosts = headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === 'host')
  expect(hosts).toEqual(['in.example.com'])
})
