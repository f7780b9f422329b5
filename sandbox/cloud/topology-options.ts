export type SeedColor = 'blue' | 'green'

export interface HealthNumbers {
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
  readonly path: string
}

/** A rule of a production listener that also sends its traffic to the colors. */
export interface SeedRule {
  readonly priority: number
  /** Such as `/api/*`. A rule has at least one of path and host. */
  readonly pathPattern?: string
  /** Such as `shop.example.com`. */
  readonly host?: string
  /** The production listeners that have it; all of them when absent. */
  readonly ports?: readonly number[]
  /** What a request passes before it is forwarded, such as `oidcAction('deny')`; on HTTPS listeners only. */
  readonly before?: Readonly<Record<string, unknown>>
  /** As the API takes them. */
  readonly transforms?: readonly Readonly<Record<string, unknown>>[]
}

export interface TopologyOptions {
  readonly cluster: string
  /** Base name: services and target groups are `<service>-blue` and `<service>-green`. */
  readonly service: string
  readonly image: string
  readonly containerName: string
  readonly containerPort: number
  readonly live: SeedColor
  readonly tasks: Readonly<Record<SeedColor, number>>
  /** Of a network load balancer only the API is there: its ports serve nobody. */
  readonly loadBalancer: 'application' | 'network'
  /** One listener each; all of them carry production traffic. */
  readonly productionPorts: readonly number[]
  /** Those of them that speak HTTPS. */
  readonly httpsPorts: readonly number[]
  /** By port of an HTTPS listener: what a request passes before the default action forwards it. */
  readonly before: Readonly<Record<number, Readonly<Record<string, unknown>>>>
  /** Seconds that the cookie of the production actions keeps a client on its color; 0: none is given. */
  readonly groupStickinessSeconds: number
  /** Made on every production listener, and part of what a deploy has to move. */
  readonly rules: readonly SeedRule[]
  /** False: the default actions answer 404, and only the rules carry production traffic. */
  readonly defaultForwards: boolean
  /** Whether the production actions name the idle target group, at weight 0. */
  readonly idleInProduction: boolean
  /** Undefined: no test listener. */
  readonly testPort: number | undefined
  readonly health: HealthNumbers
  readonly deregistrationDelaySeconds: number
  readonly healthCheckGracePeriodSeconds: number
  readonly circuitBreaker: 'off' | 'on' | 'rollback'
  readonly minimumHealthyPercent: number
  readonly maximumPercent: number
  /** Environment of the container. */
  readonly environment: Readonly<Record<string, string>>
}
