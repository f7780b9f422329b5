import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../stage.ts'

/** Stage, promote and roll back through dist/index.js, as GitHub's runner starts it, under traffic. */

describe('going forth and back through the bundle', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    stage.watch()
  })
  afterAll(() => stage.close())

  const versions = () =>
    stage
      .watch()
      .snapshot()
      .versions.map(({ version }) => version)

  /** Reads, and writes nothing. */
  async function expectStatus(version: string, color: 'blue' | 'green'): Promise<void> {
    const before = stage.writes().length
    const { exitCode, outputs } = await stage.run({ mode: 'status' })
    expect({ exitCode, ...outputs }).toMatchObject({
      exitCode: 0,
      'deployment-status': 'unchanged',
      'active-color': color,
      version,
      drift: '[]',
    })
    expect(stage.writes()).toHaveLength(before)
  }

  test('stages, refuses to promote what is not there, and promotes what is', async () => {
    const staged = await stage.run({ image: 'sample-app:0.0.2', 'auto-promote': 'false' })
    expect(staged).toMatchObject({ conclusion: 'success', exitCode: 0, state: { phase: 'done' } })
    expect(staged.outputs).toMatchObject({
      'deployment-status': 'staged',
      'active-color': 'blue',
      version: '0.0.2',
      'previous-version': '0.0.1',
    })
    expect(stage.weights()).toEqual({ blue: 100, green: 0 })
    await expectStatus('0.0.1', 'blue')
    const revision = staged.outputs['task-definition-arn'] ?? ''

    const wrong = await stage.run({ mode: 'promote', image: 'sample-app:0.0.9' })
    expect(wrong).toMatchObject({ conclusion: 'failure', outputs: { 'deployment-status': 'failed' } })
    expect(wrong.outputs['failure-reason']).toMatch(/^NOT_STAGED: /)
    expect(versions()).toEqual(['0.0.1'])

    const promoted = await stage.run({
      mode: 'promote',
      'task-definition-arn': revision,
      'production-url': stage.url,
    })
    expect(promoted).toMatchObject({ conclusion: 'success', exitCode: 0 })
    expect(promoted.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      'active-color': 'green',
      version: '0.0.2',
      'task-definition-arn': revision,
      'failed-requests': '0',
    })
    expect(stage.weights()).toEqual({ blue: 0, green: 100 })
    await expectStatus('0.0.2', 'green')
    expect(stage.watch().snapshot().failed).toBe(0)
  })

  test('rolls back from warm, once', async () => {
    const updates = stage.writes().filter(name => name === 'UpdateService').length
    const back = await stage.run({ mode: 'rollback', 'expected-live': '0.0.2', 'production-url': stage.url })
    expect(back).toMatchObject({ conclusion: 'success', exitCode: 0 })
    expect(back.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      'active-color': 'blue',
      version: '0.0.1',
      'previous-version': '0.0.2',
      'failed-requests': '0',
    })
    expect(stage.writes().filter(name => name === 'UpdateService')).toHaveLength(updates)
    expect(stage.weights()).toEqual({ blue: 100, green: 0 })
    await expectStatus('0.0.1', 'blue')

    const before = stage.writes().length
    const again = await stage.run({ mode: 'rollback' })
    expect(again).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'unchanged', 'active-color': 'blue' } })
    expect(stage.writes()).toHaveLength(before)
    expect(stage.watch().snapshot().failed).toBe(0)
  })

  test('deploys on, and rolls back to a version of long ago', async () => {
    for (const image of ['sample-app:0.0.3', 'sample-app:0.0.4']) {
      expect((await stage.run({ image })).outputs).toMatchObject({ 'deployment-status': 'succeeded' })
    }
    const back = await stage.run({ mode: 'rollback', version: '0.0.2' })
    expect(back.outputs).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.2' })
    const seen = stage.watch().snapshot()
    expect(seen.failed).toBe(0)
    expect(seen.versions.map(({ version }) => version).sort()).toEqual(['0.0.1', '0.0.2', '0.0.3', '0.0.4'])
  })
})
