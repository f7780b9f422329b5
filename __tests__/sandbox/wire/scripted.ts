import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { AwsService, ControlPlane } from '../../../sandbox/cloud/ports.ts'
import { seededRandom } from '../../../sandbox/random.ts'
import { createInProcessHandler } from '../../../sandbox/wire/in-process.ts'
import { createWireServer, type WireServer } from '../../../sandbox/wire/server.ts'
import { createWire, type Wire } from '../../../sandbox/wire/wire.ts'
import { jumpingClock } from '../../../src/deploy/jumping-clock.ts'

export interface Received {
  readonly service: AwsService
  readonly operation: string
  readonly input: Record<string, unknown>
}

/** A control plane that answers what the test says, and keeps what it was asked. Throws what it is given as an Error. */
export interface Scripted extends ControlPlane {
  readonly received: Received[]
  answer: unknown
}

export function scripted(answer: unknown = {}): Scripted {
  const plane: Scripted = {
    received: [],
    answer,
    call(service, operation, input) {
      plane.received.push({ service, operation, input })
      if (plane.answer instanceof Error) throw plane.answer
      return plane.answer as Record<string, unknown>
    },
  }
  return plane
}

export interface Clients {
  readonly ecs: ECSClient
  readonly elb: ElasticLoadBalancingV2Client
  readonly cloudwatch: CloudWatchClient
  readonly logs: CloudWatchLogsClient
  readonly scaling: ApplicationAutoScalingClient
  destroy(): void
}

type Config = NonNullable<ConstructorParameters<typeof ECSClient>[0]>

/** The SDK's own clients, with nothing taken from the environment. */
export function clients(
  config: Pick<Config, 'endpoint' | 'requestHandler' | 'maxAttempts' | 'retryStrategy'>,
): Clients {
  const all = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    ...config,
  }
  const ecs = new ECSClient(all)
  const elb = new ElasticLoadBalancingV2Client(all)
  const cloudwatch = new CloudWatchClient(all)
  const logs = new CloudWatchLogsClient(all)
  const scaling = new ApplicationAutoScalingClient(all)
  return {
    ecs,
    elb,
    cloudwatch,
    logs,
    scaling,
    destroy() {
      for (const client of [ecs, elb, cloudwatch, logs, scaling]) client.destroy()
    },
  }
}

/** A way to the wire, with and without sockets. */
export interface Connection {
  readonly clients: Clients
  readonly faults: Wire['faults']
  readonly calls: Wire['calls']
  close(): Promise<void>
}

/** What to open a connection with; retries of the SDK wait on real timers, so tests that do not need them have one attempt. */
export interface ConnectionOptions {
  readonly maxAttempts?: number
  readonly onDefect?: (error: unknown) => void
}

export async function overHttp(controlPlane: ControlPlane, options: ConnectionOptions = {}): Promise<Connection> {
  const { maxAttempts = 1, ...wire } = options
  const server: WireServer = await createWireServer({ controlPlane, ...wire })
  const sdk = clients({ endpoint: server.endpoint, maxAttempts })
  return {
    clients: sdk,
    faults: server.faults,
    calls: server.calls,
    async close() {
      sdk.destroy()
      await server.close()
    },
  }
}

export async function inProcess(controlPlane: ControlPlane, options: ConnectionOptions = {}): Promise<Connection> {
  const { maxAttempts = 1, ...rest } = options
  const random = seededRandom(1)
  const wire = createWire({ controlPlane, random, ...rest })
  const requestHandler = createInProcessHandler({ wire, clock: jumpingClock(Date.UTC(2026, 0, 5)), random })
  const sdk = clients({ endpoint: 'http://sandbox.invalid', requestHandler, maxAttempts })
  return { clients: sdk, faults: wire.faults, calls: wire.calls, close: async () => sdk.destroy() }
}

export const connections = [
  ['over HTTP', overHttp],
  ['in process', inProcess],
] as const
