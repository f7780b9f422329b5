import type { Container, Deployment, Service, Task } from '@aws-sdk/client-ecs'
import type {
  Listener,
  Rule,
  TargetGroup,
  TargetGroupAttribute,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { RouteView, RoutingAction, TargetGroupAttributes, TargetGroupView, TargetView } from '../model/routing.ts'
import type {
  ContainerView,
  DeploymentView,
  ForeignController,
  ServiceLaunch,
  ServiceView,
  TaskView,
} from '../model/service.ts'

/** From the SDK's shapes, where everything may be undefined, to ours. */

export function serviceView(service: Service): ServiceView {
  const foreign = foreignController(service)
  return {
    name: service.serviceName ?? '',
    arn: service.serviceArn ?? '',
    status: service.status ?? 'unknown',
    taskDefinition: service.taskDefinition ?? '',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    deployments: (service.deployments ?? []).map(deploymentView),
    loadBalancers: (service.loadBalancers ?? []).flatMap(balancer =>
      balancer.targetGroupArn === undefined
        ? []
        : [
            {
              targetGroupArn: balancer.targetGroupArn,
              containerName: balancer.containerName ?? '',
              containerPort: balancer.containerPort ?? 0,
            },
          ],
    ),
    launch: serviceLaunch(service),
    gracePeriodMs: (service.healthCheckGracePeriodSeconds ?? 0) * 1_000,
    ...(service.deploymentConfiguration?.minimumHealthyPercent === undefined
      ? {}
      : { minHealthyPercent: service.deploymentConfiguration.minimumHealthyPercent }),
    circuitBreaker: service.deploymentConfiguration?.deploymentCircuitBreaker?.enable === true,
    events: (service.events ?? []).map(event => ({
      id: event.id ?? '',
      at: event.createdAt?.getTime() ?? 0,
      message: event.message ?? '',
    })),
    ...(foreign === undefined ? {} : { foreignController: foreign }),
  }
}

function serviceLaunch(service: Service): ServiceLaunch {
  const { networkConfiguration, capacityProviderStrategy, launchType, platformVersion } = service
  const byProviders = capacityProviderStrategy !== undefined && capacityProviderStrategy.length > 0
  return {
    ...(networkConfiguration === undefined ? {} : { networkConfiguration }),
    ...(byProviders ? { capacityProviderStrategy } : launchType === undefined ? {} : { launchType }),
    ...(platformVersion === undefined ? {} : { platformVersion }),
  }
}

/** Who else decides where this service's requests go; undefined for a plain rolling service, which is what we need. */
function foreignController(service: Service): ForeignController | undefined {
  const controller = service.deploymentController?.type
  // What ECS may learn after us is no plain service either.
  if (controller !== undefined && controller !== 'ECS') return controller === 'CODE_DEPLOY' ? controller : 'EXTERNAL'
  const strategy = service.deploymentConfiguration?.strategy
  if (strategy !== undefined && strategy !== 'ROLLING') return strategy
  if (service.loadBalancers?.some(balancer => balancer.advancedConfiguration !== undefined)) return 'ADVANCED'
  if (service.schedulingStrategy === 'DAEMON') return 'DAEMON'
  const connect = service.deployments?.find(deployment => deployment.status === 'PRIMARY')?.serviceConnectConfiguration
  // Only whom others can call by name is passed by: a client alone has no services.
  return connect?.enabled === true && (connect.services?.length ?? 0) > 0 ? 'SERVICE_CONNECT' : undefined
}

function deploymentView(deployment: Deployment): DeploymentView {
  const rollout = deployment.rolloutState
  return {
    id: deployment.id ?? '',
    status: deployment.status ?? '',
    taskDefinition: deployment.taskDefinition ?? '',
    desired: deployment.desiredCount ?? 0,
    running: deployment.runningCount ?? 0,
    pending: deployment.pendingCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    rollout: rollout === 'IN_PROGRESS' || rollout === 'COMPLETED' || rollout === 'FAILED' ? rollout : 'unknown',
    rolloutReason: deployment.rolloutStateReason ?? '',
  }
}

export function taskView(task: Task): TaskView {
  const startedAt = task.startedAt?.getTime()
  const endedAt = (task.executionStoppedAt ?? task.stoppedAt)?.getTime()
  const addresses = new Set<string>()
  // awsvpc tasks are listed by the address of their network interface; which of its ports is the target group's business.
  const interfaces = [
    ...(task.attachments ?? []).flatMap(attachment =>
      (attachment.details ?? []).flatMap(detail =>
        detail.name === 'privateIPv4Address' && detail.value !== undefined ? [detail.value] : [],
      ),
    ),
    ...(task.containers ?? []).flatMap(container =>
      (container.networkInterfaces ?? []).flatMap(nic =>
        [nic.privateIpv4Address, nic.ipv6Address].filter(address => address !== undefined),
      ),
    ),
  ]
  for (const address of interfaces) addresses.add(address)
  return {
    arn: task.taskArn ?? '',
    taskDefinition: task.taskDefinitionArn ?? '',
    startedBy: task.startedBy ?? '',
    lastStatus: task.lastStatus ?? '',
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    addresses: [...addresses],
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    containers: (task.containers ?? []).map(containerView),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.memory === undefined ? {} : { memory: task.memory }),
  }
}

function containerView(container: Container): ContainerView {
  return {
    name: container.name ?? '',
    image: container.image ?? '',
    ...(container.imageDigest === undefined ? {} : { digest: container.imageDigest }),
    ...(container.memory === undefined ? {} : { memory: container.memory }),
    ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(container.reason === undefined ? {} : { reason: container.reason }),
  }
}

export function targetGroupView(group: TargetGroup): TargetGroupView {
  return {
    arn: group.TargetGroupArn ?? '',
    name: group.TargetGroupName ?? '',
    targetType: group.TargetType ?? 'instance',
    vpcId: group.VpcId ?? '',
    loadBalancerArns: group.LoadBalancerArns ?? [],
    healthCheck: {
      protocol: group.HealthCheckProtocol ?? 'HTTP',
      matcher: group.Matcher?.HttpCode ?? group.Matcher?.GrpcCode ?? '200',
      path: group.HealthCheckPath ?? '/',
      intervalMs: (group.HealthCheckIntervalSeconds ?? 30) * 1_000,
      timeoutMs: (group.HealthCheckTimeoutSeconds ?? 5) * 1_000,
      healthyThreshold: group.HealthyThresholdCount ?? 5,
      unhealthyThreshold: group.UnhealthyThresholdCount ?? 2,
    },
  }
}

/** AWS's own defaults stand for what it leaves out. */
export function targetGroupAttributes(attributes: readonly TargetGroupAttribute[]): TargetGroupAttributes {
  const value = (key: string) => attributes.find(attribute => attribute.Key === key)?.Value
  return {
    deregistrationMs: Number(value('deregistration_delay.timeout_seconds') ?? 300) * 1_000,
    slowStartMs: Number(value('slow_start.duration_seconds') ?? 0) * 1_000,
    sticky: value('stickiness.enabled') === 'true',
  }
}

export function targetView(described: TargetHealthDescription): TargetView {
  const health = described.TargetHealth
  return {
    id: described.Target?.Id ?? '',
    port: described.Target?.Port ?? 0,
    state: health?.State ?? 'unknown',
    ...(health?.Reason === undefined ? {} : { reason: health.Reason }),
    ...(health?.Description === undefined ? {} : { description: health.Description }),
  }
}

export function listenerRoute(listener: Listener): RouteView {
  return {
    arn: listener.ListenerArn ?? '',
    kind: 'listener',
    label: `${listener.Protocol ?? ''}:${listener.Port ?? ''}`,
    loadBalancerArn: listener.LoadBalancerArn ?? '',
    actions: (listener.DefaultActions ?? []) as unknown as readonly RoutingAction[],
  }
}

/** A rule does not say which load balancer it belongs to, but its ARN does. */
export function ruleRoute(rule: Rule): RouteView {
  const arn = rule.RuleArn ?? ''
  return {
    arn,
    kind: 'rule',
    label: `rule ${rule.Priority ?? ''}`,
    loadBalancerArn: loadBalancerOf(arn),
    actions: (rule.Actions ?? []) as unknown as readonly RoutingAction[],
  }
}

/** `…:listener-rule/app/name/id/listener/rule` and `…:listener/app/name/id/listener` both name `…:loadbalancer/app/name/id`. */
export function loadBalancerOf(arn: string): string {
  return arn.replace(/:listener(?:-rule)?\/(app\/[^/]+\/[^/]+)\/.*$/, ':loadbalancer/$1')
}
