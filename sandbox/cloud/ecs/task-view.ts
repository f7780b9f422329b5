import type { Container as ContainerDescription, Task as TaskDescription } from '@aws-sdk/client-ecs'
import type { Container, Task, TaskStatus, TaskTimes } from './world.ts'

/** A task as DescribeTasks shows it, without its tags. */
export function describeTask(task: Task): TaskDescription {
  const { definition, eni } = task
  const fargate = task.launchType === 'FARGATE'
  return {
    taskArn: task.arn,
    clusterArn: task.cluster.arn,
    taskDefinitionArn: definition.arn,
    group: task.group,
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    ...(task.launchType === undefined ? {} : { launchType: task.launchType as 'FARGATE' }),
    ...(fargate ? { platformVersion: '1.4.0', platformFamily: 'Linux' } : {}),
    availabilityZone: eni.zone,
    attachments: definition.content.networkMode === 'awsvpc' ? [attachment(task)] : [],
    attributes: [
      { name: 'ecs.cpu-architecture', value: definition.content.runtimePlatform?.cpuArchitecture ?? 'X86_64' },
    ],
    containers: task.containers.map(container => describeContainer(task, container)),
    ...(definition.content.cpu === undefined ? {} : { cpu: definition.content.cpu }),
    ...(definition.content.memory === undefined ? {} : { memory: definition.content.memory }),
    desiredStatus: task.desiredStatus,
    lastStatus: task.lastStatus,
    healthStatus: 'UNKNOWN',
    connectivity: 'CONNECTED',
    enableExecuteCommand: task.service?.request.enableExecuteCommand ?? task.run?.enableExecuteCommand ?? false,
    overrides: task.run?.overrides ?? { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    ...(task.stop === undefined ? {} : { stopCode: task.stop.code, stoppedReason: task.stop.reason }),
    version: task.version,
    ...dates(task.times),
  }
}

function dates(times: TaskTimes): { [Name in keyof TaskTimes]: Date } {
  return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, new Date(time)])) as {
    [Name in keyof TaskTimes]: Date
  }
}

function attachment(task: Task) {
  const { eni } = task
  return {
    id: eni.attachmentId,
    type: 'ElasticNetworkInterface',
    status: attachmentStatus(task.lastStatus),
    details: [
      { name: 'subnetId', value: eni.subnetId },
      { name: 'networkInterfaceId', value: eni.networkInterfaceId },
      { name: 'macAddress', value: eni.macAddress },
      { name: 'privateDnsName', value: `ip-${eni.ip.replaceAll('.', '-')}.${eni.zone.slice(0, -1)}.compute.internal` },
      { name: 'privateIPv4Address', value: eni.ip },
    ],
  }
}

function attachmentStatus(status: TaskStatus): string {
  if (status === 'PROVISIONING') return 'PRECREATED'
  return status === 'STOPPED' ? 'DELETED' : 'ATTACHED'
}

function describeContainer(task: Task, container: Container): ContainerDescription {
  const { definition } = container
  const attached = task.definition.content.networkMode === 'awsvpc' && task.lastStatus !== 'PROVISIONING'
  return {
    containerArn: `${task.arn.replace(':task/', ':container/')}/${container.runtimeId}`,
    taskArn: task.arn,
    name: definition.name,
    image: definition.image,
    ...(container.imageDigest === undefined ? {} : { imageDigest: container.imageDigest }),
    ...(task.times.pullStoppedAt === undefined ? {} : { runtimeId: container.runtimeId }),
    lastStatus: containerStatus(task),
    ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(container.reason === undefined ? {} : { reason: container.reason }),
    networkBindings: [],
    networkInterfaces: attached ? [{ attachmentId: task.eni.attachmentId, privateIpv4Address: task.eni.ip }] : [],
    healthStatus: 'UNKNOWN',
    cpu: String(definition.cpu ?? 0),
    ...(definition.memory === undefined ? {} : { memory: String(definition.memory) }),
  }
}

function containerStatus(task: Task): string {
  switch (task.lastStatus) {
    case 'PROVISIONING':
    case 'PENDING':
      return 'PENDING'
    case 'ACTIVATING':
    case 'RUNNING':
    case 'DEACTIVATING':
    case 'STOPPING':
      return 'RUNNING'
    case 'DEPROVISIONING':
    case 'STOPPED':
      return 'STOPPED'
    default:
      return task.lastStatus satisfies never
  }
}
