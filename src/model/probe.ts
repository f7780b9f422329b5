/** What clients of the load balancer saw. Times are milliseconds since the Unix epoch. */
export interface ProbeView {
  readonly requests: number
  readonly failed: number
  /** In order of first appearance. */
  readonly versions: readonly SeenVersion[]
  /** The latest failed request in a sentence. */
  readonly lastFailure?: string
  readonly lastFailureAt?: number
  /** Its HTTP status, when there was an answer. */
  readonly lastStatus?: number
  /** How many failed in which way; those that did not happen are absent. */
  readonly failedBy?: Readonly<Record<string, number>>
  /** When failed requests were sent: of the first, and of the latest ten thousand, in the order in which they ended. */
  readonly failedSentAt?: readonly number[]
  /** When each request was sent that has no answer yet. */
  readonly waitingSince?: readonly number[]
  /** Requests that had no answer yet when it was stopped: neither answered nor failed. */
  readonly abandoned?: number
  /** Requests whose time had come when it was stopped, but no connection had been free for them. */
  readonly unsent?: number
  /** Requests that were sent once more: their connection, kept from an earlier one, was closed as they went out. */
  readonly askedAgain?: number
  /** Between two requests, on average, as far as it has come to it. */
  readonly everyMs?: number
  /** All the time, for a picture; only at the end. */
  readonly slices?: Slices
  /** Finer, around the first answer of the second version; absent when there was none. */
  readonly flip?: Slices
}

/** Answers by when they came, failed requests by when they were sent: one number for each slice of time, at most 120. */
export interface Slices {
  /** When the first slice begins. */
  readonly startAt: number
  readonly sliceMs: number
  /** In order of first appearance, the first eight; the name of all others together is empty. */
  readonly versions: readonly { readonly version: string; readonly counts: readonly number[] }[]
  readonly failed: readonly number[]
}

export interface SeenVersion {
  readonly version: string
  readonly count: number
  readonly firstAt: number
  readonly lastAt: number
}

/** Where an answer says its version. */
export type VersionSource =
  /** A member of a JSON body; `a.b` is the member `b` of the member `a`. */
  | { readonly kind: 'json'; readonly member: string }
  | { readonly kind: 'header'; readonly name: string }
  /** The whole body. */
  | { readonly kind: 'text' }
