import type { NormalizedSchema } from '@smithy/core/schema'
import { elementOf, kindOf, membersOf, ShapeMismatch } from './shape.ts'
import { must, record } from './tree.ts'

/** Parameters of a query request as a tree: `A.member.1.B=x` is found under A, member, 1, B. */
interface Node {
  /** The value of exactly this name. */
  text: string | undefined
  readonly children: Map<string, Node>
}

/**
 * Reads the parameters of an awsQuery request by the operation's schema. Unknown ones are dropped; `List=` without a
 * value is the empty list.
 * @throws ShapeMismatch
 */
export function readQuery(schema: NormalizedSchema, parameters: URLSearchParams): Record<string, unknown> {
  const root: Node = { text: undefined, children: new Map() }
  for (const [name, value] of parameters) {
    let node = root
    for (const part of name.split('.')) {
      let child = node.children.get(part)
      if (child === undefined) {
        child = { text: undefined, children: new Map() }
        node.children.set(part, child)
      }
      node = child
    }
    node.text = value
  }
  return readStructure(schema, root, '')
}

function readStructure(schema: NormalizedSchema, node: Node, path: string): Record<string, unknown> {
  return record(membersOf(schema), (name, member) => {
    const child = node.children.get(nameOnWire(member, name))
    return child === undefined ? undefined : readNode(member, child, path === '' ? name : `${path}.${name}`)
  })
}

function nameOnWire(member: NormalizedSchema, name: string): string {
  const { xmlName } = member.getMergedTraits()
  return typeof xmlName === 'string' ? xmlName : name
}

function readNode(schema: NormalizedSchema, node: Node, path: string): unknown {
  switch (kindOf(schema)) {
    case 'structure':
      return readStructure(schema, node, path)
    case 'list': {
      const member = elementOf(schema)
      return numbered(schema, node, nameOnWire(member, 'member')).map((each, index) =>
        readNode(member, each, `${path}.${index + 1}`),
      )
    }
    case 'map': {
      const member = elementOf(schema)
      const entries = numbered(schema, node, 'entry').map((each): [string, unknown] => {
        const value = each.children.get(nameOnWire(member, 'value'))
        const key = must(each.children.get('key')?.text, path, undefined, 'a key')
        return [key, value === undefined ? undefined : readNode(member, value, `${path}.${key}`)]
      })
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
    }
    default:
      return node.text === undefined ? undefined : readText(schema, node.text, path)
  }
}

/** Elements of a list in the order of their numbers, whatever order they were sent in. */
function numbered(schema: NormalizedSchema, node: Node, element: string): readonly Node[] {
  const parent = schema.getMergedTraits().xmlFlattened ? node : node.children.get(element)
  return [...(parent?.children ?? [])]
    .filter(([number]) => /^[0-9]+$/.test(number))
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, child]) => child)
}

function readText(schema: NormalizedSchema, text: string, path: string): unknown {
  switch (kindOf(schema)) {
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true'
      throw new ShapeMismatch(path, text, 'a Boolean')
    case 'number': {
      const number = text.trim() === '' ? Number.NaN : Number(text)
      if (Number.isNaN(number) && text !== 'NaN') throw new ShapeMismatch(path, text, 'a Number')
      return number
    }
    case 'timestamp': {
      const date = new Date(text)
      if (Number.isNaN(date.getTime())) throw new ShapeMismatch(path, text, 'a Timestamp')
      return date
    }
    case 'blob':
      return Uint8Array.from(Buffer.from(text, 'base64'))
    default:
      return text
  }
}
