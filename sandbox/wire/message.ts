/** One HTTP request, whatever brought it. */
export interface WireRequest {
  readonly method: string
  /** Path and query as sent, such as `/prefix/?Action=DescribeRules`. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface WireReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * The connection breaks instead of an answer. It has the code that Node gives a reset socket, so that the SDK takes it
 * for one when it is thrown in process.
 */
export class ConnectionLost extends Error {
  readonly code = 'ECONNRESET'
  /** What is lost: the request, and nothing has happened; or the answer, and the call has been carried out. */
  readonly lost: 'request' | 'answer'
  constructor(lost: 'request' | 'answer') {
    super('read ECONNRESET')
    this.name = 'ConnectionLost'
    this.lost = lost
  }
}

export function textBody(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): WireReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: textBody(JSON.stringify(value)) }
}
