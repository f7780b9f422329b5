import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Github } from '../../../sandbox/runner/github/server.ts'
import type { RunResult } from '../../../sandbox/runner/result.ts'
import { openGithub } from '../../github/double.ts'
import { lines, openStage, type Stage } from '../stage.ts'

/** The page of an environment on GitHub, through dist/index.js as GitHub's runner starts it. */

const first = 'a'.repeat(40)
const second = 'b'.repeat(40)

let github: Github
let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

beforeEach(async () => {
  const tokens = { 'the-good-token': 'write', 'the-reading-token': 'read' } as const
  github = await openGithub({ refs: { [first]: first, [second]: second }, tokens })
})
afterEach(async () => {
  await github.close()
  expect([...new Set(github.problems)]).toEqual([])
})

let runs = 0

function env(sha: string, token = 'the-good-token'): Record<string, string> {
  return { GITHUB_API_URL: github.url, GITHUB_TOKEN: token, GITHUB_SHA: sha, GITHUB_RUN_ID: String(++runs) }
}

function run(inputs: Readonly<Record<string, string>>, variables: Record<string, string>): Promise<RunResult> {
  return stage.run({ environment: 'production', ...inputs }, variables)
}

/** Newest first: commit, and states from the first to the last. */
function shown(): readonly string[] {
  return github.deployments().map(({ sha, statuses }) => {
    const states = statuses.map(status => status.state)
    return `${sha[0]}: ${states.toReversed().join(' ')}`
  })
}

const warnings = (result: RunResult) => result.annotations.filter(one => one.kind === 'warning').map(one => one.message)

describe('the page of an environment', () => {
  test('follows a deploy, a rollback, and one that is asked for again', async () => {
    const productionUrl = stage.url
    await run({ image: 'sample-app:0.0.2', 'production-url': productionUrl }, env(first))
    const deployed = await run({ image: 'sample-app:0.0.3', 'production-url': productionUrl }, env(second))
    expect(deployed.outputs).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.3' })
    expect(shown()).toEqual(['b: in_progress success', 'a: in_progress success inactive'])
    expect(github.deployments()[0]?.statuses[0]).toMatchObject({ environmentUrl: productionUrl })

    const back = await run({ mode: 'rollback' }, env(second))
    expect(back.outputs).toMatchObject({ 'deployment-status': 'succeeded', version: '0.0.2' })
    const after = ['a: success', 'b: in_progress success inactive', 'a: in_progress success inactive']
    expect(shown()).toEqual(after)

    const again = await run({ mode: 'rollback' }, env(second))
    expect(again.outputs).toMatchObject({ 'deployment-status': 'unchanged', version: '0.0.2' })
    expect(shown()).toEqual(after)
    for (const result of [deployed, back, again]) expect(warnings(result)).toEqual([])
    expect(lines(deployed)).not.toContain('the-good-token')
  })

  test('leaves the one before active when a deploy fails, and says no more than the code', async () => {
    const result = await run({ image: 'sample-app:0.0.4-crash' }, env(first))
    expect(result.outputs).toMatchObject({ 'deployment-status': 'failed', version: '0.0.2' })
    expect(shown()).toEqual(['a: in_progress failure'])
    expect(github.deployments()[0]?.statuses[0]?.description).toBe('TASKS_CRASHED: 0.0.2 is live on green')
  })

  test('is told nothing by modes that change nothing', async () => {
    await run({ mode: 'status' }, env(first))
    await run({ mode: 'plan', image: 'sample-app:0.0.5' }, env(first))
    expect(github.exchanges).toEqual([])
  })

  test('is closed by the post step when main was cancelled', async () => {
    const action = stage.start({ environment: 'production', image: 'sample-app:0.0.5-slow', timeout: '5m' }, env(first))
    while (github.deployments()[0]?.statuses.length !== 1) await new Promise(resolve => setTimeout(resolve, 20))
    action.cancel()
    const result = await action.result
    expect(result).toMatchObject({ conclusion: 'cancelled', post: { exitCode: 0 } })
    expect(shown()).toEqual(['a: in_progress inactive'])
  })

  test('is closed by the post step when main was killed', async () => {
    const action = stage.start({ environment: 'production', image: 'sample-app:0.0.6-slow', timeout: '5m' }, env(first))
    while (github.deployments()[0]?.statuses.length !== 1) await new Promise(resolve => setTimeout(resolve, 20))
    const pid = action.pid()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    const result = await action.result
    expect(result.post).toMatchObject({ exitCode: 0 })
    expect(shown()).toEqual(['a: in_progress inactive'])
    expect(github.deployments()[0]?.statuses[0]?.description).toBe('Ended before it was done; 0.0.2 is live')
  })
})

describe('whatever GitHub does', () => {
  let image = 10
  const deployed = async (variables: Record<string, string>) => {
    const version = `0.0.${++image}`
    const result = await run({ image: `sample-app:${version}` }, variables)
    expect(result).toMatchObject({ conclusion: 'success', outputs: { 'deployment-status': 'succeeded', version } })
    return result
  }

  test.each([403, 404, 409, 422, 500])('with %i, a deploy succeeds with one warning', async status => {
    github.faults.add({ kind: 'status', status, message: `evil\n::error::no` })
    const result = await deployed(env(first))
    expect(warnings(result)).toHaveLength(1)
    expect(warnings(result)[0]).toMatch(/^The page of the environment production on GitHub is not up to date/)
    expect(result.summary).toContain('The page of the environment production')
    expect(result.annotations.filter(one => one.kind === 'error')).toEqual([])
  })

  test('with no answer at all, a deploy succeeds with one warning', async () => {
    github.faults.add({ kind: 'hang' })
    const result = await deployed(env(first))
    expect(warnings(result)).toHaveLength(1)
  })

  test.each<[string, Record<string, string>]>([
    ['that may only read', { GITHUB_TOKEN: 'the-reading-token' }],
    ['that is empty', { GITHUB_TOKEN: '' }],
  ])('with a token %s, it says which permission to add', async (_, token) => {
    const result = await deployed({ ...env(first), ...token })
    expect(warnings(result)).toHaveLength(1)
    expect(warnings(result)[0]).toContain('permissions: { deployments: write }')
  })
})
