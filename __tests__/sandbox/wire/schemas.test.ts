import * as scaling from '@aws-sdk/client-application-auto-scaling'
import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as ecs from '@aws-sdk/client-ecs'
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, test } from '@jest/globals'
import { requiredMembers, services } from '../../../sandbox/wire/catalog.ts'
import { kindOf } from '../../../sandbox/wire/shape.ts'

/** The layout of the SDK's runtime schemas is its own affair; a new version that changes it must fail here, by name. */
describe('the runtime schemas of the SDK', () => {
  test('an operation is [9, namespace, name, traits, input, output]', () => {
    expect(ecs.DescribeServices$).toEqual([
      9,
      'com.amazonaws.ecs',
      'DescribeServices',
      0,
      expect.any(Function),
      expect.any(Function),
    ])
  })

  test('a structure is [3, namespace, name, traits, members, schemas, how many of them are required]', () => {
    const [kind, namespace, name, , members, schemas, required] = elbv2.CreateRuleInput$
    expect([kind, namespace, name]).toEqual([3, 'com.amazonaws.elasticloadbalancingv2', 'CreateRuleInput'])
    expect(members).toEqual(['ListenerArn', 'Conditions', 'Priority', 'Actions', 'Tags', 'Transforms'])
    expect(schemas).toHaveLength(members.length)
    expect(required).toBe(4)
  })

  test('an error is [-3, namespace, name, traits, …] with its query code and HTTP status', () => {
    expect(elbv2.PriorityInUseException$.slice(0, 4)).toEqual([
      -3,
      'com.amazonaws.elasticloadbalancingv2',
      'PriorityInUseException',
      { awsQueryError: ['PriorityInUse', 400], error: 'client', httpError: 400 },
    ])
    expect(ecs.ServerException$[3]).toEqual({ error: 'server' })
  })

  test.each([
    ['ecs', ecs],
    ['elbv2', elbv2],
    ['cloudwatch', cloudwatch],
    ['application-autoscaling', scaling],
  ] as const)('every command of %s is in the catalog, with structures for input and output', (service, sdk) => {
    const commands = Object.keys(sdk).filter(name => /^[A-Z].*Command$/.test(name) && name !== '$Command')
    const { operations } = services[service]
    expect([...operations.keys()].sort()).toEqual(commands.map(name => name.replace(/Command$/, '')).sort())
    for (const { input, output } of operations.values()) {
      expect([kindOf(input), kindOf(output)]).toEqual(['structure', 'structure'])
    }
  })

  test('required members, codes and statuses are read from them', () => {
    const { elbv2: elb, ecs: containers, cloudwatch: alarms } = services
    expect(requiredMembers(elb.operations.get('CreateRule')?.input ?? never())).toEqual([
      'ListenerArn',
      'Conditions',
      'Priority',
      'Actions',
    ])
    expect(requiredMembers(containers.operations.get('ListTasks')?.input ?? never())).toEqual([])
    expect(elb.errors.get('PriorityInUse')).toEqual({
      name: 'PriorityInUseException',
      queryCode: 'PriorityInUse',
      status: 400,
    })
    expect(elb.errors.get('HealthUnavailableException')?.status).toBe(500)
    expect(containers.errors.get('ServerException')?.status).toBe(500)
    expect(containers.errors.get('ClusterNotFoundException')?.status).toBe(400)
    // Some codes are not the name without its suffix.
    expect(alarms.errors.get('ValidationException')?.queryCode).toBe('ValidationError')
  })
})

function never(): never {
  throw new Error('the operation is not in the catalog')
}
