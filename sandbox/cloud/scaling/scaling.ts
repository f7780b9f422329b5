import type {
  DeregisterScalableTargetRequest,
  DescribeScalableTargetsRequest,
  DescribeScalingActivitiesRequest,
  RegisterScalableTargetRequest,
} from '@aws-sdk/client-application-auto-scaling'
import { between, type Random, randomHex } from '../../random.ts'
import type { Timeline } from '../../timeline.ts'
import type { ScaledServices } from '../ecs/scaled.ts'
import { AwsFault } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'
import { type Activity, activityOf, applied, readReference, type ScalableTarget, shownTarget } from './target.ts'

/**
 * Application Auto Scaling of ECS services: scalable targets, and what AWS does about them by itself. It has no policies and no
 * scheduled actions; what it enforces are the bounds.
 */
export interface Scaling {
  /**
   * @param operation as the SDK names it, such as `RegisterScalableTarget`
   * @throws AwsFault
   */
  call(operation: string, input: Record<string, unknown>): Record<string, unknown>
}

export interface ScalingParts {
  readonly timeline: Timeline
  readonly random: Random
  readonly settings: Pick<CloudSettings, 'region' | 'partition' | 'accountId'>
  readonly services: ScaledServices
}

/** AWS looks soon after a change of the bounds, and now and then at any time: it says neither how soon nor how often. */
const afterChange = { minMs: 1_000, maxMs: 5_000 }
const nowAndThen = { minMs: 30_000, maxMs: 90_000 }

const mostPerPage = 50
/** AWS keeps six weeks of activities; a sandbox may serve for days, too. */
const longestHistory = 1_000

export function createScaling(parts: ScalingParts): Scaling {
  const book = new TargetBook(parts)
  const operations: Readonly<Record<string, (input: never) => object>> = {
    RegisterScalableTarget: (input: RegisterScalableTargetRequest) => book.register(input),
    DeregisterScalableTarget: (input: DeregisterScalableTargetRequest) => book.deregister(input),
    DescribeScalableTargets: (input: DescribeScalableTargetsRequest) => book.describe(input),
    DescribeScalingActivities: (input: DescribeScalingActivitiesRequest) => book.activities(input),
  }
  return {
    call(operation, input) {
      const act = Object.hasOwn(operations, operation) ? operations[operation] : undefined
      if (act === undefined) throw new AwsFault('UnknownOperationException', `Unknown operation ${operation}.`)
      return { ...act(input as never) }
    },
  }
}

class TargetBook {
  /** By resource id. */
  readonly #targets = new Map<string, ScalableTarget>()
  /** Newest first. */
  readonly #activities: Activity[] = []
  readonly #looks = new Map<string, () => void>()
  readonly #parts: ScalingParts

  constructor(parts: ScalingParts) {
    this.#parts = parts
  }

  register(input: RegisterScalableTargetRequest): object {
    const { timeline, random, settings, services } = this.#parts
    const reference = readReference(input)
    if (services.look(reference.cluster, reference.service) === undefined) {
      throw new AwsFault('ValidationException', `ECS service doesn't exist: ${reference.resourceId}`)
    }
    const known = this.#targets.get(reference.resourceId)
    const arn = (id: string) =>
      `arn:${settings.partition}:application-autoscaling:${settings.region}:${settings.accountId}:scalable-target/${id}`
    const target = applied(input, reference, known, {
      arn: () => arn(randomHex(random, 32)),
      now: timeline.now(),
      role: `arn:${settings.partition}:iam::${settings.accountId}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
    })
    this.#targets.set(reference.resourceId, target)
    this.#lookIn(reference.resourceId, afterChange)
    return { ScalableTargetARN: target.arn }
  }

  deregister(input: DeregisterScalableTargetRequest): object {
    const { resourceId } = readReference(input)
    if (!this.#targets.delete(resourceId)) {
      throw new AwsFault(
        'ObjectNotFoundException',
        `No scalable target found for service namespace: ecs, resource ID: ${resourceId}, scalable dimension: ecs:service:DesiredCount`,
      )
    }
    this.#looks.get(resourceId)?.()
    this.#looks.delete(resourceId)
    return {}
  }

  describe(input: DescribeScalableTargetsRequest): object {
    const wanted = [...this.#targets.values()].filter(
      target =>
        input.ServiceNamespace === 'ecs' &&
        (input.ResourceIds ?? [target.resourceId]).includes(target.resourceId) &&
        (input.ScalableDimension ?? 'ecs:service:DesiredCount') === 'ecs:service:DesiredCount',
    )
    const { found, ...more } = pageOf(wanted, input)
    return { ScalableTargets: found.map(shownTarget), ...more }
  }

  activities(input: DescribeScalingActivitiesRequest): object {
    const wanted = this.#activities.filter(
      one => input.ServiceNamespace === 'ecs' && (input.ResourceId ?? one.ResourceId) === one.ResourceId,
    )
    const { found, ...more } = pageOf(wanted, input)
    return { ScalingActivities: found, ...more }
  }

  /** The next look at a service: again and again, as long as it has a target. */
  #lookIn(resourceId: string, { minMs, maxMs }: typeof afterChange): void {
    const { timeline, random } = this.#parts
    this.#looks.get(resourceId)?.()
    const cancel = timeline.at(timeline.now() + between(random, minMs, maxMs), () => {
      this.#enforce(resourceId)
      this.#lookIn(resourceId, nowAndThen)
    })
    this.#looks.set(resourceId, cancel)
  }

  /**
   * Puts a count back between the bounds. Suspending dynamic scaling does not help: that is about policies. During a deployment
   * nothing is scaled in.
   */
  #enforce(resourceId: string): void {
    const { services, timeline, random } = this.#parts
    const target = this.#targets.get(resourceId)
    const service = target && services.look(target.cluster, target.service)
    if (target === undefined || service === undefined) return
    const { min, max } = target
    const wanted = service.desired < min ? min : service.desired > max && !service.deploying ? max : service.desired
    if (wanted === service.desired) return
    services.setDesired(target.cluster, target.service, wanted)
    const bound = service.desired < min ? 'minimum' : 'maximum'
    const cause = `${bound} capacity was set to ${wanted}`
    this.#activities.unshift(activityOf(randomHex(random, 32), target, wanted, cause, timeline.now()))
    this.#activities.length = Math.min(this.#activities.length, longestHistory)
  }
}

function pageOf<T>(all: readonly T[], input: { MaxResults?: number | undefined; NextToken?: string | undefined }) {
  const from = input.NextToken === undefined ? 0 : Number(input.NextToken)
  if (!Number.isInteger(from) || from < 0) throw new AwsFault('InvalidNextTokenException', 'The next token is invalid')
  const to = from + Math.min(input.MaxResults ?? mostPerPage, mostPerPage)
  return { found: all.slice(from, to), ...(to < all.length ? { NextToken: String(to) } : {}) }
}
