import { connect as connectTcp, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ConnectionMode, type Destination, serverName } from './destination.ts'
import { type Http1Error, ResponseReader } from './http1.ts'

/**
 * How a request failed:
 * - `refused`: no connection came about: nobody listens, no route, no such name, or no TLS with a valid certificate;
 * - `reset`: the connection was lost after the request was sent and before its answer was complete;
 * - `timeout`: connecting and answering together took too long;
 * - `status`: answered by another status than 2xx;
 * - `unparsable`: what came is not HTTP/1.1, or no version was found in it.
 */
export type FailureKind = 'refused' | 'reset' | 'timeout' | 'status' | 'unparsable'

export interface ConnectionOwner {
  /** The request's answer is complete. The connection is free: the owner may send again at once. */
  answered(connection: Connection, answer: ResponseReader): void
  /** The request has no answer. The connection is free: the owner may send again, over a new socket. */
  failed(connection: Connection, kind: FailureKind, message: string): void
  /** A kept socket was lost before a byte of the answer: whether that is so soon that it was closed before the request came. */
  asksAgain?(connection: Connection): boolean
}

const readBytes = 32_768

/**
 * One request at a time, over one socket after another. A socket that the server closes between two requests is
 * replaced without a word; one that is lost within a request fails it, and nothing is sent twice. But for one case, in
 * the mode `renewed`: a kept socket that ends before a byte of the answer may have been closed by the server while the
 * request was on its way. As browsers do (RFC 9112, section 9.3.1), it is asked once more, over a new socket that
 * would tell what is wrong; but only when the owner says that it was lost that soon.
 */
export class Connection {
  /** When the present request was to be sent; the owner's. */
  intendedAt = 0
  /** When it was given to this connection; the owner's. */
  sentAt = 0
  busy = false
  /** Sockets that connected, so far. */
  opened = 0
  readonly #destination: Destination
  readonly #owner: ConnectionOwner
  readonly #buffer = Buffer.allocUnsafe(readBytes)
  #socket: Socket | undefined
  #connected = false
  #retired = false
  /** The socket was there before the request, and has not said a word since. */
  #mayBeStale = false
  /** The same in every mode, for the words of a failure. */
  #keptSilent = false
  #reader: ResponseReader | undefined
  #answered = false
  #broken: Http1Error | undefined

  constructor(destination: Destination, owner: ConnectionOwner) {
    this.#destination = destination
    this.#owner = owner
  }

  /** Sends the request; `answered` or `failed` is called once, later. */
  send(): void {
    this.busy = true
    this.#keptSilent = this.#socket !== undefined
    this.#mayBeStale = this.#destination.mode === 'renewed' && this.#socket !== undefined
    if (this.#socket === undefined) this.#open()
    else this.#write(this.#socket)
  }

  /** Ends the present request as a timeout. */
  timeOut(limitMs: number): void {
    const waitedFor = this.#connected ? 'no complete answer' : 'no connection'
    this.#fail('timeout', `${waitedFor} within ${limitMs} ms`)
  }

  /** The next request gets a new socket. One that is under way is answered first. */
  retire(): void {
    if (this.busy) this.#retired = true
    else this.#drop()
  }

  /** Closes without a call to the owner, also within a request. */
  close(): void {
    this.busy = false
    this.#drop()
  }

  #open(): void {
    const socket = this.#dial()
    this.#socket = socket
    this.#keptSilent = false
    this.#connected = false
    this.#broken = undefined
    this.#reader = new ResponseReader({
      onResponse: () => {
        this.#answered = true
      },
      onFailure: error => {
        this.#broken = error
      },
    })
    // A socket that was dropped may still have something to say; it no longer speaks for this connection.
    socket.once(this.#destination.tls ? 'secureConnect' : 'connect', () => {
      if (this.#socket !== socket) return
      this.#connected = true
      this.opened++
      this.#write(socket)
    })
    socket.on('error', error => {
      if (this.#socket === socket) this.#lost(sentence(error))
    })
    const closed = () => {
      if (this.#socket === socket) this.#closed()
    }
    socket.once('end', closed)
    socket.once('close', closed)
  }

  #dial(): Socket {
    const { host, port, tls, lookup, resumption } = this.#destination
    let socket: Socket | undefined
    // One buffer for all that is read: nothing is allocated per read, and the reader keeps no part of it.
    const onread: OnReadOpts = {
      buffer: this.#buffer,
      callback: count => {
        if (this.#socket === socket) this.#read(this.#buffer.subarray(0, count))
        return true
      },
    }
    const options = { host, port, lookup, noDelay: true, onread }
    const servername = serverName(host)
    if (!tls) {
      socket = connectTcp(options)
      return socket
    }
    // http/1.1 is all that is spoken here, and some servers would choose another protocol unless told.
    const secure = { ...options, ...resumption.options(), ALPNProtocols: ['http/1.1'] }
    const encrypted = connectTls(servername === undefined ? secure : { ...secure, servername })
    resumption.keepSessionOf(encrypted)
    socket = encrypted
    return socket
  }

  #write(socket: Socket): void {
    this.#reader?.expect('GET')
    socket.write(this.#destination.request)
  }

  #read(chunk: Buffer): void {
    this.#mayBeStale = false
    this.#keptSilent = false
    this.#reader?.push(chunk)
    if (this.#answered) this.#complete()
    else if (this.#broken !== undefined) this.#fail('unparsable', this.#broken.message)
  }

  /** The server has closed: that may be the end of an answer. */
  #closed(): void {
    if (this.#connected) this.#reader?.end()
    if (this.#answered) this.#complete()
    else this.#lost(this.#broken?.message ?? 'closed by the server')
  }

  #lost(message: string): void {
    if (this.#mayBeStale && this.busy && this.#owner.asksAgain?.(this)) this.#askAgain()
    else if (this.#connected) this.#fail('reset', message)
    else this.#fail('refused', `no connection: ${message}`)
  }

  #askAgain(): void {
    this.#mayBeStale = false
    this.#drop()
    this.#destination.forget()
    this.#open()
  }

  #complete(): void {
    const reader = this.#reader
    this.#answered = false
    // Bytes behind the answer would be taken for the next one.
    const kept = this.#destination.mode !== 'fresh' && !this.#retired
    const reusable = kept && this.#broken === undefined && reader?.keepAlive === true
    if (!reusable) this.#drop()
    this.busy = false
    if (reader !== undefined) this.#owner.answered(this, reader)
  }

  #fail(kind: FailureKind, message: string): void {
    this.#drop()
    this.#destination.forget()
    // Between two requests it is nobody's failure: the next request opens another socket.
    if (!this.busy) return
    this.busy = false
    const lostKept = kind === 'reset' && this.#keptSilent
    this.#owner.failed(this, kind, lostKept ? `${message}: ${keptWords(this.#destination.mode)}` : message)
  }

  #drop(): void {
    this.#socket?.destroy()
    this.#socket = undefined
    this.#reader = undefined
    this.#connected = false
    this.#retired = false
  }
}

function keptWords(mode: ConnectionMode): string {
  // `keep-alive` is the mode of the traffic client, which has this option.
  const advice = mode === 'keep-alive' ? '; --fresh avoids that' : ''
  return `lost on a kept connection before a byte of the answer${advice}`
}

/** An attempt at several addresses fails with all their errors, and with no message of its own. */
function sentence(error: Error): string {
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.map(each => sentence(each)).join('; ')
  return error.message === '' ? error.name : error.message
}
