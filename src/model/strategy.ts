/**
 * How traffic moves to the new color. Shares are tenths of a percent, because a load balancer's weights (0–999) can express
 * no less: 1 is 0.1 %, 1000 is everything. Durations in milliseconds.
 */
export type Strategy =
  | { readonly kind: 'all-at-once' }
  /** A part of the traffic, for a while, then all of it. */
  | { readonly kind: 'canary'; readonly share: number; readonly holdMs: number }
  /** So much more each time, until it is all. */
  | { readonly kind: 'linear'; readonly share: number; readonly holdMs: number }

/** All of the traffic. */
export const wholeShare = 1_000

/** A share that every production route was seen to have. */
export interface Reached {
  readonly share: number
  readonly at: number
}
