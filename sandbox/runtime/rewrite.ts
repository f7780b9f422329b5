import { randomBytes } from 'node:crypto'
import type { MessageHead } from '../../src/probe/http1.ts'
import type { Rewrite, RoutedRequest } from '../cloud/ports.ts'

/** One client connection's present request, as rules see it: filled again for each request, so never keep it. */
export class RequestView implements RoutedRequest {
  readonly listenerPort: number
  readonly sourceIp: string
  /** How the client speaks to the listener: `http` or `https`. */
  readonly scheme: string
  method = ''
  path = ''
  query = ''
  host = ''
  readonly #head: MessageHead

  constructor(head: MessageHead, listenerPort: number, sourceIp: string, scheme: string) {
    this.#head = head
    this.listenerPort = listenerPort
    this.sourceIp = sourceIp
    this.scheme = scheme
  }

  header(name: string): string | undefined {
    return this.#head.header(name)
  }

  /** Takes the head as it is now; false when it names no place that a load balancer could route to. */
  take(): boolean {
    const head = this.#head
    const host = head.header('host')
    let { target } = head
    this.method = head.method
    this.host = host ?? ''
    if (target.charCodeAt(0) !== SLASH) {
      const absolute = /^https?:\/\/([^/?#]+)([/?].*)?$/i.exec(target)
      if (absolute !== null) {
        // The absolute form's host wins over the header (RFC 9112, 3.2.2).
        this.host = absolute[1] as string
        target = absolute[2]?.replace(/^\?/, '/?') ?? '/'
      } else if (target !== '*') return false
    }
    const mark = target.indexOf('?')
    this.path = mark < 0 ? target : target.slice(0, mark)
    this.query = mark < 0 ? '' : target.slice(mark + 1)
    return head.minorVersion === 0 || (host !== undefined && !host.includes(','))
  }

  /** The request's target in the form that origins take. */
  originForm(): string {
    return this.#head.target.charCodeAt(0) === SLASH ? this.#head.target : this.path + (this.query && `?${this.query}`)
  }
}

const SLASH = 47

/**
 * Head of a request as the target gets it: hop-by-hop headers out, X-Forwarded-* and the trace in.
 * @param rewrite host and target that take the place of the client's
 */
export function requestHead(
  head: MessageHead,
  view: RequestView,
  targetHost: string,
  upgrade: boolean,
  rewrite?: Rewrite,
): string {
  const before = head.header('x-forwarded-for')
  const forwardedFor = before === undefined ? view.sourceIp : `${before}, ${view.sourceIp}`
  const dropped = upgrade ? droppedFromUpgrade : droppedFromRequest
  const kept = keptLines(head, rewrite?.host === undefined ? dropped : withoutHost(dropped))
  const added = rewrite?.host ?? (view.host === '' ? targetHost : undefined)
  const host = added === undefined ? '' : `Host: ${added}\r\n`
  return (
    `${head.method} ${rewrite?.target ?? view.originForm()} HTTP/1.1\r\n${host}X-Forwarded-For: ${forwardedFor}\r\n` +
    `X-Forwarded-Proto: ${view.scheme}\r\nX-Forwarded-Port: ${view.listenerPort}\r\n` +
    `X-Amzn-Trace-Id: ${traceId(head.header('x-amzn-trace-id'))}\r\n${kept}` +
    (upgrade ? 'Connection: Upgrade\r\n\r\n' : '\r\n')
  )
}

/** How the body goes on to the client: as it came, in chunks that we make, or without any up to the close. */
export type Reframing = 'same' | 'chunks' | 'close'

/**
 * Head of an answer as the client gets it.
 * @param cookies `Set-Cookie` values that the load balancer adds
 */
export function responseHead(
  head: MessageHead,
  reframing: Reframing,
  keepAlive: boolean,
  cookies: readonly string[],
): string {
  const kept = keptLines(head, reframing === 'same' ? droppedFromResponse : droppedFromReframed)
  let added = reframing === 'chunks' ? 'Transfer-Encoding: chunked\r\n' : ''
  for (const cookie of cookies) added += `Set-Cookie: ${cookie}\r\n`
  const connection = keepAlive ? 'Connection: keep-alive\r\n\r\n' : 'Connection: close\r\n\r\n'
  return statusLine(head) + kept + added + connection
}

/** Head of a 1xx answer: 101 takes Upgrade along, the others announce the answer to come. */
export function interimHead(head: MessageHead): string {
  const connection = head.status === 101 ? 'Connection: Upgrade\r\n\r\n' : '\r\n'
  return statusLine(head) + keptLines(head, droppedFromResponse) + connection
}

function statusLine(head: MessageHead): string {
  return `HTTP/1.1${head.text.slice(8, head.text.indexOf('\r') + 2)}`
}

type Dropped = (head: MessageHead, index: number) => boolean

/** The header lines but the dropped ones, cut out in runs as long as possible. */
function keptLines(head: MessageHead, dropped: Dropped): string {
  const count = head.headerCount
  if (count === 0) return ''
  let kept = ''
  let run = head.nameStart(0)
  for (let index = 0; index < count; index++) {
    if (!dropped(head, index) && (head.hopByHop.length === 0 || !isNominated(head, index))) continue
    kept += head.text.slice(run, head.nameStart(index))
    run = head.lineEnd(index)
  }
  return kept + head.text.slice(run, head.end - 2)
}

// These decide by the name's length first: nearly every header is then kept without a look at its letters.

function droppedFromRequest(head: MessageHead, index: number): boolean {
  const length = head.nameLength(index)
  return (length === 7 && head.isNamed(index, 'upgrade')) || droppedFromUpgrade(head, index)
}

function withoutHost(dropped: Dropped): Dropped {
  return (head, index) => (head.nameLength(index) === 4 && head.isNamed(index, 'host')) || dropped(head, index)
}

function droppedFromUpgrade(head: MessageHead, index: number): boolean {
  switch (head.nameLength(index)) {
    case 2:
      return head.isNamed(index, 'te')
    case 10:
      return head.isNamed(index, 'connection') || head.isNamed(index, 'keep-alive')
    case 15:
      return head.isNamed(index, 'x-forwarded-for') || head.isNamed(index, 'x-amzn-trace-id')
    case 16:
      return head.isNamed(index, 'x-forwarded-port') || head.isNamed(index, 'proxy-connection')
    case 17:
      return head.isNamed(index, 'x-forwarded-proto')
    default:
      return false
  }
}

function droppedFromResponse(head: MessageHead, index: number): boolean {
  const length = head.nameLength(index)
  if (length === 10) return head.isNamed(index, 'connection') || head.isNamed(index, 'keep-alive')
  return length === 16 && head.isNamed(index, 'proxy-connection')
}

function droppedFromReframed(head: MessageHead, index: number): boolean {
  const length = head.nameLength(index)
  return (length === 17 && head.isNamed(index, 'transfer-encoding')) || droppedFromResponse(head, index)
}

/** Connection may call any header hop-by-hop, but not the framing: the body that follows depends on that. */
function isNominated(head: MessageHead, index: number): boolean {
  if (head.isNamed(index, 'content-length') || head.isNamed(index, 'transfer-encoding')) return false
  return head.hopByHop.some(name => head.isNamed(index, name))
}

const traceRun = randomBytes(6).toString('hex')
let traces = 0

/** `Root=1-<seconds>-<24 hex digits>`; a client's own trace is kept, and we add ourselves. */
function traceId(before: string | undefined): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16)
  const id = `1-${seconds}-${traceRun}${(++traces).toString(16).padStart(12, '0')}`
  return before === undefined ? `Root=${id}` : `Self=${id};${before}`
}
