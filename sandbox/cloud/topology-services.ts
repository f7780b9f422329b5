import type { Cloud } from './cloud.ts'
import { seedSubnets } from './topology-edge.ts'
import type { SeedColor, TopologyOptions } from './topology-options.ts'

/** Registers the application's task definition, with members and tags that a deploy must not lose. */
export function registerSeedDefinition(cloud: Cloud, wanted: TopologyOptions): string {
  const { accountId, partition, region } = cloud.settings
  const role = (name: string) => `arn:${partition}:iam::${accountId}:role/${wanted.service}-${name}`
  cloud.logs.createGroup(`/ecs/${wanted.service}`)
  const { taskDefinition } = cloud.call('ecs', 'RegisterTaskDefinition', {
    family: wanted.service,
    taskRoleArn: role('task'),
    executionRoleArn: role('execution'),
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
    ephemeralStorage: { sizeInGiB: 30 },
    volumes: [{ name: 'scratch', host: {} }],
    containerDefinitions: [
      {
        name: wanted.containerName,
        image: wanted.image,
        essential: true,
        portMappings: [{ containerPort: wanted.containerPort, protocol: 'tcp', name: 'http', appProtocol: 'http' }],
        environment: Object.entries({ LOG_LEVEL: 'info', ...wanted.environment }).map(([name, value]) => ({
          name,
          value,
        })),
        secrets: [
          {
            name: 'API_KEY',
            valueFrom: `arn:${partition}:ssm:${region}:${accountId}:parameter/${wanted.service}/api-key`,
          },
        ],
        mountPoints: [{ sourceVolume: 'scratch', containerPath: '/tmp', readOnly: false }],
        linuxParameters: { initProcessEnabled: true },
        ulimits: [{ name: 'nofile', softLimit: 65_536, hardLimit: 65_536 }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `/ecs/${wanted.service}`,
            'awslogs-region': region,
            'awslogs-stream-prefix': 'app',
          },
        },
        readonlyRootFilesystem: true,
        stopTimeout: 30,
      },
    ],
    tags: [
      { key: 'team', value: 'checkout' },
      { key: 'cost-center', value: '4711' },
    ],
  })
  return (taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn
}

export function createColorService(
  cloud: Cloud,
  wanted: TopologyOptions,
  color: SeedColor,
  targetGroupArn: string,
): string {
  return createSeedService(cloud, wanted, `${wanted.service}-${color}`, wanted.tasks[color], targetGroupArn)
}

export function createSeedService(
  cloud: Cloud,
  wanted: TopologyOptions,
  serviceName: string,
  desiredCount: number,
  targetGroupArn: string,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const { service } = cloud.call('ecs', 'CreateService', {
    cluster: wanted.cluster,
    serviceName,
    taskDefinition: wanted.service,
    desiredCount,
    launchType: 'FARGATE',
    loadBalancers: [{ targetGroupArn, containerName: wanted.containerName, containerPort: wanted.containerPort }],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: seedSubnets(cloud),
        securityGroups: ['sg-0a1b2c3d4e5f60719'],
        assignPublicIp: 'DISABLED',
      },
    },
    healthCheckGracePeriodSeconds: wanted.healthCheckGracePeriodSeconds,
    deploymentConfiguration: {
      minimumHealthyPercent: wanted.minimumHealthyPercent,
      maximumPercent: wanted.maximumPercent,
      deploymentCircuitBreaker: {
        enable: wanted.circuitBreaker !== 'off',
        rollback: wanted.circuitBreaker === 'rollback',
      },
    },
    propagateTags: 'TASK_DEFINITION',
    tags: [{ key: 'team', value: 'checkout' }],
    ...more,
  })
  return (service as { serviceArn: string }).serviceArn
}
