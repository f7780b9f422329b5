import type {
  DeregisterTargetsInput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  TargetDescription,
  TargetHealthReasonEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { TargetAddress, TargetGroups, TargetHealthView } from '../ports.ts'
import { type Core, targetGroup } from './core.ts'
import { inRange, invalid, refused, required } from './faults.ts'
import { combined, draining, notInUse, notRegistered, zoneNotEnabled } from './health.ts'
import { inUse, loadBalancerOf, type Registration, type TargetGroup, targetKey, zoneEnabled } from './state.ts'

const TARGETS_PER_GROUP = 1000
const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/

export function registerTargets(core: Core, input: RegisterTargetsInput): object {
  const group = targetGroup(core, input.TargetGroupArn)
  const targets = required(input.Targets, 'Targets').map(target => readTarget(group, target))
  targets.forEach((target, index) => {
    register(core, group, target, input.Targets?.[index]?.AvailabilityZone ?? zoneOf(core, target))
  })
  return {}
}

export function deregisterTargets(core: Core, input: DeregisterTargetsInput): object {
  const group = targetGroup(core, input.TargetGroupArn)
  for (const description of required(input.Targets, 'Targets')) {
    deregister(core, group, readTarget(group, description), () => {})
  }
  return {}
}

export function describeTargetHealth(core: Core, input: DescribeTargetHealthInput): DescribeTargetHealthOutput {
  const group = targetGroup(core, input.TargetGroupArn)
  const asked = input.Targets?.map(description => readTarget(group, description))
  const targets = asked ?? [...group.targets.values()].map(({ target }) => target)
  return {
    TargetHealthDescriptions: targets.map(target => {
      const registration = group.targets.get(targetKey(target))
      const { state, reason, description } = healthOf(group, registration)
      const { port } = group.healthCheck
      return {
        Target: {
          Id: target.ip,
          Port: target.port,
          ...(registration === undefined ? {} : { AvailabilityZone: registration.zone }),
        },
        HealthCheckPort: port === 'traffic-port' ? String(target.port) : port,
        TargetHealth: {
          State: state,
          ...(reason === undefined ? {} : { Reason: reason as TargetHealthReasonEnum }),
          ...(description === undefined ? {} : { Description: description }),
        },
        AdministrativeOverride: {
          State: 'no_override',
          Reason: 'AdministrativeOverride.NoOverride',
          Description: 'No override is currently active on target',
        },
      }
    }),
  }
}

/** What the container service uses instead of the API. */
export function createTargetGroups(core: Core): TargetGroups {
  return {
    find(arn) {
      const group = core.state.targetGroups.get(arn)
      return (
        group && {
          arn,
          targetType: group.targetType,
          port: group.port,
          associated: loadBalancerOf(group) !== undefined && core.timeline.now() >= group.associatedAt,
          deregistrationDelayMs: deregistrationDelayMs(group),
        }
      )
    },
    register: (arn, target, zone) => register(core, targetGroup(core, arn), target, zone),
    deregister(arn, target, onGone) {
      const group = core.state.targetGroups.get(arn)
      if (group === undefined) core.timeline.at(core.timeline.now(), onGone)
      else deregister(core, group, target, onGone)
    },
    health(arn, target) {
      const group = core.state.targetGroups.get(arn)
      return group === undefined ? notRegistered : healthOf(group, group.targets.get(targetKey(target)))
    },
  }
}

/** Notes how many targets of a group are well: called whenever that may have changed. */
export function observeHosts(core: Core, group: TargetGroup): void {
  if (group.loadBalancer === undefined) return
  const states = [...group.targets.values()].map(registration => healthOf(group, registration).state)
  const healthy = states.filter(state => state === 'healthy').length
  const unhealthy = states.filter(state => state === 'unhealthy').length
  const counted = states.some(state => state !== 'unused' && state !== 'draining')
  core.metrics.hosts(group.loadBalancer.arn, group.arn, counted ? { healthy, unhealthy } : undefined)
}

function healthOf(group: TargetGroup, registration: Registration | undefined): TargetHealthView {
  if (registration === undefined) return notRegistered
  if (registration.draining) return draining
  const loadBalancer = loadBalancerOf(group)
  if (loadBalancer === undefined) return notInUse
  if (!zoneEnabled(loadBalancer, registration.zone)) return zoneNotEnabled
  return combined(loadBalancer.nodes.map(node => node.health(group.arn, registration.key)))
}

function register(core: Core, group: TargetGroup, target: TargetAddress, zone: string): void {
  const key = targetKey(target)
  const known = group.targets.get(key)
  if (known !== undefined && !known.draining) return
  if (group.targets.size >= TARGETS_PER_GROUP) {
    throw refused('TooManyTargets', `The maximum number of targets per target group is ${TARGETS_PER_GROUP}`)
  }
  group.targets.set(key, { key, target: { ip: target.ip, port: target.port }, zone, draining: false, onGone: [] })
  core.deliveries.targetChanged(group, key)
  observeHosts(core, group)
}

/**
 * Draining is shown for the whole delay. However short that is, the target is not gone before every node has heard, so
 * that none sends it a new request afterwards.
 */
function deregister(core: Core, group: TargetGroup, target: TargetAddress, onGone: () => void): void {
  const registration = group.targets.get(targetKey(target))
  if (registration === undefined) {
    core.timeline.at(core.timeline.now(), onGone)
    return
  }
  registration.onGone.push(onGone)
  if (registration.draining) return
  registration.draining = true
  const now = core.timeline.now()
  const heard = core.deliveries.targetChanged(group, registration.key)
  const drained = inUse(group, now) ? now + deregistrationDelayMs(group) : now
  core.timeline.at(Math.max(heard, drained), () => remove(core, group, registration))
  observeHosts(core, group)
}

function remove(core: Core, group: TargetGroup, registration: Registration): void {
  if (group.targets.get(registration.key) === registration) {
    group.targets.delete(registration.key)
    // They have heard by now; with timers of whole milliseconds one may be a moment late.
    for (const node of group.loadBalancer?.nodes ?? []) node.syncTarget(group.arn, registration.key)
    announceGone(core, registration)
    observeHosts(core, group)
  }
  for (const onGone of registration.onGone) onGone()
}

/** Connections to an address are cut when no group has it any more. */
export function announceGone(core: Core, { key, target }: Registration): void {
  for (const group of core.state.targetGroups.values()) if (group.targets.has(key)) return
  for (const subscriber of core.subscribers) subscriber.onTargetGone(target)
}

function deregistrationDelayMs(group: TargetGroup): number {
  return Number(group.attributes.get('deregistration_delay.timeout_seconds')) * 1000
}

function readTarget(group: TargetGroup, { Id, Port }: TargetDescription): TargetAddress {
  const ip = required(Id, 'Targets.Id')
  if (group.targetType !== 'ip') {
    throw refused('InvalidTarget', `The following targets are not valid ${group.targetType} targets: '${ip}'`)
  }
  if (!IPV4.test(ip)) throw invalid(`The IP address '${ip}' is not a valid IPv4 address`)
  const port = Port ?? group.port
  inRange(port, 1, 65_535, 'targets.port')
  return { ip, port }
}

/** A stable zone for an address that came without one, as its subnet would give it. */
function zoneOf(core: Core, { ip }: TargetAddress): string {
  const { zones } = core.settings
  return zones[Number(ip.split('.')[2]) % zones.length] ?? 'all'
}
