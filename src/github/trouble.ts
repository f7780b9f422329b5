/** What GitHub's API did instead of what it was asked. */
export class Trouble extends Error {
  /** `denied` and `refused` stay as they are when asked again; `passing` may not. */
  readonly kind: 'denied' | 'refused' | 'passing'
  readonly status: number

  constructor(kind: Trouble['kind'], status: number, sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'Trouble'
    this.kind = kind
    this.status = status
  }
}

/** @param timedOut whether it was us who ended the call */
export function troubleOf(error: unknown, timedOut: boolean): Trouble {
  const { status, message } = readable(error)
  const options = { cause: error }
  if (timedOut) return new Trouble('passing', 0, 'GitHub did not answer in time', options)
  // The client calls what broke before there was an answer a 500 as well; it brings no response then.
  if (status === undefined) {
    const sent = typeof error === 'object' && error !== null && 'request' in error
    const what = sent ? 'GitHub could not be reached' : "GitHub's answer could not be used"
    return new Trouble('passing', 0, `${what} (${message})`, options)
  }
  const said = `${status} ${message}`
  if (status === 429 || (status === 403 && /rate limit/i.test(message))) {
    return new Trouble('passing', status, `GitHub's rate limit is used up (${said})`, options)
  }
  if (status === 401 || status === 403 || status === 404) {
    return new Trouble('denied', status, `GitHub denied it (${said})`, options)
  }
  if (status >= 500) return new Trouble('passing', status, `GitHub answered ${said}`, options)
  return new Trouble('refused', status, `GitHub refused it (${said})`, options)
}

/** The status of the answer, when there was one, and what it says: one short line of text from outside. */
function readable(error: unknown): { readonly status: number | undefined; readonly message: string } {
  const { response } = (error ?? {}) as { readonly response?: { readonly status?: unknown; readonly data?: unknown } }
  const data = (response?.data ?? {}) as { readonly message?: unknown }
  const own = error instanceof Error ? error.message : String(error)
  const text = typeof data.message === 'string' ? data.message : response === undefined ? own : ''
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return {
    status: typeof response?.status === 'number' ? response.status : undefined,
    message: line.length > 200 ? `${line.slice(0, 200)}…` : line,
  }
}
