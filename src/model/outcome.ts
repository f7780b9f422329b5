/** How a run ends. `deployment-status` is one of these words. */
export type DeploymentStatus = 'succeeded' | 'unchanged' | 'staged' | 'rolled-back' | 'failed' | 'cancelled'

/**
 * Every way in which a run says no. The code leads the `failure-reason` output; the sentences are for people. Each is
 * explained in docs/failures.md.
 */
export const failureCodes = [
  'INVALID_INPUT',
  'CLUSTER_NOT_FOUND',
  'SERVICE_NOT_FOUND',
  'SERVICE_NOT_ACTIVE',
  'SERVICE_UNSUPPORTED',
  'TARGET_GROUP_NOT_FOUND',
  'LISTENER_NOT_FOUND',
  'LISTENER_UNCLEAR',
  'LIVE_UNCLEAR',
  'LIVE_NOT_RUNNING',
  'TRAFFIC_MOVED',
  'STICKINESS_CONFLICT',
  'QUOTA_EXCEEDED',
  'CONTAINER_UNCLEAR',
  'TASK_DEFINITION_NOT_FOUND',
  'UPDATE_REFUSED',
  'CANDIDATE_SUPERSEDED',
  'NOT_STAGED',
  'NOTHING_TO_GO_BACK_TO',
  'REVISION_UNCLEAR',
  'LIVE_NOT_EXPECTED',
  'LOCKED',
  'LOCK_LOST',
  'CIRCUIT_BREAKER',
  'WRONG_DIGEST',
  'IMAGE_NOT_FOUND',
  'IMAGE_NOT_PULLED',
  'SECRET_UNREADABLE',
  'NO_CAPACITY',
  'OUT_OF_MEMORY',
  'TASKS_CRASHED',
  'TASKS_FAILED',
  'UNHEALTHY',
  'HEALTH_PATH_NOT_FOUND',
  'CONTAINER_UNHEALTHY',
  'TARGETS_UNUSED',
  'TARGETS_NOT_OURS',
  'SCALED_TO_ZERO',
  'SCALED_DOWN',
  'NOT_HEALTHY_IN_TIME',
  'WRITE_NOT_CONFIRMED',
  'PRODUCTION_URL_UNREADABLE',
  'VERSION_NOT_SEEN',
  'OLD_VERSION_STILL_ANSWERS',
  'REQUESTS_FAILED',
  'CANDIDATE_DEGRADED',
  'ALARM',
  'ALARM_AT_START',
  'ALARM_NOT_FOUND',
  'UNKNOWN_TOO_LONG',
  'PRE_DEPLOY_FAILED',
  'TEST_FAILED',
  'TEST_WRONG_VERSION',
  'TEST_COMMAND_FAILED',
  'PREVIEW_LIMIT',
  'PREVIEW_NAME_TAKEN',
  'PREVIEW_SHADOWS',
  'PREVIEW_NOT_DELETED',
  'PREVIEW_REVISION',
  'SETUP_NOT_BALANCED',
  'SETUP_SHARED',
  'SETUP_NAME_TAKEN',
  'SETUP_NO_TEST_RULE',
  'ACCESS_DENIED',
  'CREDENTIALS',
  'THROTTLED',
  'WRONG_REGION',
  'WRONG_ARN',
  'AWS_ERROR',
  'CANCELLED',
  'INTERNAL',
] as const

export type FailureCode = (typeof failureCodes)[number]

/** A refusal or failure: one line that says what and on which object, then lines with the details and what to do. */
export interface Failure {
  readonly code: FailureCode
  /** One line. */
  readonly headline: string
  /** One line each, but for a policy statement, which is JSON of several. */
  readonly details: readonly string[]
  /** For the one line of `failure-reason`: the detail that says most about why, when that is not the first. */
  readonly telling?: string
}

export type Outcome =
  | { readonly status: 'succeeded' | 'unchanged' | 'staged'; readonly because: string }
  /** `rolled-back`: traffic had moved, at least in part, and is on the old color again. */
  | { readonly status: 'failed' | 'rolled-back' | 'cancelled'; readonly failure: Failure }

export function failed(code: FailureCode, headline: string, ...details: readonly string[]): Outcome {
  return { status: 'failed', failure: { code, headline, details } }
}

/** A failure that leaves a room by being thrown: adapters and the parser of inputs use it, `main` catches it. */
export class Refusal extends Error {
  readonly failure: Failure
  constructor(failure: Failure, options?: ErrorOptions) {
    super([failure.headline, ...failure.details].join('\n'), options)
    this.name = 'Refusal'
    this.failure = failure
  }
}
