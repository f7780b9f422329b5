import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { lines, openStage, type Stage } from './stage.ts'

/** Failures through the bundle, under traffic: the whole matrix runs in virtual time (`__tests__/deploy/failures.test.ts`). */

describe('a candidate that fails, through the bundle', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    stage.watch()
  })
  afterAll(() => stage.close())

  test.each([
    ['oom', 'OUT_OF_MEMORY', /container app was killed .*137[\s\S]*Raise `memory` of the task/],
    ['crash', 'TASKS_CRASHED', /container app .*exit code 1/],
    ['404', 'HEALTH_PATH_NOT_FOUND', /answer 404 to the health check HTTP GET \/health[\s\S]*wants 200/],
    ['nosecret', 'SECRET_UNREADABLE', /could not read the secrets[\s\S]*ssm:GetParameters/],
    ['nocapacity', 'NO_CAPACITY', /no capacity for its tasks[\s\S]*Capacity is unavailable/],
  ])('%s: %s on the first screen, long before the timeout', async (trouble, code, cause) => {
    const before = { live: stage.service('blue'), weights: stage.weights(), idle: stage.service('green') }
    const result = await stage.run({ image: `sample-app:0.0.2-${trouble}`, timeout: '60s' })
    expect(result).toMatchObject({ conclusion: 'failure', exitCode: 1, outputs: { 'deployment-status': 'failed' } })
    expect(result.outputs['failure-reason']).toMatch(new RegExp(`^${code}: `))
    expect(Number(result.outputs['duration-seconds'])).toBeLessThan(40)

    const shown = result.summary
      .split('\n')
      .slice(0, 10)
      .join('\n')
      .replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)))
    expect(shown).toMatch(cause)
    expect(result.summary).toContain('](https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/sandbox/')
    expect(lines(result)).toContain('Tasks of sample-green: https://eu-central-1.console.aws.amazon.com/')

    // What the program itself has said last; without secrets or capacity it never ran.
    expect(shown.includes('What app said last is below.')).toBe(!trouble.startsWith('no'))
    if (trouble === 'oom' || trouble === 'crash')
      expect(result.summary).toMatch(/<details><summary>Last lines of app[\s\S]*, as the version asks/)
    expect(stage.weights()).toEqual(before.weights)
    expect(stage.service('blue')).toEqual(before.live)
    const { taskDefinition, desiredCount } = before.idle
    expect(stage.service('green')).toMatchObject({ taskDefinition, desiredCount })
    const seen = stage.watch().snapshot()
    expect(seen.failed).toBe(0)
    expect(seen.versions.map(version => version.version)).toEqual(['0.0.1'])
  })
})
