import type { InputName } from '../../src/inputs/inputs.ts'
import type { CloudSettings } from '../cloud/settings.ts'
import type { SeedColor, TopologyOptions } from '../cloud/topology-options.ts'
import type { KillPoint } from '../killable.ts'
import type { FaultRule } from '../wire/fault-rules.ts'
import { createDraw, type Draw } from './draw.ts'

export type Plan = Partial<Record<InputName, string>>

/** What a case does to the run, or to the first of two. */
export type Disruption =
  | { readonly kind: 'none' }
  | { readonly kind: 'kill'; readonly at: KillPoint; readonly nextAfterMs: number }
  | { readonly kind: 'cancel'; readonly afterMs: number; readonly post: boolean }
  | { readonly kind: 'race'; readonly afterMs: number; readonly plan: Plan }

/** What others do to the services and listeners meanwhile, so many milliseconds after the start. */
export type Trouble =
  | { readonly kind: 'none' }
  | { readonly kind: 'death'; readonly color: SeedColor; readonly tasks: number; readonly afterMs: number }
  | { readonly kind: 'sick'; readonly color: SeedColor; readonly tasks: number; readonly afterMs: number }
  | {
      readonly kind: 'weights'
      readonly route: number
      readonly blue: number
      readonly green: number
      readonly afterMs: number
    }
  | { readonly kind: 'service'; readonly change: 'revision' | 'restart' | 'zero'; readonly afterMs: number }
  | { readonly kind: 'alarm'; readonly afterMs: number }

/** All of one case, as data: what is printed is what is run. */
export interface Case {
  readonly seed: number
  readonly topology: Partial<TopologyOptions>
  readonly settings: Partial<CloudSettings>
  readonly plan: Plan
  readonly faults: readonly FaultRule[]
  readonly trouble: Trouble
  readonly disruption: Disruption
  /** What the clean run at the end is asked for. */
  readonly last: Plan
}

export const alarmName = 'soak'

const wellImages = ['sample-app:0.0.2', 'sample-app:0.0.3'] as const
const brokenImages = ['crash', 'unhealthy', '404', 'missing', 'oom', 'nosecret', 'nocapacity'] as const
/** Healthy, and bad for customers all the same. */
const badImages = ['errors', 'degrades', 'wrong'] as const

/** Longer than what a run needs: trouble that comes later comes too late. */
const busyMs = 90_000

export function drawCase(seed: number): Case {
  const draw = createDraw(seed)
  const topology = drawTopology(draw)
  const settings = {
    // Whoever watches must not use up the buckets: throttling is a fault like others here.
    throttling: false,
    propagation: draw.oneOf([
      { minMs: 200, maxMs: 2_500 },
      { minMs: 10, maxMs: 50 },
      { minMs: 1_000, maxMs: 9_000 },
    ]),
    provisioning: draw.oneOf([
      { minMs: 4_000, maxMs: 9_000 },
      { minMs: 500, maxMs: 30_000 },
    ]),
  }
  const trouble = drawTrouble(draw)
  const plan = drawPlan(draw, trouble)
  const faults = draw.chance(0.6) ? Array.from({ length: draw.whole(1, 4) }, () => drawFault(draw)) : []
  const disruption = drawDisruption(draw, plan)
  const last: Plan = { ...calm(plan), image: lastImage(draw, plan) }
  return { seed, topology, settings, plan, faults, trouble, disruption, last }
}

/** Whether no client of the load balancer may see anything go wrong. */
export function isHarmless({ plan, trouble, disruption }: Case): boolean {
  const plans = disruption.kind === 'race' ? [plan, disruption.plan] : [plan]
  const bad = plans.some(({ image = '' }) => badImages.some(word => image.endsWith(`-${word}`)))
  return !bad && (trouble.kind === 'none' || trouble.kind === 'alarm')
}

function drawTopology(draw: Draw): Partial<TopologyOptions> {
  const size = draw.whole(1, 4)
  const live = draw.oneOf<SeedColor>(['blue', 'green'])
  const idle = draw.oneOf([size, size, 1, 0])
  const ports = draw.oneOf<readonly number[]>([[80], [80], [80], [80, 8080]])
  const api = { priority: 10, pathPattern: '/version' }
  const shop = { priority: 20, host: 'shop.example.com' }
  const rules = draw.oneOf([[], [], [], [api], [shop, api]])
  return {
    live,
    tasks: live === 'blue' ? { blue: size, green: idle } : { blue: idle, green: size },
    productionPorts: ports,
    rules,
    // Only a rule that clients reach can take the place of the default actions.
    defaultForwards: rules.length === 0 || draw.chance(0.7),
    idleInProduction: draw.chance(0.7),
    testPort: draw.chance(0.6) ? 9001 : undefined,
    groupStickinessSeconds: draw.oneOf([0, 0, 0, 60]),
    circuitBreaker: draw.oneOf<'off' | 'on' | 'rollback'>(['off', 'on', 'rollback']),
    deregistrationDelaySeconds: draw.oneOf([0, 10, 30]),
    healthCheckGracePeriodSeconds: draw.oneOf([0, 0, 30]),
    minimumHealthyPercent: draw.oneOf([100, 100, 50]),
    health: {
      intervalSeconds: draw.oneOf([5, 10, 30]),
      timeoutSeconds: 2,
      healthyThreshold: draw.oneOf([2, 3]),
      unhealthyThreshold: draw.oneOf([2, 3]),
      path: '/health',
    },
  }
}

function drawImage(draw: Draw): string {
  if (draw.chance(0.75)) return draw.oneOf(wellImages)
  return `sample-app:0.0.4-${draw.chance(0.6) ? draw.oneOf(brokenImages) : draw.oneOf(badImages)}`
}

function drawPlan(draw: Draw, trouble: Trouble): Plan {
  const image = drawImage(draw)
  const seconds = (min: number, max: number) => `${draw.whole(min, max)}s`
  const alarms = trouble.kind === 'alarm' || draw.chance(0.15)
  return {
    image,
    ...drawStrategy(draw),
    'bake-time': draw.chance(0.5) ? '0s' : seconds(1, 12),
    timeout: draw.oneOf(['2m', '3m', '5m']),
    ...(draw.chance(0.3) ? { 'production-url': 'http://www.example.com/version', 'probe-rate': '2' } : {}),
    ...(alarms ? { 'alarm-names': alarmName } : {}),
    ...(draw.chance(0.3) ? { 'idle-desired-count': draw.oneOf(['0', '1']) } : {}),
    ...(draw.chance(0.2) ? { 'keep-revisions': draw.oneOf(['1', '2', '5']) } : {}),
    ...(draw.chance(0.15) ? { 'desired-count': String(draw.whole(1, 3)) } : {}),
    ...(draw.chance(0.1) ? { 'min-healthy-targets': '1' } : {}),
    ...(draw.chance(0.1) ? { 'rollback-on-failure': 'false' } : {}),
    ...(draw.chance(0.15) ? { 'on-cancel': 'leave' } : {}),
    ...(draw.chance(0.3) ? { 'poll-interval': seconds(2, 20) } : {}),
  }
}

function drawStrategy(draw: Draw): Plan {
  const hold = `${draw.whole(1, 8)}s`
  switch (draw.oneOf(['all-at-once', 'canary', 'linear'] as const)) {
    case 'all-at-once':
      return {}
    case 'canary':
      return {
        strategy: 'canary',
        'canary-percent': draw.oneOf(['0.1%', '5', '10%', '50', '99.9']),
        'canary-bake-time': hold,
      }
    default:
      return { strategy: 'linear', 'step-percent': draw.oneOf(['20', '33.3%', '50', '60']), 'step-bake-time': hold }
  }
}

const reads = ['DescribeServices', 'DescribeTasks', 'ListTasks', 'DescribeTargetHealth', 'DescribeListeners'] as const
const writes = [
  'ModifyListener',
  'ModifyRule',
  'UpdateService',
  'RegisterTaskDefinition',
  'AddTags',
  'CreateTargetGroup',
  'DeleteTargetGroup',
  'DescribeTags',
] as const

function drawFault(draw: Draw): FaultRule {
  const any = draw.chance(0.3)
  const operation = draw.chance(0.5) ? draw.oneOf(reads) : draw.oneOf(writes)
  const where = any ? {} : { operation }
  const when = { after: any ? draw.whole(0, 60) : draw.whole(0, 6), times: draw.whole(1, 3) }
  switch (draw.oneOf(['throttle', 'error', 'delay', 'lost-answer', 'lost-request', 'hang', 'denied'] as const)) {
    case 'throttle':
      return { ...where, ...when, kind: 'throttle', times: draw.whole(1, 8) }
    case 'error':
      return { ...where, ...when, kind: 'error' }
    case 'delay':
      return { ...where, ...when, kind: 'delay', delayMs: draw.whole(50, 5_000) }
    case 'lost-answer':
      return { ...where, ...when, kind: 'lost-answer' }
    case 'lost-request':
      return { ...where, ...when, kind: 'lost-request' }
    case 'hang':
      return { ...where, ...when, kind: 'hang', times: 1, when: draw.oneOf(['before', 'after']) }
    default:
      return { operation: draw.oneOf(writes), ...when, kind: 'denied', times: 1 }
  }
}

function drawTrouble(draw: Draw): Trouble {
  const afterMs = draw.whole(0, busyMs)
  if (draw.chance(0.6)) return { kind: 'none' }
  const color = draw.oneOf<SeedColor>(['blue', 'green'])
  const tasks = draw.whole(1, 2)
  switch (draw.oneOf(['death', 'sick', 'weights', 'service', 'alarm'] as const)) {
    case 'death':
      return { kind: 'death', color, tasks, afterMs }
    case 'sick':
      return { kind: 'sick', color, tasks, afterMs }
    case 'weights': {
      const [blue, green] = draw.oneOf<readonly [number, number]>([
        [37, 63],
        [1, 0],
        [0, 1],
        [71, 29],
      ])
      return { kind: 'weights', route: draw.whole(0, 5), blue, green, afterMs }
    }
    case 'service':
      return { kind: 'service', change: draw.oneOf(['revision', 'restart', 'zero'] as const), afterMs }
    default:
      return { kind: 'alarm', afterMs }
  }
}

function drawDisruption(draw: Draw, plan: Plan): Disruption {
  switch (draw.oneOf(['none', 'kill', 'kill', 'cancel', 'race'] as const)) {
    case 'none':
      return { kind: 'none' }
    case 'kill':
      return { kind: 'kill', at: drawKill(draw), nextAfterMs: draw.oneOf([0, 1_000, 20_000, 90_000]) }
    case 'cancel':
      return { kind: 'cancel', afterMs: draw.whole(100, busyMs), post: draw.chance(0.7) }
    default: {
      const image = draw.chance(0.5) ? plan.image : drawImage(draw)
      return { kind: 'race', afterMs: draw.whole(0, busyMs), plan: image === undefined ? plan : { ...plan, image } }
    }
  }
}

function drawKill(draw: Draw): KillPoint {
  const when = draw.oneOf<'before' | 'after'>(['before', 'after'])
  if (draw.chance(0.6)) return { call: draw.whole(1, 60), when }
  const operation = draw.oneOf(['ModifyListener', 'ModifyRule', 'UpdateService', 'AddTags', 'CreateTargetGroup'])
  return { call: draw.whole(1, 4), operation, when }
}

/** The clean run asks for the same again, or for something else; it watches nothing that another run may have spoiled. */
function calm(plan: Plan): Plan {
  const { 'alarm-names': _alarms, 'desired-count': _count, 'on-cancel': _cancel, ...rest } = plan
  return { ...rest, timeout: '10m', 'rollback-on-failure': 'true' }
}

function lastImage(draw: Draw, { image = '' }: Plan): string {
  const again = draw.chance(0.6) && wellImages.some(well => well === image)
  return again ? image : 'sample-app:0.0.5'
}
