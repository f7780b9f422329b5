import { Http1Error, type MessageHead } from './http1-head.ts'

/** How a message says where its body ends. */
export type Framing = 'none' | 'length' | 'chunked' | 'until-close'

export function requestFraming(head: MessageHead): Framing {
  if (head.chunked) return 'chunked'
  return head.contentLength > 0 ? 'length' : 'none'
}

/** @param method of the request that this answers: an answer to HEAD has no body whatever its head says. */
export function responseFraming(head: MessageHead, method: string): Framing {
  const { status } = head
  if (method === 'HEAD' || status === 204 || status === 304 || status < 200) return 'none'
  if (head.chunked) return 'chunked'
  if (head.contentLength < 0) return 'until-close'
  return head.contentLength > 0 ? 'length' : 'none'
}

/** Bytes of the body: `chunk[start]` up to and without `chunk[end]`. */
export type BodySink = (chunk: Buffer, start: number, end: number) => void

type Expecting = 'data' | 'size' | 'extension' | 'size-lf' | 'data-cr' | 'data-lf' | 'trailer' | 'trailer-lf'

const maxChunkExtension = 4096
const maxTrailers = 16_384

/** Finds where one body ends, and hands its bytes on when asked; used again for each message of a connection. */
export class BodyReader {
  done = true
  framing: Framing = 'none'
  /** Bytes of content so far, chunk framing not counted. */
  bytes = 0
  #left = 0
  #expecting: Expecting = 'data'
  #digits = 0
  /** Bytes of the extension or of the trailer section, or of its present line. */
  #extra = 0
  #line = 0

  start(framing: Framing, contentLength: number): void {
    this.framing = framing
    this.bytes = 0
    this.done = framing === 'none'
    this.#left = contentLength
    if (framing === 'chunked') this.#beginChunk()
    else this.#expecting = 'data'
  }

  /**
   * Reads on; returns the position after the last byte that belongs to this body, which is short of `end` only
   * when the body is done.
   * @throws Http1Error `malformed` when chunks are not framed as they must be
   */
  read(chunk: Buffer, from: number, end: number, sink?: BodySink): number {
    if (this.done) return from
    if (this.framing === 'chunked') return this.#readChunked(chunk, from, end, sink)
    if (this.framing === 'until-close') {
      this.bytes += end - from
      sink?.(chunk, from, end)
      return end
    }
    return this.#readData(chunk, from, end, sink)
  }

  /** The peer has closed; false when that cuts the body short. */
  close(): boolean {
    if (this.framing === 'until-close') this.done = true
    return this.done
  }

  #readData(chunk: Buffer, from: number, end: number, sink?: BodySink): number {
    const to = Math.min(end, from + this.#left)
    this.#left -= to - from
    this.bytes += to - from
    if (to > from) sink?.(chunk, from, to)
    if (this.#left === 0) {
      if (this.framing === 'chunked') this.#expecting = 'data-cr'
      else this.done = true
    }
    return to
  }

  #readChunked(chunk: Buffer, from: number, end: number, sink?: BodySink): number {
    let at = from
    while (at < end && !this.done) {
      if (this.#expecting === 'data') at = this.#readData(chunk, at, end, sink)
      else this.#readFraming(chunk[at++] as number)
    }
    return at
  }

  #readFraming(byte: number): void {
    switch (this.#expecting) {
      case 'size':
        this.#readSize(byte)
        return
      case 'extension':
        if (byte === CR) this.#expecting = 'size-lf'
        else this.#readExtra(byte, maxChunkExtension)
        return
      case 'size-lf':
        this.#mustBe(byte, LF)
        if (this.#left > 0) this.#expecting = 'data'
        else this.#beginTrailers()
        return
      case 'data-cr':
        this.#mustBe(byte, CR)
        this.#expecting = 'data-lf'
        return
      case 'data-lf':
        this.#mustBe(byte, LF)
        this.#beginChunk()
        return
      case 'trailer':
        if (byte === CR) this.#expecting = 'trailer-lf'
        else {
          this.#line++
          this.#readExtra(byte, maxTrailers)
        }
        return
      case 'trailer-lf':
        this.#mustBe(byte, LF)
        // An empty line ends the trailers, and the message.
        if (this.#line === 0) this.done = true
        this.#line = 0
        this.#expecting = 'trailer'
        return
      case 'data':
        return
      default:
        this.#expecting satisfies never
    }
  }

  #readSize(byte: number): void {
    const digit = hexDigit(byte)
    if (digit >= 0) {
      // 12 digits are 256 TiB, and safe in a number.
      if (++this.#digits > 12) throw malformed('a chunk size of more than 12 digits')
      this.#left = this.#left * 16 + digit
      return
    }
    if (this.#digits === 0) throw malformed('a chunk without a size')
    if (byte === CR) this.#expecting = 'size-lf'
    else if (byte === SEMICOLON || byte === SPACE || byte === TAB) this.#expecting = 'extension'
    else throw malformed('a chunk size that is not hexadecimal')
  }

  #beginChunk(): void {
    this.#expecting = 'size'
    this.#left = 0
    this.#digits = 0
    this.#extra = 0
  }

  #beginTrailers(): void {
    this.#expecting = 'trailer'
    this.#extra = 0
    this.#line = 0
  }

  #readExtra(byte: number, limit: number): void {
    if ((byte < SPACE && byte !== TAB) || byte === 127) throw malformed('a control character beside the chunks')
    if (++this.#extra > limit) throw malformed('too much beside the chunks')
  }

  #mustBe(byte: number, wanted: number): void {
    if (byte !== wanted) throw malformed('a chunk that does not end where its size says')
  }
}

const CR = 13
const LF = 10
const TAB = 9
const SPACE = 32
const SEMICOLON = 59

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

function malformed(what: string): Http1Error {
  return new Http1Error('malformed', what)
}
