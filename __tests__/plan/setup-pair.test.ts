import { describe, expect, test } from '@jest/globals'
import type { ServiceSeen } from '../../src/model/clone.ts'
import { Refusal } from '../../src/model/outcome.ts'
import type { SetupGoal, SetupGroup, SetupProgress, SetupSeen } from '../../src/model/setup.ts'
import { setupTags } from '../../src/plan/setup-names.ts'
import { nextSetupStep } from '../../src/plan/setup-pair.ts'
import { forwardTo, groupArn, now, serviceView, targetGroupView } from './builders.ts'

const of = 'default/shop'
const tags = setupTags(of, { repository: 'octo-org/shop', id: '1', created: '2026-01-01T00:00:00Z' })
const goal: SetupGoal = {
  of,
  names: { blue: 'shop', green: 'shop-green' },
  groupName: 'app-green',
  tags,
  desired: 0,
  listenerArns: [],
  testListenerArns: [],
  timeoutMs: 1_800_000,
}
const start: SetupProgress = { startedAt: now, steps: [], takenPriorities: [], unconfirmed: 0 }

const listenerArn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/web/0a/0b'
const blue: SetupGroup = {
  view: targetGroupView('blue'),
  settings: { Protocol: 'HTTP', Port: 8080, HealthCheckPath: '/health' },
  tags: {},
  attributes: { 'deregistration_delay.timeout_seconds': '30' },
}
const green: SetupGroup = { ...blue, view: targetGroupView('green'), tags }
const single: ServiceSeen = {
  view: serviceView({ name: 'shop', arn: 'arn:shop' }),
  tags: {},
  described: { launchType: 'FARGATE' },
}
const twin: ServiceSeen = {
  view: serviceView({
    name: 'shop-green',
    loadBalancers: [{ targetGroupArn: groupArn.green, containerName: 'app', containerPort: 8080 }],
  }),
  tags,
  described: {},
}
const plenty = { targetGroups: ['app-blue'], quotas: { rules: 100, targetGroups: 100 } }

function seenWith(
  change: Partial<SetupSeen> = {},
  weights: Parameters<typeof forwardTo>[0] = { blue: 100 },
): SetupSeen {
  const listener = {
    arn: listenerArn,
    loadBalancerArn: 'arn:lb',
    protocol: 'HTTP',
    port: 80,
    actions: [forwardTo(weights)],
  }
  return {
    services: { blue: single },
    groups: { blue },
    listeners: [listener],
    rules: [],
    ownRules: [],
    crowd: plenty,
    ...change,
  }
}

const whole = { groups: { blue, green }, services: { blue: single, green: twin } }
const status = (of: string): ServiceSeen => ({ ...twin, view: { ...twin.view, status: of } })

describe('what is next', () => {
  const { crowd: _, ...uncounted } = seenWith()
  test.each<[string, SetupSeen, string]>([
    ['nothing is there, and nobody has counted', uncounted, 'count'],
    ['nothing is there', seenWith(), 'create-group'],
    [
      'a target group with other checks',
      seenWith({ groups: { blue, green: { ...green, settings: { ...green.settings, HealthCheckPath: '/' } } } }),
      'modify-group',
    ],
    [
      'one with other attributes',
      seenWith({ groups: { blue, green: { ...green, attributes: {} } } }),
      'modify-attributes',
    ],
    ['one that no action names', seenWith({ groups: { blue, green } }), 'attach'],
    ['one that is named', seenWith({ groups: { blue, green } }, { blue: 100, green: 0 }), 'create-service'],
    [
      'one that is named, and was changed by its users since',
      seenWith({ groups: { blue, green: { ...green, attributes: {} } } }, { blue: 100, green: 0 }),
      'create-service',
    ],
    [
      'a twin that is gone',
      seenWith({ ...whole, services: { blue: single, green: status('INACTIVE') } }, { blue: 100, green: 0 }),
      'create-service',
    ],
    [
      'a twin that is going',
      seenWith({ ...whole, services: { blue: single, green: status('DRAINING') } }, { blue: 100, green: 0 }),
      'wait',
    ],
    ['all of it', seenWith(whole, { blue: 100, green: 0 }), 'unchanged'],
    ['all of it, and green is live', seenWith(whole, { blue: 0, green: 100 }), 'unchanged'],
    ['all of it, amid a canary', seenWith(whole, { blue: 90, green: 10 }), 'unchanged'],
  ])('when there is %s', (_, seen, expected) => {
    expect(told(nextSetupStep(goal, start, seen, now))).toBe(expected)
  })

  test('what this run has done makes it a success', () => {
    const decision = nextSetupStep(goal, { ...start, steps: ['x'] }, seenWith(whole, { blue: 100, green: 0 }), now)
    expect(told(decision)).toBe('succeeded')
  })

  test('a twin that ECS does not show or take yet is waited for, and not for ever', () => {
    const seen = seenWith({ groups: { blue, green } }, { blue: 100, green: 0 })
    const at = (progress: Partial<SetupProgress>, later: number) =>
      told(nextSetupStep(goal, { ...start, ...progress }, seen, now + later))
    expect(at({ serviceMadeAt: now }, 1_000)).toBe('wait')
    expect(at({ serviceMadeAt: now }, 60_000)).toBe('create-service')
    expect(at({ refusedSince: now, refusedBecause: 'no load balancer' }, 60_000)).toBe('create-service')
    expect(at({ refusedSince: now, refusedBecause: 'no load balancer' }, 120_000)).toBe('UPDATE_REFUSED')
    const going = seenWith({ ...whole, services: { blue: single, green: status('DRAINING') } }, { blue: 100, green: 0 })
    expect(told(nextSetupStep(goal, start, going, now + goal.timeoutMs))).toBe('SERVICE_NOT_ACTIVE')
  })
})

test.each<[string, SetupSeen, string, RegExp]>([
  [
    'targets of type instance',
    seenWith({ groups: { blue: { ...blue, view: { ...blue.view, targetType: 'instance' } } } }),
    'SERVICE_UNSUPPORTED',
    /targets of type instance/,
  ],
  [
    'a target group of the twin that cannot be made like the original',
    seenWith({ groups: { blue, green: { ...green, settings: { ...green.settings, Port: 80 } } } }),
    'UPDATE_REFUSED',
    /has another Port than/,
  ],
  [
    'a twin behind another target group',
    seenWith({
      groups: { blue, green },
      services: { blue: single, green: { ...twin, view: { ...twin.view, loadBalancers: [] } } },
    }),
    'UPDATE_REFUSED',
    /is not behind the target group app-green any more/,
  ],
  [
    'a listener that sends requests elsewhere too',
    seenWith({}, { blue: 50, stranger: 50 }),
    'SETUP_SHARED',
    /also sends requests to/,
  ],
])('%s is refused', (_, seen, code, says) => {
  const refused = () => nextSetupStep(goal, start, seen, now)
  expect(refused).toThrow(Refusal)
  expect(refused).toThrow(says)
  try {
    refused()
  } catch (error) {
    expect((error as Refusal).failure.code).toBe(code)
  }
})

function told(decision: ReturnType<typeof nextSetupStep>): string {
  switch (decision.kind) {
    case 'do':
      return decision.step.kind
    case 'finish':
      return 'failure' in decision.outcome ? decision.outcome.failure.code : decision.outcome.status
    case 'wait':
    case 'count':
      return decision.kind
    default:
      return decision satisfies never
  }
}
