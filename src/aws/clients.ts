import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { ECSClient, type ECSClientConfig } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Clock } from '../deploy/clock.ts'
import { ClockedRetryStrategy, NoRetryStrategy } from './retry.ts'

/**
 * What the SDK would else find by itself: Region, credentials, the way to the network, and settings of the environment and of
 * files. Simulations replace them all, so that they touch neither the environment nor a socket.
 */
export type SdkOverrides = Pick<
  ECSClientConfig,
  | 'region'
  | 'credentials'
  | 'requestHandler'
  | 'endpoint'
  | 'signer'
  | 'useFipsEndpoint'
  | 'useDualstackEndpoint'
  | 'userAgentAppId'
  | 'defaultsMode'
  | 'maxAttempts'
  | 'retryMode'
>

export interface Clients {
  readonly ecs: ECSClient
  /** Repeats only what was certainly not applied. */
  readonly ecsSure: () => ECSClient
  readonly elb: ElasticLoadBalancingV2Client
  /** Never repeats a call by itself: for writes where the state must be read again first. */
  readonly elbOnce: () => ElasticLoadBalancingV2Client
  /** Loaded when it is first asked for, from a file of its own. */
  readonly cloudWatch: () => Promise<CloudWatchClient>
  /** The same. */
  readonly scaling: () => Promise<ApplicationAutoScalingClient>
  /** The same. Containers may log to another Region. */
  readonly logs: (region: string) => Promise<CloudWatchLogsClient>
}

export interface ClientOptions {
  readonly clock: Clock
  readonly region: string
  /** Ends calls and waits. */
  readonly signal: AbortSignal
  readonly onThrottled: () => void
  /** Shown to AWS in the user agent: CloudTrail then names the tool and the run. */
  readonly userAgent: readonly (readonly [name: string, version: string])[]
  readonly sdk?: SdkOverrides
  /** In [0, 1): how long a retry waits. */
  readonly random?: () => number
}

/** Connections and answers that take longer are retried as transient errors, instead of hanging the deploy. */
const timeouts = { connectionTimeout: 5_000, requestTimeout: 30_000 }

/** Region, credentials and endpoints come from the environment, as the SDK finds them. */
export function createClients(options: ClientOptions): Clients {
  const { clock, signal, onThrottled, random } = options
  const config = {
    retryStrategy: new ClockedRetryStrategy(clock, signal, onThrottled, true, random),
    region: options.region,
    requestHandler: timeouts,
    ...options.sdk,
    customUserAgent: options.userAgent.map(([name, version]): [string, string] => [name, version]),
  }
  let cloudWatch: Promise<CloudWatchClient> | undefined
  let scaling: Promise<ApplicationAutoScalingClient> | undefined
  const logs = new Map<string, Promise<CloudWatchLogsClient>>()
  const ecs = new ECSClient(config)
  return {
    ecs,
    ecsSure: () => {
      const retryStrategy = new ClockedRetryStrategy(clock, signal, onThrottled, false, random)
      // Over the connections that are open already.
      return new ECSClient({ ...config, requestHandler: ecs.config.requestHandler, retryStrategy })
    },
    elb: new ElasticLoadBalancingV2Client(config),
    // Made when it is needed: nothing may stand between the start and the first call.
    elbOnce: () => new ElasticLoadBalancingV2Client({ ...config, retryStrategy: new NoRetryStrategy() }),
    cloudWatch: () => {
      cloudWatch ??= import(/* webpackIgnore: true */ '#cloudwatch').then(sdk => new sdk.CloudWatchClient(config))
      return cloudWatch
    },
    scaling: () => {
      scaling ??= import(/* webpackIgnore: true */ '#scaling').then(sdk => new sdk.ApplicationAutoScalingClient(config))
      return scaling
    },
    logs: region => {
      const made =
        logs.get(region) ??
        import(/* webpackIgnore: true */ '#logs').then(sdk => new sdk.CloudWatchLogsClient({ ...config, region }))
      logs.set(region, made)
      return made
    },
  }
}
