import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Exchange } from '../../sandbox/runner/github/server.ts'

/**
 * Holds messages to GitHub's own OpenAPI description. It and the checker are not among the project's dependencies, because they are
 * large: this folder has a lock file of its own (`npm run test:github`).
 */

/** As far as it is used here. */
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}
type Content = { readonly 'application/json'?: { readonly schema: Schema } }
type Schema = Readonly<Record<string, unknown>>

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Checker {
  compile(schema: Schema): ((value: unknown) => boolean) & { readonly errors?: readonly object[] | null }
  addFormat(name: string, isFormat: (text: string) => boolean): void
  errorsText(errors: unknown, options: { readonly dataVar: string }): string
}

const require = createRequire(import.meta.url)
const { paths } = JSON.parse(
  readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.deref.json'), 'utf8'),
) as Description
const { Ajv } = require('ajv') as { readonly Ajv: new (options: object) => Checker }
const { default: addFormats } = require('ajv-formats') as { readonly default: (checker: Checker) => void }

// OpenAPI has words that JSON Schema does not know, such as `example`.
const checker = new Ajv({ strict: false, allErrors: true })
addFormats(checker)
// The description gives the URLs of a status the format `uri` and the default "", which GitHub answers with, too.
checker.addFormat('uri', text => text === '' || URL.canParse(text))
const compiled = new Map<Schema, ReturnType<Checker['compile']>>()

/** Of an error that any operation may give: those are in few lists of responses. */
const basicError = paths['/repos/{owner}/{repo}/deployments/{deployment_id}']?.get?.responses['404']?.content

/** @returns what GitHub's description has against a request or its answer */
export function checkExchange({ template, request, answer }: Exchange): readonly string[] {
  const name = `${request.method} ${template}`
  const operation = paths[template]?.[request.method.toLowerCase()]
  if (operation === undefined) return [`${name} is no operation of GitHub`]
  // What GitHub has refused may be wrong as a request; how it refuses is described too.
  const refused = answer.status >= 400
  const problems = refused ? [] : [...queryProblems(operation, request.query), ...bodyProblems(operation, request.body)]
  return [...problems, ...answerProblems(operation, answer.status, answer.body)].map(problem => `${name}: ${problem}`)
}

function queryProblems({ parameters = [] }: Operation, query: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(query).flatMap(([name, text]) => {
    const parameter = parameters.find(one => one.in === 'query' && one.name === name)
    if (parameter === undefined) return [`it has no parameter ${name}`]
    const value = parameter.schema.type === 'integer' && /^\d+$/.test(text) ? Number(text) : text
    return validate(parameter.schema, value, `parameter ${name}`)
  })
}

function bodyProblems({ requestBody }: Operation, body: unknown): readonly string[] {
  const schema = requestBody?.content['application/json']?.schema
  if (schema === undefined) return body === undefined ? [] : ['it takes no body']
  // GitHub ignores members that it does not know: what they were meant to do would silently not happen.
  const known = Object.keys((schema.properties ?? {}) as object)
  const unknown = Object.keys((body ?? {}) as object).filter(name => !known.includes(name))
  return [...validate(schema, body, 'body'), ...unknown.map(name => `its body has no member ${name}`)]
}

function answerProblems({ responses }: Operation, status: number, body: unknown): readonly string[] {
  const response = responses[String(status)]
  if (response === undefined && status < 400) return [`it never answers ${status}`]
  const schema = (response?.content ?? basicError)?.['application/json']?.schema
  return schema === undefined ? ['nothing says how it answers'] : validate(schema, body, `answer ${status}`)
}

function validate(schema: Schema, value: unknown, dataVar: string): readonly string[] {
  let check = compiled.get(schema)
  if (check === undefined) {
    check = checker.compile(schema)
    compiled.set(schema, check)
  }
  return check(value) ? [] : [checker.errorsText(check.errors, { dataVar })]
}
