import type net from 'node:net'
import { TLSSocket } from 'node:tls'
import { BodyReader, HeadReader, Http1Error, type MessageHead, requestFraming } from '../../src/probe/http1.ts'
import type { LoadBalancerNode } from '../cloud/ports.ts'
import { Forwarding, type ForwardingClient } from './forwarding.ts'
import { errorPage, type OwnAnswer, ownAnswer, ownAnswerBytes } from './own-answer.ts'
import { RequestView } from './rewrite.ts'
import type { Timeouts } from './timeouts.ts'
import type { UpstreamPool } from './upstream-pool.ts'

// An Application Load Balancer's limits.
const maxRequestHead = 65_536
const maxRequestLine = 16_384
const maxDiscarded = 65_536
/** How long a client may take to read the last answer and close. */
const lingerMs = 5000

/** One connection of a client to one node. Requests are answered in their order, one at a time. */
export class ClientConnection implements ForwardingClient {
  readonly socket: net.Socket
  /** Key of the listener that took it. */
  readonly listener: string
  readonly head: MessageHead
  readonly view: RequestView
  requestDone = true
  lastAnswer = false
  readonly #node: LoadBalancerNode
  readonly #heads = new HeadReader('request', maxRequestHead)
  readonly #body = new BodyReader()
  readonly #forwarding: Forwarding
  readonly #openedAt = performance.now()
  #lastActive = this.#openedAt
  /** Discarding: the answer has been sent, and the rest of its request is still to come. */
  #phase: 'ready' | 'busy' | 'discarding' | 'tunnel' | 'closing' = 'ready'
  /** What the client sent while an answer was in progress. */
  #ahead: Buffer | undefined

  constructor(socket: net.Socket, node: LoadBalancerNode, pool: UpstreamPool, listener: string, listenerPort: number) {
    this.socket = socket
    this.listener = listener
    this.#node = node
    this.head = this.#heads.head
    const sourceIp = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
    this.view = new RequestView(this.head, listenerPort, sourceIp, socket instanceof TLSSocket ? 'https' : 'http')
    this.#forwarding = new Forwarding(this, node, pool)
    socket.on('data', chunk => this.#onData(chunk))
    socket.on('drain', () => this.#onDrain())
    socket.on('end', () => this.#onGone())
    socket.on('close', () => this.#onGone())
    // Only 'close' decides: an error is always followed by it.
    socket.on('error', () => undefined)
  }

  /** Takes no further request; one in progress is answered. */
  closeWhenDone(): void {
    this.lastAnswer = true
    if (this.#phase === 'ready') this.#close()
  }

  /** Ends what has waited too long. */
  sweep(now: number, timeouts: Timeouts): void {
    const { upstream } = this.#forwarding
    if (now - this.#openedAt > timeouts.keepAliveMs && this.#phase !== 'tunnel') this.closeWhenDone()
    if (this.#phase === 'closing') {
      if (now - this.#lastActive > lingerMs) this.socket.destroy()
    } else if (upstream !== undefined && !upstream.connected) {
      if (now - upstream.connectingSince > timeouts.connectMs) this.#forwarding.fail(504)
    } else if (now - Math.max(this.#lastActive, upstream?.lastActive ?? 0) > timeouts.idleMs) this.#onIdle()
  }

  onAnswered(): void {
    this.#lastActive = performance.now()
    if (this.lastAnswer || !this.requestDone) {
      this.#close()
      return
    }
    this.#phase = 'ready'
    const ahead = this.#ahead
    if (ahead !== undefined) {
      this.#ahead = undefined
      this.#consume(ahead)
    }
    if (this.#ahead === undefined && this.socket.isPaused()) this.socket.resume()
  }

  onUnanswered(status: number): void {
    this.#answer(errorPage(status))
  }

  onUpgraded(): Buffer | undefined {
    const ahead = this.#ahead
    this.#ahead = undefined
    this.#phase = 'tunnel'
    if (ahead !== undefined) this.socket.resume()
    return ahead
  }

  #onData(chunk: Buffer): void {
    this.#lastActive = performance.now()
    if (this.#phase === 'tunnel') this.#forwarding.write(chunk, 0, chunk.length)
    else this.#consume(chunk)
  }

  #consume(chunk: Buffer): void {
    try {
      let at = 0
      while (at >= 0 && at < chunk.length && this.#phase !== 'closing') {
        if (this.#phase === 'ready') at = this.#readHead(chunk, at)
        else if (!this.requestDone) at = this.#readBody(chunk, at)
        else {
          this.#keepAhead(chunk.subarray(at))
          return
        }
      }
    } catch (error) {
      if (!(error instanceof Http1Error)) throw error
      this.#refuse(error)
    }
  }

  /** Returns where the head and what has come of its body end, or -1 when more is needed. */
  #readHead(chunk: Buffer, from: number): number {
    const start = this.#heads.read(chunk, from, chunk.length)
    if (start < 0) return -1
    this.#body.start(requestFraming(this.head), this.head.contentLength)
    const end = this.#body.read(chunk, start, chunk.length)
    this.requestDone = this.#body.done
    this.#phase = 'busy'
    if (!this.head.keepAlive) this.lastAnswer = true
    this.#begin(chunk, start, end)
    return end
  }

  #readBody(chunk: Buffer, from: number): number {
    const end = this.#body.read(chunk, from, chunk.length)
    this.requestDone = this.#body.done
    if (this.#phase !== 'discarding') this.#forwarding.write(chunk, from, end)
    else if (this.requestDone) this.onAnswered()
    return end
  }

  #begin(chunk: Buffer, start: number, end: number): void {
    const refusal = this.#refusal()
    if (refusal !== 0) {
      this.lastAnswer = true
      this.#answer(errorPage(refusal))
      return
    }
    const startedAt = performance.now()
    const route = this.#node.route(this.view)
    if (route.kind === 'forward') this.#forwarding.start(route, startedAt, chunk, start, end)
    else {
      const answer = ownAnswer(route)
      this.#node.record(route, answer.status, performance.now() - startedAt, true)
      this.#answer(answer)
    }
  }

  /** Status for a request that no rule gets to see; 0 for the others. */
  #refusal(): number {
    if (this.head.target.length > maxRequestLine) return 414
    if (this.head.method === 'TRACE') return 405
    return this.view.take() ? 0 : 400
  }

  #answer(answer: OwnAnswer, withBody = this.head.method !== 'HEAD'): void {
    const discards = !this.requestDone && this.#isWorthReading()
    if (!this.requestDone && !discards) this.lastAnswer = true
    this.socket.write(ownAnswerBytes(answer, !this.lastAnswer, withBody))
    if (!discards) this.onAnswered()
    else {
      this.#phase = 'discarding'
      this.socket.resume()
    }
  }

  /** A short rest of a request costs less than a new connection; a client that waits for 100 would never send it. */
  #isWorthReading(): boolean {
    const { contentLength } = this.head
    return (
      !this.lastAnswer &&
      contentLength >= 0 &&
      contentLength <= maxDiscarded &&
      this.head.header('expect') === undefined
    )
  }

  #refuse(error: Http1Error): void {
    this.lastAnswer = true
    if (this.#phase === 'busy') this.#forwarding.fail(400)
    else if (this.#phase === 'discarding') this.#close()
    else this.#answer(errorPage(error.failure === 'too-large' ? 431 : 400), true)
  }

  #keepAhead(rest: Buffer): void {
    this.#ahead = this.#ahead === undefined ? rest : Buffer.concat([this.#ahead, rest])
    this.socket.pause()
  }

  #onDrain(): void {
    this.#lastActive = performance.now()
    this.#forwarding.upstream?.socket.resume()
  }

  #onIdle(): void {
    if (this.#phase === 'tunnel') this.#forwarding.fail(504)
    else if (this.#phase === 'busy') this.#forwarding.fail(this.requestDone ? 504 : 408)
    else if (this.#heads.begun) {
      this.lastAnswer = true
      this.#answer(errorPage(408), true)
    } else this.#close()
  }

  #onGone(): void {
    const { upstream } = this.#forwarding
    this.#phase = 'closing'
    if (upstream !== undefined) this.#forwarding.abort(460)
  }

  /** Our side is done. What still comes is read and dropped: closing at once could cost the client the answer. */
  #close(): void {
    this.#phase = 'closing'
    this.#ahead = undefined
    this.socket.end()
    this.socket.resume()
  }
}
