import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RunResult } from '../../../sandbox/runner/result.ts'
import { ended } from '../../processes.ts'
import { lines, openStage, type Stage } from '../stage.ts'

/** Tests on the idle color through dist/index.js, under traffic. */

describe('a new version that does not pass its tests', () => {
  let stage: Stage
  let before: ReturnType<Stage['service']>
  beforeAll(async () => {
    stage = await openStage()
    stage.watch()
    before = stage.service('blue')
  })
  afterAll(() => stage.close())

  function expectNothingMoved(result: RunResult, code: string): void {
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 1 })
    expect(result.outputs).toMatchObject({ 'deployment-status': 'failed', 'active-color': 'blue', version: '0.0.1' })
    expect(result.outputs['failure-reason']).toMatch(new RegExp(`^${code}: `))
    expect(result.summary).toContain(`**${code}**`)
    expect(stage.weights()).toEqual({ blue: 100, green: 0 })
    expect(stage.service('blue')).toEqual(before)
    const seen = stage.watch().snapshot()
    expect(seen.failed).toBe(0)
    expect(seen.versions.map(version => version.version)).toEqual(['0.0.1'])
  }

  test('because it calls itself something else at test-url', async () => {
    const result = await stage.run({
      image: 'sample-app:0.0.2-wrong',
      'test-url': `${stage.sandbox.description.testUrl}/version`,
    })
    expectNothingMoved(result, 'TEST_WRONG_VERSION')
    expect(result.outputs['failure-reason']).toContain('answers with version 0.0.0 instead of 0.0.2-wrong')
    expect(result.summary).toContain('It answered 200 with: ')
  })

  test('because test-command says so', async () => {
    const result = await stage.run({
      image: 'sample-app:0.0.2',
      'test-url': `${stage.sandbox.description.testUrl}/version`,
      'test-command': [
        'echo "::error::not an annotation"',
        'echo "$ECS_BLUEGREEN_COLOR $ECS_BLUEGREEN_VERSION $ECS_BLUEGREEN_SERVICE $ECS_BLUEGREEN_CLUSTER"',
        'curl --version >/dev/null 2>&1 || true',
        'echo "7 of 9 checks passed" >&2; exit 9',
      ].join('\n'),
    })
    expectNothingMoved(result, 'TEST_COMMAND_FAILED')
    expect(lines(result)).toContain('green 0.0.2 sample-green sandbox')
    expect(result.annotations.map(annotation => annotation.message)).not.toContain('not an annotation')
    expect(result.outputs['failure-reason']).toContain('exit code 9')
    expect(result.summary).toContain('7 of 9 checks passed')
  })

  test('because pre-deploy-command ends badly, and the idle service is not touched', async () => {
    const { taskDefinition } = stage.service('green')
    stage.sandbox.api.calls.clear()
    const result = await stage.run({
      image: 'sample-app:0.0.3',
      'pre-deploy-command': `sh -c 'printf "\\033[31m</pre>\\140 no such table\\n"; test "$VERSION" = 0.0.3 && exit 4'`,
    })
    expectNothingMoved(result, 'PRE_DEPLOY_FAILED')
    // What it printed is in the log once, and in the summary.
    expect(lines(result).match(/^ {2}app: <\/pre>` no such table$/gm)).toHaveLength(1)
    expect(result.summary).toMatch(/<details><summary>Last lines of app[\s\S]*&#60;\/pre&#62;` no such table\n<\/pre>/)
    expect(result.outputs['failure-reason']).toContain('exit code 4')
    expect(stage.writes()).toEqual(['RegisterTaskDefinition', 'CreateTargetGroup', 'RunTask', 'DeleteTargetGroup'])
    expect(stage.service('green')).toMatchObject({ taskDefinition, desiredCount: 2 })
  })

  test('because the run is cancelled, which ends test-command', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'test-command-'))
    const pidFile = join(folder, 'pid')
    const action = stage.start({
      image: 'sample-app:0.0.4',
      'test-command': `sleep 300 & echo $! > ${pidFile}.part; mv ${pidFile}.part ${pidFile}; wait`,
    })
    while (!existsSync(pidFile)) await new Promise(resolve => setTimeout(resolve, 20))
    const cancelledAt = performance.now()
    action.cancel()
    const result = await action.result
    expect(performance.now() - cancelledAt).toBeLessThan(7_500)
    await ended(Number(readFileSync(pidFile, 'utf8')))
    await rm(folder, { recursive: true })
    expect(result).toMatchObject({ conclusion: 'cancelled', outputs: { 'active-color': 'blue' } })
    expect(stage.weights()).toEqual({ blue: 100, green: 0 })
    expect(stage.watch().snapshot().failed).toBe(0)
  })
})

test('a new version that passes all of them goes live', async () => {
  const stage = await openStage()
  try {
    stage.watch()
    const result = await stage.run({
      image: 'sample-app:0.0.2',
      'pre-deploy-command': 'true',
      'test-url': `${stage.sandbox.description.testUrl}/version`,
      'test-expected-body': 'sample-app',
      'test-command': 'test "$ECS_BLUEGREEN_TEST_URL" != ""',
    })
    expect(result).toMatchObject({ conclusion: 'success', outputs: { 'active-color': 'green', version: '0.0.2' } })
    expect(result.summary).toMatch(/\| pre-deploy \|[\s\S]*\| test \|/)
    expect(stage.weights()).toEqual({ blue: 0, green: 100 })
    expect(stage.watch().snapshot().failed).toBe(0)
  } finally {
    await stage.close()
  }
})
