import type {
  ContainerDefinition,
  CreateClusterRequest,
  CreateServiceRequest,
  RegisterTaskDefinitionRequest,
  RunTaskRequest,
  ServiceEvent,
  Tag,
  TaskStopCode,
} from '@aws-sdk/client-ecs'
import type { Random } from '../../random.ts'
import type { Timeline } from '../../timeline.ts'
import type { LogSink, Runtime, TargetGroups } from '../ports.ts'
import type { CloudSettings } from '../settings.ts'
import type { Network, NetworkInterface } from './network.ts'

/**
 * The records of the container service. They change in place, because a simulation runs thousands of transitions; what
 * leaves through the API is always a fresh view. Times are milliseconds of the sandbox's clock.
 */
export interface World {
  readonly timeline: Timeline
  readonly random: Random
  readonly settings: CloudSettings
  readonly runtime: Runtime
  readonly targets: TargetGroups
  readonly logs: LogSink
  readonly network: Network
  /** By name. */
  readonly clusters: Map<string, Cluster>
  readonly families: Map<string, Family>
  /** Every task that has stopped, oldest first; forgotten after an hour. */
  readonly stopped: Task[]
}

export interface Cluster {
  readonly name: string
  readonly arn: string
  readonly request: CreateClusterRequest
  tags: readonly Tag[]
  /** By name; an INACTIVE service stays for a while. */
  readonly services: Map<string, Service>
  /** By id, stopped ones included. */
  readonly tasks: Map<string, Task>
}

/** All revisions of one task definition, oldest first. */
export interface Family {
  readonly name: string
  readonly revisions: Definition[]
}

export interface Definition {
  readonly arn: string
  readonly family: string
  readonly revision: number
  /** What was registered, with the defaults that AWS fills in; members the sandbox does not know are kept. */
  readonly content: Omit<RegisterTaskDefinitionRequest, 'tags'>
  readonly containers: readonly ContainerDefinition[]
  readonly registeredAt: number
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS'
  deregisteredAt: number | undefined
  deleteRequestedAt: number | undefined
  tags: readonly Tag[]
}

export interface Service {
  readonly arn: string
  readonly name: string
  readonly cluster: Cluster
  readonly createdAt: number
  /** What CreateService and every UpdateService since asked for. */
  request: CreateServiceRequest
  desiredCount: number
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  inactiveSince: number | undefined
  /** The primary first; empty when AWS does not roll out this service itself. */
  deployments: Deployment[]
  /** Where a rollback goes. */
  lastCompleted: Deployment | undefined
  /** Every task that has not reached STOPPED. */
  readonly tasks: Set<Task>
  /** Newest first, at most 100. */
  readonly events: ServiceEvent[]
  tags: readonly Tag[]
  /** Tasks whose draining is over since the scheduler last looked: they make one event. */
  drained: Task[]
  /** The scheduler's next look, and how to take it back. */
  nextLook: { readonly time: number; readonly cancel: () => void } | undefined
}

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'

export interface Deployment {
  /** `ecs-svc/` and digits. */
  readonly id: string
  readonly definition: Definition
  /** The service's request when this deployment began. */
  readonly request: CreateServiceRequest
  readonly createdAt: number
  readonly isRollback: boolean
  updatedAt: number
  rolloutState: RolloutState
  rolloutStateReason: string
  /** Tasks in a row that never served. */
  failedTasks: number
  /** Rounds of starts in a row after which a task could not be started. */
  failedRounds: number
  /** Why a task could not be started since the last round. */
  launchFailure: string | undefined
  /** No task is started before this time. */
  notBefore: number
  /** Image → digest, resolved when the first task started. */
  readonly digests: Map<string, string>
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED'

export interface Container {
  readonly definition: ContainerDefinition
  readonly runtimeId: string
  imageDigest: string | undefined
  exitCode: number | undefined
  reason: string | undefined
}

/** What a service wants to know about its tasks. */
export interface TaskOwner {
  /** Its status or its draining moved on. */
  onChanged(task: Task): void
  /** Its process is gone, or never came. */
  onEnded(task: Task): void
}

export interface Task {
  readonly id: string
  readonly arn: string
  readonly cluster: Cluster
  readonly definition: Definition
  readonly service: Service | undefined
  readonly deployment: Deployment | undefined
  readonly owner: TaskOwner | undefined
  /** Set for tasks of RunTask. */
  readonly run: RunTaskRequest | undefined
  readonly group: string
  readonly startedBy: string | undefined
  readonly launchType: string | undefined
  readonly eni: NetworkInterface
  readonly containers: readonly Container[]
  /** The container that serves: the one behind the load balancer, else the first essential one. */
  readonly serving: Container
  readonly containerPort: number
  tags: readonly Tag[]
  /** How often its state has changed. */
  version: number
  lastStatus: TaskStatus
  desiredStatus: 'RUNNING' | 'STOPPED'
  /** It has once been seen healthy by everybody who checks it. */
  proved: boolean
  /** It fails its health checks now. */
  failing: boolean
  /** Target groups that it is registered in, with its port there. */
  readonly registrations: Registration[]
  stop: { readonly code: TaskStopCode; readonly reason: string } | undefined
  readonly times: TaskTimes
  /** Takes back the booking of its next step, while that is the sandbox's to take. */
  cancel: (() => void) | undefined
}

export interface Registration {
  readonly targetGroupArn: string
  readonly port: number
}

export interface TaskTimes {
  readonly createdAt: number
  pullStartedAt?: number
  pullStoppedAt?: number
  startedAt?: number
  stoppingAt?: number
  executionStoppedAt?: number
  stoppedAt?: number
}
