import type { VersionSource } from '../model/probe.ts'
import type { ResponseReader } from './http1.ts'

/** The version that an answer names, or undefined. */
export type ReadVersion = (answer: ResponseReader) => string | undefined

/** A version is a label: what is longer, or has lines in it, is something else. It is kept in memory, and printed. */
const longestVersion = 200

/** Answers of this many versions are known by their bytes; enough while two of them alternate. */
const remembered = 4

export function versionReader(source: VersionSource): ReadVersion {
  switch (source.kind) {
    case 'header': {
      const name = source.name.toLowerCase()
      return answer => label(answer.header(name))
    }
    case 'json':
      return remembering(body => label(memberOf(body, source.member)))
    case 'text':
      return remembering(body => label(body.toString('utf8').trim()))
    default:
      return source satisfies never
  }
}

/** Why an answer in which no version was found has none. */
export function missingVersion(source: VersionSource, answer: ResponseReader): string {
  const read = Math.round(answer.body().length / 1024)
  // A member at the beginning is not taken from half an object: what follows could have it again, or be no JSON.
  return source.kind === 'json' && answer.bodyCut
    ? `the first ${read} KiB of the answer, which are all that is read, hold no whole JSON`
    : 'no version in the answer'
}

export function versionSourceText(source: VersionSource): string {
  switch (source.kind) {
    case 'header':
      return `header:${source.name}`
    case 'json':
      return `json:${source.member}`
    case 'text':
      return 'text'
    default:
      return source satisfies never
  }
}

/** A version answers thousands of times with the same bytes: they are read once. */
function remembering(read: (body: Buffer) => string | undefined): ReadVersion {
  const bodies: Buffer[] = []
  const versions: (string | undefined)[] = []
  let oldest = 0
  return answer => {
    const body = answer.body()
    for (let at = 0; at < bodies.length; at++) {
      if ((bodies[at] as Buffer).equals(body)) return versions[at]
    }
    const version = read(body)
    bodies[oldest] = Buffer.from(body)
    versions[oldest] = version
    oldest = (oldest + 1) % remembered
    return version
  }
}

function memberOf(body: Buffer, member: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  return textOf(own(value, member)) ?? textOf(member.split('.').reduce(own, value))
}

function own(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, member)?.value
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function label(text: string | undefined): string | undefined {
  if (text === undefined || text === '' || text.length > longestVersion || /\p{Cc}/u.test(text)) return undefined
  return text
}
