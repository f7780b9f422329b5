import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { lines, openStage, type Stage } from './stage.ts'

/** Whole deploys through dist/index.js, as GitHub's runner starts it, under traffic. */

describe('a deploy through the bundle', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    stage.watch()
  })
  afterAll(() => stage.close())

  test('moves production to the new version, loses no request, and says so', async () => {
    const result = await stage.run({ image: 'sample-app:0.0.2', 'production-url': stage.url })
    expect(result).toMatchObject({ conclusion: 'success', exitCode: 0, state: { phase: 'done' } })
    expect(result.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      'active-color': 'green',
      'previous-color': 'blue',
      'active-service': 'sample-green',
      'idle-service': 'sample-blue',
      image: 'sample-app:0.0.2',
      'previous-image': 'sample-app:0.0.1',
      version: '0.0.2',
      'previous-version': '0.0.1',
      'failed-requests': '0',
      'failure-reason': '',
      'rolled-back': 'false',
    })
    expect(Number(result.outputs.requests)).toBeGreaterThan(20)
    expect(JSON.parse(result.outputs['traffic-weights'] ?? '')).toMatchObject({ blue: 0, green: 100 })
    expect(result.summary).toContain('0.0.1 → 0.0.2, now live on green')
    expect(lines(result)).toMatch(/green: \d\/2 tasks running.*\(\d+s\)/)
    expect(stage.weights()).toEqual({ blue: 0, green: 100 })

    const seen = stage.watch().snapshot()
    expect(seen.failed).toBe(0)
    expect(seen.versions.map(version => version.version)).toEqual(['0.0.1', '0.0.2'])
  })

  test('moves back to the other color with the next version', async () => {
    const result = await stage.run({ image: 'sample-app:0.0.3' })
    expect(result.outputs).toMatchObject({
      'deployment-status': 'succeeded',
      'active-color': 'blue',
      'previous-version': '0.0.2',
    })
    expect(stage.weights()).toEqual({ blue: 100, green: 0 })
    expect(stage.watch().snapshot().failed).toBe(0)
  })

  test('asked again for what is live, writes nothing', async () => {
    const before = stage.writes().length
    const result = await stage.run({ image: 'sample-app:0.0.3' })
    expect(result).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'unchanged', 'active-color': 'blue' } })
    expect(stage.writes().length).toBe(before)
  })

  test('a report that cannot be written is a warning, and no failure', async () => {
    const result = await stage.run({ image: 'sample-app:0.0.3', 'report-path': '/dev/null/report.html' })
    expect(result).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'unchanged', 'report-path': '' } })
    expect(result.annotations).toMatchObject([
      { kind: 'warning', message: expect.stringContaining('The report could not be written to /dev/null/report.html') },
    ])
  })

  test('there is a report also of a run whose inputs are wrong', async () => {
    const workspace = mkdtempSync(path.join(tmpdir(), 'workspace-'))
    try {
      const inputs = { image: 'sample-app:0.0.3', 'bake-time': 'long', 'report-path': 'out/report.html' }
      const result = await stage.start(inputs, {}, workspace).result
      expect(result).toMatchObject({ exitCode: 1, outputs: { 'report-path': path.join(workspace, 'out/report.html') } })
      expect(readFileSync(path.join(workspace, 'out', 'report.html'), 'utf8')).toContain('INVALID_INPUT')
    } finally {
      rmSync(workspace, { recursive: true })
    }
  })

  test.each([
    ['unhealthy', 'UNHEALTHY', '503'],
    ['crash', 'TASKS_CRASHED', 'exit code 1'],
    ['missing', 'IMAGE_NOT_FOUND', 'CannotPullContainerError'],
  ])('a %s image never goes live', async (trouble, code, cause) => {
    // Whatever is live by now must still be live afterwards.
    const { 'active-color': color, version } = (await stage.run({ mode: 'status' })).outputs
    const liveService = () => stage.service(color === 'blue' ? 'blue' : 'green')
    const live = liveService()
    const weights = stage.weights()
    const result = await stage.run({ image: `sample-app:0.0.4-${trouble}` })
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 1 })
    expect(result.outputs).toMatchObject({ 'deployment-status': 'failed', 'active-color': color, version })
    expect(result.outputs['failure-reason']).toMatch(new RegExp(`^${code}: `))
    expect(result.summary).toContain(cause)
    expect(stage.weights()).toEqual(weights)
    expect(liveService()).toEqual(live)
    const seen = stage.watch().snapshot()
    expect(seen.failed).toBe(0)
    expect(seen.versions.map(version => version.version)).not.toContain(`0.0.4-${trouble}`)
  })

  test('status reads and writes nothing', async () => {
    const before = stage.writes().length
    const result = await stage.run({ mode: 'status' })
    expect(result).toMatchObject({ exitCode: 0, outputs: { 'active-color': 'blue', version: '0.0.3' } })
    expect(result.summary).toContain('0.0.3 is live on blue')
    expect(stage.writes().length).toBe(before)
  })
})

describe('before the first call to AWS', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  test('every problem with the inputs is in one message', async () => {
    stage.sandbox.api.calls.clear()
    const result = await stage.run({
      image: 'App',
      timeout: '10',
      'listener-arns': 'web',
      summary: 'perhaps',
      strategy: 'magic',
    })
    expect(result).toMatchObject({ exitCode: 1, outputs: { 'deployment-status': 'failed' } })
    const errors = result.annotations.filter(annotation => annotation.kind === 'error')
    expect(errors).toHaveLength(1)
    for (const name of ['image:', 'timeout:', 'listener-arns:', 'summary:', 'strategy:'])
      expect(errors[0]?.message).toContain(name)
    expect(result.outputs['failure-reason']).toMatch(/^INVALID_INPUT: 5 inputs/)
    expect(stage.sandbox.api.calls.list()).toEqual([])
  })

  test.each<[string, Record<string, string>, string, RegExp]>([
    ['cluster', { cluster: 'nowhere' }, 'CLUSTER_NOT_FOUND', /cluster nowhere does not exist/],
    [
      'service',
      { service: 'nothing' },
      'SERVICE_NOT_FOUND',
      /services nothing-blue and nothing-green do not exist in cluster sandbox/,
    ],
    [
      'listener',
      {
        'listener-arns':
          'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/web/0123456789abcdef/0123456789abcdef',
      },
      'LISTENER_NOT_FOUND',
      /listener\/app\/web\/0123456789abcdef\/0123456789abcdef/,
    ],
  ])('a %s that does not exist is named, with what to check', async (_, inputs, code, sentence) => {
    const result = await stage.run({ image: 'sample-app:0.0.2', ...inputs })
    expect(result.exitCode).toBe(1)
    expect(result.outputs['failure-reason']).toMatch(new RegExp(`^${code}: `))
    expect(result.outputs['failure-reason']).toMatch(sentence)
    expect(result.annotations[0]?.message).toMatch(/Check /)
    expect(stage.writes()).toEqual([])
  })

  test('credentials that AWS does not take are explained', async () => {
    stage.sandbox.api.faults.add([
      {
        kind: 'error',
        code: 'ExpiredTokenException',
        message: 'The security token included in the request is expired',
      },
    ])
    const result = await stage.run({ image: 'sample-app:0.0.2' })
    stage.sandbox.api.faults.clear()
    expect(result.outputs['failure-reason']).toMatch(/^CREDENTIALS: /)
    expect(result.annotations[0]?.message).toContain('role-duration-seconds')
  })

  test('a denied call names the action to allow', async () => {
    stage.sandbox.api.faults.add([{ kind: 'denied', service: 'ecs', operation: 'DescribeServices' }])
    const result = await stage.run({ image: 'sample-app:0.0.2' })
    stage.sandbox.api.faults.clear()
    expect(result.outputs['failure-reason']).toMatch(/^ACCESS_DENIED: /)
    expect(result.annotations[0]?.message).toContain('ecs:DescribeServices')
    expect(stage.writes()).toEqual([])
  })
})

describe('a run that is cancelled', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ topology: { healthCheckGracePeriodSeconds: 600 } })
    stage.watch()
  })
  afterAll(() => stage.close())

  /** Resolves when the action has called this operation. */
  async function called(operation: string): Promise<void> {
    while (!stage.sandbox.api.calls.list().some(call => call.operation === operation)) {
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  test('while the candidate starts, stops waiting at once and leaves production alone', async () => {
    const action = stage.start({ image: 'sample-app:0.0.2-slow', timeout: '5m' })
    await called('UpdateService')
    const cancelledAt = performance.now()
    action.cancel()
    const result = await action.result
    expect(performance.now() - cancelledAt).toBeLessThan(7_500)
    expect(result).toMatchObject({
      conclusion: 'cancelled',
      outputs: { 'deployment-status': 'cancelled', 'active-color': 'blue' },
    })
    expect(result.outputs['failure-reason']).toMatch(/^CANCELLED: /)
    expect(result.summary).toContain('0.0.1 is live on blue')
    expect(result.post).toMatchObject({ exitCode: 0 })
    expect(stage.weights()).toEqual({ blue: 100, green: 0 })
    expect(stage.watch().snapshot().failed).toBe(0)
  })

  test.each([20, 60, 120])('%i ms after its start, deploys nothing from the post step', async ms => {
    stage.sandbox.api.calls.clear()
    const action = stage.start({ image: 'sample-app:0.0.9' })
    await new Promise(resolve => setTimeout(resolve, ms))
    action.cancel()
    const result = await action.result
    expect(result.conclusion).toBe('cancelled')
    expect(stage.writes().filter(operation => /^(Update|Modify)/.test(operation))).toEqual([])
    expect(stage.weights()).toEqual({ blue: 100, green: 0 })
  })

  test('when main is killed, the post step takes back what it has begun, and tells where production stands', async () => {
    stage.sandbox.api.calls.clear()
    const before = stage.service('green').taskDefinition
    const action = stage.start({ image: 'sample-app:0.0.3-slow', timeout: '5m' })
    await called('UpdateService')
    const pid = action.pid()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    const result = await action.result
    expect(result.state).toMatchObject({ phase: 'running' })
    expect(result.post).toMatchObject({ exitCode: 0 })
    expect(lines(result)).toContain('Production: 0.0.1 is live on blue')
    expect(stage.service('green').taskDefinition).toBe(before)
    expect(stage.writes().at(-1)).toBe('DeleteTargetGroup')
    expect(stage.weights()).toEqual({ blue: 100, green: 0 })
  })
})
