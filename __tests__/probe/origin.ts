import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { Clock } from '../../src/deploy/clock.ts'

/** Real sockets take real time. */
export const clock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: async (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
}

/** A server on a socket that does with each request what its script says. */
export interface Origin {
  readonly url: string
  readonly port: number
  /** Connections accepted, and requests read, so far. */
  readonly connections: () => number
  readonly requests: () => readonly string[]
  /** Accepts no connection any more; those that are open stay. */
  refuse(): void
  close(): Promise<void>
}

/** @param index of the request, from 0, over all connections */
export type Script = (socket: Socket, index: number) => void

/** Opened by a test, closed after it: `afterEach(closeOrigins)`. */
const origins: Origin[] = []

export async function closeOrigins(): Promise<void> {
  await Promise.all(origins.splice(0).map(origin => origin.close()))
}

export async function serve(script: Script, tls?: TlsOptions): Promise<Origin> {
  const origin = await startOrigin(script, tls)
  origins.push(origin)
  return origin
}

async function startOrigin(script: Script, tls?: TlsOptions): Promise<Origin> {
  const sockets = new Set<Socket>()
  const requests: string[] = []
  let connections = 0
  const onConnection = (socket: Socket) => {
    connections++
    sockets.add(socket)
    let text = ''
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', chunk => {
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const index = requests.push(text.slice(0, end)) - 1
        text = text.slice(end + 4)
        script(socket, index)
      }
    })
  }
  const server: Server = tls === undefined ? createServer(onConnection) : createTlsServer(tls, onConnection)
  // A client that refuses the certificate is the client's affair.
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => server.listen(0, tls === undefined ? '127.0.0.1' : 'localhost', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const { port } = address
  return {
    url: tls === undefined ? `http://127.0.0.1:${port}/version` : `https://localhost:${port}/version`,
    port,
    connections: () => connections,
    requests: () => requests,
    refuse: () => void server.close(),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export function http(status: number, body: string, ...headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status} Whatever`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

export function version(label: string): string {
  return http(200, JSON.stringify({ version: label }), 'Content-Type: application/json')
}

/** A port where nobody listens. */
export async function closedPort(): Promise<number> {
  const origin = await startOrigin(() => {})
  await origin.close()
  return origin.port
}
