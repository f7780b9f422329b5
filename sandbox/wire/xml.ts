import type { NormalizedSchema } from '@smithy/core/schema'
import type { WireError } from './fault-forms.ts'
import { elementOf, isRecord, kindOf, membersOf, ShapeMismatch } from './shape.ts'
import { checkedMembers, must } from './tree.ts'

/**
 * The document that answers an awsQuery request.
 * @throws ShapeMismatch when the output does not fit its schema
 */
export function queryAnswer(
  operation: string,
  namespace: string,
  schema: NormalizedSchema,
  output: unknown,
  requestId: string,
): string {
  const result = structure(schema, output, '')
  return `${declaration}<${operation}Response xmlns="${escapeXml(namespace)}"><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata></${operation}Response>\n`
}

export function queryError(namespace: string, error: WireError, requestId: string): string {
  // AWS's word for whose fault it is.
  const type = error.status >= 500 ? 'Receiver' : 'Sender'
  return `${declaration}<ErrorResponse xmlns="${escapeXml(namespace)}"><Error><Type>${type}</Type><Code>${escapeXml(error.queryCode)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>\n`
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

function structure(schema: NormalizedSchema, value: unknown, path: string): string {
  const members = membersOf(schema)
  const given = checkedMembers(members, value, path)
  return members
    .filter(([name]) => given[name] !== undefined)
    .map(([name, member]) => element(member, name, given[name], path === '' ? name : `${path}.${name}`))
    .join('')
}

function element(schema: NormalizedSchema, name: string, value: unknown, path: string): string {
  const tag = (content: string) => (content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`)
  switch (kindOf(schema)) {
    case 'structure':
      return tag(structure(schema, value, path))
    case 'list': {
      if (!Array.isArray(value)) throw new ShapeMismatch(path, value, 'a List')
      const member = elementOf(schema)
      return tag(value.map((each, index) => element(member, 'member', each, `${path}.${index + 1}`)).join(''))
    }
    case 'map': {
      if (!isRecord(value)) throw new ShapeMismatch(path, value, 'a Map')
      const member = elementOf(schema)
      const entry = ([key, each]: [string, unknown]) =>
        `<entry><key>${escapeXml(key)}</key>${element(member, 'value', each, `${path}.${key}`)}</entry>`
      return tag(Object.entries(value).map(entry).join(''))
    }
    default:
      return tag(escapeXml(text(schema, value, path)))
  }
}

function text(schema: NormalizedSchema, value: unknown, path: string): string {
  switch (kindOf(schema)) {
    case 'boolean':
      return String(must(typeof value === 'boolean' ? value : undefined, path, value, 'a Boolean'))
    case 'number':
      return String(must(typeof value === 'number' ? value : undefined, path, value, 'a Number'))
    case 'timestamp':
      return must(value instanceof Date ? value : undefined, path, value, 'a Timestamp').toISOString()
    case 'blob':
      return Buffer.from(must(value instanceof Uint8Array ? value : undefined, path, value, 'a Blob')).toString(
        'base64',
      )
    default:
      return must(typeof value === 'string' ? value : undefined, path, value, 'a String')
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/**
 * Text that every parser gives back as it was. A carriage return is sent as a reference, because parsers turn a bare one
 * into a line feed; characters that XML 1.0 cannot have in any form, not even as a reference, become U+FFFD.
 */
function escapeXml(value: string): string {
  return value
    .toWellFormed()
    .replace(/[&<>"']/g, character => entities[character] as string)
    .replace(/\r/g, '&#xD;')
    .replace(unspeakable, '\ufffd')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
