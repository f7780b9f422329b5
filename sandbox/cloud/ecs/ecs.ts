import type {
  CreateServiceRequest,
  DeleteServiceRequest,
  RunTaskRequest,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs'
import type { Random } from '../../random.ts'
import type { Timeline } from '../../timeline.ts'
import { AwsFault, type LogSink, type Runtime, type TargetGroups } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'
import { type BucketName, createBuckets } from './buckets.ts'
import { createCluster, describeClusters } from './clusters.ts'
import { createNetwork } from './network.ts'
import { createRunTask } from './run-task.ts'
import { type ScaledServices, scaledServices } from './scaled.ts'
import { createScheduler, isServiceSteady, type Scheduler } from './scheduler.ts'
import { createService } from './service-create.ts'
import { describeServices, listServices } from './service-read.ts'
import { deleteService, updateService } from './service-update.ts'
import { listTagsForResource, tagResource, untagResource } from './tags.ts'
import {
  deleteTaskDefinitions,
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  registerTaskDefinition,
} from './task-definitions.ts'
import { describeTasks, listTasks, stopTaskCall } from './tasks.ts'
import type { World } from './world.ts'

export interface EcsOptions {
  readonly timeline: Timeline
  readonly random: Random
  readonly settings: CloudSettings
  /** What runs the tasks. */
  readonly runtime: Runtime
  /** The load balancer's side of a service. */
  readonly targets: TargetGroups
  /** Where containers log to. */
  readonly logs: LogSink
}

/** The container service: its API, and the schedulers behind it that run on the timeline. */
export interface Ecs {
  /**
   * One API call, answered from the state as it is now; outputs have the SDK's member names, timestamps are Dates.
   * @param operation as the SDK names it, such as `DescribeServices`
   * @throws AwsFault
   */
  call(operation: string, input: Record<string, unknown>): Record<string, unknown>
  /** True when no service has anything left to do: every rollout COMPLETED, exactly the desired tasks, all healthy. */
  isSteady(): boolean
  /** For whoever scales services from outside. */
  readonly scaled: ScaledServices
}

type Answer = (input: Record<string, unknown>) => Record<string, unknown>

interface Operation {
  readonly bucket: BucketName
  readonly answer: Answer
}

export function createEcs(options: EcsOptions): Ecs {
  const world: World = {
    ...options,
    network: createNetwork(options.random, options.settings.zones),
    clusters: new Map(),
    families: new Map(),
    stopped: [],
  }
  const scheduler = createScheduler(world)
  const operations = operationsOf(world, scheduler)
  const takeToken = createBuckets(options.timeline)
  return {
    scaled: scaledServices(world, scheduler),
    call(operation, input) {
      const known = operations.get(operation)
      if (known === undefined) throw new AwsFault('UnknownOperationException', `Unknown operation ${operation}.`)
      if (options.settings.throttling) takeToken(known.bucket)
      return known.answer(input)
    },
    isSteady() {
      for (const cluster of world.clusters.values()) {
        for (const service of cluster.services.values()) if (!isServiceSteady(service)) return false
      }
      return true
    },
  }
}

function operationsOf(world: World, scheduler: Scheduler): ReadonlyMap<string, Operation> {
  /** Inputs are parsed by the service's own schema before they come here, so each call may trust its shape. */
  const on = <Input>(
    bucket: BucketName,
    answer: (world: World, input: Input) => Record<string, unknown>,
  ): Operation => ({
    bucket,
    answer: input => answer(world, input as Input),
  })
  const runTask = createRunTask(world)
  return new Map<string, Operation>([
    ['CreateCluster', on('clusterModify', createCluster)],
    ['DescribeClusters', on('clusterRead', describeClusters)],
    ['RegisterTaskDefinition', on('definitionModify', registerTaskDefinition)],
    ['DeregisterTaskDefinition', on('definitionModify', deregisterTaskDefinition)],
    ['DeleteTaskDefinitions', on('definitionDelete', deleteTaskDefinitions)],
    ['DescribeTaskDefinition', on('definitionRead', describeTaskDefinition)],
    ['ListTaskDefinitions', on('definitionRead', listTaskDefinitions)],
    ['ListTaskDefinitionFamilies', on('definitionRead', listTaskDefinitionFamilies)],
    ['CreateService', on('serviceModify', (_, input: CreateServiceRequest) => createService(world, scheduler, input))],
    ['UpdateService', on('serviceModify', (_, input: UpdateServiceRequest) => updateService(world, scheduler, input))],
    ['DeleteService', on('serviceModify', (_, input: DeleteServiceRequest) => deleteService(world, scheduler, input))],
    ['DescribeServices', on('serviceRead', describeServices)],
    ['ListServices', on('serviceRead', listServices)],
    ['ListTasks', on('resourceRead', listTasks)],
    ['DescribeTasks', on('resourceRead', describeTasks)],
    ['StopTask', on('resourceModify', stopTaskCall)],
    ['RunTask', on('resourceModify', (_, input: RunTaskRequest) => runTask(input))],
    ['TagResource', on('tagModify', tagResource)],
    ['UntagResource', on('tagModify', untagResource)],
    ['ListTagsForResource', on('tagRead', listTagsForResource)],
  ])
}
