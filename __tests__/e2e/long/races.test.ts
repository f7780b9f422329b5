import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { RunResult } from '../../../sandbox/runner/result.ts'
import { lines, openStage, type Stage } from '../stage.ts'
import { statusNow } from '../status.ts'

/**
 * Runs that meet, each a process of dist/index.js, on one sandbox with two production listeners and under traffic. What decides when they
 * meet is an event, never a span of time: whoever holds the lock goes on only when the other one has asked for it.
 */

type Weights = Readonly<Record<string, number>>

describe('two runs at once', () => {
  let stage: Stage
  let folder: string
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-races-'))
    stage = await openStage({ topology: { productionPorts: [8080, 8443] } })
    stage.watch()
  })
  afterEach(async () => {
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const all = { blue: { blue: 100, green: 0 }, green: { blue: 0, green: 100 } } as const
  const both = (): readonly Weights[] => stage.sandbox.topology.productionArns.map(arn => stage.weightsOf(arn))
  const statusOf = (result: RunResult) => result.outputs['deployment-status']
  const urlOf = (id: string) => `https://github.com/octo-org/octo-repo/actions/runs/${id}`

  /** What production answers with, asked at each listener. */
  async function answers(): Promise<readonly unknown[]> {
    const asked = [8080, 8443].map(async port => {
      const answer = await fetch(`${stage.sandbox.url(port)}/version`)
      return ((await answer.json()) as { readonly version: string }).version
    })
    return Promise.all(asked)
  }

  /** All that must be so, whoever has won: one color has everything, nobody holds the lock, and no request has failed. */
  async function expectWhole(color: 'blue' | 'green', version: string): Promise<void> {
    expect(both()).toEqual([all[color], all[color]])
    expect(await answers()).toEqual([version, version])
    expect(stage.lock()).toBeUndefined()
    expect(await statusNow(stage)).toMatchObject({ 'active-color': color, version })
    expect(stage.watch().snapshot()).toMatchObject({ failed: 0 })
  }

  /** Resolves at the first call of this operation after so many. */
  function reached(operation: string, after = 0): Promise<void> {
    return new Promise(resolve => {
      stage.sandbox.api.faults.add([{ kind: 'delay', operation, delayMs: 0, after, times: 1 }], () => resolve())
    })
  }

  /** Resolves when a deploy has written its first share to both listeners, and reads it back. */
  function reachedShift(): Promise<void> {
    return new Promise(resolve => {
      const { faults } = stage.sandbox.api
      const read = { kind: 'delay', operation: 'DescribeListeners', delayMs: 0, times: 1 } as const
      faults.add([{ kind: 'delay', operation: 'ModifyListener', delayMs: 0, after: 1, times: 1 }], () =>
        faults.add([read], () => resolve()),
      )
    })
  }

  test('two deploys: one wins wholly, the other ends with a sentence that names it', async () => {
    const contested = path.join(folder, 'contested')
    // A run makes its lock with one call: the second one is of whoever is late.
    const asked = reached('CreateTargetGroup', 1).then(() => writeFileSync(contested, ''))
    const [first, second] = ['71', '72'].map(id =>
      stage.run(
        { image: `sample-app:0.0.${id}`, 'test-command': `until [ -e '${contested}' ]; do sleep 0.1; done` },
        { GITHUB_RUN_ID: id },
      ),
    ) as [Promise<RunResult>, Promise<RunResult>]
    const results = await Promise.all([first, second])
    await asked
    expect(results.map(statusOf).sort()).toEqual(['failed', 'succeeded'])
    const [id, winner, loser] =
      statusOf(results[0]) === 'succeeded' ? ['71', results[0], results[1]] : ['72', results[1], results[0]]
    expect(winner).toMatchObject({ conclusion: 'success', exitCode: 0, outputs: { version: `0.0.${id}` } })
    expect(loser).toMatchObject({ conclusion: 'failure', exitCode: 1 })
    expect(loser.outputs['failure-reason']).toMatch(
      new RegExp(`^LOCKED: Another run deploys to these two services: octo-org/octo-repo run ${id} attempt 1`),
    )
    expect(lines(loser)).toContain(urlOf(id))
    await expectWhole('green', `0.0.${id}`)
    // The other one has put nothing anywhere: only the winner has changed a service, once.
    expect(stage.writes().filter(operation => operation === 'UpdateService')).toHaveLength(1)
  })

  test('a rollback during a canary takes the lock, and the deploy ends superseded by it', async () => {
    const shifted = reachedShift()
    const deploy = stage.start(
      {
        image: 'sample-app:0.0.2',
        strategy: 'canary',
        'canary-percent': '10',
        'canary-bake-time': '30m',
        timeout: '60m',
      },
      { GITHUB_RUN_ID: '81' },
    )
    await shifted
    expect(both()).toEqual([
      { blue: 90, green: 10 },
      { blue: 90, green: 10 },
    ])
    // Whoever asks meanwhile reads that the run is at work, and nothing else. It moves nothing for half an hour.
    const before = stage.writes().filter(operation => operation !== 'AddTags').length
    const status = await stage.run({ mode: 'status' })
    expect(status.outputs).toMatchObject({ 'deployment-status': 'failed', drift: '' })
    expect(lines(status)).toContain('run 81 attempt 1')
    expect(stage.writes().filter(operation => operation !== 'AddTags')).toHaveLength(before)
    const [rollback, superseded] = await Promise.all([
      stage.run({ mode: 'rollback', timeout: '5m' }, { GITHUB_RUN_ID: '82' }),
      deploy.result,
    ])
    expect(rollback).toMatchObject({ conclusion: 'success', exitCode: 0 })
    expect(rollback.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      'active-color': 'blue',
      version: '0.0.1',
    })
    expectSuperseded(superseded, '82')
    await expectWhole('blue', '0.0.1')
    expect(String(stage.service('green').taskDefinition)).toMatch(/sample:1$/)
  })

  test('a rollback during the bake gives all the traffic back, and the deploy ends superseded by it', async () => {
    const shifted = reachedShift()
    const deploy = stage.start(
      { image: 'sample-app:0.0.2', 'bake-time': '30m', timeout: '60m' },
      { GITHUB_RUN_ID: '91' },
    )
    await shifted
    expect(both()).toEqual([all.green, all.green])
    const [rollback, superseded] = await Promise.all([
      stage.run({ mode: 'rollback', timeout: '5m' }, { GITHUB_RUN_ID: '92' }),
      deploy.result,
    ])
    expect(rollback.outputs).toMatchObject({ 'deployment-status': 'succeeded', 'active-color': 'blue' })
    expectSuperseded(superseded, '92')
    await expectWhole('blue', '0.0.1')
  })

  function expectSuperseded(deploy: RunResult, by: string): void {
    expect(deploy).toMatchObject({ conclusion: 'failure', exitCode: 1 })
    expect(statusOf(deploy)).toBe('failed')
    expect(deploy.outputs['failure-reason']).toMatch(
      new RegExp(`^LOCK_LOST: This run was superseded: .* taken over by octo-org/octo-repo run ${by} attempt 1`),
    )
    expect(lines(deploy)).toContain(urlOf(by))
  }
})
