import { cbor, tag } from '@smithy/core/cbor'
import { services } from './catalog.ts'
import type { Addressed, Recognize } from './protocol.ts'
import { isRecord } from './shape.ts'
import type { Leaves } from './tree.ts'
import { treeProtocol } from './tree-protocol.ts'

/** `/service/<name>/operation/<name>`, behind any prefix. */
const path = /\/service\/([^/?]+)\/operation\/([^/?]+)$/

/** Smithy's rpc-v2-cbor, which newer clients of CloudWatch prefer. */
export const recognizeCbor: Recognize = request => {
  if (request.headers['smithy-protocol'] !== 'rpc-v2-cbor') return undefined
  const [, service, operation] = path.exec(request.path) ?? []
  if (service !== services.cloudwatch.targetPrefix || operation === undefined) return undefined
  return { shape: services.cloudwatch, operation, protocol } satisfies Addressed
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

const protocol = treeProtocol({
  headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
  leaves,
  parse: bytes => cbor.deserialize(bytes),
  format: value => Uint8Array.from(cbor.serialize(value)),
})
