/** Amazon ECS as one look saw it, in our words. Times are milliseconds since the Unix epoch. */

export interface ServiceView {
  readonly name: string
  readonly arn: string
  /** `ACTIVE`, `DRAINING` or `INACTIVE`. */
  readonly status: string
  /** ARN of the revision that the service asks for; its running tasks may still be older. */
  readonly taskDefinition: string
  readonly desired: number
  readonly running: number
  readonly pending: number
  /** Newest first, as ECS lists them; the newest is `PRIMARY`. */
  readonly deployments: readonly DeploymentView[]
  readonly loadBalancers: readonly ServiceLoadBalancer[]
  /** The scheduler ignores target health for this long after a task started. */
  readonly gracePeriodMs: number
  readonly launch: ServiceLaunch
  /** Whether ECS itself gives up on a deployment whose tasks fail. */
  readonly circuitBreaker?: boolean
  /** Of the desired tasks, so many serve at any time of a rollout, in percent. */
  readonly minHealthyPercent?: number
  /** Newest first, at most 100. */
  readonly events: readonly ServiceEvent[]
  /** Anything but a plain rolling service: who else decides where its requests go. */
  readonly foreignController?: ForeignController
}

export type ForeignController =
  | 'CODE_DEPLOY'
  | 'EXTERNAL'
  | 'BLUE_GREEN'
  | 'LINEAR'
  | 'CANARY'
  | 'ADVANCED'
  | 'DAEMON'
  | 'SERVICE_CONNECT'

/** How a service's tasks are placed: what a one-off task of it needs too. As ECS said it, member for member. */
export interface ServiceLaunch {
  readonly networkConfiguration?: unknown
  /** Either this or a capacity provider strategy. */
  readonly launchType?: string
  readonly capacityProviderStrategy?: readonly unknown[]
  readonly platformVersion?: string
}

export interface DeploymentView {
  /** `ecs-svc/<digits>`. */
  readonly id: string
  /** `PRIMARY`, `ACTIVE` (older, still has tasks) or `INACTIVE`. */
  readonly status: string
  readonly taskDefinition: string
  readonly desired: number
  readonly running: number
  readonly pending: number
  /** Consecutive tasks that never became healthy; back to 0 when one runs. */
  readonly failedTasks: number
  /** `FAILED` only with a circuit breaker or alarms: without them a broken deployment stays `IN_PROGRESS` for ever. */
  readonly rollout: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'unknown'
  readonly rolloutReason: string
}

export interface ServiceLoadBalancer {
  readonly targetGroupArn: string
  readonly containerName: string
  readonly containerPort: number
}

export interface ServiceEvent {
  readonly id: string
  readonly at: number
  readonly message: string
}

export interface TaskView {
  readonly arn: string
  readonly taskDefinition: string
  /** Id of the deployment that started it. */
  readonly startedBy: string
  /** `PROVISIONING`, `PENDING`, `ACTIVATING`, `RUNNING`, …, `STOPPED`. */
  readonly lastStatus: string
  readonly startedAt?: number
  /** When its containers had ended, by AWS's clock. */
  readonly endedAt?: number
  /** Private addresses of its network interfaces: how an `ip` target group lists it. */
  readonly addresses: readonly string[]
  readonly stoppedReason?: string
  readonly containers: readonly ContainerView[]
  /** Such as `EssentialContainerExited` or `TaskFailedToStart`; health checks have none of their own. */
  readonly stopCode?: string
  /** MiB of the whole task, as ECS writes it: `512`. */
  readonly memory?: string
}

export interface ContainerView {
  readonly name: string
  readonly image: string
  readonly digest?: string
  /** MiB of this container alone, when it has a limit of its own. */
  readonly memory?: string
  readonly exitCode?: number
  readonly reason?: string
}
