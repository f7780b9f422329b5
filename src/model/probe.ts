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
