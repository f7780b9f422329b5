import type { Timeline } from '../../timeline.ts'
import type { Route } from '../ports.ts'
import { metricDimension } from './arns.ts'
import type { History, Statistic } from './history.ts'
import { HostHistory } from './hosts.ts'
import { RequestHistory } from './requests.ts'

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

/** Where the nodes of one load balancer write. */
export interface NodeMetrics {
  record(route: Route, status: number, durationMs: number, byNode: boolean): void
}

export interface MetricStore extends Metrics {
  forLoadBalancer(arn: string): NodeMetrics
  /** Notes how many targets are well from now on; undefined while there is nothing to count. */
  hosts(
    loadBalancerArn: string,
    targetGroupArn: string,
    counts: { readonly healthy: number; readonly unhealthy: number } | undefined,
  ): void
}

const HOST_METRICS: ReadonlySet<string> = new Set(['HealthyHostCount', 'UnHealthyHostCount'])

export function createMetricStore(timeline: Timeline): MetricStore {
  const requests = new Map<string, RequestHistory>()
  const hosts = new Map<string, HostHistory>()
  const requestHistory = (key: string) => getOrMake(requests, key, () => new RequestHistory())
  return {
    value(query) {
      if (query.namespace !== 'AWS/ApplicationELB') return undefined
      const key = keyOf(query.dimensions)
      if (key === undefined) return undefined
      // Minutes that have not ended are not published yet.
      const to = Math.min(query.to, Math.floor(timeline.now() / 60_000) * 60_000)
      const history: History | undefined = (HOST_METRICS.has(query.metricName) ? hosts : requests).get(key)
      return history?.value(query.metricName, query.from, to, query.statistic)
    },
    forLoadBalancer(arn) {
      const own = requestHistory(metricDimension(arn))
      const groups = new Map<string, RequestHistory>()
      return {
        record(route, status, durationMs, byNode) {
          const now = timeline.now()
          own.record(now, route.kind, status, durationMs, byNode)
          if (route.kind !== 'forward') return
          const { targetGroupArn } = route
          let history = groups.get(targetGroupArn)
          if (history === undefined) {
            history = requestHistory(`${metricDimension(arn)} ${metricDimension(targetGroupArn)}`)
            groups.set(targetGroupArn, history)
          }
          history.record(now, route.kind, status, durationMs, byNode)
        },
      }
    },
    hosts(loadBalancerArn, targetGroupArn, counts) {
      const key = `${metricDimension(loadBalancerArn)} ${metricDimension(targetGroupArn)}`
      getOrMake(hosts, key, () => new HostHistory()).note(timeline.now(), counts)
    },
  }
}

/** Metrics exist for a load balancer, and for a target group behind it. Per zone they are not kept. */
function keyOf(dimensions: Readonly<Record<string, string>>): string | undefined {
  const { LoadBalancer, TargetGroup, ...others } = dimensions
  if (LoadBalancer === undefined || Object.keys(others).length > 0) return undefined
  return TargetGroup === undefined ? LoadBalancer : `${LoadBalancer} ${TargetGroup}`
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
