/**
 * Text from outside (image names, AWS messages, tags) inside GitHub's Markdown. Nothing in it may become markup, a link, a
 * heading, a new line or a table cell. Only what could is replaced by entities, so that the raw file stays readable.
 */
export function text(hostile: string, maxLength = 300): string {
  const escaped = plain(hostile, maxLength)
    .replace(/[&<>"'`*_[\]|~$@\\#{}]/g, entity)
    .replace(/:(?=\/\/)/g, entity)
    .replace(/(?<=\b(?:www|WWW))\./g, entity)
    .replace(/^(?:[-+]|\d+[.)]|=+$)(?=\s|$)/, marker => [...marker].map(entity).join(''))
  return clipEscaped(escaped, maxLength * bytesOfCharacter)
}

/** UTF-8 needs no more; text of nothing but entities, which do, is cut off earlier. */
const bytesOfCharacter = 4

/** Cut off after so many bytes, but never within an entity or a character. */
function clipEscaped(escaped: string, most: number): string {
  if (Buffer.byteLength(escaped) <= most) return escaped
  let bytes = 0
  let end = 0
  for (const [one] of escaped.matchAll(/&#\d+;|./gsu)) {
    bytes += Buffer.byteLength(one)
    if (bytes > most) break
    end += one.length
  }
  return `${escaped.slice(0, end)}…`
}

/** On one line that reads from left to right and hides nothing, cut off; not escaped for anything. */
export function plain(hostile: string, maxLength: number): string {
  // A line of a megabyte is not read to its end for the sake of its beginning.
  const beginning = hostile.slice(0, maxLength * 10)
  const line = clip(oneLine(beginning), maxLength)
  return beginning.length < hostile.length && !line.endsWith('…') ? `${line}…` : line
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`
}

/**
 * Hostile text as code. `<code>` with entities instead of backticks: a backtick inside cannot close it, and neither can a
 * table's `|`. The entities keep GitHub from linking names and mentions.
 */
export function code(hostile: string, maxLength = 300): string {
  return `<code>${text(hostile, maxLength)}</code>`
}

const longestUrl = 2_000

/** One of our own URLs, made of checked parts; what could still end the link is encoded. A longer one is none of ours, nor is one of another scheme. */
export function link(label: string, url: string): string {
  const inert = url.length > longestUrl ? url : url.toWellFormed().replace(/[^\w:/.?=&#%~-]/gu, percent)
  return inert.length > longestUrl || !/^https?:\/\//.test(inert) ? text(label) : `[${text(label)}](${inert})`
}

/** `encodeURIComponent` leaves brackets as they are. */
function percent(character: string): string {
  return [...new TextEncoder().encode(character)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Under a list or table that was cut. */
export function andMore(all: number, shown: number): string {
  return all > shown ? `\n\nand ${all - shown} more` : ''
}

/** Bytes of a block: those of AWS's longest policy several times. */
const longestBlock = 60_000

/** Lines of hostile text as they are, indentation included, in a block that nothing in them can end; at most so many bytes. */
export function block(hostile: string, most = longestBlock): string {
  const lines = hostile
    .slice(0, most)
    .split(/\r\n|\r|\n/)
    .map(line =>
      line
        .replace(/\t/g, '  ')
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
        .replace(/[&<>]/g, entity),
    )
  return `<pre>\n${clipEscaped(lines.join('\n'), most)}\n</pre>`
}

/** Bytes of a policy statement: those of AWS's longest ARN several times. */
const longestStatement = 10_000

/** Bytes of a list; its first line is there whatever it takes. */
const longestList = 200_000

/**
 * A list of hostile lines. JSON of several lines, such as a policy statement, keeps them, and stands between two lists.
 *
 * @param most lines
 */
export function list(lines: readonly string[], most = lines.length): string {
  const isJson = (line: string | undefined) => line?.startsWith('{\n') ?? false
  const shown: string[] = []
  let bytes = 0
  for (const [index, line] of lines.slice(0, most).entries()) {
    const one = isJson(line) ? block(line, longestStatement) : `- ${text(line, 1_000)}`
    bytes += Buffer.byteLength(one) + 2
    if (index > 0 && bytes > longestList) break
    const apart = index > 0 && (isJson(line) || isJson(lines[index - 1]))
    shown.push(`${index === 0 ? '' : apart ? '\n\n' : '\n'}${one}`)
  }
  const { length } = shown
  return `${shown.join('')}${length < lines.length ? `\n${isJson(lines[length - 1]) ? '\n' : ''}- and ${lines.length - length} more` : ''}`
}

/** Sentences, each on a line, and JSON after them. */
export function note(hostile: string): string {
  const at = hostile.search(/\n\{\n/)
  const [sentences, json] = at < 0 ? [hostile, ''] : [hostile.slice(0, at), hostile.slice(at + 1)]
  return [text(sentences, 1_000), json === '' ? '' : block(json, longestStatement)]
    .filter(part => part !== '')
    .join('\n\n')
}

/** Folded details, or ones that are there to be folded. */
export function details(title: string, body: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${text(title)}</summary>\n\n${body}\n\n</details>`
}

function oneLine(hostile: string): string {
  // Control characters, line separators, the marks that turn the reading direction or hide text, and halves of characters.
  return hostile.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim()
}

function clip(line: string, maxLength: number): string {
  const characters = [...line]
  return characters.length > maxLength ? `${characters.slice(0, maxLength).join('')}…` : line
}

/** `42s`, `3m 05s`, `850ms`. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)}s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`
}
