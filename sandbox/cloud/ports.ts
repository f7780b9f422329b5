/**
 * Where the sandbox's cloud meets the outside: what runs a task, what checks a target's health, and what asks the
 * load balancer where a request goes. `runtime/` has the real answers (processes and sockets), `cloud/` brings its
 * own simulated ones for virtual time. All durations are milliseconds of the sandbox's time.
 */

/** One task to run. The cloud models one container that serves; sidecars share its fate. */
export interface TaskLaunch {
  /** 32 hex digits: the last part of the task's ARN. */
  readonly taskId: string
  /** Private address of the task's network interface, such as `10.0.1.17`. */
  readonly ip: string
  /** Port that the serving container listens on, as in the task definition. */
  readonly containerPort: number
  readonly containerName: string
  /** As in the task definition: `repo:tag`, `repo@sha256:…` or `repo:tag@sha256:…`. */
  readonly image: string
  readonly environment: Readonly<Record<string, string>>
  /** Takes the place of the image's own command. */
  readonly command?: readonly string[]
  /** Between SIGTERM and SIGKILL. */
  readonly stopTimeoutMs: number
}

/** What the runtime tells the cloud about a task. `onPulled`, `onRunning`, then `onStopped`; or only `onStopped`. */
export interface TaskEvents {
  /** The image is there. */
  onPulled(): void
  /** The process is up; that says nothing about its health. */
  onRunning(): void
  onStopped(end: TaskEnd): void
  /** A line that the program has printed, on either output. */
  onOutput(line: string): void
}

export type TaskEnd =
  /** The process ended: by itself, or because `stop` was called. 137 with `outOfMemory` is a kill by the kernel. */
  | { readonly kind: 'exited'; readonly exitCode: number; readonly outOfMemory?: boolean }
  /** It never started: `stoppedReason` in AWS's words, such as `CannotPullContainerError: …`. */
  | { readonly kind: 'failed-to-start'; readonly stoppedReason: string }

export interface TargetAddress {
  readonly ip: string
  readonly port: number
}

export interface HealthCheck {
  readonly protocol: 'HTTP' | 'HTTPS'
  readonly path: string
  readonly timeoutMs: number
  /** As in the target group: `200`, `200-299`, `200,202`. */
  readonly matcher: string
}

export type CheckResult =
  | { readonly kind: 'passed' }
  /** Answered with a status that the matcher does not have. */
  | { readonly kind: 'mismatch'; readonly status: number }
  | { readonly kind: 'timeout' }
  /** Refused, reset, or not HTTP. */
  | { readonly kind: 'failed' }

export interface Runtime {
  start(task: TaskLaunch, events: TaskEvents): void
  /** Asks the task to end (SIGTERM) and makes it (SIGKILL) after its `stopTimeoutMs`. Unknown tasks are ignored. */
  stop(taskId: string): void
  /** One health check of one target by one load-balancer node; calls back once. */
  check(target: TargetAddress, check: HealthCheck, onResult: (result: CheckResult) => void): void
  /** True when the image can be resolved; says the digest that a registry would (`sha256:` and 64 hex digits). */
  resolveImage(image: string): string | undefined
}

/** A request as a load-balancer node sees it, before it is forwarded. Header names are lower case. */
export interface RoutedRequest {
  readonly listenerPort: number
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Without the `?`; empty when there is none. */
  readonly query: string
  readonly host: string
  readonly sourceIp: string
  header(name: string): string | undefined
}

export type Route =
  | {
      readonly kind: 'forward'
      readonly targetGroupArn: string
      readonly target: TargetAddress
      /** `Set-Cookie` values to add to the response: group or target stickiness. */
      readonly cookies: readonly string[]
      /** What a rule's transforms have made of the request. */
      readonly rewrite?: Rewrite
    }
  | { readonly kind: 'fixed'; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly kind: 'redirect'; readonly status: 301 | 302; readonly location: string }
  /** Nobody to send it to: 503, or 500 when a transform failed; with the reason for people. */
  | { readonly kind: 'unavailable'; readonly because: string; readonly status?: 500 }

export interface Rewrite {
  /** Another `Host`; undefined leaves it. */
  readonly host: string | undefined
  /** Another path and query; undefined leaves them. */
  readonly target: string | undefined
}

/** One node of a load balancer. Each has its own copy of the listeners, which arrives late, and its own health checks. */
export interface LoadBalancerNode {
  readonly id: string
  /** Decides from this node's own, possibly old, copy. Called for every request: must be fast. */
  route(request: RoutedRequest): Route
  /** Tells the metrics what became of a forwarded request. `status` 502/504 made by the node itself has `byNode`. */
  record(route: Route, status: number, durationMs: number, byNode: boolean): void
}

/** A load balancer that the data plane has to serve. */
export interface LoadBalancerView {
  readonly arn: string
  /** Nodes of this load balancer: one per zone, at least two. */
  readonly nodes: readonly LoadBalancerNode[]
  /** Ports of its listeners, now. */
  listenerPorts(): readonly number[]
  /** Whether the listener at this port speaks HTTPS, now. Asked for every connection. */
  isEncrypted(listenerPort: number): boolean
}

/** What the data plane must know when it happens. */
export interface DataPlaneEvents {
  /** A listener was made or removed. */
  onListenersChanged(loadBalancerArn: string): void
  /** The target's deregistration delay is over, or its task is gone: connections to it are cut. */
  onTargetGone(target: TargetAddress): void
}

/** An error in AWS's form; `wire/` gives it each protocol's shape. */
export class AwsFault extends Error {
  /** Name as the service model has it, such as `ServiceNotFoundException` or `PriorityInUseException`. */
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status = 400) {
    super(message)
    this.name = 'AwsFault'
    this.code = code
    this.status = status
  }
}

/** Where containers log to. */
export interface LogSink {
  hasGroup(group: string): boolean
  createGroup(group: string): void
  /** Makes the stream with its first line. Lines for groups that were deleted are lost. */
  write(group: string, stream: string, line: string): void
  /** Its container has ended: the driver sends the rest at once. */
  end(group: string, stream: string): void
}

export type AwsService = 'ecs' | 'elbv2' | 'cloudwatch' | 'logs' | 'application-autoscaling'

/** The control plane: one call, answered at once from the state as it is now. Inputs and outputs have the SDK's member names. */
export interface ControlPlane {
  /**
   * @param operation as the SDK names it, such as `DescribeServices`
   * @param input already parsed by the service's schema: unknown members dropped, required ones present
   * @throws AwsFault
   */
  call(service: AwsService, operation: string, input: Record<string, unknown>): Record<string, unknown>
}

export interface TargetHealthView {
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining'
  /** AWS's code, such as `Target.ResponseCodeMismatch`; absent when healthy. */
  readonly reason?: string
  readonly description?: string
}

/** What the container service asks of the load-balancer service, without going through its API. */
export interface TargetGroups {
  find(targetGroupArn: string):
    | {
        readonly arn: string
        readonly targetType: 'ip' | 'instance' | 'lambda'
        readonly port: number
        /** False while no listener or rule of any load balancer names it. */
        readonly associated: boolean
        readonly deregistrationDelayMs: number
      }
    | undefined
  register(targetGroupArn: string, target: TargetAddress, zone: string): void
  /** Draining begins; `onGone` is called once when the delay is over and the target is out of the group. */
  deregister(targetGroupArn: string, target: TargetAddress, onGone: () => void): void
  health(targetGroupArn: string, target: TargetAddress): TargetHealthView
}
