import type {
  Action,
  ForwardActionConfig,
  TargetGroupStickinessConfig,
  TargetGroupTuple,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ActionPlace } from './action-place.ts'
import { inRange, invalid, refused, required } from './faults.ts'
import { inUse, type TargetGroup } from './state.ts'

/**
 * Reads a forward action into the API's shape: one group shows `TargetGroupArn` and `ForwardConfig`, several only the latter.
 * @throws AwsFault
 */
export function readForward(action: Action, place: ActionPlace): Pick<Action, 'TargetGroupArn' | 'ForwardConfig'> {
  const tuples = readTuples(action)
  const stickiness = readStickiness(action.ForwardConfig?.TargetGroupStickinessConfig)
  const groups = tuples.map(tuple => place.targetGroup(tuple.TargetGroupArn))
  checkAssociation(groups, place)
  checkProtocols(groups, place.loadBalancer.type)
  if (tuples.length > 1 && stickiness.Enabled !== true && groups.some(hasTargetStickiness)) {
    throw refused(
      'InvalidConfigurationRequest',
      'You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups',
    )
  }
  const config: ForwardActionConfig = { TargetGroups: tuples, TargetGroupStickinessConfig: stickiness }
  const [only, second] = tuples
  return only !== undefined && second === undefined
    ? { TargetGroupArn: only.TargetGroupArn, ForwardConfig: config }
    : { ForwardConfig: config }
}

export function hasTargetStickiness(group: TargetGroup): boolean {
  return group.attributes.get('stickiness.enabled') === 'true'
}

function readTuples(action: Action): (TargetGroupTuple & { TargetGroupArn: string; Weight: number })[] {
  const scalar = action.TargetGroupArn
  const listed = action.ForwardConfig?.TargetGroups ?? []
  if (scalar !== undefined && listed.some(tuple => tuple.TargetGroupArn !== scalar)) {
    throw invalid(
      'You can specify both TargetGroupArn and ForwardConfig only if ForwardConfig has one target group, the same as TargetGroupArn',
    )
  }
  const given = listed.length === 0 && scalar !== undefined ? [{ TargetGroupArn: scalar }] : listed
  if (given.length === 0) throw invalid('A target group ARN must be specified')
  if (given.length > 5) throw invalid('A forward action can have at most 5 target groups')
  const tuples = given.map((tuple: TargetGroupTuple) => {
    if (tuple.Weight === undefined && given.length > 1) {
      throw invalid('A weight must be specified for each target group when there are several')
    }
    const weight = tuple.Weight ?? 1
    inRange(weight, 0, 999, 'actions.forwardConfig.targetGroups.weight')
    return { TargetGroupArn: required(tuple.TargetGroupArn, 'TargetGroupArn'), Weight: weight }
  })
  if (new Set(tuples.map(tuple => tuple.TargetGroupArn)).size < tuples.length) {
    throw invalid('The target groups of a forward action must be unique')
  }
  return tuples
}

function readStickiness(given: TargetGroupStickinessConfig | undefined): TargetGroupStickinessConfig {
  if (given?.DurationSeconds !== undefined) {
    inRange(given.DurationSeconds, 1, 604_800, 'actions.forwardConfig.targetGroupStickinessConfig.durationSeconds')
  }
  if (given?.Enabled === true && given.DurationSeconds === undefined) {
    throw invalid('A duration must be specified when target group stickiness is enabled')
  }
  return {
    Enabled: given?.Enabled === true,
    ...(given?.DurationSeconds === undefined ? {} : { DurationSeconds: given.DurationSeconds }),
  }
}

function checkProtocols(groups: readonly TargetGroup[], type: 'application' | 'network'): void {
  const other = groups.find(group => (group.protocol === 'TCP') !== (type === 'network'))
  if (other === undefined) return
  throw refused(
    'IncompatibleProtocols',
    `The protocol '${other.protocol}' of target group '${other.arn}' is not supported by ${type} load balancers`,
  )
}

function checkAssociation(groups: readonly TargetGroup[], place: ActionPlace): void {
  const elsewhere = groups.filter(group => inUse(group, place.now) && group.loadBalancer !== place.loadBalancer)
  if (elsewhere.length > 0) {
    throw refused(
      'TargetGroupAssociationLimit',
      `The following target groups cannot be associated with more than one load balancer: ${elsewhere.map(group => group.arn).join(', ')}`,
    )
  }
}
