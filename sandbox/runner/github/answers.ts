export interface ApiRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Parsed; undefined when there is none. */
  readonly body: unknown
  readonly authorization: string
}

export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
}

const docs = 'https://docs.github.com/rest'

/** An error in GitHub's words. */
export function refusal(
  status: number,
  message: string,
  errors?: readonly Readonly<Record<string, string>>[],
): ApiAnswer {
  return {
    status,
    body: { message, ...(errors === undefined ? {} : { errors }), documentation_url: docs, status: String(status) },
  }
}

export const notFound = refusal(404, 'Not Found')

/** A member of a body that has the wrong type, or is missing. */
export function invalid(resource: string, field: string, code = 'invalid'): ApiAnswer {
  return refusal(422, 'Validation Failed', [{ resource, field, code }])
}

export function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined
}

/** The page that was asked for. */
export function pageOf<T>(records: readonly T[], query: Readonly<Record<string, string>>): readonly T[] {
  const size = Math.min(100, Math.max(1, Number(query.per_page ?? 30) || 30))
  const page = Math.max(1, Number(query.page ?? 1) || 1)
  return records.slice((page - 1) * size, page * size)
}
