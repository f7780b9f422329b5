import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { DefinitionFile } from '../model/task-definition.ts'
import { checkDefinition } from './definition-check.ts'
import { definitionPath } from './maps.ts'
import type { Parsed } from './values.ts'

/** ECS takes no definition above 64 KiB; more is some other file. */
const maxBytes = 256 * 1_024

/**
 * Reads the file of the input `task-definition`, before the first call to AWS.
 *
 * @param given text of the input; a problem of its own is not told here
 * @param workspace what a relative path starts from: GITHUB_WORKSPACE
 * @returns undefined when there is no file to read. A problem never repeats what the file says: it may hold secrets
 */
export async function readDefinitionFile(
  given: string,
  workspace: string,
): Promise<Parsed<DefinitionFile> | undefined> {
  if (given === '' || definitionPath(given).kind === 'problem') return undefined
  let text: string
  try {
    text = await readFile(path.resolve(workspace, given), 'utf8')
  } catch (error) {
    return { kind: 'problem', problem: `'${given}' ${whyUnreadable(error, workspace)}` }
  }
  if (text.length > maxBytes) return { kind: 'problem', problem: `'${given}' is larger than a task definition can be.` }
  const read = await readTree(text.replace(/^\uFEFF/, ''))
  if (read.kind === 'problem') return { kind: 'problem', problem: `'${given}' ${read.problem}` }
  return checkDefinition(given, read.value)
}

function whyUnreadable(error: unknown, workspace: string): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
  if (code === 'ENOENT')
    return `does not exist in ${workspace}. Run actions/checkout, or the step that writes it, before this one.`
  if (code === 'EISDIR') return 'is a folder. Write the path of the file in it.'
  return `cannot be read: ${code}.`
}

/** JSON at once; YAML by a library that is only loaded when there is a file that needs it. The comment keeps it in the one bundle. */
async function readTree(text: string): Promise<Parsed<unknown>> {
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch {
    // Not JSON: the message of this error would repeat a piece of the file. YAML tells the line, for broken JSON too.
  }
  const { parseDocument } = await import(/* webpackIgnore: true */ '#yaml')
  const document = parseDocument(text, { prettyErrors: true })
  // A warning is a tag that nobody resolves, such as CloudFormation's !Ref: a piece of the definition would be missing.
  const [first] = [...document.errors, ...document.warnings]
  if (first === undefined) {
    try {
      return { kind: 'value', value: document.toJS() }
    } catch {
      return { kind: 'problem', problem: 'has YAML aliases that cannot be followed.' }
    }
  }
  const [at] = first.linePos ?? []
  const where = at === undefined ? '' : ` at line ${at.line}, column ${at.col}`
  return { kind: 'problem', problem: `is neither JSON nor YAML that can be read${where} (${first.code}).` }
}
