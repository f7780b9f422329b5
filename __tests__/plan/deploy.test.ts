import { describe, expect, test } from '@jest/globals'
import type { Progress } from '../../src/model/progress.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import type { Decision } from '../../src/model/step.ts'
import {
  candidate,
  decide,
  deploymentView,
  forwardTo,
  liveService,
  newRevision,
  now,
  oldRevision,
  routeWith,
  serviceView,
  staged,
  targetGroupView,
  targetView,
  taskView,
} from './builders.ts'

/** A decision in a few words, so that a table can be read. */
function inWords(decision: Decision): string {
  switch (decision.kind) {
    case 'do': {
      const { step } = decision
      if (step.kind === 'route') return `${step.why} ${step.route.label} to ${step.to}`
      if (step.kind === 'stage') return `stage ${step.desired}${step.force ? ' by force' : ''}`
      return step.kind
    }
    case 'wait':
      return `look at ${decision.look.join('+')}`
    case 'finish':
      return 'failure' in decision.outcome ? decision.outcome.failure.code : decision.outcome.status
    default:
      return decision satisfies never
  }
}

const fresh = { candidate: undefined, staged: undefined } as unknown as Partial<Progress>
const registered = { staged: undefined } as unknown as Partial<Progress>
const services = (green: Parameters<typeof serviceView>[0], blue = liveService) => ({
  services: { at: now, value: { blue, green: serviceView(green) } },
})
/** The tasks as they were two minutes ago, and what ECS has said since, newest first. */
const longAgo = (messages: readonly string[]) => {
  const ids = (message: string) => message.replace(/task (\d)/g, (_, id) => `task ${id.padStart(32, '0')}`)
  const events = messages.map((message, index) => ({
    id: String(index),
    at: now - 80_000,
    message: `(service app-green) ${ids(message)}`,
  }))
  return {
    ...services({ events }),
    tasks: { at: now - 120_000, value: [taskView(1), taskView(2)] },
  }
}
/** ECS has given up on our deployment and gone back by `ecs-svc/3`, which is complete; what is PRIMARY since then. */
const rolledBack = (primary = 'ecs-svc/3') => {
  const messages = [
    '(deployment ecs-svc/3) deployment completed.',
    'rolling back to deployment ecs-svc/1.',
    '(deployment ecs-svc/2) deployment failed: tasks failed to start.',
  ]
  const events = messages.map((text, id) => ({ id: String(id), at: now - id, message: `(service app-green) ${text}` }))
  return services({ events, deployments: [deploymentView({ id: primary, taskDefinition: oldRevision })] })
}
const liveWell = { liveTargets: { at: now, value: [targetView(8), targetView(9)] } }
const green = (deployment: Parameters<typeof deploymentView>[0]) =>
  services({ deployments: [deploymentView(deployment)] })
const answers = (requests: number) => ({
  probe: { at: now, value: { requests, failed: 0, versions: [{ version: '1', count: 1, firstAt: now, lastAt: now }] } },
})
const errors = (lastStatus: number) => ({
  probe: { at: now, value: { requests: 9, failed: 9, versions: [], lastStatus } },
})
const asked = { stoppedTasks: { at: now, value: [] } }

describe('what a deploy does next', () => {
  test.each<[string, Parameters<typeof decide>[0], string]>([
    ['nothing registered yet', { progress: fresh }, 'register'],
    ['registered, not staged', { progress: registered, seen: services({ taskDefinition: oldRevision }) }, 'stage 2'],
    ['idle already asks for the revision, a tag may mean new bits', { progress: registered }, 'stage 2 by force'],
    [
      'the same with a digest',
      {
        goal: { image: `app@sha256:${'0'.repeat(64)}` },
        progress: { ...registered, candidate: { ...candidate, image: `app@sha256:${'0'.repeat(64)}` } },
      },
      'stage 2',
    ],
    ['a smaller wish than live runs', { goal: { desiredCount: 1 }, progress: registered }, 'stage 2 by force'],
    ['a larger wish', { goal: { desiredCount: 5 }, progress: registered }, 'stage 5 by force'],
    [
      'live already asks for it, but nobody knows whether it is well',
      {
        goal: { image: 'app:2.0.0' },
        progress: { ...registered, candidate: { ...candidate, taskDefinition: oldRevision } },
      },
      'look at services+live-targets+live-tasks',
    ],
    [
      'live already runs it',
      {
        goal: { image: 'app:2.0.0' },
        progress: { ...registered, candidate: { ...candidate, taskDefinition: oldRevision } },
        seen: liveWell,
      },
      'unchanged',
    ],
    [
      'live already asks for it, but its targets are not healthy',
      {
        goal: { image: 'app:2.0.0' },
        progress: { ...registered, candidate: { ...candidate, taskDefinition: oldRevision } },
        seen: { liveTargets: { at: now, value: [targetView(8, { state: 'unhealthy' })] } },
      },
      'stage 2',
    ],
    [
      'live already asks for it, but its rollout hangs',
      {
        goal: { image: 'app:2.0.0' },
        progress: { ...registered, candidate: { ...candidate, taskDefinition: oldRevision } },
        seen: {
          ...liveWell,
          ...services(
            { taskDefinition: newRevision },
            {
              ...liveService,
              deployments: [
                deploymentView({ id: 'ecs-svc/3', taskDefinition: oldRevision, rollout: 'IN_PROGRESS' }),
                deploymentView({ id: 'ecs-svc/1', status: 'ACTIVE', taskDefinition: newRevision }),
              ],
            },
          ),
        },
      },
      'stage 2',
    ],
    [
      'live already runs it, but its tag moves',
      {
        goal: { image: 'app:main' },
        progress: { ...registered, candidate: { ...candidate, taskDefinition: oldRevision, image: 'app:main' } },
        seen: services({ taskDefinition: newRevision }),
      },
      'stage 2',
    ],
    [
      'both colors run it, but its tag moves',
      {
        goal: { image: 'app:main' },
        progress: { ...registered, candidate: { ...candidate, taskDefinition: oldRevision, image: 'app:main' } },
        seen: services({ taskDefinition: oldRevision }),
      },
      'stage 2 by force',
    ],
    [
      'live already runs it, but a tag beside it moves',
      {
        goal: { image: 'app:2.0.0', images: { app: 'app:2.0.0', proxy: 'proxy:latest' } },
        progress: { ...registered, candidate: { ...candidate, taskDefinition: oldRevision } },
        seen: services({ taskDefinition: oldRevision }),
      },
      'stage 2 by force',
    ],
    [
      'live already runs it by digest',
      {
        goal: { image: `app:main@sha256:${'0'.repeat(64)}` },
        progress: { ...registered, candidate: { ...candidate, taskDefinition: oldRevision } },
        seen: liveWell,
      },
      'unchanged',
    ],
    [
      'live already asks for it but has too few tasks',
      {
        goal: { image: 'app:sha-0a1b2c3' },
        progress: { ...registered, candidate: { ...candidate, taskDefinition: oldRevision } },
        seen: { ...liveWell, ...services({}, { ...liveService, running: 1 }) },
      },
      'unchanged',
    ],
    [
      'live runs nothing',
      { progress: registered, seen: services({}, { ...liveService, running: 0, desired: 0 }) },
      'LIVE_NOT_RUNNING',
    ],
    [
      'live runs nothing, but the size is given',
      {
        goal: { desiredCount: 3 },
        progress: registered,
        seen: services({}, { ...liveService, running: 0, desired: 0 }),
      },
      'stage 3 by force',
    ],
    [
      'the idle target group is in no listener',
      {
        progress: registered,
        seen: {
          targetGroups: { blue: targetGroupView('blue'), green: { ...targetGroupView('green'), loadBalancerArns: [] } },
        },
      },
      'reference HTTP:80 to blue',
    ],
    [
      'it was added by this run',
      {
        progress: { ...registered, referenced: ['x'] },
        seen: {
          targetGroups: { blue: targetGroupView('blue'), green: { ...targetGroupView('green'), loadBalancerArns: [] } },
        },
      },
      'stage 2 by force',
    ],
    ['tasks are starting', { seen: green({ running: 1, rollout: 'IN_PROGRESS' }) }, 'look at services'],
    [
      'all tasks run, nobody knows which',
      { seen: { tasks: undefined, targets: undefined } as unknown as Partial<Snapshot> },
      'look at tasks',
    ],
    [
      'one target is not healthy',
      { seen: { targets: { at: now, value: [targetView(1), targetView(2, { state: 'initial' })] } } },
      'look at services+targets',
    ],
    ['healthy, but ECS is not done', { seen: green({ rollout: 'IN_PROGRESS' }) }, 'look at services'],
    ['proven, seen just now', {}, 'shift HTTP:80 to green'],
    [
      'proven, but the services were seen long ago',
      { seen: { services: { at: now - 2_001, value: { blue: liveService, green: serviceView() } } } },
      'look at services',
    ],
    [
      'proven, but the tasks were seen long ago',
      { seen: { tasks: { at: now - 2_001, value: [taskView(1), taskView(2)] } } },
      'look at tasks',
    ],
    [
      'the tasks were seen long ago, and ECS has started no others',
      { seen: longAgo(['has started 2 tasks: (task 1) (task 2).']) },
      'shift HTTP:80 to green',
    ],
    [
      'the tasks were seen long ago, and ECS has started another',
      { seen: longAgo(['has started 1 tasks: (task 3).', 'has started 2 tasks: (task 1) (task 2).']) },
      'look at tasks',
    ],
    [
      'the tasks were seen long ago, and ECS has named one of them only',
      { seen: longAgo(['has started 2 tasks: (task 1).']) },
      'look at tasks',
    ],
    [
      'the tasks were seen long ago, and what ECS says of starts came before ours',
      {
        progress: { staged: { ...staged, eventsBefore: ['0'] } },
        seen: longAgo(['has started 2 tasks: (task 1) (task 2).']),
      },
      'look at tasks',
    ],
    [
      'proven, but the weights were seen long ago',
      { seen: { production: { at: 0, value: [routeWith([forwardTo({ blue: 100, green: 0 })])] } } },
      'look at routes',
    ],
    [
      'proven, but all of it was seen some seconds ago',
      { seen: { endedAt: now - 2_001 } },
      'look at services+targets+tasks+routes',
    ],
    ['proven, and production is to be watched', { goal: { confirm: true } }, 'watch'],
    [
      'proven and watched, nothing heard yet',
      { goal: { confirm: true }, progress: { watchingSince: now } },
      'look at probe',
    ],
    [
      'proven and watched, nothing ever heard',
      { goal: { confirm: true }, progress: { watchingSince: now - 12_000 }, seen: asked },
      'PRODUCTION_URL_UNREADABLE',
    ],
    [
      'proven and watched, nothing but errors heard: what is live is broken',
      { goal: { confirm: true }, progress: { watchingSince: now - 12_000 }, seen: errors(502) },
      'shift HTTP:80 to green',
    ],
    [
      'proven and watched, nothing is there',
      { goal: { confirm: true }, progress: { watchingSince: now - 12_000 }, seen: errors(404) },
      'PRODUCTION_URL_UNREADABLE',
    ],
    [
      'proven and watched, nothing heard for some seconds, and production goes back',
      { goal: { confirm: true, rollback: true }, progress: { notedAt: now, watchingSince: now - 3_000 }, seen: asked },
      'shift HTTP:80 to green',
    ],
    [
      'proven and watched, the old version heard, but hardly often enough to tell how well it is',
      { goal: { confirm: true }, progress: { watchingSince: now }, seen: answers(39) },
      'look at probe',
    ],
    [
      'proven and watched, the old version heard, and not often within its time',
      { goal: { confirm: true }, progress: { watchingSince: now - 2_500 }, seen: answers(2) },
      'shift HTTP:80 to green',
    ],
    [
      'proven and watched, the old version heard once, and production goes back',
      { goal: { confirm: true, rollback: true }, progress: { notedAt: now, watchingSince: now }, seen: answers(1) },
      'shift HTTP:80 to green',
    ],
    [
      'proven and watched, the old version heard',
      { goal: { confirm: true }, progress: { watchingSince: now }, seen: answers(40) },
      'shift HTTP:80 to green',
    ],
    [
      'a second route still sends to blue',
      {
        progress: { told: { [routeWith([], 80).arn]: { blue: 0, green: 100 } }, provenAt: now },
        seen: {
          production: {
            at: now,
            value: [
              routeWith([forwardTo({ blue: 0, green: 100 })]),
              routeWith([forwardTo({ blue: 100, green: 0 })], 443),
            ],
          },
        },
      },
      'shift HTTP:443 to green',
    ],
    [
      'the route does not keep what it was told',
      { progress: { told: { [routeWith([], 80).arn]: { blue: 0, green: 100 } } } },
      'WRITE_NOT_CONFIRMED',
    ],
    ['shifted, to be confirmed', { goal: { confirm: true }, progress: { shiftedAt: now } }, 'look at probe'],
    [
      'shifted, never confirmed',
      { goal: { confirm: true }, progress: { shiftedAt: now - 120_000 } },
      'VERSION_NOT_SEEN',
    ],
    ['shifted', { progress: { shiftedAt: now } }, 'tag'],
    ['tagged', { progress: { shiftedAt: now, taggedAt: now } }, 'test HTTP:8080 to blue'],
    [
      'testers moved',
      { progress: { shiftedAt: now, taggedAt: now, told: { [routeWith([], 8080).arn]: { blue: 100, green: 0 } } } },
      'succeeded',
    ],
    [
      'no test listener',
      { progress: { shiftedAt: now, taggedAt: now }, seen: { test: { at: now, value: [] } } },
      'succeeded',
    ],
    ['the circuit breaker gave up', { seen: { ...green({ rollout: 'FAILED' }), ...asked } }, 'CIRCUIT_BREAKER'],
    [
      'the circuit breaker gave up, not yet explained',
      { seen: green({ rollout: 'FAILED' }) },
      'look at tasks+stopped-tasks+targets',
    ],
    [
      'the old revision was put back',
      {
        seen: {
          ...green({
            id: 'ecs-svc/3',
            taskDefinition: oldRevision,
            rolloutReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.',
          }),
          ...asked,
        },
      },
      'CIRCUIT_BREAKER',
    ],
    ['the old revision was put back, and that is over', { seen: { ...rolledBack(), ...asked } }, 'CIRCUIT_BREAKER'],
    [
      'the old revision was put back, and then somebody else deployed',
      { seen: { ...rolledBack('ecs-svc/9'), ...asked } },
      'CANDIDATE_SUPERSEDED',
    ],
    [
      'somebody else deployed',
      {
        seen: {
          ...services({ deployments: [deploymentView({ id: 'ecs-svc/9' }), deploymentView({ status: 'ACTIVE' })] }),
          ...asked,
        },
      },
      'CANDIDATE_SUPERSEDED',
    ],
    ['somebody scaled it away', { seen: { ...green({ desired: 0, running: 0 }), ...asked } }, 'SCALED_TO_ZERO'],
    ['somebody deleted it', { seen: { ...services({ status: 'DRAINING' }), ...asked } }, 'SERVICE_NOT_ACTIVE'],
    [
      'three tasks died and none lives',
      { seen: { ...green({ running: 0, failedTasks: 3 }), ...asked } },
      'TASKS_FAILED',
    ],
    [
      'three tasks died and one runs, nobody knows how it is',
      { seen: green({ running: 1, failedTasks: 3 }) },
      'look at tasks+stopped-tasks+targets',
    ],
    [
      'three tasks died and the one that runs was never healthy',
      { seen: { ...green({ running: 1, failedTasks: 3 }), ...asked } },
      'TASKS_FAILED',
    ],
    [
      'three tasks died but one has been healthy',
      {
        progress: { staged: { ...staged, servedAt: now } },
        seen: { ...green({ running: 1, failedTasks: 3 }), ...asked },
      },
      'look at services+tasks+stopped-tasks+targets',
    ],
    ['too late', { goal: { timeoutMs: 100_000 }, seen: { ...green({ running: 1 }), ...asked } }, 'NOT_HEALTHY_IN_TIME'],
    ['proven in the last moment', { goal: { timeoutMs: 100_000 } }, 'shift HTTP:80 to green'],
  ])('%s', (_, change, expected) => {
    expect(inWords(decide(change))).toBe(expected)
  })

  test('registers from the live revision, and only the image changes', () => {
    expect(decide({ progress: fresh })).toEqual({
      kind: 'do',
      step: {
        kind: 'register',
        color: 'green',
        from: oldRevision,
        reusable: newRevision,
        container: 'app',
        images: { app: 'app:2' },
      },
    })
    expect(decide({ progress: fresh, goal: { stageOnly: true } })).toMatchObject({ step: { forApproval: true } })
  })

  test('says how the candidate stands while it waits', () => {
    const decision = decide({
      seen: { targets: { at: now, value: [targetView(1), targetView(2, { state: 'initial' })] } },
    })
    expect(decision).toMatchObject({ because: 'green: 2/2 tasks running, 1/2 targets healthy' })
  })

  test('names every sick target when time is up', () => {
    const sick = targetView(2, {
      state: 'unhealthy',
      reason: 'Target.ResponseCodeMismatch',
      description: 'Health checks failed with these codes: [503]',
    })
    const decision = decide({
      goal: { timeoutMs: 1 },
      seen: { targets: { at: now, value: [targetView(1), sick] }, ...asked },
    })
    expect(decision).toMatchObject({
      outcome: {
        failure: {
          details: expect.arrayContaining(['10.0.1.2:8080 answered 503 to GET /health (Target.ResponseCodeMismatch)']),
        },
      },
    })
  })
})

describe('targets of other tasks prove nothing', () => {
  test.each([
    [
      'healthy targets of the old revision',
      { tasks: { at: now, value: [taskView(1), taskView(2, { taskDefinition: oldRevision })] } },
    ],
    [
      'healthy targets of the same revision from the deployment before',
      { tasks: { at: now, value: [taskView(1), taskView(2, { startedBy: 'ecs-svc/1' })] } },
    ],
    ['healthy targets that no task owns', { targets: { at: now, value: [targetView(1), targetView(9)] } }],
    [
      'a task that is stopping',
      { tasks: { at: now, value: [taskView(1), taskView(2, { lastStatus: 'DEACTIVATING' })] } },
    ],
    ['no targets at all', { targets: { at: now, value: [] } }],
  ])('%s', (_, seen) => {
    expect(decide({ seen, progress: { staged } }).kind).toBe('wait')
  })
})
