import { type HttpHandler, type HttpRequest, HttpResponse } from '@smithy/core/protocols'
import type { HttpHandlerOptions } from '@smithy/types'
import type { Clock } from '../../src/deploy/clock.ts'
import { between, type Random } from '../random.ts'
import { ConnectionLost, type WireRequest } from './message.ts'
import type { Wire } from './wire.ts'

export interface InProcessOptions {
  /** Shared by all actors of one world: they have one call log and one set of fault rules. */
  readonly wire: Wire
  /** The actor's own: the only thing that its calls wait on. */
  readonly clock: Clock
  readonly random: Random
  /** How long a call takes, there and back. */
  readonly latency?: { readonly minMs: number; readonly maxMs: number }
  /** How long the client waits for an answer. */
  readonly requestTimeoutMs?: number
}

/** A call within one Region, as a runner outside of it sees it. */
const usualLatency = { minMs: 30, maxMs: 80 }

/**
 * A request handler for the SDK's clients that reaches the wire without a socket, a timer or the wall clock, so that whole
 * deploys run in virtual time. It fails as the SDK's own handler does: `TimeoutError` for a reset connection (code
 * ECONNRESET) or a late answer, `AbortError` after an abort.
 */
export function createInProcessHandler(options: InProcessOptions): HttpHandler {
  const { wire, clock, random, latency = usualLatency, requestTimeoutMs = 30_000 } = options

  /** A `delay` rule longer than the client's patience: the client gives up first, and the call is not carried out. */
  function impatient(timeoutMs: number): Clock {
    return {
      now: () => clock.now(),
      async sleep(ms, signal) {
        await clock.sleep(Math.min(ms, timeoutMs), signal)
        if (ms > timeoutMs) throw named('TimeoutError', `no answer within ${timeoutMs} ms`)
      },
    }
  }

  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: HttpRequest, { abortSignal, requestTimeout }: HttpHandlerOptions = {}) {
      const signal = abortSignal as AbortSignal | undefined
      const halfWayMs = between(random, latency.minMs, latency.maxMs) / 2
      try {
        await clock.sleep(halfWayMs, signal)
        const reply = await wire.handle(wireRequest(request), impatient(requestTimeout ?? requestTimeoutMs), signal)
        await clock.sleep(halfWayMs, signal)
        const { status: statusCode, headers, body } = reply
        return { response: new HttpResponse({ statusCode, headers: { ...headers }, body }) }
      } catch (error) {
        if (signal?.aborted) throw named('AbortError', 'Request aborted', signal.reason)
        throw error instanceof ConnectionLost ? Object.assign(error, { name: 'TimeoutError' }) : error
      }
    },
    // There is nothing to configure; the SDK asks every handler.
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  }
}

function named(name: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name })
}

function wireRequest(request: HttpRequest): WireRequest {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query)) {
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, each ?? '')
  }
  return {
    method: request.method,
    path: query.size === 0 ? request.path : `${request.path}?${query}`,
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: bytesOf(request.body),
  }
}

/** @throws TypeError for streams: no operation of these services has one */
function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array()
  if (typeof body === 'string') return Buffer.from(body, 'utf8')
  if (body instanceof Uint8Array) return body
  throw new TypeError('the body of a request must be text or bytes')
}
