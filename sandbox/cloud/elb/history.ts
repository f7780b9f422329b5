export type Statistic = 'Average' | 'Sum' | 'Minimum' | 'Maximum' | 'SampleCount' | `p${number}`

/** What one metric needs of a history of requests or of hosts. */
export interface History {
  value(metricName: string, from: number, to: number, statistic: Statistic): number | undefined
}
