import type { WireReply } from './message.ts'
import { type Protocol, plainBody, queryErrorHeader } from './protocol.ts'
import { isRecord, ShapeMismatch } from './shape.ts'
import { type Leaves, readTree, writeTree } from './tree.ts'

/** What the protocols differ in whose bodies are one tree of values. */
export interface Encoding {
  readonly headers: Readonly<Record<string, string>>
  readonly leaves: Leaves
  /** @param bytes never empty */
  parse(bytes: Buffer): unknown
  format(value: unknown): Uint8Array
}

export function treeProtocol({ headers, leaves, parse, format }: Encoding): Protocol {
  const reply = (status: number, value: unknown, requestId: string, more = {}): WireReply => ({
    status,
    headers: { ...headers, 'x-amzn-requestid': requestId, ...more },
    body: format(value),
  })
  return {
    read(operation, request) {
      const bytes = plainBody(request)
      const input = readTree(operation.input, bytes.length === 0 ? {} : parse(bytes), leaves)
      if (!isRecord(input)) throw new ShapeMismatch('', input, 'a Structure')
      return input
    },
    answer: (_, operation, output, requestId) => reply(200, writeTree(operation.output, output, leaves), requestId),
    refuse: (shape, error, requestId) =>
      reply(error.status, { __type: error.name, message: error.message }, requestId, queryErrorHeader(shape, error)),
  }
}
