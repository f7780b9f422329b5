import type { NormalizedSchema } from '@smithy/core/schema'
import { requiredMembers } from './catalog.ts'

/** What a schema describes; lists, maps and structures hold further schemas. */
export type Kind =
  | 'structure'
  | 'list'
  | 'map'
  | 'timestamp'
  | 'blob'
  | 'boolean'
  | 'number'
  | 'string'
  /** Any JSON value, taken as it is. */
  | 'document'

export type Members = readonly (readonly [name: string, schema: NormalizedSchema])[]

/** What follows from a schema alone, asked for at every value of every call. */
function remembered<T>(find: (schema: NormalizedSchema) => T): (schema: NormalizedSchema) => T {
  const known = new WeakMap<NormalizedSchema, T>()
  return schema => {
    const before = known.get(schema)
    if (before !== undefined) return before
    const found = find(schema)
    known.set(schema, found)
    return found
  }
}

export const kindOf = remembered<Kind>(schema => {
  if (schema.isListSchema()) return 'list'
  if (schema.isMapSchema()) return 'map'
  // An operation without output has the unit schema: a structure without members.
  if (schema.isStructSchema() || schema.isUnitSchema()) return 'structure'
  if (schema.isTimestampSchema()) return 'timestamp'
  if (schema.isBlobSchema()) return 'blob'
  if (schema.isBooleanSchema()) return 'boolean'
  if (schema.isNumericSchema() || schema.isBigIntegerSchema() || schema.isBigDecimalSchema()) return 'number'
  return schema.isDocumentSchema() ? 'document' : 'string'
})

/** Of the elements of a list, or of the values of a map. */
export const elementOf = remembered<NormalizedSchema>(schema => schema.getValueSchema())

/** A value that does not have the form its schema asks for. Becomes a client's error on the way in, a defect on the way out. */
export class ShapeMismatch extends Error {
  constructor(path: string, found: unknown, wanted: string) {
    super(`${describe(found)} can not be converted to ${wanted} at '${path}'`)
    this.name = 'ShapeMismatch'
  }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'LIST_VALUE'
  return value === null ? 'NULL_VALUE' : `${(typeof value).toUpperCase()}_VALUE`
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** Members of a structure, by name. */
export const membersOf = remembered<Members>(schema =>
  // A structure without members has no iterator.
  schema.isUnitSchema() ? [] : [...schema.structIterator()],
)

/**
 * Paths of required members that are not there, also inside of lists and maps, as AWS writes them: lower camel case,
 * elements counted from 1, such as `actions.1.member.type`.
 */
export function missingPaths(schema: NormalizedSchema, value: unknown, path = ''): readonly string[] {
  switch (kindOf(schema)) {
    case 'structure': {
      if (!isRecord(value)) return []
      const at = (name: string) => (path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`)
      const missing = requiredMembers(schema).filter(name => value[name] === undefined)
      const deeper = membersOf(schema).flatMap(([name, member]) =>
        value[name] === undefined ? [] : missingPaths(member, value[name], at(name)),
      )
      return [...missing.map(at), ...deeper]
    }
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((each, index) => missingPaths(elementOf(schema), each, `${path}.${index + 1}.member`))
        : []
    case 'map':
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, each]) => missingPaths(elementOf(schema), each, `${path}.${key}`))
        : []
    default:
      return []
  }
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
