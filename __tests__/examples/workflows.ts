import { globSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { action } from '../../sandbox/workflows/rehearsed.ts'

/** Workflows as GitHub reads them. */

export interface Step {
  readonly id?: string
  readonly if?: string
  readonly 'continue-on-error'?: boolean
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

export interface Job {
  readonly uses?: string
  readonly if?: string
  readonly needs?: string | readonly string[]
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': unknown }
  readonly environment?: unknown
  readonly outputs?: Readonly<Record<string, string>>
  readonly steps?: readonly Step[]
}

export interface Workflow {
  readonly on: object
  readonly permissions: unknown
  readonly concurrency?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

export const read = (file: string) => ({
  file,
  text: readFileSync(file, 'utf8'),
  workflow: parse(readFileSync(file, 'utf8')) as Workflow,
})
export const examples = globSync('examples/*.yml').sort().map(read)

/** Steps of this action. */
export const ownSteps = ({ workflow }: { readonly workflow: Workflow }) =>
  Object.values(workflow.jobs).flatMap(job => (job.steps ?? []).filter(step => step.uses === action))

/**
 * A text with its expressions filled in, as GitHub does it with those that the inputs of the examples have: names, texts, `==`, `&&` and
 * `||`. What has no value is empty.
 */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => either(expression, values))
}

function either(expression: string, values: Readonly<Record<string, string>>): string {
  const all = expression.split(' || ').map(part => both(part, values))
  return all.find(value => value !== '') ?? ''
}

function both(expression: string, values: Readonly<Record<string, string>>): string {
  const all = expression.split(' && ').map(part => {
    const [left = '', right] = part
      .split(' == ')
      .map(one => (/^'.*'$/.test(one) ? one.slice(1, -1) : (values[one] ?? '')))
    if (right === undefined) return left
    return left === right ? 'true' : ''
  })
  return all.includes('') ? '' : (all.at(-1) ?? '')
}
