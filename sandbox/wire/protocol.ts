import { gunzipSync } from 'node:zlib'
import type { OperationShape, ServiceShape } from './catalog.ts'
import type { WireError } from './fault-forms.ts'
import type { WireReply, WireRequest } from './message.ts'

/** One wire protocol, as one request speaks it. */
export interface Protocol {
  /**
   * The call's input in the SDK's member names and types.
   * @throws ShapeMismatch, or Error when the body is not even well-formed
   */
  read(operation: OperationShape, request: WireRequest): Record<string, unknown>
  /** @throws ShapeMismatch when the output does not fit the service model: the control plane has a defect */
  answer(shape: ServiceShape, operation: OperationShape, output: unknown, requestId: string): WireReply
  refuse(shape: ServiceShape, error: WireError, requestId: string): WireReply
}

/** A request that is addressed to an operation; its input is not read yet. */
export interface Addressed {
  readonly shape: ServiceShape
  /** As sent; the service need not have it. */
  readonly operation: string
  readonly protocol: Protocol
}

/** What a request calls; undefined when it does not speak this protocol. */
export type Recognize = (request: WireRequest) => Addressed | undefined

/** Larger than any request that AWS takes; keeps a small compressed body from filling the memory. */
const largestBodyBytes = 16 * 1024 * 1024

/** The body as it was before the client compressed it; PutMetricData does so above 10 KiB. */
export function plainBody(request: WireRequest): Buffer {
  // A view, not a copy; and by its bytes, because the SDK's own bodies are byte arrays that warn when treated as text.
  const { buffer, byteOffset, byteLength } = request.body
  const body = Buffer.from(buffer, byteOffset, byteLength)
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body, { maxOutputLength: largestBodyBytes }) : body
}

/** The header by which clients of the former query protocol learn the error's old code. */
export function queryErrorHeader(shape: ServiceShape, error: WireError): Readonly<Record<string, string>> {
  if (shape.service !== 'cloudwatch') return {}
  return { 'x-amzn-query-error': `${error.queryCode};${error.status >= 500 ? 'Receiver' : 'Sender'}` }
}
