import net from 'node:net'
import {
  BodyReader,
  type Framing,
  HeadReader,
  Http1Error,
  type MessageHead,
  responseFraming,
} from '../../src/probe/http1.ts'
import type { Endpoint } from './health-check.ts'

/** Why a target's connection can give no (more of an) answer. */
export type Loss = 'closed' | 'garbled' | 'cut'

/** The client's side of one request that is being forwarded. `bytes` are lent for the call only. */
export interface Exchange {
  readonly method: string
  /** Whether the client can only take a body without chunks. */
  readonly wantsPlainBody: boolean
  /** Whether the whole request has been written. */
  readonly requestDone: boolean
  onInterim(head: MessageHead): void
  /** `bytes[start..end)` follow the head: content, or chunks with their framing. */
  onHead(head: MessageHead, framing: Framing, bytes: Buffer, start: number, end: number): void
  onBody(bytes: Buffer, start: number, end: number): void
  onEnd(): void
  /** The target has switched protocols; `bytes[start..end)` are the new one's. */
  onUpgrade(head: MessageHead, bytes: Buffer, start: number, end: number): void
  onLost(loss: Loss, upstream: Upstream): void
  /** The target takes bytes again. */
  onDrain(): void
}

export interface UpstreamOwner {
  /** It is free for another request. */
  onIdle(upstream: Upstream): void
  onGone(upstream: Upstream): void
}

/** Where every upstream socket reads to: what comes is handed on or copied before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(65_536)
const maxResponseHead = 32_768

/** One connection to a target. Carries one request at a time. */
export class Upstream {
  readonly socket: net.Socket
  readonly connectingSince = performance.now()
  connected = false
  /** Requests it has been given. */
  requests = 0
  /** When the present request was given to it. */
  sentAt = 0
  lastActive = 0
  /** Bytes of the present answer have come. */
  answering = false
  /** Our side has cut it: its target is gone, or the client is. */
  cut = false
  readonly #owner: UpstreamOwner
  readonly #heads = new HeadReader('response', maxResponseHead)
  readonly #body = new BodyReader()
  #exchange: Exchange | undefined
  #headDone = false
  #tunnel = false
  #gone = false
  #keepAlive = true

  constructor(endpoint: Endpoint, owner: UpstreamOwner) {
    this.#owner = owner
    this.socket = net.connect({
      ...endpoint,
      noDelay: true,
      onread: { buffer: readBuffer, callback: length => this.#onRead(length) },
    })
    this.socket.on('connect', () => {
      this.connected = true
    })
    this.socket.on('drain', () => this.#exchange?.onDrain())
    this.socket.on('end', () => this.#onFinished())
    // Only 'close' decides: an error is always followed by it.
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => this.#lose('closed'))
  }

  get exchange(): Exchange | undefined {
    return this.#exchange
  }

  begin(exchange: Exchange): void {
    this.#exchange = exchange
    this.#headDone = false
    this.answering = false
    this.requests++
    this.sentAt = this.lastActive = performance.now()
  }

  /** Cuts the connection now; the exchange hears of it unless it is the one that asks. */
  cutOff(tell: boolean): void {
    this.cut = true
    if (!tell) this.#exchange = undefined
    this.#lose('cut')
  }

  #onRead(length: number): boolean {
    const exchange = this.#exchange
    this.lastActive = performance.now()
    if (exchange === undefined) this.#lose('garbled')
    else if (this.#tunnel) exchange.onBody(readBuffer, 0, length)
    else {
      this.answering = true
      this.#read(exchange, length)
    }
    return true
  }

  #read(exchange: Exchange, length: number): void {
    try {
      const at = this.#headDone ? this.#readBody(exchange, length) : this.#readHead(exchange, length)
      if (at >= 0 && this.#headDone && this.#body.done) this.#complete(exchange, at === length)
    } catch (error) {
      if (!(error instanceof Http1Error)) throw error
      this.#lose('garbled')
    }
  }

  /** Reads up to the final head and what follows it; returns how far, or -1 when there is more to come. */
  #readHead(exchange: Exchange, length: number): number {
    let at = 0
    while (at < length) {
      at = this.#heads.read(readBuffer, at, length)
      if (at < 0) return -1
      const { head } = this.#heads
      if (head.status === 101) {
        this.#tunnel = true
        exchange.onUpgrade(head, readBuffer, at, length)
        return -1
      }
      if (head.status >= 200) return this.#readFinal(exchange, head, at, length)
      exchange.onInterim(head)
    }
    return -1
  }

  #readFinal(exchange: Exchange, head: MessageHead, start: number, length: number): number {
    const framing = responseFraming(head, exchange.method)
    this.#headDone = true
    this.#keepAlive = head.keepAlive
    this.#body.start(framing, head.contentLength)
    if (framing === 'chunked' && exchange.wantsPlainBody) {
      exchange.onHead(head, framing, readBuffer, start, start)
      return this.#readPlain(exchange, start, length)
    }
    const end = this.#body.read(readBuffer, start, length)
    exchange.onHead(head, framing, readBuffer, start, end)
    return end
  }

  #readBody(exchange: Exchange, length: number): number {
    if (this.#body.framing === 'chunked' && exchange.wantsPlainBody) return this.#readPlain(exchange, 0, length)
    const end = this.#body.read(readBuffer, 0, length)
    exchange.onBody(readBuffer, 0, end)
    return end
  }

  #readPlain(exchange: Exchange, start: number, length: number): number {
    return this.#body.read(readBuffer, start, length, (bytes, from, to) => exchange.onBody(bytes, from, to))
  }

  /** @param clean nothing came after the answer's end */
  #complete(exchange: Exchange, clean: boolean): void {
    this.#exchange = undefined
    const usable = clean && exchange.requestDone && this.#keepAlive && this.#body.framing !== 'until-close'
    if (usable) this.#owner.onIdle(this)
    else this.#lose('closed')
    exchange.onEnd()
  }

  /** The target has closed its side: the regular end of a body without a length, or of a tunnel. */
  #onFinished(): void {
    const exchange = this.#exchange
    if (exchange !== undefined && this.#headDone && this.#body.close()) this.#complete(exchange, false)
    else this.#lose('closed')
  }

  #lose(loss: Loss): void {
    if (this.#gone) return
    this.#gone = true
    const exchange = this.#exchange
    this.#exchange = undefined
    this.#owner.onGone(this)
    // What was written to a tunnel still goes out; everything else is of no more use.
    if (this.#tunnel && loss === 'closed') this.socket.destroySoon()
    else this.socket.destroy()
    exchange?.onLost(loss, this)
  }
}
