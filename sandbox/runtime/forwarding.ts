import type net from 'node:net'
import type { Framing, MessageHead } from '../../src/probe/http1.ts'
import type { LoadBalancerNode, Route } from '../cloud/ports.ts'
import { interimHead, type Reframing, type RequestView, requestHead, responseHead } from './rewrite.ts'
import type { Exchange, Loss, Upstream } from './upstream.ts'
import type { UpstreamPool } from './upstream-pool.ts'

export type ForwardRoute = Extract<Route, { kind: 'forward' }>

/** What a forwarded request needs of the client's connection. */
export interface ForwardingClient {
  readonly socket: net.Socket
  readonly head: MessageHead
  readonly view: RequestView
  readonly requestDone: boolean
  /** The answer in progress is the last one on this connection. */
  lastAnswer: boolean
  /** The answer has been sent. */
  onAnswered(): void
  /** Nothing of an answer has been sent, and none will come: the load balancer has to say so. */
  onUnanswered(status: number): void
  /** Returns what the client sent ahead, which is the new protocol's now. */
  onUpgraded(): Buffer | undefined
}

/** Up to here bytes go out as one string with the head: copying them costs less than a second buffer. */
const smallWrite = 8192
/** A reused connection that closes this soon had most likely been closed before the request was written to it. */
const staleWithinMs = 50

/** The forwarded request of one client connection: filled again for each request, as its connection is. */
export class Forwarding implements Exchange {
  upstream: Upstream | undefined
  method = ''
  wantsPlainBody = false
  readonly #client: ForwardingClient
  readonly #node: LoadBalancerNode
  readonly #pool: UpstreamPool
  #route: ForwardRoute | undefined
  #startedAt = 0
  /** Of the answer, once its head has been sent; 0 before. */
  #status = 0
  #reframing: Reframing = 'same'
  #upgrading = false
  #tunnel = false
  /** The request's bytes, when it may be sent once more. */
  #repeatable: string | undefined

  constructor(client: ForwardingClient, node: LoadBalancerNode, pool: UpstreamPool) {
    this.#client = client
    this.#node = node
    this.#pool = pool
  }

  get requestDone(): boolean {
    return this.#client.requestDone
  }

  /** Sends the request's head and `bytes[start..end)`, the first of its body. */
  start(route: ForwardRoute, startedAt: number, bytes: Buffer, start: number, end: number): void {
    const { head, view } = this.#client
    this.#route = route
    this.#startedAt = startedAt
    this.#status = 0
    this.method = view.method
    this.wantsPlainBody = head.minorVersion === 0
    this.#upgrading = head.upgrade && this.method === 'GET' && head.header('upgrade')?.toLowerCase() === 'websocket'
    const text = requestHead(head, view, route.target.ip, this.#upgrading, route.rewrite)
    this.#repeatable = this.#client.requestDone && start === end && isIdempotent(this.method) ? text : undefined
    const upstream = this.#take(false)
    if (upstream !== undefined && !send(upstream.socket, text, bytes, start, end, false)) this.#client.socket.pause()
  }

  /** Sends more of the request's body. */
  write(bytes: Buffer, start: number, end: number): void {
    if (this.upstream?.socket.write(bytes.subarray(start, end)) === false) this.#client.socket.pause()
  }

  /** The client is gone, or has sent what no target shall see; the load balancer's log calls the first 460. */
  abort(status: number): void {
    const { upstream } = this
    this.upstream = undefined
    if (this.#tunnel) upstream?.socket.destroySoon()
    else {
      upstream?.cutOff(false)
      this.#record(status, true)
    }
  }

  /** Gives the target up: `status` is the load balancer's answer, if it can still give one. */
  fail(status: number): void {
    this.upstream?.cutOff(false)
    this.upstream = undefined
    if (this.#tunnel) {
      this.#client.socket.destroy()
      return
    }
    this.#record(status, true)
    if (this.#status === 0) this.#client.onUnanswered(status)
    // Half an answer has been sent: only a broken connection tells the client that it is not the whole.
    else this.#client.socket.destroy()
  }

  onInterim(head: MessageHead): void {
    if (!this.wantsPlainBody) this.#client.socket.write(interimHead(head), 'latin1')
  }

  onHead(head: MessageHead, framing: Framing, bytes: Buffer, start: number, end: number): void {
    const client = this.#client
    this.#reframing = this.#reframe(framing)
    if (!client.requestDone || this.#reframing === 'close') client.lastAnswer = true
    this.#status = head.status
    const text = responseHead(head, this.#reframing, !client.lastAnswer, this.#route?.cookies ?? [])
    if (this.#reframing !== 'chunks') this.#send(text, bytes, start, end)
    else {
      this.#send(text, bytes, 0, 0)
      this.onBody(bytes, start, end)
    }
  }

  onBody(bytes: Buffer, start: number, end: number): void {
    if (start === end) return
    if (this.#reframing === 'chunks' && !this.#tunnel) {
      this.#send(`${(end - start).toString(16)}\r\n`, bytes, start, end)
      this.#client.socket.write('\r\n', 'latin1')
    } else this.#send('', bytes, start, end)
  }

  onEnd(): void {
    this.upstream = undefined
    if (this.#reframing === 'chunks') this.#client.socket.write('0\r\n\r\n', 'latin1')
    this.#record(this.#status, false)
    this.#client.onAnswered()
  }

  onUpgrade(head: MessageHead, bytes: Buffer, start: number, end: number): void {
    if (!this.#upgrading) {
      this.fail(502)
      return
    }
    this.#tunnel = true
    // The HTTP request ends here: how long the connection then lives says nothing about the target's speed.
    this.#record(101, false)
    this.#send(interimHead(head), bytes, start, end)
    const ahead = this.#client.onUpgraded()
    if (ahead !== undefined) this.write(ahead, 0, ahead.length)
  }

  onLost(loss: Loss, upstream: Upstream): void {
    this.upstream = undefined
    if (this.#tunnel) {
      if (loss === 'cut') this.#client.socket.destroy()
      else this.#client.socket.destroySoon()
    } else if (loss === 'closed' && this.#repeatable !== undefined && isStale(upstream)) {
      this.#take(true)?.socket.write(this.#repeatable, 'latin1')
    } else this.fail(502)
  }

  onDrain(): void {
    this.#client.socket.resume()
  }

  #take(fresh: boolean): Upstream | undefined {
    const upstream = this.#pool.take((this.#route as ForwardRoute).target, fresh)
    this.upstream = upstream
    // The address of a task that has ended is nobody's. Packets to it vanish in AWS, and the client has its 504 after
    // the connect timeout; here it learns the same at once, as if the address still refused.
    if (upstream === undefined) this.fail(502)
    else upstream.begin(this)
    return upstream
  }

  /** A body that ends with the target's connection must not end the client's: it goes on in chunks. */
  #reframe(framing: Framing): Reframing {
    if (framing === 'until-close') return this.wantsPlainBody ? 'close' : 'chunks'
    return framing === 'chunked' && this.wantsPlainBody ? 'close' : 'same'
  }

  #send(text: string, bytes: Buffer, start: number, end: number): void {
    if (!send(this.#client.socket, text, bytes, start, end, true)) this.upstream?.socket.pause()
  }

  #record(status: number, byNode: boolean): void {
    this.#node.record(this.#route as ForwardRoute, status, performance.now() - this.#startedAt, byNode)
  }
}

/** @param lent the bytes are somebody's read buffer: what cannot go out at once must be a copy */
function send(socket: net.Socket, text: string, bytes: Buffer, start: number, end: number, lent: boolean): boolean {
  if (start === end) return socket.write(text, 'latin1')
  if (end - start <= smallWrite) return socket.write(text + bytes.toString('latin1', start, end), 'latin1')
  const body = bytes.subarray(start, end)
  socket.cork()
  if (text !== '') socket.write(text, 'latin1')
  const flowing = socket.write(lent ? Buffer.from(body) : body)
  socket.uncork()
  return flowing
}

function isIdempotent(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/**
 * A target that closes a kept-alive connection while a request is on its way costs the client a 502 in AWS, in a
 * window of microseconds. Our loop may look at a socket milliseconds later than that, and would make the rare 502 a
 * common one. So a request that changes nothing gets a new connection when a reused one ends at once without a byte.
 * A target that has really gone refuses the new connection, and the client has its 502.
 */
function isStale(upstream: Upstream): boolean {
  return upstream.requests > 1 && !upstream.answering && performance.now() - upstream.sentAt < staleWithinMs
}
