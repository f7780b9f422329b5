import { cbor, tag } from '@smithy/core/cbor'
import { services } from './catalog.ts'
import type { WireReply } from './message.ts'
import { type Addressed, type Protocol, plainBody, queryErrorHeader, type Recognize } from './protocol.ts'
import { isRecord, ShapeMismatch } from './shape.ts'
import { type Leaves, readTree, writeTree } from './tree.ts'

/** `/service/<name>/operation/<name>`, behind any prefix. */
const path = /\/service\/([^/?]+)\/operation\/([^/?]+)$/

/** Smithy's rpc-v2-cbor, which newer clients of CloudWatch prefer. */
export const recognizeCbor: Recognize = request => {
  if (request.headers['smithy-protocol'] !== 'rpc-v2-cbor') return undefined
  const [, service, operation] = path.exec(request.path) ?? []
  if (service !== services.cloudwatch.targetPrefix || operation === undefined) return undefined
  return { shape: services.cloudwatch, operation, protocol } satisfies Addressed
}

const protocol: Protocol = {
  read(operation, request) {
    const bytes = plainBody(request)
    const body: unknown = bytes.length === 0 ? {} : cbor.deserialize(bytes)
    const input = readTree(operation.input, body, leaves)
    if (!isRecord(input)) throw new ShapeMismatch('', input, 'a Structure')
    return input
  },
  answer: (_, operation, output, requestId) => reply(200, writeTree(operation.output, output, leaves), requestId),
  refuse: (shape, error, requestId) =>
    reply(error.status, { __type: error.name, message: error.message }, requestId, queryErrorHeader(shape, error)),
}

function reply(status: number, value: unknown, requestId: string, headers = {}): WireReply {
  return {
    status,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-requestid': requestId,
      ...headers,
    },
    body: Uint8Array.from(cbor.serialize(value)),
  }
}

/** CBOR's own tag for seconds since the epoch. */
const epochTag = 1

const leaves: Leaves = {
  readTimestamp(value) {
    const seconds = isRecord(value) && value.tag === epochTag ? value.value : value
    return typeof seconds === 'number' ? new Date(Math.round(seconds * 1000)) : undefined
  },
  writeTimestamp: date => tag({ tag: epochTag, value: Math.round(date.getTime()) / 1000 }),
  readBlob: value => (value instanceof Uint8Array ? value : undefined),
  writeBlob: bytes => bytes,
  writeUnusual: value => value,
}
