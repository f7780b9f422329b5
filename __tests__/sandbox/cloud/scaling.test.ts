import type { ScalableTarget, ScalingActivity } from '@aws-sdk/client-application-auto-scaling'
import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../../sandbox/simulation.ts'

const green = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/sandbox/sample-green',
  ScalableDimension: 'ecs:service:DesiredCount',
}

const call = (simulation: Simulation, operation: string, input: object = {}) =>
  simulation.cloud.call('application-autoscaling', operation, { ...green, ...input })

function target(simulation: Simulation): ScalableTarget | undefined {
  const { ScalableTargets } = call(simulation, 'DescribeScalableTargets', { ResourceIds: [green.ResourceId] })
  return (ScalableTargets as readonly ScalableTarget[])[0]
}

const update = (simulation: Simulation, desiredCount: number) =>
  simulation.cloud.call('ecs', 'UpdateService', { cluster: 'sandbox', service: 'sample-green', desiredCount })

function desired(simulation: Simulation): number | undefined {
  const { services } = simulation.cloud.call('ecs', 'DescribeServices', {
    cluster: 'sandbox',
    services: ['sample-green'],
  })
  return (services as readonly { readonly desiredCount: number }[])[0]?.desiredCount
}

const pass = ({ timeline }: Simulation, ms: number) => timeline.advanceTo(timeline.now() + ms)

describe('a scalable target', () => {
  test('is registered whole, and changed member by member', () => {
    const simulation = simulate({ seed: 1 })
    expect(target(simulation)).toBeUndefined()
    const { ScalableTargetARN } = call(simulation, 'RegisterScalableTarget', { MinCapacity: 2, MaxCapacity: 10 })
    expect(ScalableTargetARN).toMatch(
      /^arn:aws:application-autoscaling:eu-central-1:123456789012:scalable-target\/[0-9a-f]{32}$/,
    )
    const SuspendedState = { ScheduledScalingSuspended: true }
    expect(call(simulation, 'RegisterScalableTarget', { SuspendedState })).toEqual({ ScalableTargetARN })
    expect(target(simulation)).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 10,
      SuspendedState: {
        DynamicScalingInSuspended: false,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: true,
      },
    })
    call(simulation, 'DeregisterScalableTarget')
    expect(target(simulation)).toBeUndefined()
  })

  test.each([
    [
      'a service that is not there',
      { ResourceId: 'service/sandbox/nobody', MinCapacity: 1, MaxCapacity: 2 },
      /doesn't/,
    ],
    ['no bounds at first', {}, /must be specified/],
    ['a minimum above the maximum', { MinCapacity: 3, MaxCapacity: 2 }, /less than minimum/],
    ['what is no service', { ResourceId: 'sample-green', MinCapacity: 1, MaxCapacity: 2 }, /Unsupported/],
    ['another dimension', { ScalableDimension: 'ecs:service:Cpu', MinCapacity: 1, MaxCapacity: 2 }, /Unsupported/],
  ])('refuses %s', (_, input, words) => {
    expect(() => call(simulate({ seed: 2 }), 'RegisterScalableTarget', input)).toThrow(words)
  })

  test('that is not there cannot be deregistered', () => {
    expect(() => call(simulate({ seed: 3 }), 'DeregisterScalableTarget')).toThrow(/No scalable target/)
  })
})

describe('the count of a service with a scalable target', () => {
  test('is raised to the minimum again, whoever lowered it, suspended or not', () => {
    const simulation = simulate({ seed: 4 })
    call(simulation, 'RegisterScalableTarget', {
      MinCapacity: 2,
      MaxCapacity: 10,
      SuspendedState: { DynamicScalingOutSuspended: true, DynamicScalingInSuspended: true },
    })
    pass(simulation, 10_000)
    update(simulation, 0)
    pass(simulation, 15_000)
    expect(desired(simulation)).toBe(0)
    pass(simulation, 90_000)
    expect(desired(simulation)).toBe(2)
    const { ScalingActivities } = call(simulation, 'DescribeScalingActivities')
    expect((ScalingActivities as readonly ScalingActivity[])[0]).toMatchObject({
      Description: 'Setting desired count to 2.',
      Cause: 'minimum capacity was set to 2',
      StatusCode: 'Successful',
    })
  })

  test('is lowered to the maximum, but not while a deployment is in progress', () => {
    const simulation = simulate({ seed: 5 })
    call(simulation, 'RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 3 })
    pass(simulation, 10_000)
    simulation.cloud.call('ecs', 'UpdateService', {
      cluster: 'sandbox',
      service: 'sample-green',
      desiredCount: 5,
      forceNewDeployment: true,
    })
    pass(simulation, 5_000)
    call(simulation, 'RegisterScalableTarget', { MaxCapacity: 4 })
    pass(simulation, 6_000)
    expect(desired(simulation)).toBe(5)
    pass(simulation, 300_000)
    expect(desired(simulation)).toBe(4)
  })

  test('follows new bounds within seconds, and nobody after the target is gone', () => {
    const simulation = simulate({ seed: 6 })
    call(simulation, 'RegisterScalableTarget', { MinCapacity: 4, MaxCapacity: 5 })
    pass(simulation, 6_000)
    expect(desired(simulation)).toBe(4)
    call(simulation, 'DeregisterScalableTarget')
    update(simulation, 1)
    pass(simulation, 600_000)
    expect(desired(simulation)).toBe(1)
  })
})
