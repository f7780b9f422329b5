import type {
  RegisterScalableTargetRequest,
  ScalingActivity,
  ScalableTarget as ShownTarget,
  SuspendedState,
} from '@aws-sdk/client-application-auto-scaling'
import { AwsFault } from '../ports.ts'

/** One scalable target. */
export interface ScalableTarget extends Reference {
  readonly arn: string
  readonly role: string
  readonly createdAt: number
  readonly min: number
  readonly max: number
  readonly suspended: Required<SuspendedState>
}

export interface Reference {
  /** `service/<cluster>/<service>`. */
  readonly resourceId: string
  readonly cluster: string
  readonly service: string
}

export type Activity = ScalingActivity

/** @throws AwsFault ValidationException for anything but the count of an ECS service */
export function readReference(input: {
  readonly ServiceNamespace?: string | undefined
  readonly ResourceId?: string | undefined
  readonly ScalableDimension?: string | undefined
}): Reference {
  const { ServiceNamespace, ResourceId = '', ScalableDimension } = input
  if (ServiceNamespace !== 'ecs' || ScalableDimension !== 'ecs:service:DesiredCount') {
    throw invalid(
      `Unsupported service namespace, resource type or scalable dimension: ${ServiceNamespace}, ${ScalableDimension}`,
    )
  }
  const [, cluster, service] = /^service\/([^/]+)\/([^/]+)$/.exec(ResourceId) ?? []
  if (cluster === undefined || service === undefined) {
    throw invalid(`Unsupported service namespace, resource type or scalable dimension: ecs, ${ResourceId}`)
  }
  return { resourceId: ResourceId, cluster, service }
}

/** A target as a registration makes or changes it: what an update leaves out stays as it was. */
export function applied(
  input: RegisterScalableTargetRequest,
  reference: Reference,
  known: ScalableTarget | undefined,
  fresh: { readonly arn: () => string; readonly now: number; readonly role: string },
): ScalableTarget {
  const min = input.MinCapacity ?? known?.min
  const max = input.MaxCapacity ?? known?.max
  if (min === undefined || max === undefined) {
    throw invalid('MinCapacity and MaxCapacity must be specified when a new scalable target is registered')
  }
  if (min < 0 || max < 0) throw invalid('Capacities must not be negative')
  if (min > max) throw invalid('Maximum capacity cannot be less than minimum capacity')
  const was = known?.suspended
  const given = input.SuspendedState
  return {
    ...reference,
    arn: known?.arn ?? fresh.arn(),
    role: known?.role ?? fresh.role,
    createdAt: known?.createdAt ?? fresh.now,
    min,
    max,
    suspended: {
      DynamicScalingInSuspended: given?.DynamicScalingInSuspended ?? was?.DynamicScalingInSuspended ?? false,
      DynamicScalingOutSuspended: given?.DynamicScalingOutSuspended ?? was?.DynamicScalingOutSuspended ?? false,
      ScheduledScalingSuspended: given?.ScheduledScalingSuspended ?? was?.ScheduledScalingSuspended ?? false,
    },
  }
}

export function shownTarget(target: ScalableTarget): ShownTarget {
  return {
    ServiceNamespace: 'ecs',
    ResourceId: target.resourceId,
    ScalableDimension: 'ecs:service:DesiredCount',
    MinCapacity: target.min,
    MaxCapacity: target.max,
    RoleARN: target.role,
    CreationTime: new Date(Math.round(target.createdAt)),
    SuspendedState: target.suspended,
    ScalableTargetARN: target.arn,
  }
}

export function activityOf(id: string, target: ScalableTarget, desired: number, cause: string, now: number): Activity {
  const at = new Date(Math.round(now))
  return {
    ActivityId: id,
    ServiceNamespace: 'ecs',
    ResourceId: target.resourceId,
    ScalableDimension: 'ecs:service:DesiredCount',
    Description: `Setting desired count to ${desired}.`,
    Cause: cause,
    StartTime: at,
    EndTime: at,
    StatusCode: 'Successful',
    StatusMessage: `Successfully set desired count to ${desired}. Change successfully fulfilled by ecs.`,
  }
}

function invalid(message: string): AwsFault {
  return new AwsFault('ValidationException', message)
}
