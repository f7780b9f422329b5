import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export interface DeclaredInput {
  readonly name: string
  /** As written: it may hold an expression such as `${{ github.token }}`. Undefined when there is none. */
  readonly default: string | undefined
  readonly deprecationMessage: string | undefined
}

/** The part of `action.yml` that decides how the action runs. */
export interface Manifest {
  readonly name: string
  readonly inputs: readonly DeclaredInput[]
  /** Script paths, relative to the action's directory. */
  readonly main: string
  readonly pre: string | undefined
  readonly post: string | undefined
  readonly postIf: string
}

/**
 * @param actionDirectory holds `action.yml` or `action.yaml`
 * @throws Error when there is no such file, or it is not a `node24` JavaScript action
 */
export function readManifest(actionDirectory: string): Manifest {
  const path = ['action.yml', 'action.yaml'].map(name => join(actionDirectory, name)).find(existsSync)
  if (path === undefined) {
    throw new Error(`Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${actionDirectory}'.`)
  }
  const document = mapping(parse(readFileSync(path, 'utf8')))
  const runs = mapping(document.runs)
  const using = text(runs.using)
  if (using?.toLowerCase() !== 'node24') {
    throw new Error(`${path} says 'using: ${using ?? ''}'. This runner runs 'node24' actions and no others.`)
  }
  const main = text(runs.main)
  if (!main) throw new Error(`${path} has no 'runs.main'.`)
  return {
    name: text(document.name) ?? '',
    inputs: Object.entries(mapping(document.inputs)).map(([name, value]) => declaredInput(name, mapping(value))),
    main,
    pre: text(runs.pre),
    post: text(runs.post),
    postIf: text(runs['post-if']) ?? 'always()',
  }
}

function declaredInput(name: string, fields: Readonly<Record<string, unknown>>): DeclaredInput {
  return { name, default: text(fields.default), deprecationMessage: text(fields.deprecationMessage) }
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** YAML's `true` and `1` reach an action as text, like everything else. */
function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}
