import { readFileSync } from 'node:fs'
import { isMap, isScalar, isSeq, parseDocument } from 'yaml'

/** Any value of a template, with its functions in their long form: `!Ref x` is `{ Ref: 'x' }`, `!Sub x` is `{ 'Fn::Sub': 'x' }`. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [member: string]: Value }

export type Members = Readonly<Record<string, Value>>

export interface Template {
  readonly parameters: Readonly<Record<string, Parameter>>
  readonly rules: Readonly<Record<string, Rule>>
  readonly conditions: Members
  readonly resources: Readonly<Record<string, Resource>>
  readonly outputs: Readonly<Record<string, Output>>
}

export interface Parameter {
  readonly Type: string
  readonly Description: string
  readonly Default?: string | number
  readonly AllowedValues?: readonly (string | number)[]
  readonly AllowedPattern?: string
  readonly ConstraintDescription?: string
  readonly MinValue?: number
  readonly MaxValue?: number
  readonly MinLength?: number
  readonly MaxLength?: number
}

/** What must hold of the parameters together. */
export interface Rule {
  readonly RuleCondition?: Value
  readonly Assertions: readonly { readonly Assert: Value; readonly AssertDescription: string }[]
}

export interface Resource {
  readonly Type: string
  readonly Condition?: string
  readonly DependsOn?: string | readonly string[]
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly Properties: Members
}

export interface Output {
  readonly Condition?: string
  readonly Value: Value
}

/** @throws Error when it is no YAML, or none that CloudFormation takes */
export function readTemplate(file: string): Template {
  const document = parseDocument(readFileSync(file, 'utf8'), { logLevel: 'error' })
  const [error] = document.errors
  if (error !== undefined) throw new Error(`${file}: ${error.message}`)
  const whole = plain(document.contents) as { readonly [section: string]: unknown }
  const section = (name: string) => whole[name] ?? {}
  return {
    parameters: section('Parameters'),
    rules: section('Rules'),
    conditions: section('Conditions'),
    resources: section('Resources'),
    outputs: section('Outputs'),
  } as Template
}

function plain(node: unknown): Value {
  if (isMap(node)) {
    const members = node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), plain(value)] as const)
    return called(node.tag, Object.fromEntries(members))
  }
  if (isSeq(node)) return called(node.tag, node.items.map(plain))
  if (isScalar(node)) return called(node.tag, node.value as Value)
  if (node === null) return null
  // CloudFormation knows no aliases.
  throw new Error(`the template has a node that CloudFormation does not take: ${String(node)}`)
}

/** A function in its short form is a tag; YAML's own begin with `tag:`. */
function called(tag: string | undefined, value: Value): Value {
  if (tag === undefined || !tag.startsWith('!')) return value
  const name = tag.slice(1)
  if (name === 'Ref' || name === 'Condition') return { [name]: value }
  if (name === 'GetAtt' && typeof value === 'string') {
    const [id = '', ...attribute] = value.split('.')
    return { 'Fn::GetAtt': [id, attribute.join('.')] }
  }
  return { [`Fn::${name}`]: value }
}
