import { describe, expect, test } from '@jest/globals'
import type { FailureCode } from '../../src/model/outcome.ts'
import type { ServiceEvent, TaskView } from '../../src/model/service.ts'
import { dossier, withCause } from '../../src/plan/dossier.ts'
import { tellingEvents } from '../../src/plan/events.ts'
import { isHopeless, isTroubled } from '../../src/plan/give-up.ts'
import { noteServed, unusedFailure } from '../../src/plan/own-targets.ts'
import { healthCause, sickTargets } from '../../src/plan/targets.ts'
import { causeOf } from '../../src/plan/task-causes.ts'
import {
  deploymentView,
  liveService,
  now,
  progressOf,
  serviceView,
  snapshotOf,
  staged,
  targetGroupView,
  targetView,
  taskView,
} from './builders.ts'

const check = targetGroupView('green').healthCheck
const group = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/app-green/0123456789abcdef'

function stopped(change: Partial<TaskView> = {}): TaskView {
  return taskView(1, { lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', ...change })
}

function exited(exitCode: number, reason?: string): TaskView {
  return stopped({
    stoppedReason: 'Essential container in task exited',
    memory: '512',
    containers: [
      { name: 'proxy', image: 'proxy:1', exitCode: 0 },
      { name: 'app', image: 'app:2', exitCode, ...(reason === undefined ? {} : { reason }) },
    ],
  })
}

function notStarted(stoppedReason: string): TaskView {
  return stopped({ stopCode: 'TaskFailedToStart', stoppedReason, containers: [{ name: 'app', image: 'app:2' }] })
}

const pull = (why: string) =>
  notStarted(`CannotPullContainerError: pull image manifest has been retried 1 time(s): ${why}`)

describe('why one task failed', () => {
  test.each<[string, TaskView, FailureCode, RegExp]>([
    ['no such tag', pull('failed to resolve ref x/app:2: x/app:2: not found'), 'IMAGE_NOT_FOUND', /no such image.*tag/],
    [
      'no such tag, 403',
      pull('failed to resolve ref x/app:403: x/app:403: not found'),
      'IMAGE_NOT_FOUND',
      /no such image/,
    ],
    [
      'of build 429',
      pull('failed to resolve ref x/app:1.0.429: x/app:1.0.429: not found'),
      'IMAGE_NOT_FOUND',
      /no such image/,
    ],
    ['of a platform', pull('failed to resolve ref x/data-platform:2: not found'), 'IMAGE_NOT_FOUND', /no such image/],
    ['no such repository', pull('name unknown: The repository does not exist'), 'IMAGE_NOT_FOUND', /no such image/],
    [
      'hidden or absent',
      pull('pull access denied, repository does not exist or may require authorization'),
      'IMAGE_NOT_PULLED',
      /execution role/,
    ],
    [
      'the newer text',
      notStarted("CannotPullContainerError: The task can't pull the image. Check that the role has the permissions"),
      'IMAGE_NOT_PULLED',
      /execution role/,
    ],
    [
      'rate limit',
      pull('toomanyrequests: You have reached your pull rate limit'),
      'IMAGE_NOT_PULLED',
      /limits how often/,
    ],
    [
      'platform',
      pull("image Manifest does not contain descriptor matching platform 'linux/arm64'"),
      'IMAGE_NOT_PULLED',
      /runtimePlatform/,
    ],
    ['network', pull('dial tcp 10.0.0.1:443: i/o timeout'), 'IMAGE_NOT_PULLED', /NAT/],
    [
      'secrets',
      notStarted(
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed',
      ),
      'SECRET_UNREADABLE',
      /valueFrom/,
    ],
    [
      'a log driver',
      notStarted(
        'ResourceInitializationError: failed to validate logger args: The specified log group does not exist.',
      ),
      'TASKS_FAILED',
      /could not start/,
    ],
    ['no processor', notStarted('TaskFailedToStart: RESOURCE:CPU'), 'NO_CAPACITY', /capacity/],
    ['no memory', notStarted('TaskFailedToStart: RESOURCE:MEMORY'), 'NO_CAPACITY', /capacity/],
    [
      'no Fargate',
      notStarted('Capacity is unavailable at this time. Please try again later or in a different availability zone'),
      'NO_CAPACITY',
      /capacity/,
    ],
    [
      'out of memory',
      exited(137, 'OutOfMemoryError: Container killed due to memory usage'),
      'OUT_OF_MEMORY',
      /container app was killed .*Raise `memory` of the task .*the task has 512 MiB/,
    ],
    [
      'out of its own memory',
      stopped({
        containers: [{ name: 'app', image: 'app:2', exitCode: 137, memory: '256', reason: 'OutOfMemoryError: x' }],
      }),
      'OUT_OF_MEMORY',
      /Raise `memory` of container app .*container app has 256 MiB/,
    ],
    ['killed', exited(137), 'TASKS_CRASHED', /container app was killed .*stopTimeout/],
    ['exit code 1', exited(1), 'TASKS_CRASHED', /container app gave up by itself \(exit code 1\)/],
    ['segmentation fault', exited(139), 'TASKS_CRASHED', /segmentation fault/],
    ['asked to end', exited(143), 'TASKS_CRASHED', /SIGTERM/],
    ['done', exited(0), 'TASKS_CRASHED', /as if its work were done.*keep running/],
    ['command not found', exited(127), 'TASKS_CRASHED', /did not find its command/],
    ['another exit code', exited(42), 'TASKS_CRASHED', /exit code 42/],
    [
      'load balancer',
      stopped({
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: `Task failed ELB health checks in (target-group ${group})`,
        containers: [{ name: 'app', image: 'app:2', exitCode: 143 }],
      }),
      'UNHEALTHY',
      /HTTP \/health/,
    ],
    [
      'container health check',
      stopped({ stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks' }),
      'CONTAINER_UNHEALTHY',
      /healthCheck.command/,
    ],
    ['nobody knows', stopped({ containers: [] }), 'TASKS_FAILED', /no reason given/],
  ])('%s', (_, task, code, words) => {
    const cause = causeOf(task, check)
    expect(cause?.code).toBe(code)
    expect(`${cause?.what} ${cause?.todo}`).toMatch(words)
  })

  test.each<[string, Partial<TaskView>]>([
    [
      'scaling',
      { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/3)' },
    ],
    ['by hand', { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' }],
    ['spot', { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' }],
  ])('%s is no failure', (_, change) => {
    expect(causeOf(stopped(change), check)).toBeUndefined()
  })
})

let events = 0
const event = (message: string): ServiceEvent => ({
  id: `event-${++events}`,
  at: now,
  message: `(service app-green) ${message}`,
})
const unplaceable = 'was unable to place a task. Reason: Capacity is unavailable at this time.'

describe('when waiting has become pointless', () => {
  const crashes = (count: number) => Array.from({ length: count }, () => exited(1))
  const of = (deployment: Parameters<typeof deploymentView>[0], service: Parameters<typeof serviceView>[0] = {}) => {
    const view = deploymentView({ rollout: 'IN_PROGRESS', ...deployment })
    return { deployment: view, service: serviceView({ deployments: [view], ...service }) }
  }
  const table: readonly [string, boolean, ReturnType<typeof of>, readonly TaskView[], Partial<typeof staged>?][] = [
    ['two have failed', false, of({ failedTasks: 2, running: 0 }), crashes(2)],
    ['three have failed', true, of({ failedTasks: 3, running: 0 }), []],
    ['three have failed, others still run', true, of({ failedTasks: 3, running: 2 }), []],
    [
      'three have failed, but ECS has forgotten them because they ran',
      true,
      of({ failedTasks: 0, running: 0 }),
      crashes(3),
    ],
    ['one was healthy, but none is left', true, of({ failedTasks: 3, running: 0 }), [], { servedAt: now }],
    [
      'three have failed, but one was healthy',
      false,
      of({ failedTasks: 3, running: 1 }),
      crashes(3),
      { servedAt: now },
    ],
    ['three of others have failed', false, of({}), crashes(3).map(task => ({ ...task, startedBy: 'ecs-svc/1' }))],
    ['three were stopped by hand', false, of({}), crashes(3).map(task => ({ ...task, stopCode: 'UserInitiated' }))],
    ['three of twenty have failed', false, of({ desired: 20, failedTasks: 3, running: 17 }), []],
    ['half of twenty have failed', true, of({ desired: 20, failedTasks: 10, running: 10 }), []],
    ['three have failed, ECS is to decide', false, of({ failedTasks: 3, running: 0 }, { circuitBreaker: true }), []],
    ['six have failed, and ECS does not decide', true, of({ failedTasks: 0 }, { circuitBreaker: true }), crashes(6)],
    ['twice not placed', false, of({ running: 0 }, { events: [event(unplaceable), event(unplaceable)] }), []],
    [
      'three times not placed',
      true,
      of({ running: 0 }, { events: [event(unplaceable), event(unplaceable), event(unplaceable)] }),
      [],
    ],
    [
      'three times not placed, but one runs',
      false,
      of({ running: 1 }, { events: [event(unplaceable), event(unplaceable), event(unplaceable)] }),
      [],
    ],
  ]
  test.each(table)('%s: %s', (_, expected, { service, deployment }, tasks, change = {}) => {
    expect(isHopeless({ ...staged, ...change }, service, deployment, tasks, check)).toBe(expected)
  })

  test('events from before the candidate count for nothing', () => {
    const old = [event(unplaceable), event(unplaceable), event(unplaceable)]
    const { service, deployment } = of({ running: 0 }, { events: old })
    const known = { ...staged, eventsBefore: old.map(({ id }) => id) }
    expect(isHopeless(known, service, deployment, [], check)).toBe(false)
    expect(isTroubled(known, service, deployment)).toBe(false)
    expect(isTroubled(staged, service, deployment)).toBe(true)
  })

  test('more tasks started than wanted are a sign of trouble, as many are none', () => {
    const started = (count: number) => event(`has started ${count} tasks: (task a).`)
    const calm = of({ running: 0 }, { events: [started(2)] })
    expect(isTroubled(staged, calm.service, calm.deployment)).toBe(false)
    const troubled = of({ running: 0 }, { events: [started(1), started(2)] })
    expect(isTroubled(staged, troubled.service, troubled.deployment)).toBe(true)
  })
})

describe('what health checks were answered', () => {
  const said = (codes: string) => `Health checks failed with these codes: [${codes}]`
  test.each<[string, readonly string[], FailureCode, RegExp]>([
    ['404', [said('404')], 'HEALTH_PATH_NOT_FOUND', /answer 404 .*no such path/],
    ['503', [said('503')], 'UNHEALTHY', /answer 503 to the health check HTTP GET \/health, which wants 200/],
    ['404 and 503', [said('404'), said('503')], 'UNHEALTHY', /answer 404 and 503/],
    ['400', [said('400')], 'UNHEALTHY', /Host header/],
    ['401', [said('401')], 'UNHEALTHY', /no login/],
    ['301', [said('301')], 'UNHEALTHY', /redirects/],
    [
      'nothing in time',
      ['Request timed out'],
      'UNHEALTHY',
      /do not answer .*port 8080 .*`healthCheckGracePeriodSeconds` is 30/,
    ],
    ['nothing', ['Health checks failed'], 'UNHEALTHY', /refuse or break the connection/],
  ])('%s', (_, descriptions, code, words) => {
    const cause = healthCause(descriptions, check, 8080, 30_000)
    expect(cause.code).toBe(code)
    expect(`${cause.what} ${cause.todo}`).toMatch(words)
  })

  test('targets with one answer share a line, and no more than ten are named', () => {
    const sick = (number: number) =>
      targetView(number, { state: 'unhealthy', reason: 'Target.ResponseCodeMismatch', description: said('503') })
    const many = Array.from({ length: 12 }, (_, index) => sick(index + 1))
    const slow = targetView(99, { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' })
    const drained = targetView(98, { state: 'draining' })
    const lines = sickTargets([...many, slow, drained, targetView(97)], check)
    const mixed = [targetView(1, { state: 'initial' }), targetView(2, { state: 'initial' }), slow]
    expect(sickTargets(mixed, check)).toEqual([
      '10.0.1.99:8080 did not answer GET /health in time (Target.Timeout)',
      '10.0.1.1:8080, 10.0.1.2:8080 are initial: no description (no code)',
    ])
    expect(lines).toEqual([
      expect.stringMatching(
        /^10\.0\.1\.1:8080, .*10\.0\.1\.10:8080 and 2 more answered 503 to GET \/health \(Target\.ResponseCodeMismatch\)$/,
      ),
      '10.0.1.99:8080 did not answer GET /health in time (Target.Timeout)',
    ])
  })
})

test('of the events only the telling ones are told, each once, the vague one last', () => {
  const unhealthy = (task: string) =>
    event(`(task ${task}) (port 80) is unhealthy in (target-group x) due to (reason Request timed out).`)
  const lines = tellingEvents([
    event('is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.'),
    event('has started 2 tasks: (task a) (task b).'),
    event('registered 2 targets in (target-group x)'),
    unhealthy('a'),
    unhealthy('b'),
    event(unplaceable),
    event('has reached a steady state.'),
  ])
  expect(lines.map(line => line.replace('(service app-green) ', '').slice(0, 30))).toEqual([
    '(task a) (port 80) is unhealth',
    'was unable to place a task. Re',
    'is unable to consistently star',
  ])
})

describe('the dossier', () => {
  const seen = (tasks: readonly TaskView[], change = {}) =>
    snapshotOf({ stoppedTasks: { at: now, value: tasks }, targets: { at: now, value: [] }, ...change })

  test('groups the tasks by what AWS said, the most frequent first, and leaves out those of others', () => {
    const found = dossier(
      progressOf(),
      staged,
      seen([exited(1), exited(139), exited(1), { ...exited(2), startedBy: 'ecs-svc/1' }]),
    )
    expect(found.cause?.what).toContain('exit code 1')
    expect(found.lines).toEqual([
      'Look at what the container logged.',
      '2 × Essential container in task exited (proxy: exit code 0; app: exit code 1)',
      '1 × Essential container in task exited (proxy: exit code 0; app: exit code 139)',
    ])
  })

  test.each<[FailureCode, TaskView, FailureCode, string]>([
    [
      'TASKS_FAILED',
      exited(1),
      'TASKS_CRASHED',
      'app:2 never became healthy in app-green: container app gave up by itself (exit code 1).',
    ],
    ['CIRCUIT_BREAKER', exited(1), 'CIRCUIT_BREAKER', 'headline: container app gave up by itself (exit code 1).'],
    ['NOT_HEALTHY_IN_TIME', exited(1), 'TASKS_CRASHED', 'headline: container app gave up by itself (exit code 1).'],
    ['CANDIDATE_SUPERSEDED', exited(1), 'CANDIDATE_SUPERSEDED', 'headline.'],
  ])('%s with its cause', (code, task, expected, headline) => {
    const failure = withCause(
      { code, headline: 'headline.', details: ['first'] },
      'app:2',
      'app-green',
      dossier(progressOf(), staged, seen([task])),
    )
    expect(failure).toMatchObject({ code: expected, headline })
    expect(failure.details[0]).toBe('first')
  })
})

describe('targets that stay unused', () => {
  const unused = targetView(1, {
    state: 'unused',
    reason: 'Target.NotInUse',
    description: 'Target group is not configured',
  })
  const at = (age: number, target = unused, startedBy = 'ecs-svc/2') =>
    unusedFailure(
      progressOf(),
      { ...staged, at: now - 90_000 },
      snapshotOf({
        services: { at: now, value: { blue: liveService, green: serviceView() } },
        targets: { at: now, value: [target] },
        tasks: { at: now, value: [taskView(1, { startedAt: now - age, startedBy })] },
      }),
      now,
    )?.code

  test('are a failure after a minute, and not before', () => {
    expect(at(59_999)).toBeUndefined()
    expect(at(60_000)).toBe('TARGETS_UNUSED')
  })

  test('of other tasks, or in another state, are none', () => {
    expect(at(80_000, unused, 'ecs-svc/1')).toBeUndefined()
    expect(at(80_000, targetView(1, { state: 'initial' }))).toBeUndefined()
    expect(at(80_000, targetView(9, { state: 'unused' }))).toBeUndefined()
  })

  test('are counted from what we saw when the clock of AWS is ahead', () => {
    expect(at(-3_600_000)).toBeUndefined()
  })
})

describe('that a task has served is noted', () => {
  const noted = (change: Parameters<typeof snapshotOf>[0]) =>
    noteServed(progressOf(), snapshotOf(change), now).staged?.servedAt

  test('when its target is healthy, once', () => {
    expect(noted({})).toBe(now)
    const first = noteServed(progressOf(), snapshotOf(), now)
    expect(noteServed(first, snapshotOf(), now + 1)).toBe(first)
  })

  test.each<[string, Parameters<typeof snapshotOf>[0]]>([
    ['the target is not healthy', { targets: { at: now, value: [targetView(1, { state: 'initial' })] } }],
    ['the target is of no task of ours', { targets: { at: now, value: [targetView(9)] } }],
    ['the target is at another port', { targets: { at: now, value: [targetView(1, { port: 1 })] } }],
    ['the task is of another deployment', { tasks: { at: now, value: [taskView(1, { startedBy: 'ecs-svc/1' })] } }],
  ])('not when %s', (_, change) => {
    expect(noted(change)).toBeUndefined()
  })
})
