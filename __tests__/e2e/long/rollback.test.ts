import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../stage.ts'
import { statusNow } from '../status.ts'

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
    expect(await statusNow(stage)).toMatchObject({
      version: '0.0.1',
      'active-color': 'blue',
      'previous-version': '0.0.2',
    })
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
    expect(await statusNow(stage)).toMatchObject({ version: '0.0.2', 'task-definition-arn': revision })
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
    expect(await statusNow(stage)).toMatchObject({
      version: '0.0.1',
      'active-color': 'blue',
      'previous-version': '0.0.2',
    })

    const before = stage.writes().length
    const again = await stage.run({ mode: 'rollback' })
    expect(again).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'unchanged', 'active-color': 'blue' } })
    expect(stage.writes()).toHaveLength(before)
    expect(stage.watch().snapshot().failed).toBe(0)
  })

  test('deploys on, and rolls back to the version of three deploys ago', async () => {
    const { 'previous-task-definition-arn': revision } = await statusNow(stage)
    for (const version of ['0.0.3', '0.0.4', '0.0.5']) {
      const { outputs } = await stage.run({ image: `sample-app:${version}` })
      expect(outputs).toMatchObject({ 'deployment-status': 'succeeded', version })
      expect(await statusNow(stage)).toMatchObject({ version })
    }
    const registered = () => stage.writes().filter(name => name === 'RegisterTaskDefinition').length
    const before = registered()
    const asked = { mode: 'rollback', version: '0.0.2' }
    const back = await stage.run({ ...asked, 'expected-live': '0.0.5', 'production-url': stage.url })
    expect(back).toMatchObject({ conclusion: 'success', exitCode: 0 })
    expect(back.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      version: '0.0.2',
      'task-definition-arn': revision,
      'previous-version': '0.0.5',
      'failed-requests': '0',
    })
    expect(registered()).toBe(before)
    expect(await statusNow(stage)).toMatchObject({ version: '0.0.2', 'previous-version': '0.0.5' })

    const writes = stage.writes()
    expect((await stage.run(asked)).outputs).toMatchObject({ 'deployment-status': 'unchanged', version: '0.0.2' })
    expect(stage.writes()).toEqual(writes)
    const seen = stage.watch().snapshot()
    expect(seen.failed).toBe(0)
    const all = ['0.0.1', '0.0.2', '0.0.3', '0.0.4', '0.0.5']
    expect(seen.versions.map(({ version }) => version).sort()).toEqual(all)
  })
})
