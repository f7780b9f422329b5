import { type Attributes, record, type Settings, type Tags } from '../model/clone.ts'
import { paceFor } from './clone-pace.ts'

/** From a service and its target group, as AWS described them, to the requests that make another one like them. Pure. */

/** Fixed for the life of a target group. */
const fixed = ['Protocol', 'ProtocolVersion', 'Port', 'VpcId', 'TargetType', 'IpAddressType'] as const
/** What ModifyTargetGroup can change. */
const checked = [
  'HealthCheckProtocol',
  'HealthCheckPort',
  'HealthCheckEnabled',
  'HealthCheckPath',
  'HealthCheckIntervalSeconds',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'UnhealthyThresholdCount',
  'Matcher',
] as const

/** What CreateTargetGroup takes, but for the name and the tags. */
export function groupSettings(described: Settings): Settings {
  return pick(described, [...fixed, ...checked])
}

/** Members that differ and cannot be changed any more. ECS registers addresses of tasks with the port of their container. */
export function fixedDifferences(origin: Settings, copy: Settings): readonly string[] {
  const told = (member: string) => member !== 'Port' || origin.TargetType !== 'ip'
  return fixed.filter(member => told(member) && !same(origin[member], copy[member]))
}

/** What ModifyTargetGroup needs to make the copy check health like the original; undefined when it does already. */
export function checkDifferences(origin: Settings, copy: Settings): Settings | undefined {
  return checked.every(member => same(origin[member], copy[member])) ? undefined : pick(origin, checked)
}

/** Only what differs: a value that AWS itself has set may be one that it does not take. */
export function attributeDifferences(origin: Attributes, copy: Attributes): Attributes {
  return Object.fromEntries(Object.entries(origin).filter(([key, value]) => copy[key] !== value))
}

/** How a service runs, as CreateService takes it: no name, revision, size, load balancer, registries or Service Connect. */
const kept = [
  'platformVersion',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'healthCheckGracePeriodSeconds',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'availabilityZoneRebalancing',
] as const

/**
 * @param described the service to copy, as DescribeServices has it
 * @param replaced how many tasks its deployments will replace
 */
function serviceSettings(described: Settings, replaced: number): Settings {
  const { capacityProviderStrategy, launchType, roleArn, propagateTags } = described
  const byProviders = Array.isArray(capacityProviderStrategy) && capacityProviderStrategy.length > 0
  const volumes = primaryOf(described).volumeConfigurations
  const ownRole = typeof roleArn === 'string' && !roleArn.includes('/aws-service-role/')
  return {
    ...pick(described, kept),
    ...(byProviders ? { capacityProviderStrategy } : launchType === undefined ? {} : { launchType }),
    ...(ownRole ? { role: roleArn } : {}),
    ...(propagateTags === undefined || propagateTags === 'NONE' ? {} : { propagateTags }),
    ...(Array.isArray(volumes) && volumes.length > 0 ? { volumeConfigurations: volumes } : {}),
    // What never starts must not be started for ever; and what comes back by itself would not be what was asked for.
    deploymentConfiguration: {
      ...paceFor(described, replaced),
      deploymentCircuitBreaker: { enable: true, rollback: false },
    },
  }
}

export interface CopyOrder {
  readonly name: string
  readonly taskDefinition: string
  readonly desired: number
  /** How many tasks a deployment will replace, where it is another number. */
  readonly replaced?: number
  readonly targetGroupArn: string
  readonly containerName: string
  readonly containerPort: number
  readonly tags: Tags
}

/** What CreateService takes, but for the cluster and the token. */
export function serviceRequest(described: Settings, order: CopyOrder): Settings {
  const {
    name,
    taskDefinition,
    desired,
    replaced = desired,
    tags,
    targetGroupArn,
    containerName,
    containerPort,
  } = order
  return {
    ...serviceSettings(described, replaced),
    serviceName: name,
    taskDefinition,
    desiredCount: desired,
    loadBalancers: [{ targetGroupArn, containerName, containerPort }],
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  }
}

export function primaryOf(described: Settings): Settings {
  const { deployments } = described
  if (!Array.isArray(deployments)) return {}
  return record(deployments.find(one => record(one).status === 'PRIMARY'))
}

/** Without what is absent or empty: an empty list is no wish. */
function pick(from: Settings, members: readonly string[]): Settings {
  return Object.fromEntries(
    members.flatMap(member => {
      const value = from[member]
      const empty = value === undefined || value === null || (Array.isArray(value) && value.length === 0)
      return empty ? [] : [[member, value]]
    }),
  )
}

function same(one: unknown, two: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(two)
}
