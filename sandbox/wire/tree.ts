import { NormalizedSchema } from '@smithy/core/schema'
import { elementOf, isRecord, kindOf, type Members, membersOf, ShapeMismatch } from './shape.ts'

/** How a protocol with typed values (JSON, CBOR) writes what has no type of its own there. */
export interface Leaves {
  readTimestamp(value: unknown): Date | undefined
  writeTimestamp(date: Date): unknown
  readBlob(value: unknown): Uint8Array | undefined
  writeBlob(bytes: Uint8Array): unknown
  /** NaN and the infinities, which JSON has no numbers for. */
  writeUnusual(value: number): unknown
  /** Members that this AWS knows and the SDK's model does not yet: any structure may have them, with any value. */
  readonly newer?: readonly string[]
}

/** The schema type of the Smithy model for values without a shape. */
const anything = NormalizedSchema.of(15)

function membersWith(schema: NormalizedSchema, { newer = [] }: Leaves): Members {
  const members = membersOf(schema)
  return newer.length === 0 ? members : [...members, ...newer.map(name => [name, anything] as const)]
}

/**
 * Reads a parsed body by its schema: members that the model does not know are dropped, as AWS does, and null is absent.
 * @throws ShapeMismatch
 */
export function readTree(schema: NormalizedSchema, value: unknown, leaves: Leaves, path = ''): unknown {
  if (value === null || value === undefined) return undefined
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  switch (kindOf(schema)) {
    case 'structure': {
      if (!isRecord(value)) throw new ShapeMismatch(path, value, 'a Structure')
      return record(membersWith(schema, leaves), (name, member) => readTree(member, own(value, name), leaves, at(name)))
    }
    case 'list': {
      if (!Array.isArray(value)) throw new ShapeMismatch(path, value, 'a List')
      const member = elementOf(schema)
      return value.map((each, index) => readTree(member, each, leaves, at(String(index + 1)))).filter(isPresent)
    }
    case 'map': {
      if (!isRecord(value)) throw new ShapeMismatch(path, value, 'a Map')
      const member = elementOf(schema)
      return record(
        Object.keys(value).map(key => [key, member]),
        (key, each) => readTree(each, value[key], leaves, at(key)),
      )
    }
    case 'timestamp':
      return must(leaves.readTimestamp(value), path, value, 'a Timestamp')
    case 'blob':
      return must(leaves.readBlob(value), path, value, 'a Blob')
    case 'boolean':
      return must(typeof value === 'boolean' ? value : undefined, path, value, 'a Boolean')
    case 'number':
      return must(readNumber(value), path, value, 'a Number')
    case 'string':
      return must(typeof value === 'string' ? value : undefined, path, value, 'a String')
    case 'document':
      return value
  }
}

/**
 * Writes the SDK's form of a value by its schema. Members that are undefined are left out; zero, false and the empty
 * string are values.
 * @throws ShapeMismatch when the value does not fit, also for a member that the schema does not have: the cloud has a defect
 */
export function writeTree(schema: NormalizedSchema, value: unknown, leaves: Leaves, path = ''): unknown {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  switch (kindOf(schema)) {
    case 'structure': {
      const members = membersWith(schema, leaves)
      const given = checkedMembers(members, value, path)
      return record(members, (name, member) =>
        given[name] === undefined ? undefined : writeTree(member, given[name], leaves, at(name)),
      )
    }
    case 'list': {
      if (!Array.isArray(value)) throw new ShapeMismatch(path, value, 'a List')
      const member = elementOf(schema)
      return value.map((each, index) => writeTree(member, each, leaves, at(String(index + 1))))
    }
    case 'map': {
      if (!isRecord(value)) throw new ShapeMismatch(path, value, 'a Map')
      const member = elementOf(schema)
      return record(
        Object.keys(value).map(key => [key, member]),
        (key, each) => (value[key] === undefined ? undefined : writeTree(each, value[key], leaves, at(key))),
      )
    }
    case 'timestamp':
      return leaves.writeTimestamp(must(value instanceof Date ? value : undefined, path, value, 'a Timestamp'))
    case 'blob':
      return leaves.writeBlob(must(value instanceof Uint8Array ? value : undefined, path, value, 'a Blob'))
    case 'boolean':
      return must(typeof value === 'boolean' ? value : undefined, path, value, 'a Boolean')
    case 'number': {
      const number = must(typeof value === 'number' ? value : undefined, path, value, 'a Number')
      return Number.isFinite(number) ? number : leaves.writeUnusual(number)
    }
    case 'string':
      return must(typeof value === 'string' ? value : undefined, path, value, 'a String')
    case 'document':
      return value
  }
}

/** @throws ShapeMismatch when `value` is no structure, or has a member that the schema does not know */
export function checkedMembers(members: Members, value: unknown, path: string): Record<string, unknown> {
  if (!isRecord(value)) throw new ShapeMismatch(path, value, 'a Structure')
  const names = namesOf(members)
  for (const [name, each] of Object.entries(value)) {
    if (each !== undefined && !names.has(name)) throw new ShapeMismatch(`${path}.${name}`, each, 'a known member')
  }
  return value
}

const knownNames = new WeakMap<Members, ReadonlySet<string>>()

function namesOf(members: Members): ReadonlySet<string> {
  const known = knownNames.get(members)
  if (known !== undefined) return known
  const names = new Set(members.map(([name]) => name))
  knownNames.set(members, names)
  return names
}

export function must<T>(value: T | undefined, path: string, found: unknown, wanted: string): T {
  if (value === undefined) throw new ShapeMismatch(path, found, wanted)
  return value
}

/** Doubles that JSON cannot say as numbers, in the words of the Smithy protocols. */
const unusualNumbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'string' && Object.hasOwn(unusualNumbers, value) ? unusualNumbers[value] : undefined
}

/** Own properties only: a body may say `constructor` or `__proto__`. */
function own(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}

/** An object of what `read` gives for each member; undefined is left out, and no name reaches a prototype. */
export function record(
  members: Members,
  read: (name: string, schema: NormalizedSchema) => unknown,
): Record<string, unknown> {
  const entries = members.map(([name, schema]): [string, unknown] => [name, read(name, schema)])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function isPresent(value: unknown): boolean {
  return value !== undefined
}
