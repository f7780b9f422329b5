import { describe, expect, test } from '@jest/globals'
import { type Simulation, simulate } from '../../sandbox/simulation.ts'
import { iso, leaveLock } from './leave-lock.ts'
import { called, listeners, lockTags, type Tags, writes } from './locking.ts'

/** One writer for each pair of services: whole deploys in virtual time, through the real SDK clients. */

const image = 'sample-app:0.0.2'

/** Another run takes the lock, as one may that rolls back. */
function takeAway(simulation: Simulation): void {
  const { TargetGroups } = simulation.cloud.call('elbv2', 'DescribeTargetGroups', {}) as {
    TargetGroups: readonly { TargetGroupArn: string; TargetGroupName: string }[]
  }
  const lock = TargetGroups.find(group => group.TargetGroupName.startsWith('ecs-bg-lock-'))
  simulation.cloud.call('elbv2', 'DeleteTargetGroup', { TargetGroupArn: lock?.TargetGroupArn })
  leaveLock(simulation)
}

/** Gives green all the traffic behind everybody's back. */
function flip({ cloud, topology }: Simulation): void {
  const TargetGroups = [
    { TargetGroupArn: topology.targetGroupArns.blue, Weight: 0 },
    { TargetGroupArn: topology.targetGroupArns.green, Weight: 100 },
  ]
  cloud.call('elbv2', 'ModifyListener', {
    ListenerArn: topology.productionArns[0],
    DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
  })
}

describe('the lock', () => {
  test('is there while a run writes, says whose it is, and is gone afterwards', async () => {
    const simulation = simulate({ seed: 1 })
    let during: Tags | undefined
    const { report } = await simulation.act({ image }, [
      async clock => {
        while (!called(simulation, 'UpdateService')) await clock.sleep(50)
        during = lockTags(simulation)
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(during).toMatchObject({
      Owner: 'octo-org/octo-repo run 1 attempt 1 job deploy',
      RunUrl: 'https://github.com/octo-org/octo-repo/actions/runs/1',
      Mode: 'deploy',
      Phase: 'staging',
      From: 'blue',
      To: 'green',
      Candidate: expect.stringMatching(/:task-definition\/sample:2$/),
      IdleService: 'sample-green',
      IdleTaskDefinition: expect.stringMatching(/:task-definition\/sample:1$/),
      IdleDesired: '2',
    })
    expect(lockTags(simulation)).toBeUndefined()
  })

  test('is renewed while AWS does not answer a look, which is tried again', async () => {
    const simulation = simulate({ seed: 9, settings: { throttling: false } })
    let least = Number.POSITIVE_INFINITY
    const { report } = await simulation.act(
      { image, strategy: 'canary', 'canary-percent': '10', 'canary-bake-time': '4m' },
      [
        async clock => {
          while (listeners(simulation)[0]?.green !== 10) await clock.sleep(10)
          // Just before the lease is renewed.
          await clock.sleep(118_000)
          simulation.wire.faults.add([{ kind: 'error', operation: 'DescribeServices', times: 66 }])
          for (let tags = lockTags(simulation); tags !== undefined; tags = lockTags(simulation)) {
            least = Math.min(least, Date.parse(tags.ExpiresAt ?? '') - clock.now())
            await clock.sleep(1_000)
          }
        },
      ],
    )
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(least).toBeGreaterThan(30_000)
  })

  test('is renewed while a run waits, and tells what comes before it is done', async () => {
    const simulation = simulate({
      seed: 2,
      slowSeconds: 400,
      topology: { healthCheckGracePeriodSeconds: 900 },
      // The test itself looks all the time, which would use up the buckets.
      settings: { throttling: false },
    })
    const leases = new Set<string>()
    const phases = new Set<string>()
    await simulation.act({ image: `${image}-slow`, 'poll-interval': '5m' }, [
      async clock => {
        while (!called(simulation, 'DeleteTargetGroup')) {
          const tags = lockTags(simulation)
          if (tags !== undefined) {
            // Nobody may ever find it expired.
            expect(Date.parse(tags.ExpiresAt ?? '')).toBeGreaterThan(clock.now())
            leases.add(tags.ExpiresAt ?? '')
            phases.add(`${tags.Phase}${tags.Shares ? ` ${tags.Shares}` : ''}`)
            if (listeners(simulation)[0]?.green !== 0) expect(tags.Phase).not.toBe('staging')
          }
          await clock.sleep(20)
        }
      },
    ])
    expect(leases.size).toBeGreaterThan(3)
    expect([...phases].slice(0, 2)).toEqual(['staging', 'shifting blue 0 green 100'])
  })

  test('is renewed while test-command runs', async () => {
    const simulation = simulate({ seed: 9, settings: { throttling: false } })
    let during = 0
    const { report } = await simulation.act({ image, 'test-command': 'sleep 600' }, [
      async clock => {
        while (!called(simulation, 'ModifyListener')) {
          const tags = lockTags(simulation)
          if (tags !== undefined) expect(Date.parse(tags.ExpiresAt ?? '')).toBeGreaterThan(clock.now())
          during++
          await clock.sleep(1_000)
        }
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(during).toBeGreaterThan(500)
  })

  test('is not taken by a run that has nothing to do', async () => {
    const simulation = simulate({ seed: 3 })
    await simulation.act({ image: 'sample-app:0.0.1' })
    expect(writes(simulation)).toEqual([])
  })

  test('is not made with lock: false', async () => {
    const simulation = simulate({ seed: 4 })
    const { report } = await simulation.act({ image, lock: 'false' })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(called(simulation, 'CreateTargetGroup')).toBe(false)
  })

  test.each([['CreateTargetGroup'], ['AddTags']])('needs permissions, and names them: %s', async operation => {
    const simulation = simulate({ seed: 5 })
    simulation.wire.faults.add([
      {
        kind: 'error',
        operation: 'CreateTargetGroup',
        code: 'AccessDenied',
        message: `User: arn:aws:sts::123456789012:assumed-role/deploy/x is not authorized to perform: elasticloadbalancing:${operation} on resource: arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/ecs-bg-lock-312a68ab60c61077ea16/* because no identity-based policy allows it`,
      },
    ])
    const { report } = await simulation.act({ image })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ACCESS_DENIED' } })
    const said = JSON.stringify(report.outcome)
    expect(said).toContain(`elasticloadbalancing:${operation}`)
    expect(said).toContain('lock: false')
    expect(called(simulation, 'UpdateService')).toBe(false)
  })

  test('is told by status, which changes nothing', async () => {
    const simulation = simulate({ seed: 6 })
    leaveLock(simulation, { Phase: 'shifting', Shares: 'blue 0 green 100' })
    const { report, lines } = await simulation.act({ mode: 'status' })
    expect(report.lock).toMatchObject({ owner: { runId: '77' }, journal: { phase: 'shifting', from: 'blue' } })
    expect(lines.join('\n')).toContain('octo-org/other run 77 attempt 1 job deploy holds the lock')
    expect(lines.join('\n')).toContain('moving traffic from blue to green (blue 0 green 100)')
    expect(writes(simulation)).toEqual([])
  })
})

describe('two runs at once', () => {
  test('ask for locks that differ in two settings, and agree on the name', async () => {
    const simulation = simulate({ seed: 40 })
    await simulation.race([{ inputs: { image } }, { inputs: { image } }])
    const asked = simulation.wire.calls
      .list()
      .filter(call => call.operation === 'CreateTargetGroup')
      .map(call => call.input as { Name: string; Port: number; HealthCheckPath: string })
    expect(new Set(asked.map(({ Name }) => Name)).size).toBe(1)
    expect(new Set(asked.map(({ Port }) => Port)).size).toBe(2)
    expect(new Set(asked.map(({ HealthCheckPath }) => HealthCheckPath)).size).toBe(2)
  })

  test.each([0, 100, 1_000, 5_000])('%i ms apart: one wins, the other names it and changes nothing', async apart => {
    const simulation = simulate({ seed: 10 + apart })
    const ended = await simulation.race([
      { inputs: { image: 'sample-app:0.0.2' } },
      { inputs: { image: 'sample-app:0.0.3' }, more: { afterMs: apart } },
    ])
    const won = ended.filter(({ report }) => report.outcome.status === 'succeeded')
    const lost = ended.filter(({ report }) => report.outcome.status === 'failed')
    expect([won.length, lost.length]).toEqual([1, 1])
    const winner = won[0] === ended[0] ? 1 : 2
    expect(lost[0]?.report.outcome).toMatchObject({
      failure: { code: 'LOCKED', headline: expect.stringContaining(`octo-org/octo-repo run ${winner} attempt 1`) },
    })
    expect(listeners(simulation)).toEqual([{ blue: 0, green: 100 }])
    expect(lockTags(simulation)).toBeUndefined()
  })
})

describe('a lock that is there already', () => {
  const headline = (acted: { readonly report: { readonly outcome: unknown } }) => JSON.stringify(acted.report.outcome)

  test('is taken over at once when it has expired', async () => {
    const simulation = simulate({ seed: 20 })
    leaveLock(simulation, { ExpiresAt: iso(simulation, -1) })
    const before = simulation.timeline.now()
    const { report, lines } = await simulation.act({ image })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(lines.join('\n')).toContain('octo-org/other run 77 attempt 1 job deploy: it has expired')
    expect(report.endedAt - before).toBeLessThan(120_000)
    expect(lockTags(simulation)).toBeUndefined()
  })

  test('is waited for and taken over when nothing is heard of its holder any more', async () => {
    const simulation = simulate({ seed: 21 })
    leaveLock(simulation)
    const { report, lines } = await simulation.act({ image })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(lines.join('\n')).toMatch(/Wait for the lock .*octo-org\/other run 77.*\/runs\/77/)
    expect(report.endedAt - report.startedAt).toBeGreaterThan(120_000)
  })

  test.each<[string, Tags]>([
    ['says nothing of when it expires', { ExpiresAt: '' }],
    ['was written by a clock that is far ahead', { ExpiresAt: '2030-01-01T00:00:00.000Z' }],
  ])('that %s is waited for no longer than a lease', async (_, tags) => {
    const simulation = simulate({ seed: 22 })
    leaveLock(simulation, tags)
    const { report } = await simulation.act({ image })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.endedAt - report.startedAt).toBeLessThan(300_000)
  })

  test('belongs to an earlier attempt of this run: that one is dead', async () => {
    const simulation = simulate({ seed: 23 })
    leaveLock(simulation)
    const before = simulation.timeline.now()
    const owner = { repository: 'octo-org/other', runId: '77', attempt: 2 }
    const { report } = await simulation.act({ image }, [], { owner })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(report.endedAt - before).toBeLessThan(100_000)
  })

  test('belongs to a process of this machine that has ended', async () => {
    const simulation = simulate({ seed: 24 })
    leaveLock(simulation, { Machine: 'simulation' })
    const { report, lines } = await simulation.act({ image }, [], { runs: pid => pid !== 77 })
    expect(report.outcome).toMatchObject({ status: 'succeeded' })
    expect(lines.join('\n')).toContain('its process 77 on this machine has ended')
  })

  test('is no lock at all: somebody else has a target group of that name, which stays', async () => {
    const simulation = simulate({ seed: 25 })
    leaveLock(simulation, { Nonce: '' })
    const acted = await simulation.act({ image })
    expect(acted.report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LOCKED' } })
    expect(headline(acted)).toContain('is no lock of this action')
    expect(lockTags(simulation)).toMatchObject({ RunId: '77' })
    expect(called(simulation, 'UpdateService')).toBe(false)
  })

  test('of two who take it over, one wins', async () => {
    const simulation = simulate({ seed: 26 })
    leaveLock(simulation, { ExpiresAt: iso(simulation, 20) })
    const ended = await simulation.race([{ inputs: { image } }, { inputs: { image: 'sample-app:0.0.3' } }])
    expect(ended.map(({ report }) => report.outcome.status).sort()).toEqual(['failed', 'succeeded'])
    expect(ended.find(({ report }) => report.outcome.status === 'failed')?.report.outcome).toMatchObject({
      // The one that died is named when the winner has deleted its lock, and not made its own yet.
      failure: { code: 'LOCKED', headline: expect.stringMatching(/run (1|2|77) attempt 1/) },
    })
    expect(listeners(simulation)).toEqual([{ blue: 0, green: 100 }])
  })

  test('was taken from a run after its shift: it writes no notes, and the test listener stays', async () => {
    const simulation = simulate({ seed: 28, settings: { throttling: false } })
    const { report } = await simulation.act({ image, 'production-url': 'http://www.example.com/version' }, [
      async clock => {
        while (listeners(simulation)[0]?.green !== 100) await clock.sleep(10)
        takeAway(simulation)
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'LOCK_LOST' } })
    expect(JSON.stringify(report.outcome)).toContain('All the traffic is on green.')
    expect(writes(simulation).filter(operation => operation === 'ModifyListener')).toHaveLength(1)
    const { TagDescriptions } = simulation.cloud.call('elbv2', 'DescribeTags', {
      ResourceArns: Object.values(simulation.topology.targetGroupArns),
    }) as { TagDescriptions: readonly { Tags: readonly unknown[] }[] }
    expect(JSON.stringify(TagDescriptions)).not.toContain('IsProduction')
  })

  test('was taken over, and somebody moves traffic by hand before the next write: that is seen', async () => {
    const simulation = simulate({ seed: 29, settings: { throttling: false } })
    leaveLock(simulation, { ExpiresAt: iso(simulation, -1) })
    const { report } = await simulation.act({ image }, [
      async clock => {
        // The second time is after the takeover, and after the look with which the run began again.
        while (simulation.wire.calls.list().filter(call => call.operation === 'DescribeTags').length < 3) {
          await clock.sleep(5)
        }
        flip(simulation)
      },
    ])
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'TRAFFIC_MOVED' } })
    expect(called(simulation, 'UpdateService')).toBe(false)
  })

  test('was taken from a run that is alive: it stops before its next write, and names the winner', async () => {
    const simulation = simulate({ seed: 27, settings: { throttling: false } })
    const { report } = await simulation.act({ image }, [
      async clock => {
        while (!called(simulation, 'UpdateService')) await clock.sleep(50)
        takeAway(simulation)
      },
    ])
    expect(report.outcome).toMatchObject({
      status: 'failed',
      failure: { code: 'LOCK_LOST', headline: expect.stringContaining('octo-org/other run 77 attempt 1') },
    })
    expect(called(simulation, 'ModifyListener')).toBe(false)
    // What is on the idle service by now is the winner's.
    expect(writes(simulation).filter(operation => operation === 'UpdateService')).toHaveLength(1)
    expect(lockTags(simulation)).toMatchObject({ RunId: '77' })
  })
})

describe('a run with nothing to do, where a lock lies', () => {
  const live = { image: 'sample-app:0.0.1' }

  test('deletes that of a run that is known to be dead', async () => {
    const simulation = simulate({ seed: 61 })
    leaveLock(simulation, { ExpiresAt: iso(simulation, -1) })
    const { report, lines } = await simulation.act(live)
    expect(report.outcome).toMatchObject({ status: 'unchanged' })
    expect(lockTags(simulation)).toBeUndefined()
    expect(lines.join('\n')).toMatch(/Delete the lock .* of octo-org\/other run 77 .*it has expired/)
  })

  test('leaves that of a run that may be alive, and does not wait for it', async () => {
    const simulation = simulate({ seed: 62 })
    leaveLock(simulation)
    const before = simulation.timeline.now()
    const { report } = await simulation.act(live)
    expect(report.outcome).toMatchObject({ status: 'unchanged' })
    expect(lockTags(simulation)).toMatchObject({ RunId: '77' })
    expect(writes(simulation)).toEqual([])
    expect(simulation.timeline.now() - before).toBeLessThan(10_000)
  })

  test('is well when it may not delete it', async () => {
    const simulation = simulate({ seed: 63 })
    leaveLock(simulation, { ExpiresAt: iso(simulation, -1) })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'DeleteTargetGroup' }])
    const { report, lines } = await simulation.act(live)
    expect(report.outcome).toMatchObject({ status: 'unchanged' })
    expect(lockTags(simulation)).toMatchObject({ RunId: '77' })
    expect(lines.join('\n')).toContain('A lock that a killed run may have left could not be deleted.')
  })

  test('that may not be renewed asks for a statement that allows the locks of later runs too', async () => {
    const simulation = simulate({ seed: 64 })
    simulation.wire.faults.add([{ kind: 'denied', operation: 'AddTags' }])
    const { report } = await simulation.act({ image: 'sample-app:0.0.2' })
    expect(report.outcome).toMatchObject({ status: 'failed', failure: { code: 'ACCESS_DENIED' } })
    expect(JSON.stringify(report.outcome)).toMatch(
      /\\"Resource\\": \\"arn:aws:elasticloadbalancing:[\w:-]+:targetgroup\/ecs-bg-lock-[\da-f]+\/\*\\"/,
    )
  })
})
