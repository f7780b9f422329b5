/** Why bytes on a connection are no HTTP/1.1 message, or why one ended too soon. */
export type Http1Failure =
  | 'malformed'
  /** The head is longer than allowed. */
  | 'too-large'
  /** The peer closed before the first byte of the answer. */
  | 'closed-before-response'
  | 'closed-within-response'
  /** Bytes came that answer no request. */
  | 'unexpected-data'

export class Http1Error extends Error {
  readonly failure: Http1Failure
  constructor(failure: Http1Failure, message: string) {
    super(message)
    this.name = 'Http1Error'
    this.failure = failure
  }
}

// One native pass proves that every header line is `token:value` with CRLF: no folded lines, no space before the
// colon, no control characters, no bare CR or LF. What follows may therefore cut lines with indexOf alone.
const headerBlock = /(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n/y
const requestLine = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [\x21-\x7e\x80-\xff]+ HTTP\/1\.[01]\r\n/y
const statusLine = /HTTP\/1\.[01] [1-9][0-9]{2}(?: [\t\x20-\x7e\x80-\xff]*)?\r\n/y

/**
 * Head of one message. A reader owns one and fills it again for each message, so that a busy connection allocates
 * little: take what you need before you read on.
 */
export class MessageHead {
  /** Latin-1 text from the start line on; the head's part ends before `end`, bytes of the body may follow. */
  text = ''
  end = 0
  /** Of a request; empty otherwise. */
  method = ''
  target = ''
  /** Of a response; 0 otherwise. */
  status = 0
  minorVersion = 1
  /** -1 without one. */
  contentLength = -1
  chunked = false
  /** What the version and the Connection header say together; a body that ends with the connection is not seen here. */
  keepAlive = true
  /** Connection names `upgrade`. */
  upgrade = false
  /** Lower-case names of other headers that Connection calls hop-by-hop. */
  hopByHop: readonly string[] = noNames
  headerCount = 0
  /** Three offsets per header: its name's begin, its colon, its line's end. */
  readonly #spans: number[] = []
  readonly #endpoint: boolean

  /** @param endpoint true for who reads the message, and does not forward it: lengths that agree may be said twice */
  constructor(endpoint = false) {
    this.#endpoint = endpoint
  }

  /** Where header `index` begins in `text`. */
  nameStart(index: number): number {
    return this.#spans[index * 3] as number
  }

  nameLength(index: number): number {
    return (this.#spans[index * 3 + 1] as number) - (this.#spans[index * 3] as number)
  }

  /** Where the line of header `index` ends in `text`, with its CRLF. */
  lineEnd(index: number): number {
    return (this.#spans[index * 3 + 2] as number) + 2
  }

  /** True when header `index` has this name; `name` in lower case. */
  isNamed(index: number, name: string): boolean {
    const start = this.#spans[index * 3] as number
    if ((this.#spans[index * 3 + 1] as number) - start !== name.length) return false
    return sameName(this.text, start, name)
  }

  value(index: number): string {
    return this.text.slice((this.#spans[index * 3 + 1] as number) + 1, this.#spans[index * 3 + 2] as number).trim()
  }

  /** Value of a header, several of one name joined by commas; `name` in lower case. */
  header(name: string): string | undefined {
    let found: string | undefined
    for (let index = 0; index < this.headerCount; index++) {
      if (this.isNamed(index, name)) found = found === undefined ? this.value(index) : `${found}, ${this.value(index)}`
    }
    return found
  }

  /** @throws Http1Error `malformed` */
  parseRequest(text: string, end: number): void {
    const headers = this.#startLine(requestLine, text, end)
    const space = text.indexOf(' ')
    this.method = text.slice(0, space)
    this.target = text.slice(space + 1, headers - 11)
    this.minorVersion = text.charCodeAt(headers - 3) - 48
    this.#parseHeaders(headers)
  }

  /** @throws Http1Error `malformed` */
  parseResponse(text: string, end: number): void {
    const headers = this.#startLine(statusLine, text, end)
    this.minorVersion = text.charCodeAt(7) - 48
    this.status = (text.charCodeAt(9) - 48) * 100 + (text.charCodeAt(10) - 48) * 10 + text.charCodeAt(11) - 48
    this.#parseHeaders(headers)
  }

  #startLine(pattern: RegExp, text: string, end: number): number {
    this.text = text
    this.end = end
    pattern.lastIndex = 0
    if (!pattern.test(text)) throw new Http1Error('malformed', `not HTTP/1.1: ${excerpt(text)}`)
    const headers = pattern.lastIndex
    headerBlock.lastIndex = headers
    if (!headerBlock.test(text) || headerBlock.lastIndex !== end) {
      throw new Http1Error('malformed', `a header line is not "name: value": ${excerpt(text.slice(headers))}`)
    }
    return headers
  }

  #parseHeaders(from: number): void {
    const { text, end } = this
    this.contentLength = -1
    this.chunked = false
    this.keepAlive = this.minorVersion === 1
    this.upgrade = false
    this.hopByHop = noNames
    let count = 0
    for (let start = from; start < end - 2; count++) {
      const colon = text.indexOf(':', start)
      const lineEnd = text.indexOf('\r', colon)
      this.#spans[count * 3] = start
      this.#spans[count * 3 + 1] = colon
      this.#spans[count * 3 + 2] = lineEnd
      this.#note(count, colon - start)
      start = lineEnd + 2
    }
    this.headerCount = count
    // A message with both could end at two places; whoever forwards it must not have to guess (RFC 9112, 6.3).
    if (this.chunked && this.contentLength >= 0) {
      throw new Http1Error('malformed', 'both Content-Length and Transfer-Encoding')
    }
  }

  /** Takes what a header says about the message's framing. The name's length sorts most headers out. */
  #note(index: number, length: number): void {
    if (length === 14 && this.isNamed(index, 'content-length')) this.#noteLength(this.value(index))
    else if (length === 17 && this.isNamed(index, 'transfer-encoding')) this.#noteCoding(this.value(index))
    else if (length === 10 && this.isNamed(index, 'connection')) this.#noteConnection(this.value(index))
  }

  #noteLength(value: string): void {
    // Who forwards a message refuses two lengths even when they agree: the next one may not read them so (RFC 9112, 6.3).
    const again = this.contentLength >= 0 ? `${this.contentLength}, ${value}` : value
    const [length = '', ...others] = this.#endpoint ? again.split(/[\t ]*,[\t ]*/) : [again]
    if (!/^[0-9]{1,15}$/.test(length) || others.some(other => !sameNumber(other, length))) {
      throw new Http1Error('malformed', `Content-Length is not one number: ${excerpt(again)}`)
    }
    this.contentLength = Number(length)
  }

  #noteCoding(value: string): void {
    if (this.chunked || this.minorVersion === 0 || value.toLowerCase() !== 'chunked') {
      throw new Http1Error('malformed', `Transfer-Encoding is not one "chunked": ${excerpt(value)}`)
    }
    this.chunked = true
  }

  #noteConnection(value: string): void {
    if (value === 'keep-alive') {
      this.keepAlive = true
      return
    }
    for (const token of value.toLowerCase().split(',')) {
      const name = token.trim()
      if (name === 'close') this.keepAlive = false
      else if (name === 'keep-alive') this.keepAlive = true
      else if (name === 'upgrade') this.upgrade = true
      else if (name !== '') this.hopByHop = [...this.hopByHop, name]
    }
  }
}

/** @throws Http1Error `malformed` when no head of an answer can begin like this, so that nobody waits for its end */
export function checkBeginning(text: string): void {
  if (!protocol.startsWith(text.slice(0, protocol.length))) {
    throw new Http1Error('malformed', `not HTTP/1.1: ${excerpt(text)}`)
  }
  if (/(?:^|[^\r])\n/.test(text)) {
    throw new Http1Error('malformed', `a line of the head ends without a carriage return: ${excerpt(text)}`)
  }
}

const protocol = 'HTTP/1.'

function sameNumber(other: string, length: string): boolean {
  return /^[0-9]{1,15}$/.test(other) && Number(other) === Number(length)
}

const noNames: readonly string[] = []

function sameName(text: string, start: number, name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = text.charCodeAt(start + at)
    const lower = code >= 65 && code <= 90 ? code | 32 : code
    if (lower !== name.charCodeAt(at)) return false
  }
  return true
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
