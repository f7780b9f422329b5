/** `::name key=value,…::data`, or in the old form `##[name key=value;…]data`; escapes are undone. */
export interface WorkflowCommand {
  /** Lower case: commands are recognized in any case. */
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

// In the order in which the runner undoes them: '%' last, or '%250A' would become a line feed.
const dataEscapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
] as const
const propertyEscapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
] as const
const oldEscapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
] as const

/** What the runner takes for a blank, as .NET does: U+0085 is one, U+FEFF is none, unlike in JavaScript. */
const leadingBlanks = /^(?:(?!\ufeff)[\s\u0085])+/

type Escapes = readonly (readonly [string, string])[]

/**
 * Reads one line of an action's output. A line in the new form begins with `::`, after blanks; the old form may stand
 * anywhere in it.
 * @param isKnown whether a name, in lower case, is a command: everything else is text
 */
export function parseWorkflowCommand(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  return parseNewForm(line.replace(leadingBlanks, ''), isKnown) ?? parseOldForm(line, isKnown)
}

function parseNewForm(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  if (!line.startsWith('::')) return undefined
  const end = line.indexOf('::', 2)
  if (end < 0) return undefined
  const { name, rest } = splitHead(line.slice(2, end))
  if (!isKnown(name)) return undefined
  const properties = readProperties(rest.trim(), ',', propertyEscapes)
  return { name, properties, data: undoEscapes(line.slice(end + 2), dataEscapes) }
}

function parseOldForm(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  if (end < 0) return undefined
  const { name, rest } = splitHead(line.slice(start + 3, end))
  if (!isKnown(name)) return undefined
  return { name, properties: readProperties(rest, ';', oldEscapes), data: undoEscapes(line.slice(end + 1), oldEscapes) }
}

function splitHead(head: string): { name: string; rest: string } {
  const space = head.indexOf(' ')
  if (space < 0) return { name: head.toLowerCase(), rest: '' }
  return { name: head.slice(0, space).toLowerCase(), rest: head.slice(space + 1) }
}

function readProperties(text: string, separator: string, escapes: Escapes): Record<string, string> {
  const properties: Record<string, string> = {}
  for (const part of text.split(separator)) {
    const equals = part.indexOf('=')
    // A property without a value is no property.
    if (equals <= 0 || equals === part.length - 1) continue
    properties[part.slice(0, equals)] = undoEscapes(part.slice(equals + 1), escapes)
  }
  return properties
}

function undoEscapes(text: string, escapes: Escapes): string {
  return escapes.reduce((result, [escaped, plain]) => result.replaceAll(escaped, plain), text)
}
