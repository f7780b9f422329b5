import { type Parser, problem, value, wholeNumber } from './values.ts'

/** `keep`, or how many tasks the old color has afterwards. */
const idleCount: Parser<'keep' | number> = text => {
  if (text === 'keep') return value('keep')
  if (!/^\d/.test(text)) return problem(text, 'is neither keep nor a whole number. Write keep, or one from 0 to 5000.')
  return wholeNumber(0, 5_000)(text)
}

/** The part of the table of inputs that says what becomes of the old version. */
export const afterTable = {
  'idle-desired-count': { parse: idleCount, fallback: '' },
  'keep-revisions': { parse: wholeNumber(1, 1_000), fallback: '' },
} as const

type Given = {
  readonly [Name in keyof typeof afterTable]?: (typeof afterTable)[Name]['parse'] extends Parser<infer T> ? T : never
}

export interface AfterInputs {
  /** Absent: as many tasks as it has. */
  readonly idleCount?: number
  /** How many active revisions of the family stay; absent: all. */
  readonly keepRevisions?: number
}

export function afterInputs(given: Given): AfterInputs {
  const idle = given['idle-desired-count']
  const keep = given['keep-revisions']
  return {
    ...(idle === undefined || idle === 'keep' ? {} : { idleCount: idle }),
    ...(keep === undefined ? {} : { keepRevisions: keep }),
  }
}
