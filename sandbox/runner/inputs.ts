import type { Manifest } from './manifest.ts'

export interface ResolvedInputs {
  /** Value by name: what the workflow gives, and the defaults of everything else that is declared. */
  readonly values: ReadonlyMap<string, string>
  readonly warnings: readonly string[]
}

/**
 * What an action gets for its `with:`. Names match in any case; unknown ones are passed on with a warning, and
 * `required: true` is not enforced, as on GitHub.
 * @param lookUp value of a context member such as `github.token`; undefined when it is unknown
 * @throws Error when a default holds an expression other than one context member
 */
export function resolveInputs(
  manifest: Manifest,
  given: Readonly<Record<string, string>>,
  lookUp: (member: string) => string | undefined,
): ResolvedInputs {
  const values = new Map(Object.entries(given))
  const givenNames = new Map(Object.keys(given).map(name => [name.toLowerCase(), name]))
  const warnings: string[] = []
  for (const input of manifest.inputs) {
    const givenName = givenNames.get(input.name.toLowerCase())
    if (givenName === undefined) values.set(input.name, expand(input.default ?? '', lookUp))
    else if (input.deprecationMessage !== undefined) {
      warnings.push(`Input '${givenName}' has been deprecated with message: ${input.deprecationMessage}`)
    }
  }
  const valid = new Set(manifest.inputs.map(input => input.name.toLowerCase()))
  const unexpected = Object.keys(given).filter(name => !valid.has(name.toLowerCase()))
  if (unexpected.length > 0) {
    const names = manifest.inputs.map(input => input.name)
    warnings.push(`Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${names.join("', '")}']`)
  }
  return { values, warnings }
}

/** `INPUT_*` as the action sees them: upper case, spaces to `_`, hyphens kept. */
export function inputVariables(values: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...values].map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}

function expand(text: string, lookUp: (member: string) => string | undefined): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (expression, inner: string) => {
    const value = /^[a-z]+\.[a-z_]+$/.test(inner.trim()) ? lookUp(inner.trim()) : undefined
    if (value === undefined) throw new Error(`The default '${expression}' is more than this runner can evaluate.`)
    return value
  })
}
