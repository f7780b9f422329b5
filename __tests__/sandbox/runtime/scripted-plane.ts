import http from 'node:http'
import net from 'node:net'
import type { LoadBalancerNode, Route, RoutedRequest, TargetAddress } from '../../../sandbox/cloud/ports.ts'
import { createIdentity } from '../../../sandbox/runtime/certificate.ts'
import { createDataPlane, type DataPlane } from '../../../sandbox/runtime/data-plane.ts'
import type { Timeouts } from '../../../sandbox/runtime/timeouts.ts'
import { ResponseReader } from '../../../src/probe/http1.ts'

export const arn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/test/1'

/** Opened by a test, closed after it: `afterEach(closeAll)`. */
const open: (() => Promise<void> | void)[] = []

export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close()
}

export interface Origin {
  readonly target: TargetAddress
  readonly port: number
  /** Connections that were made to it. */
  connections: number
  /** Of those, the ones that are open. */
  readonly sockets: Set<net.Socket>
  close(): Promise<void>
}

let origins = 0
const ports = new Map<string, number>()

async function listen(server: net.Server): Promise<Origin> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  const target = { ip: `10.0.0.${++origins}`, port: 8080 }
  ports.set(target.ip, port)
  const sockets = new Set<net.Socket>()
  const origin: Origin = {
    target,
    port,
    connections: 0,
    sockets,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
  server.on('connection', (socket: net.Socket) => {
    origin.connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  open.push(() => origin.close())
  return origin
}

/** A target that is a real HTTP server. */
export function httpOrigin(handle: http.RequestListener): Promise<Origin> {
  return listen(http.createServer({ keepAliveTimeout: 65_000 }, handle))
}

/** A target that says what it likes. */
export function rawOrigin(onConnection: (socket: net.Socket) => void): Promise<Origin> {
  return listen(
    net.createServer(socket => {
      socket.on('error', () => undefined)
      onConnection(socket)
    }),
  )
}

/** Takes every connection, reads what comes, and never says a word. */
export function silentOrigin(): Promise<Origin> {
  return rawOrigin(socket => socket.resume())
}

/** Answers each request with the same bytes. */
export function scriptedOrigin(answer: string): Promise<Origin> {
  return rawOrigin(socket => socket.on('data', () => socket.write(answer)))
}

export interface Recorded {
  readonly route: Route['kind']
  readonly status: number
  readonly byNode: boolean
}

export type Routing = (request: RoutedRequest, node: string) => Route

export interface ScriptedPlane {
  readonly plane: DataPlane
  readonly port: number
  readonly url: string
  readonly recorded: Recorded[]
  route: Routing
}

export function forward(origin: Origin, cookies: readonly string[] = []): Route {
  return { kind: 'forward', targetGroupArn: 'tg', target: origin.target, cookies }
}

/** Of every HTTPS listener here. */
export const identity = createIdentity()

export async function startPlane(
  route: Routing,
  timeouts: Partial<Timeouts> = {},
  isEncrypted: () => boolean = () => false,
): Promise<ScriptedPlane> {
  const recorded: Recorded[] = []
  const node = (id: string): LoadBalancerNode => ({
    id,
    route: request => scripted.route(request, id),
    record: (way, status, _, byNode) => recorded.push({ route: way.kind, status, byNode }),
  })
  const view = { arn, nodes: [node('a'), node('b')], listenerPorts: () => [80], isEncrypted }
  const resolve = ({ ip }: TargetAddress) => {
    const port = ports.get(ip)
    return port === undefined ? undefined : { host: '127.0.0.1', port }
  }
  const plane = createDataPlane({ loadBalancers: () => [view], resolve, timeouts, identity })
  open.push(() => plane.close())
  await plane.ready()
  const port = plane.port(arn, 80) as number
  const scripted: ScriptedPlane = { plane, port, url: `http://127.0.0.1:${port}`, recorded, route }
  return scripted
}

/** Sends the parts, and resolves to everything that came until the connection was closed. */
export function talk(port: number, ...parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1')
    let heard = ''
    socket.setEncoding('latin1').on('data', text => {
      heard += text
    })
    // A reset is one of the ways in which a connection ends; what was heard before it counts.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
    for (const part of parts) socket.write(part)
  })
}

export interface Answered {
  readonly status: number
  readonly body: string
  header(name: string): string | undefined
}

/** One kept-alive connection of a client. */
export class KeptAlive {
  readonly socket: net.Socket
  readonly #waiting: { resolve(answer: Answered): void; reject(error: Error): void }[] = []
  readonly #reader: ResponseReader

  constructor(port: number) {
    this.#reader = new ResponseReader({
      maxBodyBytes: 16_000_000,
      onResponse: response => {
        const head = new Map(['server', 'connection', 'x-from'].map(name => [name, response.header(name)]))
        this.#waiting.shift()?.resolve({
          status: response.status,
          body: response.body().toString('latin1'),
          header: name => head.get(name),
        })
      },
      onFailure: error => this.#fail(error),
    })
    this.socket = net.connect(port, '127.0.0.1')
    this.socket.on('data', chunk => this.#reader.push(chunk))
    this.socket.on('error', error => this.#fail(error))
    this.socket.on('close', () => this.#reader.end())
    open.push(() => {
      this.socket.destroy()
    })
  }

  ask(path: string, method = 'GET', body?: Buffer): Promise<Answered> {
    this.#reader.expect(method)
    const length = body === undefined ? '' : `Content-Length: ${body.length}\r\n`
    this.socket.write(`${method} ${path} HTTP/1.1\r\nHost: test\r\n${length}\r\n`)
    if (body !== undefined) this.socket.write(body)
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}

/** Looks until it is so; fails after `ms`. For what the other side of a socket must come to see. */
export async function eventually(isSo: () => boolean, ms = 3000): Promise<void> {
  const end = performance.now() + ms
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not so after ${ms} ms: ${isSo}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
