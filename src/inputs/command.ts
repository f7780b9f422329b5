import type { StatusRange } from '../model/idle-tests.ts'
import { type Parser, problem, value } from './values.ts'

/** What only means something to a shell, as a word or at its beginning. */
const shellSyntax = /^(?:&&?|\|\|?|;|[0-9]?>>?&?|<)/

/** Words of a command that no shell runs: `bin/migrate --all`, `sh -c 'a && b'`, or a JSON array of strings. */
export const commandWords: Parser<readonly string[]> = text => {
  if (text.length > longestCommand) return problem(text, `is longer than ${longestCommand} characters.`)
  if (text.startsWith('[')) return jsonWords(text)
  const words: string[] = []
  const pattern = /\s*((?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+)/y
  let end = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const word = match[1] ?? ''
    if (shellSyntax.test(word)) {
      return problem(
        text,
        `has ${word.slice(0, 20)} in it, but no shell runs it. Put the command into one: sh -c '…', or write a JSON array.`,
      )
    }
    words.push(unquoted(word))
    end = pattern.lastIndex
  }
  return text.slice(end).trim() === '' ? value(words) : problem(text, 'has a quote that is not closed.')
}

/** ECS takes 8192 characters for all overrides of a task together; source: the model of RunTask, TaskOverride. */
const longestCommand = 8_000

function unquoted(word: string): string {
  return word.replace(
    /"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? escaped ?? '',
  )
}

function jsonWords(text: string): ReturnType<typeof commandWords> {
  const example = `Write one such as ["sh", "-c", "bin/migrate"].`
  try {
    const words: unknown = JSON.parse(text)
    if (Array.isArray(words) && words.length > 0 && words.every(word => typeof word === 'string')) return value(words)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return problem(text, `is not a JSON array of strings. ${example}`)
}

/** `200`, `200-299`, `200,302`: as the matcher of a target group. */
export const statusRanges: Parser<readonly StatusRange[]> = text => {
  const ranges: StatusRange[] = []
  for (const part of text.split(',')) {
    const match = /^\s*(\d{3})(?:\s*-\s*(\d{3}))?\s*$/.exec(part)
    if (match?.[1] === undefined) return problem(text, 'is not a status. Write 200, 200-299 or 200,302.')
    const from = Number(match[1])
    const to = match[2] === undefined ? from : Number(match[2])
    if (from < 100 || to > 599 || to < from) {
      return problem(text, 'is out of range. Write statuses from 100 to 599, the lower one first.')
    }
    ranges.push({ from, to })
  }
  return value(ranges)
}

/** Any text, as it is. */
export function freeText(maxLength: number): Parser<string> {
  return text => (text.length > maxLength ? problem(text, `is longer than ${maxLength} characters.`) : value(text))
}
