import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../src/deploy/clock.ts'
import { seededRandom } from '../random.ts'
import type { CallLog } from './call-log.ts'
import type { FaultRules } from './fault-rules.ts'
import { ConnectionLost, jsonReply, type WireReply } from './message.ts'
import { createWire, type WireOptions } from './wire.ts'

export interface WireServerOptions extends Omit<WireOptions, 'random'> {
  /** A loopback address; 127.0.0.1 when absent. */
  readonly host?: string
  /** 0 or absent for a free one. */
  readonly port?: number
  readonly random?: WireOptions['random']
  /** Of the call log and of `delay` rules; the wall clock when absent. */
  readonly clock?: Clock
}

export interface WireServer {
  readonly port: number
  /** For `AWS_ENDPOINT_URL`. Any path behind it works too. */
  readonly endpoint: string
  readonly calls: CallLog
  readonly faults: FaultRules
  /** Takes no new connections, lets what is being answered finish, and breaks what waits on a `delay` rule. */
  close(): Promise<void>
}

/** Larger than any request that AWS takes. */
const largestBodyBytes = 16 * 1024 * 1024

/** Longer than any pause between two calls of a client that keeps its connection, so that none meets a closing one. */
const keepAliveMs = 75_000

/** A client that stops in the middle of its request must not keep the server from closing. */
const closeGraceMs = 1_000

/**
 * AWS's API on a port of this machine, and under `/_sandbox/` what AWS does not have.
 * @throws Error of the system when the port is taken
 */
export async function createWireServer(options: WireServerOptions): Promise<WireServer> {
  const host = options.host ?? '127.0.0.1'
  const onDefect = options.onDefect ?? ((error: unknown) => console.error('The sandbox has a defect:', error))
  const wire = createWire({ ...options, onDefect, random: options.random ?? seededRandom(Date.now()) })
  const clock = options.clock ?? wallClock
  const closing = new AbortController()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    const reply =
      body === undefined
        ? jsonReply(413, { message: `the body is larger than ${largestBodyBytes} bytes` }, { connection: 'close' })
        : await wire.handle(
            {
              method: request.method ?? 'GET',
              path: request.url ?? '/',
              // Node gives repeated headers as one text, except for cookies, which nobody here reads.
              headers: request.headers as Readonly<Record<string, string>>,
              body,
            },
            clock,
            closing.signal,
          )
    send(response, reply, closing.signal.aborted)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      const expected = error instanceof ConnectionLost || closing.signal.aborted || !request.complete
      if (!expected) onDefect(error)
      // A reset, not an orderly end: the client cannot know whether its call was carried out.
      request.socket.resetAndDestroy()
    })
  })
  server.keepAliveTimeout = keepAliveMs
  const port = await listen(server, options.port ?? 0, host)
  return {
    port,
    endpoint: `http://${host}:${port}`,
    calls: wire.calls,
    faults: wire.faults,
    close() {
      closing.abort(new ConnectionLost('request'))
      return closed(server)
    },
  }
}

/** Resolves with the port. @throws Error of the system when it is taken */
function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    const grace = setTimeout(() => server.closeAllConnections(), closeGraceMs)
    server.close(() => {
      clearTimeout(grace)
      resolve()
    })
  })
}

function send(response: ServerResponse, reply: WireReply, last: boolean): void {
  response.writeHead(reply.status, {
    ...reply.headers,
    'content-length': reply.body.byteLength,
    ...(last ? { connection: 'close' } : {}),
  })
  response.end(reply.body)
}

/** The whole body; undefined when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes <= largestBodyBytes) chunks.push(chunk)
  }
  return bytes > largestBodyBytes ? undefined : Buffer.concat(chunks)
}

const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const abort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', abort, { once: true })
    }),
}
