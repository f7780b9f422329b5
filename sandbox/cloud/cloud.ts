import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'
import { type CloudWatch, createCloudWatch } from './cloudwatch/cloudwatch.ts'
import { createEcs, type Ecs } from './ecs/ecs.ts'
import { createElb, type Elb } from './elb/elb.ts'
import { createLogs, type Logs } from './logs/logs.ts'
import type { AwsService, ControlPlane, Runtime } from './ports.ts'
import { createScaling, type Scaling } from './scaling/scaling.ts'
import type { CloudSettings } from './settings.ts'

export interface CloudOptions {
  readonly timeline: Timeline
  readonly random: Random
  readonly settings: CloudSettings
  /** What runs the tasks and checks their health: processes and sockets, or a simulation. */
  readonly runtime: Runtime
}

/** One account in one Region: container service, load balancing and alarms, wired to each other. */
export interface Cloud extends ControlPlane {
  readonly timeline: Timeline
  readonly settings: CloudSettings
  readonly ecs: Ecs
  readonly elb: Elb
  readonly cloudwatch: CloudWatch
  readonly logs: Logs
  readonly scaling: Scaling
}

export function createCloud(options: CloudOptions): Cloud {
  const { timeline, random, settings, runtime } = options
  const elb = createElb({ timeline, random, settings, runtime })
  const logs = createLogs({ timeline, settings })
  const ecs = createEcs({ timeline, random, settings, runtime, targets: elb.targets, logs })
  const cloudwatch = createCloudWatch({ timeline, settings, metrics: elb.metrics })
  const scaling = createScaling({ timeline, random, settings, services: ecs.scaled })
  return {
    timeline,
    settings,
    ecs,
    elb,
    cloudwatch,
    logs,
    scaling,
    call(service: AwsService, operation, input) {
      switch (service) {
        case 'ecs':
          return ecs.call(operation, input)
        case 'elbv2':
          return elb.call(operation, input)
        case 'cloudwatch':
          return cloudwatch.call(operation, input)
        case 'logs':
          return logs.call(operation, input)
        case 'application-autoscaling':
          return scaling.call(operation, input)
        default:
          return service satisfies never
      }
    },
  }
}
