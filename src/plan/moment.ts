/** What was seen, or verified, no further apart than this counts as one moment, in a proof as before a write. */
export const momentMs = 2_000

/** What a look that took longer than this saw first may be so no more; AWS answers in well under a second, and a lost answer costs 30. */
export const longLookMs = 10_000

/**
 * Most nodes of the load balancer obey a change of weights by then, and send nothing more to a color without weight. AWS publishes no
 * bound, and tens of seconds have been reported (aws-facts 2.7).
 */
export const obeyMs = 10_000

/** Nearly all of them do, by then. */
export const lateObeyMs = 30_000

/** All of them do, by then: 503s of deploys that stopped the old tasks earlier were cured by two minutes (aws-facts 2.7). */
export const obeyLimitMs = 120_000
