import type { Service } from '@aws-sdk/client-ecs'
import { describe, expect, test } from '@jest/globals'
import { serviceView as viewOf } from '../../src/aws/views.ts'
import type { Check } from '../../src/model/check.ts'
import { Refusal } from '../../src/model/outcome.ts'
import type { TargetGroupAttributes } from '../../src/model/routing.ts'
import { checkDefinition } from '../../src/plan/check-definition.ts'
import { definitionDiff } from '../../src/plan/definition-diff.ts'
import { deployPolicy } from '../../src/plan/permissions.ts'
import { type Planned, preflight } from '../../src/plan/preflight.ts'
import { checkService } from '../../src/plan/setup.ts'
import { forwardTo, groupArn, now, routeWith, serviceView, snapshotOf, targetGroupView } from './builders.ts'

const refused = (check: () => unknown): string => {
  try {
    check()
  } catch (error) {
    if (error instanceof Refusal)
      return [error.failure.code, error.failure.headline, ...error.failure.details].join('\n')
    throw error
  }
  return 'fine'
}

describe('services that somebody else deploys are refused, with a reason and a way out', () => {
  const plain: Service = {
    serviceName: 'app-blue',
    serviceArn: 'arn:aws:ecs:eu-central-1:123456789012:service/default/app-blue',
    status: 'ACTIVE',
    schedulingStrategy: 'REPLICA',
    loadBalancers: [{ targetGroupArn: groupArn.blue, containerName: 'app', containerPort: 8080 }],
  }
  const connected = (
    serviceConnectConfiguration: NonNullable<Service['deployments']>[number]['serviceConnectConfiguration'],
  ) => ({
    deployments: [{ status: 'PRIMARY', ...(serviceConnectConfiguration && { serviceConnectConfiguration }) }],
  })

  test.each<[string, Partial<Service>, RegExp]>([
    [
      'CODE_DEPLOY',
      { deploymentController: { type: 'CODE_DEPLOY' } },
      /AWS CodeDeploy.*\n.*\nDeploy it with CodeDeploy/,
    ],
    ['EXTERNAL', { deploymentController: { type: 'EXTERNAL' } }, /a program of your own/],
    [
      'native BLUE_GREEN',
      { deploymentConfiguration: { strategy: 'BLUE_GREEN' } },
      /strategy BLUE_GREEN.*\n.*\n.*ROLLING/,
    ],
    ['native LINEAR', { deploymentConfiguration: { strategy: 'LINEAR' } }, /strategy LINEAR/],
    ['native CANARY', { deploymentConfiguration: { strategy: 'CANARY' } }, /strategy CANARY/],
    [
      'an advanced load balancer configuration',
      {
        loadBalancers: [
          { ...plain.loadBalancers?.[0], advancedConfiguration: { alternateTargetGroupArn: groupArn.green } },
        ],
      },
      /advancedConfiguration/,
    ],
    ['DAEMON', { schedulingStrategy: 'DAEMON' }, /REPLICA/],
    [
      'a Service Connect server',
      connected({ enabled: true, services: [{ portName: 'http', clientAliases: [{ port: 80 }] }] }),
      /Service Connect.*\n.*\n.*being a client is fine/,
    ],
    [
      'two target groups',
      { loadBalancers: [...(plain.loadBalancers ?? []), { targetGroupArn: groupArn.green }] },
      /exactly one/,
    ],
    ['no target group', { loadBalancers: [] }, /has 0 target groups/],
  ])('%s', (_, change, expected) => {
    const said = refused(() => checkService(viewOf({ ...plain, ...change })))
    expect(said).toMatch(/^SERVICE_UNSUPPORTED\n.*app-blue/)
    expect(said).toMatch(expected)
  })

  test.each<[string, Partial<Service>]>([
    ['a controller that is not named', {}],
    ['the controller ECS', { deploymentController: { type: 'ECS' } }],
    ['the strategy ROLLING', { deploymentConfiguration: { strategy: 'ROLLING' } }],
    ['a Service Connect client', connected({ enabled: true })],
    ['Service Connect that is off', connected({ enabled: false, services: [{ portName: 'http' }] })],
  ])('%s is fine', (_, change) => {
    expect(refused(() => checkService(viewOf({ ...plain, ...change })))).toBe('fine')
  })
})

/** 20 minutes at least, and an hour at most. */
const span = { leastMs: 1_200_000, mostMs: 3_600_000, parts: '`timeout` 40m, `bake-time` 20m' }

function planned(change: Partial<Planned> = {}): Planned {
  return { seen: snapshotOf(), to: 'green', desired: 2, timeoutMs: 1_800_000, span, now, ...change }
}

const codes = (checks: readonly Check[]) => checks.flatMap(({ failure }) => failure?.code ?? [])
const says = (checks: readonly Check[]) => checks.map(check => `${check.mark} ${check.says}`).join('\n')

function withAttributes(attributes: Partial<TargetGroupAttributes>, actions = [forwardTo({ blue: 1 })]): Planned {
  const all = { deregistrationMs: 300_000, slowStartMs: 0, sticky: false, ...attributes }
  const group = (color: 'blue' | 'green') => ({ ...targetGroupView(color), attributes: all })
  return planned({
    seen: snapshotOf({
      targetGroups: { blue: group('blue'), green: group('green') },
      production: { at: now, value: [routeWith(actions)] },
    }),
  })
}

describe('preflight', () => {
  test('has nothing against the usual', () => {
    expect(codes(preflight(planned()))).toEqual([])
  })

  test('target stickiness without group stickiness: AWS would refuse the first weighted write', () => {
    const checks = preflight(withAttributes({ sticky: true }))
    expect(codes(checks)).toEqual(['STICKINESS_CONFLICT'])
    expect(says(checks)).toContain(
      'HTTP:80 has no group stickiness, and target stickiness is on for app-blue and app-green',
    )
  })

  test('the same is fine where AWS has taken weights already, or group stickiness is on', () => {
    const sticky = {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: groupArn.blue, Weight: 1 }],
        TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3_600 },
      },
    }
    expect(codes(preflight(withAttributes({ sticky: true }, [forwardTo({ blue: 100, green: 0 })])))).toEqual([])
    const checks = preflight(withAttributes({ sticky: true }, [sticky]))
    expect(codes(checks)).toEqual([])
    expect(says(checks)).toContain('stay on the old color for up to 1h')
  })

  test('five other target groups leave no room in an action', () => {
    const others = Array.from({ length: 4 }, (_, index) => ({ TargetGroupArn: `arn:other:${index}`, Weight: 0 }))
    const action = {
      Type: 'forward',
      ForwardConfig: { TargetGroups: [{ TargetGroupArn: groupArn.blue, Weight: 1 }, ...others] },
    }
    const checks = preflight(withAttributes({}, [action]))
    expect(codes(checks)).toEqual(['QUOTA_EXCEEDED'])
    expect(says(checks)).toContain('there is no room for app-green')
  })

  test('more tasks than a target group takes', () => {
    expect(codes(preflight(planned({ desired: 1_001 })))).toEqual([])
    expect(says(preflight(planned({ desired: 1_001 })))).toContain('SKIP app-green takes 1000 targets unless')
    expect(says(preflight(planned({ desired: 1_000 })))).not.toContain('1000 targets')
  })

  test('what the settings mean for the time it takes', () => {
    const { green } = snapshotOf().services.value
    const services = { at: now, value: { blue: serviceView(), green: { ...green, gracePeriodMs: 60_000 } } }
    const facts = withAttributes({ deregistrationMs: 120_000, slowStartMs: 30_000 })
    const told = says(preflight({ ...facts, seen: { ...facts.seen, services } }))
    expect(told).toContain('after 85s (1m of them grace period); `timeout` is 30m')
    expect(told).toContain('requests in flight get 2m to end')
    expect(told).toContain('slow start of 30s')
    expect(says(preflight({ ...facts, seen: { ...facts.seen, services }, timeoutMs: 60_000 }))).toContain('raise it')
  })

  test.each([
    ['unknown', undefined, 'SKIP', []],
    ['as long as the deploy may take', now + 3_600_000, 'OK', []],
    ['shorter than that', now + 3_599_999, 'SKIP', []],
    ['just what it takes at least', now + 1_200_000, 'SKIP', []],
    ['less', now + 1_199_999, 'NG', ['CREDENTIALS']],
    ['over', now - 1, 'NG', ['CREDENTIALS']],
  ])('credentials whose lifetime is %s', (_, credentialsUntil, mark, expected) => {
    const checks = preflight(planned(credentialsUntil === undefined ? {} : { credentialsUntil }))
    expect(codes(checks)).toEqual(expected)
    expect(checks.find(check => check.section === 'Roles and credentials')?.mark).toBe(mark)
  })
})

describe('a task definition', () => {
  const balancer = { targetGroupArn: groupArn.green, containerName: 'app', containerPort: 8080 }
  const account = '123456789012'
  const definition = {
    family: 'app',
    networkMode: 'awsvpc',
    containerDefinitions: [{ name: 'app', image: 'app:2', portMappings: [{ containerPort: 8080 }] }],
  }
  test.each<[string, object, readonly string[]]>([
    ['as it should be', {}, []],
    ['without the container', { containerDefinitions: [{ name: 'other' }] }, ['CONTAINER_UNCLEAR']],
    [
      'without the port',
      { containerDefinitions: [{ name: 'app', portMappings: [{ containerPort: 80 }] }] },
      ['CONTAINER_UNCLEAR'],
    ],
    [
      'with the port in a range',
      { containerDefinitions: [{ name: 'app', portMappings: [{ containerPortRange: '8000-8100' }] }] },
      [],
    ],
    ['of another network mode', { networkMode: 'bridge' }, ['SERVICE_UNSUPPORTED']],
    ['of no network mode', { networkMode: undefined }, ['SERVICE_UNSUPPORTED']],
    ['that is too large', { tags: [{ key: 'a', value: 'x'.repeat(65_536) }] }, ['QUOTA_EXCEEDED']],
    ['with roles of its account', { taskRoleArn: `arn:aws:iam::${account}:role/task` }, []],
    ['with a role of another account', { executionRoleArn: 'arn:aws:iam::999999999999:role/task' }, ['ACCESS_DENIED']],
  ])('%s', (_, change, expected) => {
    expect(codes(checkDefinition({ ...definition, ...change }, balancer, account))).toEqual(expected)
  })
})

test('a role that is named without its ARN has one in the policy', () => {
  const { Statement } = deployPolicy({
    clusterArn: 'arn:aws-cn:ecs:cn-north-1:123456789012:cluster/web',
    services: [],
    targetGroups: [],
    routes: [],
    roles: ['ecsTaskExecutionRole', 'arn:aws-cn:iam::123456789012:role/task'],
    family: 'app',
    tagged: false,
    parks: false,
    keepsRevisions: false,
    logs: [],
    alarms: false,
    oneOffTask: false,
  })
  expect(Statement.find(one => one.Sid === 'PassRoles')?.Resource).toEqual([
    'arn:aws-cn:iam::123456789012:role/ecsTaskExecutionRole',
    'arn:aws-cn:iam::123456789012:role/task',
  ])
})

describe('the difference between two revisions', () => {
  const container = { name: 'app', image: 'app:1' }
  const changed = (before: object, after: object) =>
    definitionDiff(
      { family: 'app', containerDefinitions: [{ ...container, ...before }] },
      { family: 'app', containerDefinitions: [{ ...container, ...after }] },
    )

  test.each([
    [
      'labels',
      { dockerLabels: { user: 'hunter2', image: 'hunter2' } },
      { dockerLabels: { user: 'hunter3', image: 'hunter3' } },
    ],
    [
      'options of log drivers',
      { logConfiguration: { logDriver: 'fluentd', options: { user: 'hunter2', timeout: 'hunter2' } } },
      { logConfiguration: { logDriver: 'fluentd', options: { user: 'hunter3', timeout: 'hunter3' } } },
    ],
    [
      'variables',
      { environment: [{ name: 'image', value: 'hunter2' }] },
      { environment: [{ name: 'image', value: 'hunter3' }] },
    ],
    ['commands', { command: ['hunter2'] }, { command: ['hunter3'] }],
  ])('hides the values of %s, whatever they are called', (_, before, after) => {
    const changes = changed(before, after)
    expect(changes.length).toBeGreaterThan(0)
    expect(JSON.stringify(changes)).not.toContain('hunter')
  })

  test('shows where logs go', () => {
    const logs = (group: string) => ({
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': group } },
    })
    expect(changed(logs('/a'), logs('/b'))).toEqual([
      { path: 'containerDefinitions[app].logConfiguration.options.awslogs-group', before: '/a', after: '/b' },
    ])
  })

  test('tells two entries of one name apart', () => {
    const [tcp, udp] = [
      { containerPort: 53, protocol: 'tcp' },
      { containerPort: 53, protocol: 'udp' },
    ]
    expect(changed({ portMappings: [tcp, udp] }, { portMappings: [tcp] })).not.toEqual([])
  })
})

test('a test listener that has never had weights is looked at as well', () => {
  const facts = withAttributes({ sticky: true }, [forwardTo({ blue: 100, green: 0 })])
  const test = { at: now, value: [routeWith([forwardTo({ green: 1 })], 9001)] }
  expect(codes(preflight({ ...facts, seen: { ...facts.seen, test } }))).toEqual(['STICKINESS_CONFLICT'])
})
