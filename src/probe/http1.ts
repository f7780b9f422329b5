import { BodyReader, type BodySink, type Framing, responseFraming } from './http1-body.ts'
import { checkBeginning, Http1Error, MessageHead } from './http1-head.ts'

export { BodyReader, type BodySink, type Framing, requestFraming, responseFraming } from './http1-body.ts'
export { Http1Error, type Http1Failure, MessageHead } from './http1-head.ts'

const headEnd = Buffer.from('\r\n\r\n')
/** Most messages are shorter: they become one string at once, and the end of the head is looked for in that. */
const smallMessage = 4096

/** Collects the bytes of one head after another, however they are cut, and parses each into `head`. */
export class HeadReader {
  readonly head: MessageHead
  readonly #kind: 'request' | 'response'
  readonly #maxBytes: number
  /** Bytes of a head whose end has not come yet. */
  #begun: Buffer | undefined

  /** @param endpoint as `MessageHead` has it */
  constructor(kind: 'request' | 'response', maxBytes: number, endpoint = false) {
    this.head = new MessageHead(endpoint)
    this.#kind = kind
    this.#maxBytes = maxBytes
  }

  /** True when part of a head has come. */
  get begun(): boolean {
    return this.#begun !== undefined
  }

  /**
   * Reads on; returns the position after the head, which `head` then has, or -1 when more bytes are needed.
   * @throws Http1Error `malformed` or `too-large`
   */
  read(chunk: Buffer, from: number, end: number): number {
    if (this.#begun !== undefined) return this.#readOn(this.#begun, chunk, from, end)
    let start = from
    // A client may send an empty line before its next request (RFC 9112, 2.2).
    if (this.#kind === 'request') while (start < end && (chunk[start] === 13 || chunk[start] === 10)) start++
    const text = chunk.toString('latin1', start, Math.min(end, start + smallMessage))
    const inText = text.indexOf('\r\n\r\n')
    if (inText >= 0) return start + this.#parse(text, inText + 4)
    const found = end - start > smallMessage ? chunk.indexOf(headEnd, start + smallMessage - 3) : -1
    if (found >= 0 && found + 4 <= end) {
      return start + this.#parse(chunk.toString('latin1', start, found + 4), found + 4 - start)
    }
    if (end > start) this.#begin(Buffer.from(chunk.subarray(start, end)))
    return -1
  }

  #readOn(begun: Buffer, chunk: Buffer, from: number, end: number): number {
    const all = Buffer.concat([begun, chunk.subarray(from, end)])
    const found = all.indexOf(headEnd, Math.max(0, begun.length - 3))
    if (found < 0) {
      this.#begin(all)
      return -1
    }
    this.#begun = undefined
    this.#parse(all.toString('latin1', 0, found + 4), found + 4)
    return from + found + 4 - begun.length
  }

  #begin(bytes: Buffer): void {
    this.#limit(bytes.length)
    if (this.#kind === 'response') checkBeginning(bytes.toString('latin1'))
    this.#begun = bytes
  }

  #parse(text: string, end: number): number {
    this.#limit(end)
    if (this.#kind === 'request') this.head.parseRequest(text, end)
    else this.head.parseResponse(text, end)
    return end
  }

  #limit(bytes: number): void {
    if (bytes > this.#maxBytes) throw new Http1Error('too-large', `a head of more than ${this.#maxBytes} bytes`)
  }
}

export interface ResponseSink {
  /** One answer is complete. The reader has it until this call returns; `expect` may be called from here. */
  onResponse(response: ResponseReader): void
  /** The connection is of no more use. Called at most once, and nothing after it. */
  onFailure(error: Http1Error): void
  /** Default 64 KiB. */
  readonly maxHeadBytes?: number
  /** How much of each body is kept for `body`; the rest is counted only. Default 64 KiB. */
  readonly maxBodyBytes?: number
}

/**
 * Reads the answers of one connection. Say `expect(method)` for each request, in the order they are sent, `push`
 * what the socket gives, and `end` when the peer has closed.
 */
export class ResponseReader {
  readonly #sink: ResponseSink
  readonly #heads: HeadReader
  readonly #body = new BodyReader()
  readonly #maxBodyBytes: number
  readonly #methods: string[] = []
  readonly #collect: BodySink
  #inBody = false
  #failed = false
  #framing: Framing = 'none'
  #kept: Buffer[] = []
  #keptBytes = 0
  /** Whether `#kept` may still point into the chunk that is being pushed. */
  #borrowed = false

  constructor(sink: ResponseSink) {
    this.#sink = sink
    this.#heads = new HeadReader('response', sink.maxHeadBytes ?? 65_536, true)
    this.#maxBodyBytes = sink.maxBodyBytes ?? 65_536
    this.#collect = (chunk, start, end) => this.#keep(chunk, start, end)
  }

  /** Another answer is to come, to a request with this method. */
  expect(method: string): void {
    this.#methods.push(method)
  }

  /** Requests whose answers are not complete. */
  get outstanding(): number {
    return this.#methods.length
  }

  get status(): number {
    return this.#heads.head.status
  }

  /** `name` in lower case; several headers of one name are joined by commas. */
  header(name: string): string | undefined {
    return this.#heads.head.header(name)
  }

  /** True when the connection can take the next request. */
  get keepAlive(): boolean {
    return this.#heads.head.keepAlive && this.#framing !== 'until-close' && this.status !== 101
  }

  /** Length of the content, also of what was not kept. */
  get bodyBytes(): number {
    return this.#body.bytes
  }

  /** True when `body` is not all of the content. */
  get bodyCut(): boolean {
    return this.bodyBytes > this.#keptBytes
  }

  /** The content, as far as it was kept. */
  body(): Buffer {
    return this.#kept.length === 1 ? (this.#kept[0] as Buffer) : Buffer.concat(this.#kept)
  }

  push(chunk: Buffer): void {
    if (this.#failed) return
    try {
      let at = 0
      while (at < chunk.length && !this.#failed) at = this.#read(chunk, at)
      if (this.#borrowed) this.#own()
    } catch (error) {
      if (!(error instanceof Http1Error)) throw error
      this.#fail(error)
    }
  }

  /** The peer has closed: that ends a body without a length, and is a failure while an answer is due. */
  end(): void {
    if (this.#failed || this.#methods.length === 0) return
    if (this.#inBody && this.#body.close()) this.#complete()
    if (this.#methods.length === 0) return
    const begun = this.#inBody || this.#heads.begun
    this.#fail(
      begun
        ? new Http1Error('closed-within-response', 'the connection was closed within an answer')
        : new Http1Error('closed-before-response', 'the connection was closed before the answer'),
    )
  }

  #read(chunk: Buffer, from: number): number {
    if (this.#inBody) {
      const at = this.#body.read(chunk, from, chunk.length, this.#collect)
      if (this.#body.done) this.#complete()
      return at
    }
    const method = this.#methods[0]
    if (method === undefined) throw new Http1Error('unexpected-data', 'bytes that answer no request')
    const at = this.#heads.read(chunk, from, chunk.length)
    if (at < 0) return chunk.length
    const { head } = this.#heads
    // 100 and 103 come before the answer; 101 is one, and what follows it is no HTTP.
    if (head.status < 200 && head.status !== 101) return at
    this.#framing = responseFraming(head, method)
    this.#body.start(this.#framing, head.contentLength)
    this.#kept = []
    this.#keptBytes = 0
    this.#inBody = true
    if (this.#body.done) this.#complete()
    return at
  }

  #complete(): void {
    this.#inBody = false
    this.#methods.shift()
    this.#sink.onResponse(this)
    this.#borrowed = false
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const length = Math.min(end - start, this.#maxBodyBytes - this.#keptBytes)
    if (length <= 0) return
    this.#kept.push(chunk.subarray(start, start + length))
    this.#keptBytes += length
    this.#borrowed = true
  }

  /** The caller may use its chunk again, so a body that goes on gets its own copy. */
  #own(): void {
    this.#kept = [Buffer.concat(this.#kept)]
    this.#borrowed = false
  }

  #fail(error: Http1Error): void {
    this.#failed = true
    this.#sink.onFailure(error)
  }
}
