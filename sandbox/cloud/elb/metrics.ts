export type Statistic = 'Average' | 'Sum' | 'Minimum' | 'Maximum' | 'SampleCount' | `p${number}`

/** One value of one metric. Times are milliseconds since the Unix epoch, `from` inclusive, `to` exclusive, whole minutes. */
export interface MetricQuery {
  readonly namespace: string
  readonly metricName: string
  /** Such as `{LoadBalancer: 'app/name/id', TargetGroup: 'targetgroup/name/id'}`. */
  readonly dimensions: Readonly<Record<string, string>>
  readonly from: number
  readonly to: number
  readonly statistic: Statistic
}

/** What the load balancers publish, in periods of one minute. */
export interface Metrics {
  /** Undefined when nothing was published in that time: a color without requests has no request metrics. */
  value(query: MetricQuery): number | undefined
}
