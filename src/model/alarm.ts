/** A CloudWatch alarm, of metrics or of other alarms, as one look saw it. */
export interface AlarmView {
  readonly name: string
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string
  /** AWS's words. */
  readonly reason: string
  /** When it came into this state, by AWS's clock; 0 when AWS does not say. */
  readonly since: number
  /** Length of one period; absent for alarms of other alarms and of metrics with several periods. */
  readonly periodMs?: number
  /** How far back one evaluation looks. */
  readonly spanMs?: number
}

/** That alarms could not be read says nothing about the new version. */
export type AlarmsSeen =
  | { readonly kind: 'read'; readonly alarms: readonly AlarmView[] }
  | { readonly kind: 'unreadable'; readonly because: string }
