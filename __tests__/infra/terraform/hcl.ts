import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { motoPython } from '../cli/install.ts'
import { infra } from '../resolved.ts'

/** The Terraform modules, read without Terraform by python-hcl2, which leaves expressions as text: `${var.service}`. */

export type Expression =
  | string
  | number
  | boolean
  | readonly Expression[]
  | { readonly [member: string]: Expression | undefined }

export type Body = Readonly<Record<string, Expression | undefined>>

export interface Module {
  readonly variables: Readonly<Record<string, Body>>
  /** By address, such as `aws_lb.this`. */
  readonly resources: Readonly<Record<string, Body>>
  readonly outputs: Readonly<Record<string, Body>>
  readonly locals: Body
}

type Labeled = Readonly<Record<string, Readonly<Record<string, unknown>>>>

interface File {
  readonly variable?: readonly Labeled[]
  readonly resource?: readonly Readonly<Record<string, Labeled>>[]
  readonly output?: readonly Labeled[]
  readonly locals?: readonly Readonly<Record<string, unknown>>[]
}

/** Reading takes seconds. */
const modules = new Map<string, Module>()

export function moduleOf(name: string): Module {
  const module = modules.get(name) ?? readModule(name)
  modules.set(name, module)
  return module
}

function readModule(name: string): Module {
  const script = path.join(import.meta.dirname, 'read_hcl.py')
  const said = execFileSync(motoPython(), [script, infra(`terraform/${name}`)], { encoding: 'utf8', stdio: 'pipe' })
  const files = JSON.parse(said) as readonly File[]
  const resources = files.flatMap(({ resource = [] }) =>
    resource.flatMap(one =>
      Object.entries(one).flatMap(([type, labeled]) =>
        Object.entries(labeled).map(([label, body]) => [`${plain(type)}.${plain(label)}`, plain(body)] as const),
      ),
    ),
  )
  return {
    variables: blocks(files.flatMap(({ variable = [] }) => variable)),
    resources: Object.fromEntries(resources) as Module['resources'],
    outputs: blocks(files.flatMap(({ output = [] }) => output)),
    locals: Object.assign({}, ...files.flatMap(({ locals = [] }) => locals.map(plain))) as Body,
  }
}

function blocks(all: readonly Labeled[]): Readonly<Record<string, Body>> {
  const entries = all.flatMap(one => Object.entries(one).map(([label, body]) => [plain(label), plain(body)] as const))
  return Object.fromEntries(entries) as Readonly<Record<string, Body>>
}

/** Strings without their quotes, and blocks without the parser's notes. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'string') return /^"(?:[^"\\]|\\.)*"$/.test(value) ? JSON.parse(value) : value
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([name]) => !/^__\w+__$/.test(name))
  return Object.fromEntries(members.map(([name, member]) => [String(plain(name)), plain(member)]))
}

/** @returns the only block of this name */
export function block(body: Body | undefined, name: string): Body {
  const found = body?.[name]
  if (!Array.isArray(found) || found.length !== 1)
    throw new Error(`there is not one ${name} in ${JSON.stringify(body)}`)
  return found[0] as Body
}
