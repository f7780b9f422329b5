import { describe, expect, test } from '@jest/globals'
import type { AlarmView } from '../../src/model/alarm.ts'
import type { Progress } from '../../src/model/progress.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import type { DeployGoal } from '../../src/plan/goal.ts'
import { judge } from '../../src/plan/judge.ts'
import {
  candidate,
  deploymentView,
  liveService,
  now,
  progressOf,
  serviceView,
  snapshotOf,
  staged,
  targetView,
  taskView,
} from './builders.ts'

const goal: DeployGoal = {
  image: 'app:2',
  container: 'app',
  version: '2',
  timeoutMs: 600_000,
  rollbackOnFailure: true,
  confirm: true,
  alarms: { names: ['a', 'b'], ignored: { b: 7 }, unknownLimitMs: 300_000 },
  probe: { ratePerSecond: 20, maxFailed: 3 },
}

const alarm = (name: string, state: string, since = 1): AlarmView => ({ name, state, reason: 'because', since })
const alarms = (...seen: readonly AlarmView[]): Partial<Snapshot> => ({
  alarms: { at: now, value: { kind: 'read', alarms: seen } },
})
const probe = (failed: number, versions: readonly string[] = ['1', '2'], everyMs = 50): Partial<Snapshot> => ({
  probe: {
    at: now,
    value: {
      requests: 100,
      failed,
      everyMs,
      versions: versions.map(version => ({ version, count: 9, firstAt: 0, lastAt: now })),
    },
  },
})
/** Failed requests, by how long ago they were sent. */
const failedAgo = (...ago: readonly number[]): Partial<Snapshot> => ({
  probe: {
    at: now,
    value: {
      requests: 100,
      failed: ago.length,
      failedSentAt: ago.map(ms => now - ms),
      versions: [{ version: '2', count: 9, firstAt: 0, lastAt: now }],
    },
  },
})
const times = (count: number, ago: number) => Array.from({ length: count }, () => ago)
const service = (change: Parameters<typeof deploymentView>[0], desired = 2) => ({
  services: {
    at: now,
    value: { blue: liveService, green: serviceView({ desired, deployments: [deploymentView(change)] }) },
  },
})
const sick = targetView(2, { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' })
const targets = (...value: ReturnType<typeof targetView>[]) => ({ targets: { at: now, value } })
const well = { ...alarms(alarm('a', 'OK'), alarm('b', 'OK')), ...probe(0) }

/** The verdict, and the code of the failure or what is not known. */
function verdict(seen: Partial<Snapshot>, progress: Partial<Progress> = {}, change: Partial<DeployGoal> = {}): string {
  const held = { provenAt: now - 60_000, reached: [{ share: 100, at: now - 60_000 }] }
  const judgement = judge(
    { ...goal, ...change },
    progressOf({ ...held, ...progress }),
    candidate,
    staged,
    snapshotOf({ ...well, ...seen }),
    now,
  )
  if (judgement.kind === 'unhealthy') return judgement.failure.code
  return judgement.kind === 'unknown' ? `unknown: ${judgement.because}` : judgement.kind
}

const shifted = { shiftedAt: now - 30_000 }

describe('is the new version well under traffic', () => {
  test.each<[string, Partial<Snapshot>, Partial<Progress>, Partial<DeployGoal>, string]>([
    ['all is well', {}, {}, {}, 'healthy'],
    [
      'nobody asked for alarms or requests',
      { alarms: undefined as never },
      {},
      { alarms: undefined as never },
      'healthy',
    ],

    ['one of two targets fails', targets(targetView(1), sick), {}, {}, 'CANDIDATE_DEGRADED'],
    [
      'one of two targets fails, and one is enough',
      targets(targetView(1), sick),
      {},
      { minHealthyTargets: 1 },
      'healthy',
    ],
    ['no target is healthy', targets(targetView(1, { state: 'initial' })), {}, {}, 'CANDIDATE_DEGRADED'],
    [
      'a target is new',
      targets(targetView(1), targetView(2, { state: 'initial' })),
      {},
      {},
      'unknown: green: 2/2 tasks running, 1/2 targets healthy',
    ],
    [
      'a task is lost',
      { ...service({ running: 1 }), ...targets(targetView(1)) },
      {},
      {},
      'unknown: green: 1/2 tasks running, 1/2 targets healthy',
    ],
    [
      'tasks were looked up before the targets',
      { ...targets(targetView(3), targetView(4)), tasks: { at: now - 1, value: [taskView(1), taskView(2)] } },
      {},
      {},
      'unknown: green: 2/2 tasks running, 0/2 targets healthy',
    ],
    [
      'somebody scales it down during a step: it gets no more before it has grown again',
      service({ desired: 1, running: 1 }),
      {},
      {},
      'healthy',
    ],
    [
      'somebody scales it down under all the traffic',
      { ...service({ desired: 1, running: 1 }), ...targets(targetView(1)) },
      shifted,
      {},
      'healthy',
    ],
    ['somebody scales it to nothing', service({ desired: 0, running: 0 }), shifted, {}, 'SCALED_TO_ZERO'],
    ['it is scaled up under all the traffic', service({ desired: 4, running: 2 }, 4), shifted, {}, 'healthy'],
    ['somebody else deploys', service({ id: 'ecs-svc/9' }), {}, {}, 'CANDIDATE_SUPERSEDED'],
    [
      'all of its tasks die',
      service({ running: 0, failedTasks: 3 }),
      { staged: { ...staged, servedAt: 1 } },
      {},
      'CANDIDATE_DEGRADED',
    ],

    ['an alarm', alarms(alarm('a', 'ALARM'), alarm('b', 'OK')), {}, {}, 'ALARM'],
    [
      'an alarm that has been there from the start',
      alarms(alarm('a', 'OK'), alarm('b', 'ALARM', 7)),
      {},
      {},
      'healthy',
    ],
    ['the same, gone and back', alarms(alarm('a', 'OK'), alarm('b', 'ALARM', 8)), {}, {}, 'ALARM'],
    [
      'no data',
      alarms(alarm('a', 'INSUFFICIENT_DATA'), alarm('b', 'OK')),
      {},
      {},
      'unknown: the alarm a has not enough data',
    ],
    ['no data and an alarm', alarms(alarm('a', 'INSUFFICIENT_DATA'), alarm('b', 'ALARM')), {}, {}, 'ALARM'],
    ['an alarm is gone', alarms(alarm('a', 'OK')), {}, {}, 'unknown: the alarm b is gone'],
    [
      'unreadable',
      { alarms: { at: now, value: { kind: 'unreadable', because: 'throttled' } } },
      {},
      {},
      'unknown: the alarms cannot be read: throttled',
    ],

    ['as many requests failed as may', probe(3), {}, {}, 'healthy'],
    ['one more', probe(4), {}, {}, 'REQUESTS_FAILED'],
    ['they were sent before traffic moved', failedAgo(...times(9, 60_001)), {}, {}, 'healthy'],
    [
      'the old version left them hanging, and they failed after traffic moved',
      failedAgo(...times(4, 60_001)),
      { provenAt: now - 60_000, shiftedAt: now - 59_000 },
      {},
      'healthy',
    ],
    ['the new version left them hanging', failedAgo(...times(4, 59_999)), {}, {}, 'REQUESTS_FAILED'],
    [
      'they failed while the old version, which had failed before, had its part',
      failedAgo(60_001, ...times(5, 30_000), ...times(3, 1_000)),
      { shiftedAt: now - 59_000 },
      {},
      'healthy',
    ],
    [
      'and more since it is alone',
      failedAgo(60_001, ...times(5, 30_000), ...times(4, 1_000)),
      { shiftedAt: now - 59_000 },
      {},
      'REQUESTS_FAILED',
    ],
    [
      'they failed while the old version, which had been well, had its part',
      failedAgo(...times(5, 30_000)),
      { shiftedAt: now - 59_000 },
      {},
      'REQUESTS_FAILED',
    ],
    [
      'production goes back, and the old one may be heard',
      failedAgo(...times(9, 30_000)),
      {},
      { rollback: true },
      'healthy',
    ],
    ['the new version is nowhere', probe(0, ['1', '0.0.0']), {}, {}, 'VERSION_NOT_SEEN'],
    ['the new version is nowhere yet', probe(0, ['1']), { reached: [{ share: 100, at: now - 44_000 }] }, {}, 'healthy'],
    [
      'the new version is nowhere, at a share that few answers come from',
      probe(0, ['1']),
      { reached: [{ share: 1, at: now - 60_000 }] },
      {},
      'healthy',
    ],
    [
      'the new version is nowhere, but it was asked less often than it was to be',
      probe(0, ['1'], 500),
      { reached: [{ share: 300, at: now - 60_000 }] },
      {},
      'healthy',
    ],
    [
      'the same, asked as often as that',
      probe(0, ['1']),
      { reached: [{ share: 300, at: now - 60_000 }] },
      {},
      'VERSION_NOT_SEEN',
    ],

    [
      'bad outweighs unknown',
      { ...targets(targetView(1), targetView(2, { state: 'initial' })), ...probe(4) },
      {},
      {},
      'REQUESTS_FAILED',
    ],
  ])('%s', (_, seen, progress, change, expected) => {
    expect(verdict(seen, progress, change)).toBe(expected)
  })
})
