import type { AwsService } from '../cloud/ports.ts'

/** One API call that reached the sandbox. */
export interface LoggedCall {
  /** Milliseconds since the Unix epoch, by the clock of the connection. */
  readonly at: number
  readonly service: AwsService
  readonly operation: string
  /** Whole, with the values of environment variables and secrets taken out. */
  readonly input: unknown
  /** HTTP status of the answer, also of one that was lost on its way; 0 when the request itself was lost. */
  readonly status: number
  /** Name of the error as the SDK shows modelled ones, such as `PriorityInUseException`. */
  readonly error?: string
  /** 1 for the first attempt of a call; from the SDK's own header. */
  readonly attempt: number
  readonly requestId: string
  readonly lost?: 'request' | 'answer'
}

export interface CallLog {
  add(call: LoggedCall): void
  list(): readonly LoggedCall[]
  clear(): void
}

/** A sandbox may serve for days: only the latest calls are kept. */
const longestLog = 20_000

export function createCallLog(): CallLog {
  let calls: LoggedCall[] = []
  return {
    add(call) {
      calls.push({ ...call, input: redacted(call.input) })
      // Cut in bulk, so that a full log costs no copy per call.
      if (calls.length >= 2 * longestLog) calls = calls.slice(-longestLog)
    },
    list: () => calls.slice(-longestLog),
    clear() {
      calls = []
    },
  }
}

/** Lists of name/value pairs whose values are nobody's business. Tags have values too, and those are harmless. */
const secretLists: ReadonlySet<string> = new Set(['environment', 'secrets', 'secretOptions'])

/** Members of the pairs in those lists. */
const secretMembers: ReadonlySet<string> = new Set(['value', 'valueFrom'])

/** A copy without values of environment variables and secrets; their names stay. */
export function redacted(value: unknown, insideSecrets = false): unknown {
  if (Array.isArray(value)) return value.map(each => redacted(each, insideSecrets))
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) =>
      name === 'ClientSecret' || (insideSecrets && secretMembers.has(name))
        ? [name, '(redacted)']
        : [name, redacted(each, insideSecrets || secretLists.has(name))],
    ),
  )
}
