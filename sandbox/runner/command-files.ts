import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files by which one step tells the runner something. */
export interface CommandFiles {
  readonly env: string
  readonly output: string
  readonly path: string
  readonly state: string
  readonly step_summary: string
}

const prefixes = {
  env: 'set_env_',
  output: 'set_output_',
  path: 'add_path_',
  state: 'save_state_',
  step_summary: 'step_summary_',
} as const satisfies Record<keyof CommandFiles, string>

/** Bytes that a step's summary may have. Source: GitHub's "workflow commands", limits of job summaries. */
export const summaryLimit = 1024 * 1024

/** Makes the five empty files in a folder of `temp`. */
export function createCommandFiles(temp: string): CommandFiles {
  const directory = join(temp, '_runner_file_commands')
  mkdirSync(directory, { recursive: true })
  const suffix = randomUUID()
  const create = (kind: keyof CommandFiles) => {
    const path = join(directory, prefixes[kind] + suffix)
    writeFileSync(path, '')
    return path
  }
  return {
    env: create('env'),
    output: create('output'),
    path: create('path'),
    state: create('state'),
    step_summary: create('step_summary'),
  }
}

/** `GITHUB_OUTPUT` and its like, for the environment of the step. */
export function commandFileVariables(files: CommandFiles): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([kind, path]) => [`GITHUB_${kind.toUpperCase()}`, path]))
}

/** Text of a command file; empty when the action removed it. */
export function readCommandFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/**
 * Yields the pairs of `name=value` and `name<<DELIMITER` entries. Pairs before a malformed entry count, so they are
 * yielded before the error.
 * @throws Error with the runner's own words
 */
export function* readPairs(text: string): Generator<readonly [name: string, value: string]> {
  const lines = lineReader(text)
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (line.text === '') continue
    const equals = line.text.indexOf('=')
    const heredoc = line.text.indexOf('<<')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) throw new Error(`Invalid format '${line.text}'. Name must not be empty`)
      yield [line.text.slice(0, equals), line.text.slice(equals + 1)]
    } else if (heredoc >= 0) {
      yield readHeredoc(line.text, heredoc, lines)
    } else throw new Error(`Invalid format '${line.text}'`)
  }
}

function readHeredoc(line: string, heredoc: number, lines: LineReader): readonly [string, string] {
  const name = line.slice(0, heredoc)
  const delimiter = line.slice(heredoc + 2)
  if (name === '' || delimiter === '') {
    throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`)
  }
  const value: string[] = []
  for (;;) {
    const next = lines.next()
    if (next === undefined) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`)
    if (next.text === delimiter) return [name, value.join('\n')]
    if (!next.hasEnd) throw new Error('Invalid value. EOF marker missing new line.')
    value.push(next.text)
  }
}

interface LineReader {
  /** `hasEnd` is false for a last line without a line feed. A carriage return is part of the text, except on Windows. */
  next(): { readonly text: string; readonly hasEnd: boolean } | undefined
}

function lineReader(text: string): LineReader {
  let at = 0
  return {
    next() {
      if (at >= text.length) return undefined
      const start = at
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end + 1
      return { text: text.slice(start, end < 0 ? undefined : end), hasEnd: end >= 0 }
    },
  }
}

/** Directories for the front of `PATH`, in the order in which they were written. */
export function readPaths(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).filter(line => line !== '')
}

export type SummaryFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly error: string }

/** What GitHub would show of a step's summary: all of it or, above the limit, nothing but an error. */
export function readSummary(path: string): SummaryFile {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= summaryLimit) return { kind: 'text', text: size === 0 ? '' : readFileSync(path, 'utf8') }
  const kilobytes = (bytes: number) => `${Math.floor(bytes / 1024)}k`
  const error =
    `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${kilobytes(summaryLimit)}, got ` +
    `${kilobytes(size)}. For more information see: https://docs.github.com/actions/using-workflows/` +
    'workflow-commands-for-github-actions#adding-a-markdown-summary'
  return { kind: 'refused', error }
}
