import { services } from './catalog.ts'
import { textBody, type WireReply, type WireRequest } from './message.ts'
import { type Addressed, type Protocol, plainBody, queryErrorHeader, type Recognize } from './protocol.ts'
import { isRecord, ShapeMismatch } from './shape.ts'
import { type Leaves, readTree, writeTree } from './tree.ts'

/** awsJson1_0 and awsJson1_1: they differ in nothing but the content type. */
export function recognizeJson(request: WireRequest, newer: readonly string[] = []): ReturnType<Recognize> {
  const [prefix, operation] = (request.headers['x-amz-target'] ?? '').split('.')
  // Load balancing has a target prefix in its model, but its endpoint speaks the query protocol only.
  const shape = [services.ecs, services.cloudwatch].find(each => each.targetPrefix === prefix)
  if (shape === undefined || operation === undefined) return undefined
  const version = request.headers['content-type']?.includes('json-1.0') ? '1.0' : '1.1'
  return {
    shape,
    operation,
    protocol: json(`application/x-amz-json-${version}`, { ...jsonLeaves, newer }),
  } satisfies Addressed
}

function json(contentType: string, leaves: Leaves): Protocol {
  const reply = (status: number, value: unknown, requestId: string, headers = {}): WireReply => ({
    status,
    headers: { 'content-type': contentType, 'x-amzn-requestid': requestId, ...headers },
    body: textBody(JSON.stringify(value)),
  })
  return {
    read(operation, request) {
      const text = plainBody(request).toString('utf8')
      const input = readTree(operation.input, text === '' ? {} : JSON.parse(text), leaves)
      if (!isRecord(input)) throw new ShapeMismatch('', input, 'a Structure')
      return input
    },
    answer: (_, operation, output, requestId) => reply(200, writeTree(operation.output, output, leaves), requestId),
    refuse: (shape, error, requestId) =>
      reply(error.status, { __type: error.name, message: error.message }, requestId, queryErrorHeader(shape, error)),
  }
}

const jsonLeaves: Leaves = {
  // Epoch seconds with milliseconds as the fraction.
  readTimestamp: value => (typeof value === 'number' ? new Date(Math.round(value * 1000)) : undefined),
  writeTimestamp: date => Math.round(date.getTime()) / 1000,
  readBlob: value => (typeof value === 'string' ? Uint8Array.from(Buffer.from(value, 'base64')) : undefined),
  writeBlob: bytes => Buffer.from(bytes).toString('base64'),
  writeUnusual: value => String(value),
}
