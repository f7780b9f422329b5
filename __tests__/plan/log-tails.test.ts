import { describe, expect, test } from '@jest/globals'
import type { ContainerView, TaskView } from '../../src/model/service.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { logPlace, tailsWanted } from '../../src/plan/log-tails.ts'
import { now, progressOf, snapshotOf, targetView, taskView } from './builders.ts'

const ended = (exits: Readonly<Record<string, number | undefined>>): readonly ContainerView[] =>
  Object.entries(exits).map(([name, exitCode]) => ({
    name,
    image: `${name}:2`,
    ...(exitCode === undefined ? {} : { exitCode }),
  }))

function stopped(number: number, exits: Readonly<Record<string, number | undefined>>, change: Partial<TaskView> = {}) {
  const stoppedReason = 'Essential container in task exited'
  const how = { lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', stoppedReason }
  return taskView(number, { ...how, containers: ended(exits), ...change })
}

const unhealthy = { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed ELB health checks in (target)' }
const seenStopped = (...tasks: readonly TaskView[]) => ({ stoppedTasks: { at: now, value: tasks } })

/** `1:app` is container app of task 1. */
function asked(seen: Partial<Snapshot>, change: Parameters<typeof progressOf>[0] = {}): readonly string[] {
  return tailsWanted(progressOf(change), snapshotOf(seen)).map(
    ({ taskArn, container }) => `${Number(taskArn.slice(-8))}:${container}`,
  )
}

describe('whose last lines may tell why a deploy failed', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['nobody, when all is well', asked({}), []],
    [
      'nobody, before anything was staged',
      asked(seenStopped(stopped(3, { app: 1 })), { staged: undefined } as never),
      [],
    ],
    ['nobody, when it never ran', asked(seenStopped(stopped(3, { app: undefined }))), []],
    ['nobody of another deployment', asked(seenStopped(stopped(3, { app: 1 }, { startedBy: 'ecs-svc/1' }))), []],
    [
      'one of many that failed in the same way',
      asked(seenStopped(stopped(3, { app: 1 }), stopped(4, { app: 1 }), stopped(5, { app: 1 }))),
      ['3:app'],
    ],
    [
      'one of each way to fail',
      asked(seenStopped(stopped(3, { app: 1 }), stopped(4, { app: 137 }), stopped(5, { app: 1 }))),
      ['3:app', '4:app'],
    ],
    ['the container that failed, not its neighbor', asked(seenStopped(stopped(3, { app: 0, proxy: 9 }))), ['3:proxy']],
    [
      'the serving container before those that were ended with it, and three at most',
      asked(seenStopped(stopped(3, { a: 137, b: 137, c: 137, app: 1 }))),
      ['3:app', '3:a', '3:b'],
    ],
    ['the serving one, when all ended well', asked(seenStopped(stopped(3, { proxy: 0, app: 0 }))), ['3:app']],
    ['one that ECS replaced', asked(seenStopped(stopped(3, { app: 143 }, unhealthy))), ['3:app']],
    [
      'one that runs and is not healthy',
      asked({ targets: { at: now, value: [targetView(1), targetView(2, { state: 'unhealthy' })] } }),
      ['2:app'],
    ],
    ['none that leaves', asked({ targets: { at: now, value: [targetView(1, { state: 'draining' })] } }), []],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })
})

describe('where a container logs to', () => {
  const task = 'arn:aws-cn:ecs:cn-north-1:123456789012:task/web/0123456789abcdef0123456789abcdef'
  const place = (logConfiguration?: object) =>
    logPlace({ containerDefinitions: [{ name: 'app', logConfiguration }] } as never, 'app', task)
  const options = { 'awslogs-group': '/ecs/app', 'awslogs-stream-prefix': 'web' }

  test('is a stream of its own, in the Region that the driver names', () => {
    expect(place({ logDriver: 'awslogs', options: { ...options, 'awslogs-region': 'cn-northwest-1' } })).toEqual({
      group: '/ecs/app',
      stream: 'web/app/0123456789abcdef0123456789abcdef',
      region: 'cn-northwest-1',
      arn: 'arn:aws-cn:logs:cn-northwest-1:123456789012:log-group:/ecs/app:log-stream:*',
    })
    expect(place({ logDriver: 'awslogs', options })).toMatchObject({ region: 'cn-north-1' })
  })

  test.each<[string, object | undefined, RegExp]>([
    ['no configuration', undefined, /no log configuration/],
    ['another driver', { logDriver: 'splunk', options: { 'splunk-token': 'hunter2' } }, /^(?!.*hunter2).*splunk/],
    ['no group', { logDriver: 'awslogs' }, /unnamed group/],
    ['no prefix', { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/app' } }, /awslogs-stream-prefix/],
  ])('is a note for %s', (_, configuration, note) => {
    expect(place(configuration)).toMatch(note)
  })
})
