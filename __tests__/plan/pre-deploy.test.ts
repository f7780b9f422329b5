import { describe, expect, test } from '@jest/globals'
import type { FollowedLog } from '../../src/model/container-log.ts'
import type { Progress } from '../../src/model/progress.ts'
import type { TaskView } from '../../src/model/service.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import type { Decision } from '../../src/model/step.ts'
import type { DeployGoal } from '../../src/plan/goal.ts'
import {
  candidate,
  decide,
  liveService,
  newRevision,
  now,
  oldRevision,
  serviceView,
  targetView,
  taskView,
} from './builders.ts'

const registered = { staged: undefined } as unknown as Partial<Progress>
const begun = { ...registered, preDeploy: { startedAt: now - 40_000, taskArn: 'arn:task' } }

function withCommand(
  progress: Partial<Progress>,
  seen: Partial<Snapshot> = {},
  goal: Partial<DeployGoal> = {},
): Decision {
  return decide({ goal: { preDeploy: ['bin/migrate'], ...goal }, progress, seen })
}

const task = (change: Partial<TaskView>) => ({ oneOff: { at: now, value: taskView(7, change) } })
const ended = (exitCode: number | undefined, change: Partial<TaskView> = {}) =>
  task({
    lastStatus: 'STOPPED',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', image: 'app:2', ...(exitCode === undefined ? {} : { exitCode }) }],
    ...change,
  })

const heard = (change: Partial<FollowedLog>): FollowedLog => ({ container: 'app', tail: [], ...change })

function inWords(decision: Decision): string {
  switch (decision.kind) {
    case 'do':
      return decision.step.kind
    case 'wait':
      return `wait ${decision.until - now} for ${decision.look.join('+')}`
    case 'finish':
      return 'failure' in decision.outcome ? decision.outcome.failure.code : decision.outcome.status
    default:
      return decision satisfies never
  }
}

const failure = { code: 'PRE_DEPLOY_FAILED', headline: '', details: [] } as const

describe('what a deploy does next about its pre-deploy-command', () => {
  test.each<[string, Decision, string]>([
    ['not begun', withCommand(registered), 'run-task'],
    [
      'live already runs the candidate',
      withCommand(
        { ...registered, candidate: { ...candidate, taskDefinition: oldRevision } },
        { liveTargets: { at: now, value: [targetView(8), targetView(9)] } },
        { image: 'app:2.0.0' },
      ),
      'unchanged',
    ],
    ['its task is starting', withCommand(begun, task({ lastStatus: 'PENDING' })), 'wait 6000 for one-off'],
    ['the same with a poll-interval', withCommand(begun, task({}), { pollIntervalMs: 1_000 }), 'wait 1000 for one-off'],
    ['AWS throttles', withCommand({ ...begun, throttled: 1 }, task({})), 'wait 12000 for one-off'],
    ['it ended well', withCommand(begun, ended(0)), 'stage'],
    ['it ended with another exit code', withCommand(begun, ended(3)), 'PRE_DEPLOY_FAILED'],
    ['its container never started', withCommand(begun, ended(undefined)), 'PRE_DEPLOY_FAILED'],
    [
      'it ended well, and what it said last cannot be read yet',
      withCommand(begun, { ...ended(0), oneOffLog: heard({ endedAt: now - 2_000 }) }),
      'wait 3000 for one-off',
    ],
    [
      'the same, badly',
      withCommand(begun, { ...ended(3), oneOffLog: heard({ endedAt: now - 2_000 }) }),
      'wait 3000 for one-off',
    ],
    [
      'it ended, and all that it said can be read',
      withCommand(begun, { ...ended(0), oneOffLog: heard({ endedAt: now - 5_000 }) }),
      'stage',
    ],
    [
      'it ended, and cannot be heard at all',
      withCommand(begun, { ...ended(0), oneOffLog: heard({ endedAt: now, note: 'denied' }) }),
      'stage',
    ],
    [
      'it ended when time is up',
      withCommand({ ...begun, startedAt: now - 600_000 }, { ...ended(3), oneOffLog: heard({ endedAt: now }) }),
      'PRE_DEPLOY_FAILED',
    ],
    ['time is up', withCommand({ ...begun, startedAt: now - 600_000 }, task({})), 'PRE_DEPLOY_FAILED'],
    ['the run has failed, and the task still runs', withCommand({ ...begun, failure }, task({})), 'stop-task'],
    [
      'it was told to stop',
      withCommand({ ...begun, preDeploy: { ...begun.preDeploy, stopAsked: true }, failure }, task({})),
      'PRE_DEPLOY_FAILED',
    ],
    ['the run has failed, and the task has ended', withCommand({ ...begun, failure }, ended(3)), 'PRE_DEPLOY_FAILED'],
  ])('%s', (_, decision, expected) => {
    expect(inWords(decision)).toBe(expected)
  })

  test('the task is the candidate in the place of the idle service', () => {
    const launch = { launchType: 'FARGATE', networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } }
    const services = { at: now, value: { blue: liveService, green: serviceView({ launch }) } }
    expect(withCommand(registered, { services })).toEqual({
      kind: 'do',
      step: {
        kind: 'run-task',
        service: 'app-green',
        taskDefinition: newRevision,
        container: 'app',
        command: ['bin/migrate'],
        launch,
      },
    })
  })

  test('a failure tells exit code, reasons and task', () => {
    const containers = [{ name: 'app', image: 'app:2', exitCode: 137, reason: 'OutOfMemoryError' }]
    expect(withCommand(begun, ended(137, { containers }))).toMatchObject({
      outcome: {
        failure: {
          headline: 'pre-deploy-command failed: exit code 137.',
          details: [
            'ECS says: Essential container in task exited',
            'ECS says: OutOfMemoryError',
            expect.stringContaining(':task/'),
            expect.stringContaining('app-green was not touched'),
          ],
        },
      },
    })
  })
})
