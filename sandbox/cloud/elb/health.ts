import type { CheckResult, TargetHealthView } from '../ports.ts'

/** What one node thinks of one target: its state, and how many checks in a row have spoken against it. */
export interface CheckedHealth {
  readonly view: TargetHealthView
  readonly against: number
}

export interface Thresholds {
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
}

export const registering: TargetHealthView = {
  state: 'initial',
  reason: 'Elb.RegistrationInProgress',
  description: 'Target registration is in progress',
}
export const draining: TargetHealthView = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
}
export const notInUse: TargetHealthView = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target group is not configured to receive traffic from the load balancer',
}
export const zoneNotEnabled: TargetHealthView = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target is in an Availability Zone that is not enabled for the load balancer',
}
export const notRegistered: TargetHealthView = {
  state: 'unused',
  reason: 'Target.NotRegistered',
  description: 'Target is not registered to the target group',
}
const checking: TargetHealthView = {
  state: 'initial',
  reason: 'Elb.InitialHealthChecking',
  description: 'Initial health checks in progress',
}

export const unchecked: CheckedHealth = { view: checking, against: 0 }
const passing: CheckedHealth = { view: { state: 'healthy' }, against: 0 }

/** A new target becomes healthy with its first passing check; `healthyThreshold` is for those that come back. */
export function afterCheck(health: CheckedHealth, result: CheckResult, thresholds: Thresholds): CheckedHealth {
  const passed = result.kind === 'passed'
  if (health.view.state === 'unhealthy') {
    if (!passed) return { view: failure(result), against: 0 }
    return health.against + 1 >= thresholds.healthyThreshold
      ? passing
      : { view: health.view, against: health.against + 1 }
  }
  if (passed) return passing
  return health.against + 1 >= thresholds.unhealthyThreshold
    ? { view: failure(result), against: 0 }
    : { view: health.view, against: health.against + 1 }
}

function failure(result: Exclude<CheckResult, { kind: 'passed' }>): TargetHealthView {
  switch (result.kind) {
    case 'mismatch':
      return {
        state: 'unhealthy',
        reason: 'Target.ResponseCodeMismatch',
        description: `Health checks failed with these codes: [${result.status}]`,
      }
    case 'timeout':
      return { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' }
    case 'failed':
      return { state: 'unhealthy', reason: 'Target.FailedHealthChecks', description: 'Health checks failed' }
    default:
      return result satisfies never
  }
}

/**
 * The nodes' opinions as one: healthy only when every node says so, unhealthy as soon as one does.
 * @param views undefined for a node that does not know the target yet
 */
export function combined(views: readonly (TargetHealthView | undefined)[]): TargetHealthView {
  let worst: TargetHealthView | undefined
  for (const view of views) {
    const current = view ?? registering
    if (current.state === 'unhealthy') return current
    if (worst === undefined || rank(current) > rank(worst)) worst = current
  }
  return worst ?? registering
}

function rank(view: TargetHealthView): number {
  if (view.state === 'healthy') return 0
  return view === registering ? 2 : 1
}
