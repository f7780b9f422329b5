import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Github } from '../../../sandbox/runner/github/server.ts'
import type { RunResult } from '../../../sandbox/runner/result.ts'
import { openGithub } from '../../github/double.ts'
import { openStage, type Stage } from '../stage.ts'

/** Whatever GitHub's API does, a deploy that fails, a promote and a rollback end as they end without that trouble. */

const sha = 'a'.repeat(40)
const candidate = { image: 'sample-app:0.0.2' }
const runs = {
  'failing deploy': { image: 'sample-app:0.0.3', 'test-command': 'exit 3' },
  promote: { mode: 'promote', ...candidate },
  rollback: { mode: 'rollback' },
} as const

let github: Github
let stage: Stage
let runIds = 0

beforeEach(async () => {
  const tokens = { 'the-good-token': 'write', 'the-reading-token': 'read' } as const
  github = await openGithub({ refs: { [sha]: sha }, tokens })
})
afterEach(async () => {
  await github.close()
  expect([...new Set(github.problems)]).toEqual([])
})

const warnings = (result: RunResult) => result.annotations.filter(one => one.kind === 'warning').map(one => one.message)

/** All that a run has brought about, but for how long it took. */
function endOf({ conclusion, exitCode, outputs, annotations }: RunResult) {
  const { 'duration-seconds': _, ...others } = outputs
  return {
    conclusion,
    exitCode,
    outputs: others,
    errors: annotations.filter(one => one.kind === 'error').length,
    weights: stage.weights(),
    services: (['blue', 'green'] as const).map(color => {
      const { taskDefinition, desiredCount, runningCount } = stage.service(color)
      return { taskDefinition, desiredCount, runningCount }
    }),
    lock: stage.lock(),
  }
}

/** Each of the runs, from blue live with 0.0.1 to there again. */
async function all(env: Readonly<Record<string, string>> = {}) {
  const variables = () => ({
    GITHUB_API_URL: github.url,
    GITHUB_TOKEN: 'the-good-token',
    GITHUB_SHA: sha,
    GITHUB_RUN_ID: String(++runIds),
    ...env,
  })
  const ended: {
    readonly name: string
    readonly end: ReturnType<typeof endOf>
    readonly warnings: readonly string[]
  }[] = []
  for (const [name, inputs] of Object.entries(runs)) {
    if (name === 'promote') await stage.run({ ...candidate, 'auto-promote': 'false' })
    const result = await stage.run({ environment: 'production', ...inputs }, variables())
    ended.push({ name, end: endOf(result), warnings: warnings(result) })
  }
  return ended
}

describe('with trouble on GitHub', () => {
  let quiet: Awaited<ReturnType<typeof all>>
  beforeAll(async () => {
    stage = await openStage({ topology: { tasks: { blue: 1, green: 1 } } })
    github = await openGithub({ refs: { [sha]: sha }, tokens: { 'the-good-token': 'write' } })
    // The first time the idle color has what the sandbox gave it; from the second on it is as it is left each time.
    await stage.run({ ...candidate, 'auto-promote': 'false' })
    for (const name of ['promote', 'rollback'] as const) await stage.run(runs[name])
    quiet = await all()
    await github.close()
  }, 300_000)
  afterAll(() => stage.close())

  test('a quiet GitHub is told of each, without a warning', () => {
    expect(quiet.map(({ name, end, warnings }) => [name, end.outputs['deployment-status'], warnings])).toEqual([
      ['failing deploy', 'failed', []],
      ['promote', 'succeeded', []],
      ['rollback', 'succeeded', []],
    ])
    expect(quiet.map(({ end }) => [end.exitCode, end.weights])).toEqual([
      [1, { blue: 100, green: 0 }],
      [0, { blue: 0, green: 100 }],
      [0, { blue: 100, green: 0 }],
    ])
  })

  async function expectSame(says: RegExp, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const troubled = await all(env)
    expect(troubled.map(({ name, end }) => ({ name, end }))).toEqual(quiet.map(({ name, end }) => ({ name, end })))
    for (const { name, warnings } of troubled) {
      expect([name, warnings]).toEqual([name, [expect.stringMatching(says)]])
    }
  }

  const permission = /The page of the environment production on GitHub .*permissions: \{ deployments: write \}/s
  const page = /^The page of the environment production on GitHub is not up to date/

  test.each([
    [403, permission],
    [404, permission],
    [422, page],
    [500, page],
  ])('answering %i, they end as they do without, with one warning', async (status, says) => {
    github.faults.add({ kind: 'status', status, message: 'no\n::error::evil' })
    await expectSame(says)
  })

  test('answering nothing, they end as they do without, with one warning', async () => {
    github.faults.add({ kind: 'hang' })
    await expectSame(page)
  })

  test('that takes no such token, they end as they do without, with one warning', async () => {
    await expectSame(permission, { GITHUB_TOKEN: 'the-reading-token' })
  })
})
