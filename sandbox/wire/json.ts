import { services } from './catalog.ts'
import { textBody, type WireRequest } from './message.ts'
import type { Addressed, Protocol, Recognize } from './protocol.ts'
import type { Leaves } from './tree.ts'
import { treeProtocol } from './tree-protocol.ts'

/** awsJson1_0 and awsJson1_1: they differ in nothing but the content type. */
export function recognizeJson(request: WireRequest, newer: readonly string[] = []): ReturnType<Recognize> {
  const [prefix, operation] = (request.headers['x-amz-target'] ?? '').split('.')
  // Load balancing has a target prefix in its model, but its endpoint speaks the query protocol only.
  const speakers = [services.ecs, services.cloudwatch, services.logs, services['application-autoscaling']]
  const shape = speakers.find(each => each.targetPrefix === prefix)
  if (shape === undefined || operation === undefined) return undefined
  const version = request.headers['content-type']?.includes('json-1.0') ? '1.0' : '1.1'
  return {
    shape,
    operation,
    protocol: json(`application/x-amz-json-${version}`, { ...jsonLeaves, newer }),
  } satisfies Addressed
}

function json(contentType: string, leaves: Leaves): Protocol {
  return treeProtocol({
    headers: { 'content-type': contentType },
    leaves,
    parse: bytes => JSON.parse(bytes.toString('utf8')),
    format: value => textBody(JSON.stringify(value)),
  })
}

const jsonLeaves: Leaves = {
  // Epoch seconds with milliseconds as the fraction.
  readTimestamp: value => (typeof value === 'number' ? new Date(Math.round(value * 1000)) : undefined),
  writeTimestamp: date => Math.round(date.getTime()) / 1000,
  readBlob: value => (typeof value === 'string' ? Uint8Array.from(Buffer.from(value, 'base64')) : undefined),
  writeBlob: bytes => Buffer.from(bytes).toString('base64'),
  writeUnusual: value => String(value),
}
