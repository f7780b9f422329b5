import net from 'node:net'
import tls from 'node:tls'
import type { DataPlaneEvents, LoadBalancerView, TargetAddress } from '../cloud/ports.ts'
import type { Identity } from './certificate.ts'
import { ClientConnection } from './client-connection.ts'
import type { Endpoint } from './health-check.ts'
import { awsTimeouts, type Timeouts } from './timeouts.ts'
import { UpstreamPool } from './upstream-pool.ts'

export interface DataPlaneOptions {
  /** The load balancers as they are now. */
  readonly loadBalancers: () => readonly LoadBalancerView[]
  /** Where the process behind a private address listens; undefined when nobody has the address. */
  readonly resolve: (target: TargetAddress) => Endpoint | undefined
  /** Loopback port for a listener's port; a free one where undefined. */
  readonly portFor?: (loadBalancerArn: string, listenerPort: number) => number | undefined
  /** What every HTTPS listener shows, whatever certificate its API names. Without it they speak plain HTTP. */
  readonly identity?: Identity
  /** Wall time, however fast the sandbox's runs: programs and clients have timeouts of their own, in real seconds. */
  readonly timeouts?: Partial<Timeouts>
}

/** The load balancers' sockets: takes clients' connections, asks a node for each request's way, and forwards it. */
export interface DataPlane extends DataPlaneEvents {
  /** Loopback port that stands for a listener's; undefined before it listens. */
  port(loadBalancerArn: string, listenerPort: number): number | undefined
  /** Resolves when every listener known so far listens. Rejects when a port that was asked for is taken. */
  ready(): Promise<void>
  /** Closes every socket, in the middle of a request too. */
  close(): Promise<void>
}

interface Listener {
  readonly loadBalancerArn: string
  readonly listenerPort: number
  readonly server: net.Server
  readonly listening: Promise<void>
  port: number | undefined
}

export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const timeouts: Timeouts = { ...awsTimeouts, ...options.timeouts }
  const pool = new UpstreamPool(options.resolve)
  const listeners = new Map<string, Listener>()
  /** Also those of listeners that are gone: an answer in progress is still finished. */
  const clients = new Set<ClientConnection>()
  const closing = new Set<Promise<void>>()
  /** Connections to HTTPS listeners that are not clients yet. */
  const greeting = new Set<net.Socket>()
  /** A listener that is made again gets the port it had: people have it in their browsers. */
  const ports = new Map<string, number>()
  let closed = false

  const sweeper = setInterval(
    () => {
      const now = performance.now()
      // Timers come before sockets: after a busy moment, what has arrived meanwhile must be heard before anybody is called idle.
      setImmediate(() => {
        for (const client of clients) client.sweep(now, timeouts)
        pool.closeIdle(now - timeouts.idleMs)
      })
    },
    Math.min(1000, timeouts.connectMs / 4, timeouts.idleMs / 4),
  )
  sweeper.unref()

  function open(view: LoadBalancerView, listenerPort: number): void {
    const key = keyOf(view.arn, listenerPort)
    let next = 0
    const take = (socket: net.Socket) => {
      // As DNS does, which gives each client the nodes' addresses in another order.
      const node = view.nodes[next++ % view.nodes.length]
      if (node === undefined) {
        socket.destroy()
        return
      }
      const client = new ClientConnection(socket, node, pool, key, listenerPort)
      clients.add(client)
      socket.once('close', () => clients.delete(client))
    }
    const secure = options.identity === undefined ? undefined : encrypting(options.identity, take)
    const server = net.createServer({ noDelay: true }, socket => {
      if (secure === undefined || !view.isEncrypted(listenerPort)) take(socket)
      else {
        greeting.add(socket)
        socket.once('close', () => greeting.delete(socket))
        secure.emit('connection', socket)
      }
    })
    const asked = options.portFor?.(view.arn, listenerPort)
    const listening = listen(server, asked ?? ports.get(key) ?? 0, asked !== undefined).then(port => {
      listener.port = port
      ports.set(key, port)
    })
    // Whoever waits for `ready` is told; until then this is no unhandled rejection.
    listening.catch(() => undefined)
    const listener: Listener = { loadBalancerArn: view.arn, listenerPort, server, listening, port: undefined }
    listeners.set(key, listener)
  }

  function shut(key: string, listener: Listener): void {
    listeners.delete(key)
    for (const client of clients) if (client.listener === key) client.closeWhenDone()
    const done = listener.listening
      .catch(() => undefined)
      .then(() => new Promise<void>(resolve => listener.server.close(() => resolve())))
    closing.add(done)
    void done.then(() => closing.delete(done))
  }

  function follow(loadBalancerArn: string): void {
    if (closed) return
    const view = options.loadBalancers().find(each => each.arn === loadBalancerArn)
    const wanted = new Set(view?.listenerPorts() ?? [])
    for (const [key, listener] of listeners) {
      if (listener.loadBalancerArn === loadBalancerArn && !wanted.has(listener.listenerPort)) shut(key, listener)
    }
    if (view === undefined) return
    for (const port of wanted) if (!listeners.has(keyOf(view.arn, port))) open(view, port)
  }

  for (const view of options.loadBalancers()) follow(view.arn)

  return {
    onListenersChanged: follow,
    onTargetGone: target => pool.drop(target),
    port: (loadBalancerArn, listenerPort) => listeners.get(keyOf(loadBalancerArn, listenerPort))?.port,
    async ready() {
      await Promise.all([...listeners.values()].map(listener => listener.listening))
    },
    async close() {
      closed = true
      clearInterval(sweeper)
      for (const [key, listener] of listeners) shut(key, listener)
      for (const client of clients) client.socket.destroy()
      for (const socket of greeting) socket.destroy()
      pool.close()
      await Promise.all(closing)
    },
  }
}

/** Listens nowhere: it is handed connections, so that a listener may change its protocol and keep its port. */
function encrypting({ certificate, key }: Identity, take: (socket: net.Socket) => void): tls.Server {
  const server = tls.createServer({ cert: certificate, key, ALPNProtocols: ['http/1.1'] }, take)
  // A client that does not speak TLS, or does not trust the certificate: its connection is closed, and it knows why.
  server.on('tlsClientError', () => undefined)
  return server
}

function keyOf(loadBalancerArn: string, listenerPort: number): string {
  return `${loadBalancerArn} ${listenerPort}`
}

/** @param must whether it has to be this port; if not, a free one does as well */
function listen(server: net.Server, port: number, must: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (must || port === 0) reject(new Error(`cannot listen on 127.0.0.1:${port}: ${error.message}`))
      else listen(server, 0, true).then(resolve, reject)
    })
    server.listen({ port, host: '127.0.0.1', backlog: 1024 }, () => resolve((server.address() as net.AddressInfo).port))
  })
}
