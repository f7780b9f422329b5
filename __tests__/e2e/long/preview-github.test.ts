import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Github } from '../../../sandbox/runner/github/server.ts'
import { openGithub } from '../../github/double.ts'
import { lines, openStage, type Stage } from '../stage.ts'

/** What previews tell GitHub and ask it, through dist/index.js as GitHub's runner starts it. */

const head = 'a'.repeat(40)
const hostile = '::error::<img src=x> [x](http://evil.example)\n::set-output name=a::b @octo-org/admins'
const preview = { mode: 'preview', 'preview-domain': 'preview.example.com', environment: 'preview', timeout: '5m' }

let github: Github
let stage: Stage
const folder = mkdtempSync(path.join(tmpdir(), 'preview-github-'))

beforeAll(async () => {
  stage = await openStage({ topology: { tasks: { blue: 1, green: 0 } } })
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await stage.close()
})
beforeEach(async () => {
  github = await openGithub({ refs: { [head]: head }, tokens: { good: 'write', reader: 'read', bare: 'none' } })
})
afterEach(async () => {
  await github.close()
  expect([...new Set(github.problems)]).toEqual([])
})

/** The environment of a workflow that runs for this pull request, whose author calls everything what he likes. */
function envOf(number: number, more: Record<string, string> = {}, repository = 'octo-org/octo-repo') {
  const file = path.join(folder, `${number}.json`)
  const pull = { number, title: hostile, head: { ref: hostile, sha: head, repo: { full_name: repository } } }
  writeFileSync(file, JSON.stringify({ action: 'opened', number, pull_request: pull }))
  return {
    ...{ GITHUB_API_URL: github.url, GITHUB_TOKEN: 'good', GITHUB_EVENT_PATH: file, GITHUB_HEAD_REF: hostile },
    ...more,
  }
}

const comments = (number: number) => github.pulls.comments(number).map(({ body }) => body)
const warnings = (result: { readonly annotations: readonly { kind: string; message: string }[] }) =>
  result.annotations.filter(({ kind }) => kind === 'warning').map(({ message }) => message)

describe('a preview', () => {
  test('is told of in one comment and a Deployment, until a sweep finds its pull request closed', async () => {
    for (const number of [12, 13]) github.pulls.open({ number, title: hostile, branch: hostile, sha: head })
    const made = await stage.run({ ...preview, image: 'sample-app:0.0.2' }, envOf(12))
    expect(made).toMatchObject({ exitCode: 0, outputs: { 'preview-url': 'http://pr-12.preview.example.com/' } })
    await stage.run({ ...preview, image: 'sample-app:0.0.2' }, envOf(13))
    expect(comments(12)).toEqual([expect.stringContaining('http://pr-12.preview.example.com/')])
    for (const told of [...comments(12), made.summary, lines(made)]) {
      expect(told).not.toMatch(/evil|<img|set-output|octo-org\/admins/)
    }
    const entry = { environment: 'preview/pr-12', transient: true, sha: head }
    expect(github.deployments().at(-1)).toMatchObject({ ...entry, statuses: [{ state: 'success' }] })

    const sweep = { mode: 'preview-sweep', environment: 'preview' }
    const none = await stage.run(sweep, {
      GITHUB_API_URL: github.url,
      GITHUB_TOKEN: 'bare',
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
    })
    expect(none.outputs['deployment-status']).toBe('unchanged')
    github.pulls.close(12)
    const swept = await stage.run(sweep, { GITHUB_API_URL: github.url, GITHUB_TOKEN: 'good' })
    expect(swept).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'succeeded' } })
    expect(swept.summary).toContain('pull request 12 is closed')
    expect(comments(12)).toEqual([expect.stringMatching(/is gone[\s\S]*pull request 12 is closed/)])
    expect(comments(13)).toEqual([expect.stringContaining('is ready')])
    expect(github.deployments().map(({ statuses }) => statuses[0]?.state)).toEqual(['success', 'inactive'])
    expect([...warnings(made), ...warnings(swept)]).toEqual([])

    const gone = await stage.run({ mode: 'preview-destroy', environment: 'preview' }, envOf(13))
    expect(gone.exitCode).toBe(0)
    expect(comments(13)).toEqual([expect.stringContaining('is gone')])
    expect(github.deployments().map(({ statuses }) => statuses[0]?.state)).toEqual(['inactive', 'inactive'])
  })

  test.each([403, 404, 422, 500])('succeeds while GitHub answers %i, with one warning for each thing', async status => {
    github.faults.add({ kind: 'status', status, message: hostile })
    const made = await stage.run({ ...preview, image: 'sample-app:0.0.2' }, envOf(20))
    expect(made).toMatchObject({ exitCode: 0, outputs: { 'preview-url': 'http://pr-20.preview.example.com/' } })
    expect(warnings(made)).toEqual([
      expect.stringMatching(/^The comment on pull request 20 is not up to date/),
      expect.stringMatching(/^The page of the environment preview\/pr-20 on GitHub is not up to date/),
    ])
    expect(made.annotations.filter(({ kind }) => kind === 'error')).toEqual([])
    expect(made.outputs).not.toHaveProperty('a')
  })

  test('is not swept while GitHub does not say who is open', async () => {
    github.faults.add({ kind: 'status', status: 502 })
    const swept = await stage.run({ mode: 'preview-sweep' }, { GITHUB_API_URL: github.url, GITHUB_TOKEN: 'good' })
    expect(swept).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'unchanged' } })
    expect(warnings(swept)).toEqual([expect.stringContaining('previews only go when `preview-ttl` has passed')])
    await stage.run({ mode: 'preview-destroy', comment: 'false' }, envOf(20))
  })
})

const nothing = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_REGION: '' }

test.each<[string, Record<string, string>, string]>([
  ['a fork', nothing, 'mallory/octo-repo'],
  ['Dependabot', { ...nothing, GITHUB_ACTOR: 'dependabot[bot]' }, 'octo-org/octo-repo'],
])('a pull request of %s without credentials is a notice, and nothing is attempted', async (who, more, repository) => {
  stage.sandbox.api.calls.clear()
  for (const mode of ['preview', 'preview-destroy']) {
    // Variables of the repository are kept from it as well.
    const env = envOf(30, more, repository)
    const result = await stage.run({ ...preview, mode, image: '', cluster: '', service: '' }, env)
    expect(result).toMatchObject({ exitCode: 0, outputs: { 'deployment-status': 'unchanged', 'preview-url': '' } })
    expect(result.annotations).toEqual([
      expect.objectContaining({ kind: 'notice', message: expect.stringContaining(`pull requests of ${who}`) }),
    ])
    expect(result.summary).toContain(`pull requests of ${who}`)
  }
  expect(stage.sandbox.api.calls.list()).toEqual([])
  expect(github.exchanges).toEqual([])
})
