import { containerName, image, type Parsed, type Parser, problem, value } from './values.ts'

/** Images by container, `container=uri`, separated by commas or new lines. */
export const images: Parser<Readonly<Record<string, string>>> = text => {
  const found = new Map<string, string>()
  for (const part of text.split(/[,\n]/)) {
    const entry = part.trim()
    if (entry === '') continue
    const equals = entry.indexOf('=')
    if (equals < 0) return problem(entry, 'has no container. Write container=image, one on each line.')
    const container = containerName(entry.slice(0, equals).trim())
    if (container.kind === 'problem') return { kind: 'problem', problem: `container ${container.problem}` }
    const uri = image(entry.slice(equals + 1).trim())
    if (uri.kind === 'problem') return uri
    if (found.has(container.value)) return problem(container.value, 'is listed twice.')
    found.set(container.value, uri.value)
  }
  return value(Object.fromEntries(found))
}

/** Applications use dots, hyphens and colons too: `spring.profiles.active`, `Logging:Level`. */
const variableName = /^[A-Za-z0-9_.:-]{1,255}$/

/**
 * `NAME=value`, one on each line; the value may hold anything else. No problem ever repeats a line: what does not look like a
 * name and a value may be a piece of a secret that has several lines.
 */
export const variables: Parser<Readonly<Record<string, string>>> = text => {
  const found = new Map<string, string>()
  for (const [index, line] of text.split('\n').entries()) {
    const entry = line.trim()
    if (entry === '') continue
    const at = `line ${index + 1}`
    const equals = entry.indexOf('=')
    if (equals < 0)
      return hidden(`${at} has no =. Write NAME=value, one on each line; values of several lines cannot be given.`)
    const name = entry.slice(0, equals).trimEnd()
    if (!variableName.test(name)) {
      return hidden(`${at} does not begin with a name. Names have letters, digits and _ . : - before the =.`)
    }
    if (found.has(name)) return hidden(`${name} is set twice, again on ${at}.`)
    found.set(name, entry.slice(equals + 1))
  }
  return value(Object.fromEntries(found))
}

/** `NAME=arn`. What is no ARN may be the secret itself, so it is not repeated. */
export const secrets: Parser<Readonly<Record<string, string>>> = text => {
  const parsed = variables(text)
  if (parsed.kind === 'problem') return parsed
  for (const [name, arn] of Object.entries(parsed.value)) {
    if (!/^arn:[a-z-]+:(?:secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/)\S+$/.test(arn)) {
      return hidden(
        `${name} is not the ARN of a secret or a parameter. It looks like arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME or arn:aws:ssm:REGION:ACCOUNT:parameter/NAME. Never put the secret itself here.`,
      )
    }
  }
  return parsed
}

/** A revision by its ARN. */
export const taskDefinitionArn: Parser<string> = text => {
  const match = /^arn:[a-z-]+:ecs:[a-z0-9-]+:\d{12}:task-definition\/[A-Za-z0-9_-]{1,255}(:\d{1,9})?$/.exec(text)
  if (match === null) {
    return problem(
      text,
      'is not the ARN of a task definition. It looks like arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION.',
    )
  }
  return match[1] === undefined ? problem(text, 'has no revision. Add it, such as :7.') : value(text)
}

export const definitionPath: Parser<string> = text => {
  if (text.startsWith('arn:'))
    return problem(text, 'is an ARN. Write it into task-definition-arn; this is the path of a file.')
  return filePath(text)
}

export const filePath: Parser<string> = text =>
  /[\n\0]/.test(text) || text.endsWith('/') ? problem(text, 'is not the path of one file.') : value(text)

function hidden(sentence: string): Parsed<never> {
  return { kind: 'problem', problem: sentence }
}
