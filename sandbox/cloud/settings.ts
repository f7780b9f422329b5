/** A span of time to draw from, in milliseconds of the sandbox's time. */
export interface Span {
  readonly minMs: number
  readonly maxMs: number
}

/** How nasty and how slow the sandbox's AWS is. Sources: aws-facts of the project's reference, where a number is known. */
export interface CloudSettings {
  readonly region: string
  readonly partition: string
  readonly accountId: string
  /** Zones of the load balancer: one node each. */
  readonly zones: readonly string[]
  /** From a control-plane write to the moment one node obeys it; drawn per node and write. AWS publishes no number. */
  readonly propagation: Span
  /** From RunTask/scheduler decision to the pull's start: network interface, placement. */
  readonly provisioning: Span
  readonly pull: Span
  /** From a target's registration to each node's first health check. Real first checks come within about 2 s. */
  readonly firstCheck: Span
  /** From the first rule that names a target group to the moment ECS knows of it. Terraform's provider has met minutes. */
  readonly associationMs: number
  /** From CreateService to the moment a read shows the service: ECS promises no read of one's own writes. */
  readonly serviceVisibleMs: number
  /** How often the service scheduler looks at its tasks and targets. */
  readonly schedulerMs: number
  /** How many tasks fit into a cluster; those that are stopping still take their place. */
  readonly taskCapacity: number
  /** Whether API calls draw from AWS's token buckets. */
  readonly throttling: boolean
}

export const calmSettings: CloudSettings = {
  region: 'eu-central-1',
  partition: 'aws',
  accountId: '123456789012',
  zones: ['eu-central-1a', 'eu-central-1b'],
  propagation: { minMs: 200, maxMs: 2500 },
  provisioning: { minMs: 4000, maxMs: 9000 },
  pull: { minMs: 2000, maxMs: 6000 },
  firstCheck: { minMs: 500, maxMs: 2000 },
  associationMs: 3000,
  serviceVisibleMs: 0,
  schedulerMs: 1000,
  taskCapacity: Number.POSITIVE_INFINITY,
  throttling: true,
}
