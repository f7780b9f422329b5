import type { Cloud } from './cloud/cloud.ts'

interface World {
  readonly cloud: Cloud
}

/**
 * Puts an alarm of one-minute periods over errors behind a load balancer, and gives it a state by hand. By default it looks at a load
 * balancer that does not exist: no data ever comes, so it keeps that state until somebody gives it another.
 *
 * @param more members of PutMetricAlarm that are otherwise
 */
export function putAlarm(
  world: World,
  name: string,
  state: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  world.cloud.call('cloudwatch', 'PutMetricAlarm', {
    AlarmName: name,
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'HTTPCode_Target_5XX_Count',
    Dimensions: [{ Name: 'LoadBalancer', Value: 'app/none/0123456789abcdef' }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 3,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'ignore',
    ...more,
  })
  setAlarm(world, name, state)
}

/** Of errors that the load balancer itself answers; without any there is no data, which is good. */
export function quietAlarm(loadBalancerArn: string): Readonly<Record<string, unknown>> {
  return {
    MetricName: 'HTTPCode_ELB_5XX_Count',
    Dimensions: [{ Name: 'LoadBalancer', Value: loadBalancerArn.replace(/^.*loadbalancer\//, '') }],
    Threshold: 1,
    TreatMissingData: 'notBreaching',
  }
}

export function setAlarm(world: World, name: string, state: string): void {
  world.cloud.call('cloudwatch', 'SetAlarmState', {
    AlarmName: name,
    StateValue: state,
    StateReason: `${name}: set by hand`,
  })
}
