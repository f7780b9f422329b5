import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch'
import { describe, expect, test } from '@jest/globals'
import { createCloudWatch } from '../../../sandbox/cloud/cloudwatch/cloudwatch.ts'
import { calmSettings } from '../../../sandbox/cloud/settings.ts'
import { blueGreen, elbWorld, faultOf, request, SECOND } from './elb-world.ts'

const MINUTE = 60 * SECOND
const dimension = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1).replace('loadbalancer/', '')

function alarmWorld() {
  const world = elbWorld()
  const arns = blueGreen(world)
  const cloudwatch = createCloudWatch({ timeline: world.timeline, settings: calmSettings, metrics: world.elb.metrics })
  const dimensions = [
    { Name: 'LoadBalancer', Value: dimension(arns.loadBalancer) },
    { Name: 'TargetGroup', Value: dimension(arns.blue) },
  ]
  return {
    ...world,
    ...arns,
    cloudwatch,
    dimensions,
    put: (name: string, more: object = {}) =>
      cloudwatch.call('PutMetricAlarm', {
        AlarmName: name,
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'HTTPCode_Target_5XX_Count',
        Dimensions: dimensions,
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 3,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        ...more,
      }),
    composite: (name: string, rule: string) =>
      cloudwatch.call('PutCompositeAlarm', { AlarmName: name, AlarmRule: rule }),
    force: (name: string, value: string) =>
      cloudwatch.call('SetAlarmState', { AlarmName: name, StateValue: value, StateReason: 'by hand' }),
    alarms: (input: Record<string, unknown> = {}) =>
      (cloudwatch.call('DescribeAlarms', input).MetricAlarms as MetricAlarm[]).map(
        alarm => `${alarm.AlarmName} ${alarm.StateValue}`,
      ),
    composites: () =>
      (cloudwatch.call('DescribeAlarms', { AlarmTypes: ['CompositeAlarm'] }).CompositeAlarms as CompositeAlarm[]).map(
        alarm => `${alarm.AlarmName} ${alarm.StateValue}`,
      ),
    requests(count: number, status: number, byNode = false) {
      for (let index = 0; index < count; index++) {
        const node = world.node(index % 2)
        node.record(node.route(request()), status, 20, byNode)
      }
    },
  }
}

describe('metric alarms', () => {
  test('know nothing without data, speak a period after errors began, and calm down', () => {
    const world = alarmWorld()
    world.put('errors')
    world.put('errors-quiet-is-good', { TreatMissingData: 'notBreaching' })
    world.advance(5 * MINUTE)
    expect(world.alarms()).toEqual(['errors INSUFFICIENT_DATA', 'errors-quiet-is-good OK'])
    world.requests(100, 200)
    world.requests(3, 500)
    world.advance(30 * SECOND)
    expect(world.alarms()).toEqual(['errors INSUFFICIENT_DATA', 'errors-quiet-is-good OK'])
    world.advance(60 * SECOND)
    expect(world.alarms()).toEqual(['errors ALARM', 'errors-quiet-is-good ALARM'])
    world.advance(10 * MINUTE)
    expect(world.alarms()).toEqual(['errors INSUFFICIENT_DATA', 'errors-quiet-is-good OK'])
  })

  test('wait for as many periods as they were told, and stamp the minute in which they changed', () => {
    const world = alarmWorld()
    world.put('errors', { EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching' })
    const start = world.timeline.now()
    world.requests(5, 503)
    world.advance(MINUTE)
    world.requests(5, 200)
    world.advance(MINUTE)
    expect(world.alarms()).toEqual(['errors OK'])
    world.requests(5, 503)
    // Nobody looks for an hour: the alarm was raised and is over.
    world.advance(60 * MINUTE)
    const [alarm] = world.cloudwatch.call('DescribeAlarms', {}).MetricAlarms as MetricAlarm[]
    expect(alarm?.StateValue).toBe('OK')
    expect((alarm?.StateUpdatedTimestamp?.getTime() ?? 0) - start).toBeLessThan(10 * MINUTE)
    expect((alarm?.StateUpdatedTimestamp?.getTime() ?? 0) - start).toBeGreaterThan(3 * MINUTE)
  })

  test('response times, by average and percentile, without the requests that never reached a target', () => {
    const world = alarmWorld()
    const slow = { MetricName: 'TargetResponseTime', ComparisonOperator: 'GreaterThanThreshold' }
    world.put('mean', { ...slow, Statistic: 'Average', Threshold: 0.4 })
    world.put('p99', { ...slow, Statistic: undefined, ExtendedStatistic: 'p99', Threshold: 1.5 })
    world.put('median', { ...slow, Statistic: undefined, ExtendedStatistic: 'p50', Threshold: 0.15 })
    const node = world.node()
    for (let index = 0; index < 95; index++) node.record(node.route(request()), 200, 100, false)
    for (let index = 0; index < 5; index++) node.record(node.route(request()), 200, 2000, false)
    for (let index = 0; index < 1000; index++) node.record(node.route(request()), 504, 60_000, true)
    world.advance(90 * SECOND)
    expect(world.alarms()).toEqual(['mean OK', 'median OK', 'p99 ALARM'])
  })

  test('errors of the load balancer itself count for it, not for the target group', () => {
    const world = alarmWorld()
    const own = { MetricName: 'HTTPCode_ELB_5XX_Count', Dimensions: world.dimensions.slice(0, 1) }
    world.put('own', own)
    world.put('bad-gateway', { ...own, MetricName: 'HTTPCode_ELB_502_Count' })
    world.put('unavailable', { ...own, MetricName: 'HTTPCode_ELB_503_Count' })
    world.put('target')
    world.requests(3, 502, true)
    world.deregister(world.blue, '10.0.0.1')
    world.advance(SECOND)
    world.requests(2, 503)
    world.advance(2 * MINUTE)
    expect(world.alarms()).toEqual(['bad-gateway ALARM', 'own ALARM', 'target INSUFFICIENT_DATA', 'unavailable OK'])
  })

  test('healthy hosts, and no data while there is no target', () => {
    const world = alarmWorld()
    world.put('too-few', {
      MetricName: 'HealthyHostCount',
      Statistic: 'Minimum',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
    })
    world.advance(3 * MINUTE)
    expect(world.alarms()).toEqual(['too-few OK'])
    world.answer('10.0.0.1', { kind: 'timeout' })
    world.advance(3 * MINUTE)
    expect(world.alarms()).toEqual(['too-few ALARM'])
    world.deregister(world.blue, '10.0.0.1')
    world.advance(10 * MINUTE)
    expect(world.alarms()).toEqual(['too-few INSUFFICIENT_DATA'])
  })

  test.each([
    ['no statistic', { Statistic: undefined }],
    ['both statistics', { ExtendedStatistic: 'p90' }],
    ['a comparison that does not exist', { ComparisonOperator: 'Almost' }],
    ['a period of 45 s', { Period: 45 }],
    ['more than a day', { Period: 3600, EvaluationPeriods: 25 }],
    ['more datapoints than periods', { DatapointsToAlarm: 2 }],
    ['metric math', { Metrics: [{ Id: 'm1' }] }],
  ])('%s is refused', (_name, more) => {
    expect(faultOf(() => alarmWorld().put('bad', more))[0]).toBe('ValidationError')
  })
})

test('a minute is published when it is over', () => {
  const world = alarmWorld()
  const from = Math.floor(world.timeline.now() / MINUTE) * MINUTE
  const value = () =>
    world.elb.metrics.value({
      namespace: 'AWS/ApplicationELB',
      metricName: 'RequestCount',
      dimensions: { LoadBalancer: dimension(world.loadBalancer) },
      from,
      to: from + MINUTE,
      statistic: 'Sum',
    })
  world.requests(5, 200)
  expect(value()).toBeUndefined()
  world.advance(MINUTE)
  expect(value()).toBe(5)
})

describe('treating missing data: three of three', () => {
  const run = (TreatMissingData: string, minutes: string) => {
    const world = alarmWorld()
    world.put('a', { EvaluationPeriods: 3, TreatMissingData })
    world.force('a', 'ALARM')
    world.timeline.advanceTo(Math.ceil(world.timeline.now() / MINUTE) * MINUTE)
    for (const minute of minutes) {
      if (minute === 'X') world.requests(3, 500)
      // One error is below the threshold: data that is good.
      if (minute === '0') world.requests(1, 500)
      world.advance(MINUTE)
    }
    world.advance(20 * SECOND)
    return world.alarms()[0]?.slice(2)
  }

  test.each([
    ['0XXX', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['XXX0', 'OK', 'OK', 'OK', 'OK'],
    ['-----', 'INSUFFICIENT_DATA', 'ALARM', 'ALARM', 'OK'],
    ['--0--', 'OK', 'OK', 'OK', 'OK'],
    ['X-X-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ])('%s', (minutes, missing, ignore, breaching, notBreaching) => {
    expect([
      run('missing', minutes),
      run('ignore', minutes),
      run('breaching', minutes),
      run('notBreaching', minutes),
    ]).toEqual([missing, ignore, breaching, notBreaching])
  })
})

test('a first bad value among missing ones is too early for an alarm of three', () => {
  const world = alarmWorld()
  world.put('a', { EvaluationPeriods: 3 })
  world.force('a', 'OK')
  world.advance(30 * SECOND)
  world.requests(3, 500)
  world.advance(80 * SECOND)
  expect(world.alarms()).toEqual(['a OK'])
  world.advance(2 * MINUTE)
  expect(world.alarms()).toEqual(['a ALARM'])
})

describe('describing', () => {
  test('shows metric alarms only, unless asked for more; a name that does not exist is absent', () => {
    const world = alarmWorld()
    world.put('errors')
    world.composite('all', 'ALARM(errors)')
    const input = { AlarmNames: ['errors', 'all', 'typo'] }
    expect(world.cloudwatch.call('DescribeAlarms', input)).toMatchObject({
      MetricAlarms: [{ AlarmName: 'errors', Threshold: 3, ActionsEnabled: true, OKActions: [] }],
      CompositeAlarms: [],
    })
    expect(
      world.cloudwatch.call('DescribeAlarms', { ...input, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
    ).toMatchObject({ MetricAlarms: [{ AlarmName: 'errors' }], CompositeAlarms: [{ AlarmName: 'all' }] })
  })

  test('pages through a search, and filters', () => {
    const world = alarmWorld()
    for (const name of ['c', 'a', 'b', 'x1']) world.put(name)
    world.force('b', 'ALARM')
    const first = world.cloudwatch.call('DescribeAlarms', { MaxRecords: 3 })
    expect(world.alarms({ MaxRecords: 3 })).toEqual(['a INSUFFICIENT_DATA', 'b ALARM', 'c INSUFFICIENT_DATA'])
    expect(world.alarms({ MaxRecords: 3, NextToken: first.NextToken })).toEqual(['x1 INSUFFICIENT_DATA'])
    expect(world.alarms({ StateValue: 'ALARM' })).toEqual(['b ALARM'])
    expect(world.alarms({ AlarmNamePrefix: 'x' })).toEqual(['x1 INSUFFICIENT_DATA'])
    const names = Array.from({ length: 101 }, (_, index) => `n${index}`)
    expect(faultOf(() => world.alarms({ AlarmNames: names }))[0]).toBe('ValidationError')
    expect(faultOf(() => world.alarms({ NextToken: 'x' }))[0]).toBe('InvalidNextToken')
  })
})

describe('composite alarms', () => {
  test('follow their children at once, through AND, OR, NOT and brackets', () => {
    const world = alarmWorld()
    for (const name of ['a', 'b', 'c d']) world.put(name)
    world.composite('both', 'ALARM(a) AND ALARM(b)')
    world.composite('neither', 'NOT (ALARM("a") OR ALARM("b"))')
    world.composite('deep', 'OK(both) AND (ALARM("c d") OR FALSE)')
    expect(world.composites()).toEqual(['both OK', 'deep OK', 'neither ALARM'])
    world.force('a', 'ALARM')
    expect(world.composites()).toEqual(['both OK', 'deep OK', 'neither OK'])
    world.force('c d', 'ALARM')
    expect(world.composites()).toEqual(['both OK', 'deep ALARM', 'neither OK'])
    world.force('b', 'ALARM')
    expect(world.composites()).toEqual(['both ALARM', 'deep OK', 'neither OK'])
  })

  test('follow each other in any order of creation', () => {
    const world = alarmWorld()
    for (const name of ['a', 'b']) world.put(name)
    world.composite('parent', 'ALARM(a)')
    world.composite('child', 'ALARM(b)')
    world.composite('parent', 'ALARM(child)')
    world.force('b', 'ALARM')
    expect(world.composites()).toEqual(['child ALARM', 'parent ALARM'])
  })

  test.each(['', 'ALARM(a', 'ALARM(a) ALARM(a)', 'MAYBE(a)', 'ALARM(a) AND', 'ALARM(nobody)'])(
    '%j is refused',
    rule => {
      const world = alarmWorld()
      world.put('a')
      expect(faultOf(() => world.composite('bad', rule))[0]).toBe('ValidationError')
    },
  )

  test('may not watch themselves', () => {
    const world = alarmWorld()
    world.put('a')
    world.composite('one', 'ALARM(a)')
    world.composite('two', 'ALARM(one)')
    expect(faultOf(() => world.composite('one', 'ALARM(two)'))[0]).toBe('ValidationError')
  })

  test('a state set by hand lasts until the next evaluation; deleted alarms are gone', () => {
    const world = alarmWorld()
    world.put('a', { TreatMissingData: 'notBreaching' })
    world.force('a', 'ALARM')
    expect(world.alarms()).toEqual(['a ALARM'])
    world.advance(2 * MINUTE)
    expect(world.alarms()).toEqual(['a OK'])
    world.cloudwatch.call('DeleteAlarms', { AlarmNames: ['a'] })
    expect(world.alarms()).toEqual([])
    expect(faultOf(() => world.force('a', 'OK'))[0]).toBe('ResourceNotFound')
    expect(faultOf(() => world.cloudwatch.call('DeleteAlarms', { AlarmNames: ['a'] }))[0]).toBe('ResourceNotFound')
  })
})
