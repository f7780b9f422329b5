import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { leaveLock } from './leave-lock.ts'
import { called, listeners, lockTags, service, type Tags } from './locking.ts'

/**
 * The lock and the journal as runs of other versions of 1.x write and read them, letter for letter. They work on the same services at the
 * same time: when a test here fails, it is the change that is wrong, and not the test. New tags may be added; those that are here keep
 * their names, their values and their meaning until 2.0.
 */

const lockName = 'ecs-bg-lock-312a68ab60c61077ea16'

/** Of a run of another repository, in the middle of a canary. */
const written: Tags = {
  Purpose: 'Lock of ecs-bluegreen: no traffic goes here',
  Owner: 'octo-org/other run 77 attempt 1 job deploy',
  Nonce: '00000000000000ff',
  Repository: 'octo-org/other',
  RunId: '77',
  RunAttempt: '1',
  Job: 'deploy',
  RunUrl: 'https://github.com/octo-org/other/actions/runs/77',
  Machine: 'elsewhere',
  Pid: '77',
  Mode: 'deploy',
  StartedAt: '2026-01-01T00:00:01.000Z',
  ExpiresAt: '2026-01-01T01:00:00.000Z',
  Phase: 'shifting',
  From: 'blue',
  To: 'green',
  Live: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/sample:1',
  Candidate: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/sample:2',
  Deployment: 'ecs-svc/3464783871927329822',
  IdleService: 'sample-green',
  IdleTaskDefinition: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/sample:1',
  IdleDesired: '2',
  Shares: 'blue 90 green 10',
}
const expired: Tags = { ExpiresAt: '2026-01-01T00:00:02.000Z' }

const image = 'sample-app:0.0.3'
const topology = { productionPorts: [80, 443] }
const settings = { throttling: false }
const open = (seed: number) => simulate({ seed, topology, settings })

function tag({ cloud }: Simulation, arn: string | undefined, tags: Tags): void {
  cloud.call('elbv2', 'AddTags', {
    ResourceArns: [arn],
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  })
}

function lockArn({ cloud }: Simulation): string | undefined {
  const { TargetGroups } = cloud.call('elbv2', 'DescribeTargetGroups', { Names: [lockName] }) as {
    TargetGroups: readonly { TargetGroupArn: string }[]
  }
  return TargetGroups[0]?.TargetGroupArn
}

/** sample:2 is proven on green, and the first of two listeners sends it a tenth: there somebody was killed. */
async function halfWay(seed: number): Promise<Simulation> {
  const simulation = open(seed)
  await simulation.act({ image: 'sample-app:0.0.2', 'auto-promote': 'false' })
  const { cloud, topology: made } = simulation
  const weights = [
    { TargetGroupArn: made.targetGroupArns.blue, Weight: 90 },
    { TargetGroupArn: made.targetGroupArns.green, Weight: 10 },
  ]
  cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: made.productionArns[0],
    DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups: weights } }],
  })
  return simulation
}

describe('a run of this version writes', () => {
  test('these tags, on a target group of this name', async () => {
    const simulation = open(1)
    let staging: Tags | undefined
    let shifting: Tags | undefined
    await simulation.act({ image: 'sample-app:0.0.2', strategy: 'canary', 'canary-percent': '10' }, [
      async clock => {
        while (!called(simulation, 'UpdateService')) await clock.sleep(50)
        staging = lockTags(simulation)
        while (listeners(simulation)[1]?.green !== 10) await clock.sleep(50)
        shifting = lockTags(simulation)
      },
    ])
    const time = expect.stringMatching(/^2026-01-01T00:\d\d:\d\d\.\d{3}Z$/)
    const own = {
      Owner: 'octo-org/octo-repo run 1 attempt 1 job deploy',
      Nonce: expect.stringMatching(/^[0-9a-f]{16}$/),
      Repository: 'octo-org/octo-repo',
      RunId: '1',
      RunUrl: 'https://github.com/octo-org/octo-repo/actions/runs/1',
      Machine: 'simulation',
      Pid: '1',
      StartedAt: time,
      ExpiresAt: time,
      Deployment: expect.stringMatching(/^ecs-svc\/\d+$/),
    }
    // More tags may be added; none of these may go or change.
    expect(shifting).toMatchObject({ ...written, ...own })
    expect(staging).toMatchObject({ ...written, ...own, Phase: 'staging', Deployment: '', Shares: '' })
    const made = simulation.wire.calls.list().find(call => call.operation === 'CreateTargetGroup')?.input
    expect(made).toMatchObject({
      Name: lockName,
      TargetType: 'ip',
      Protocol: 'HTTP',
      HealthCheckPath: `/lock/${shifting?.Nonce}`,
    })
  })
})

describe('a run of this version reads', () => {
  test('these tags as a live lock: it keeps out of the way, and names the run and what it does', async () => {
    const simulation = open(2)
    leaveLock(simulation, written)
    const { report } = await simulation.act({ image }, [
      async clock => {
        await clock.sleep(30_000)
        // The sign of life of its holder.
        tag(simulation, lockArn(simulation), { ExpiresAt: '2026-01-01T01:03:00.000Z' })
      },
    ])
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: {
        code: 'LOCKED',
        headline: expect.stringContaining('octo-org/other run 77 attempt 1 job deploy'),
        details: expect.arrayContaining([
          'Its run: https://github.com/octo-org/other/actions/runs/77',
          'It is moving traffic from blue to green (blue 90 green 10).',
        ]),
      },
    })
    expect(called(simulation, 'UpdateService')).toBe(false)
    expect(lockTags(simulation)).toMatchObject({ Nonce: '00000000000000ff' })
  })

  test('these tags of a dead run as a half-way journal: production goes back first, then the idle service is used', async () => {
    const simulation = await halfWay(3)
    leaveLock(simulation, { ...written, ...expired })
    const { report, lines } = await simulation.act({ image })
    expect(lines.join('\n')).toContain('ended while it was moving traffic from blue to green (blue 90 green 10)')
    expect(lines.join('\n')).toContain('Give all the traffic to blue: blue had the traffic before')
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(listeners(simulation)).toEqual([
      { blue: 0, green: 100 },
      { blue: 0, green: 100 },
    ])
    expect(lockTags(simulation)).toBeUndefined()
  })

  test('these tags in the post step of a main of another version: what the idle service had is put back', async () => {
    const simulation = open(4)
    await simulation.act({ image: 'sample-app:0.0.2', 'auto-promote': 'false' })
    expect(service(simulation, 'green').taskDefinition).toBe(written.Candidate)
    leaveLock(simulation, { ...written, Phase: 'staging', Deployment: '', Shares: '' })
    await simulation.act({ image: 'sample-app:0.0.2' }, [], { owner: { nonce: '00000000000000ff' }, post: true })
    expect(service(simulation, 'green')).toMatchObject({ taskDefinition: written.IdleTaskDefinition, desiredCount: 2 })
    expect(lockTags(simulation)).toBeUndefined()
  })

  test('the note that bridges a takeover, on the blue target group', async () => {
    const simulation = await halfWay(5)
    tag(simulation, simulation.topology.targetGroupArns.blue, {
      UnfinishedShift: 'blue to green at 2026-01-01T00:00:01.000Z',
    })
    const { report, lines } = await simulation.act({ image })
    expect(lines.join('\n')).toContain('ended while it was taking back what was begun on green')
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
  })

  test('who has taken its lock, on the blue target group', async () => {
    const simulation = open(6)
    const { report } = await simulation.act({ image }, [
      async clock => {
        while (!called(simulation, 'UpdateService')) await clock.sleep(50)
        tag(simulation, simulation.topology.targetGroupArns.blue, {
          LockTakenFrom: lockTags(simulation)?.Nonce ?? '',
          LockTakenBy: 'octo-org/other run 78 attempt 1 job rollback',
          LockTakenUrl: 'https://github.com/octo-org/other/actions/runs/78',
        })
        simulation.cloud.call('elbv2', 'DeleteTargetGroup', { TargetGroupArn: lockArn(simulation) })
      },
    ])
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: {
        code: 'LOCK_LOST',
        headline: expect.stringContaining('octo-org/other run 78 attempt 1 job rollback'),
        details: expect.arrayContaining(['Its run: https://github.com/octo-org/other/actions/runs/78']),
      },
    })
  })
})
