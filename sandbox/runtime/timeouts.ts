export interface Timeouts {
  /** Until a target's connection stands. */
  readonly connectMs: number
  /** Without a byte in either direction. */
  readonly idleMs: number
  /** How long a client connection lives at most; it ends after an answer. */
  readonly keepAliveMs: number
}

/** An Application Load Balancer's. */
export const awsTimeouts: Timeouts = { connectMs: 10_000, idleMs: 60_000, keepAliveMs: 3_600_000 }
