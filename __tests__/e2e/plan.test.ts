import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { lines, openStage, type Stage } from './stage.ts'

/** `mode: plan` through dist/index.js, as GitHub's runner starts it. */

describe('a plan through the bundle', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ topology: { tasks: { blue: 1, green: 0 } } })
  })
  afterAll(() => stage.close())

  test('tells checks, steps, changes and policy, and writes nothing', async () => {
    stage.sandbox.cloud.call('application-autoscaling', 'RegisterScalableTarget', {
      ServiceNamespace: 'ecs',
      ResourceId: 'service/sandbox/sample-green',
      ScalableDimension: 'ecs:service:DesiredCount',
      MinCapacity: 0,
      MaxCapacity: 4,
    })
    const result = await stage.run({
      mode: 'plan',
      image: 'sample-app:0.0.2',
      'environment-variables': 'TOKEN=not-for-the-log',
    })
    expect(result).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'unchanged', 'active-color': 'blue' } })
    expect(stage.writes()).toEqual([])
    const log = lines(result)
    for (const told of [log, result.summary]) {
      expect(told).toMatch(/OK +sample-green: plain rolling service, 0\/0 tasks/)
      expect(told).toMatch(/Update sample-green to sample:new with 1 task/)
      expect(told).toMatch(/blue 100, green 0.*blue 0, green 100/)
      expect(told).toMatch(/sample-app:0\.0\.1.*sample-app:0\.0\.2/)
      expect(told).toMatch(/OK.*sample-green is kept at 0 to 4 tasks by Application Auto Scaling/)
      expect(told).toContain('"ecs:UpdateService"')
    }
    // GitHub's own print of the inputs is not ours.
    expect(result.summary).not.toContain('not-for-the-log')
    expect(log.slice(log.indexOf('Services'))).not.toContain('not-for-the-log')
  })

  test('compares the lifetime of the credentials with the time that the deploy takes', async () => {
    const minutesLeft = async (minutes: number) =>
      stage.run(
        { mode: 'plan', image: 'sample-app:0.0.2', 'bake-time': '15m' },
        {
          AWS_SESSION_TOKEN: 'a-session',
          AWS_CREDENTIAL_EXPIRATION: new Date(Date.now() + minutes * 60_000).toISOString(),
        },
      )
    const enough = await minutesLeft(17)
    expect(enough).toMatchObject({ exitCode: 0 })
    expect(lines(enough)).toMatch(/SKIP +The credentials are valid for 1[67]m: enough for 15m/)
    const short = await minutesLeft(14)
    expect(short).toMatchObject({ exitCode: 1 })
    expect(short.outputs['failure-reason']).toMatch(/^CREDENTIALS: The credentials are valid for 1[34]m only/)
  })

  test('fails when a check says no, and shows it', async () => {
    const { cluster } = stage.sandbox.topology.inputs
    stage.sandbox.cloud.call('ecs', 'DeleteService', { cluster, service: 'sample-green', force: true })
    const result = await stage.run({ mode: 'plan', image: 'sample-app:0.0.2' })
    expect(result).toMatchObject({ exitCode: 1, outputs: { 'deployment-status': 'failed' } })
    expect(result.outputs['failure-reason']).toMatch(
      /^SERVICE_NOT_ACTIVE: The service sample-green is (DRAINING|INACTIVE)/,
    )
    expect(result.summary).toMatch(/\*\*NG\*\* The service sample-green/)
    expect(stage.writes()).toEqual([])
  })
})
