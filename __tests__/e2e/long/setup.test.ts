import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { seedPlain } from '../../../sandbox/cloud/topology-plain.ts'
import { lines, openStage, type Stage } from '../stage.ts'

/** From a single service to its first blue/green deploy through dist/index.js, under traffic that never stops. */

describe('setup through the bundle', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ topology: { testPort: undefined }, seedWith: cloud => seedPlain(cloud) })
    stage.watch(400)
  })
  afterAll(() => stage.close())

  test('planned, made, made again, and deployed to by the inputs that it has told: no request fails', async () => {
    const planned = await stage.run({ mode: 'plan', 'plan-for': 'setup' })
    expect(planned).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'unchanged', 'setup-inputs': '' } })
    expect(stage.writes()).toEqual([])

    const made = await stage.run({ mode: 'setup' })
    expect(made).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'succeeded' } })
    expect(made.summary).toContain('ready for blue/green')
    expect(lines(made)).toContain('aws elbv2 delete-target-group')
    expect(stage.writes()).toEqual([
      'CreateTargetGroup',
      'ModifyTargetGroupAttributes',
      'ModifyListener',
      ...stage.writes().filter(operation => operation === 'CreateService'),
    ])

    const again = await stage.run({ mode: 'setup' })
    expect(again.outputs).toEqual({
      ...made.outputs,
      'deployment-status': 'unchanged',
      'duration-seconds': expect.any(String),
    })

    const inputs = JSON.parse(made.outputs['setup-inputs'] ?? '') as Readonly<Record<string, string>>
    const deploy = { service: '', ...inputs, 'production-url': stage.url }
    const first = await stage.run({ ...deploy, image: 'sample-app:0.0.2' })
    expect(first.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      'active-service': 'sample-green',
      'previous-version': '0.0.1',
      'failed-requests': '0',
    })
    const back = await stage.run({ ...deploy, mode: 'rollback' })
    expect(back.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      'active-service': 'sample',
      version: '0.0.1',
    })

    const seen = stage.watch().snapshot()
    expect(seen.failed).toBe(0)
    expect(seen.versions.map(({ version }) => version)).toEqual(['0.0.1', '0.0.2'])
    expect(seen.requestsPerSecond).toBeGreaterThan(350)
  })
})
