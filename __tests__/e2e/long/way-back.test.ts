import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RunResult } from '../../../sandbox/runner/result.ts'
import { openStage, type Stage } from '../stage.ts'
import { statusNow } from '../status.ts'

/** The ways back that a night may need, through dist/index.js, while 360 requests a second are asked. */

describe('ways back through the bundle', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    stage.watch(360)
  })
  afterAll(() => stage.close())

  async function run(inputs: Readonly<Record<string, string>>): Promise<RunResult> {
    const result = await stage.run({ 'production-url': stage.url, ...inputs })
    expect(stage.watch().snapshot().failed).toBe(0)
    return result
  }

  const ecs = (operation: string, input: Readonly<Record<string, unknown>>) =>
    stage.sandbox.cloud.call('ecs', operation, input)

  test('deploy, rollback, deploy: nobody notices', async () => {
    expect(await statusNow(stage)).toMatchObject({ 'active-color': 'blue', version: '0.0.1' })
    for (const [inputs, version, color] of [
      [{ image: 'sample-app:0.0.2' }, '0.0.2', 'green'],
      [{ mode: 'rollback' }, '0.0.1', 'blue'],
      [{ image: 'sample-app:0.0.3' }, '0.0.3', 'green'],
    ] as const) {
      const result = await run(inputs)
      expect(result.outputs).toMatchObject({ 'deployment-status': 'succeeded', version, 'failed-requests': '0' })
      expect(await statusNow(stage)).toMatchObject({ 'active-color': color, version })
    }
    expect(stage.watch().snapshot().requestsPerSecond).toBeGreaterThan(350)
  })

  test('what somebody else has staged over is not promoted', async () => {
    const first = await run({ image: 'sample-app:0.0.4', 'auto-promote': 'false' })
    const second = await run({ image: 'sample-app:0.0.5', 'auto-promote': 'false' })
    expect(await statusNow(stage)).toMatchObject({
      'active-color': 'green',
      version: '0.0.3',
      'previous-version': '0.0.5',
    })
    const mine = (result: RunResult) => ({ 'task-definition-arn': result.outputs['task-definition-arn'] ?? '' })
    const late = await run({ mode: 'promote', ...mine(first) })
    expect(late).toMatchObject({ exitCode: 1, outputs: { 'deployment-status': 'failed' } })
    expect(late.outputs['failure-reason']).toMatch(/^NOT_STAGED: /)
    expect(stage.weights()).toEqual({ blue: 0, green: 100 })

    const promoted = await run({ mode: 'promote', ...mine(second) })
    expect(promoted.outputs).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.5' })
    expect(await statusNow(stage)).toMatchObject({ 'active-color': 'blue', version: '0.0.5' })
  })

  test('a revision that somebody has deregistered comes back from its copy', async () => {
    const { taskDefinition } = stage.service('green') as { taskDefinition: string }
    expect((await run({ image: 'sample-app:0.0.6' })).outputs).toMatchObject({ version: '0.0.6' })
    ecs('DeregisterTaskDefinition', { taskDefinition })

    const back = await run({ mode: 'rollback', 'task-definition-arn': taskDefinition })
    expect(back.outputs).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.3' })
    expect(back.outputs['task-definition-arn']).not.toBe(taskDefinition)
    expect(await statusNow(stage)).toMatchObject({ 'active-color': 'blue', version: '0.0.3' })
  })
})
