import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { headCommitOf } from '../../src/inputs/event.ts'
import { outsiderOf } from '../../src/inputs/outsider.ts'

const folder = mkdtempSync(join(tmpdir(), 'outsider-'))
afterAll(() => rmSync(folder, { recursive: true }))

let events = 0
function eventOf(event: object): string {
  const file = join(folder, `${++events}.json`)
  writeFileSync(file, JSON.stringify(event))
  return file
}

const own = { GITHUB_REPOSITORY: 'octo-org/shop', GITHUB_ACTOR: 'octocat' }
const from = (repo: object | null) => eventOf({ pull_request: { number: 1, head: { repo } } })
const fork = from({ full_name: 'mallory/shop' })

test.each<[string, Record<string, string>, string | undefined]>([
  ['a branch of its own', { GITHUB_EVENT_PATH: from({ full_name: 'Octo-Org/shop' }) }, undefined],
  ['a fork', { GITHUB_EVENT_PATH: fork }, 'a fork'],
  ['a fork that is deleted', { GITHUB_EVENT_PATH: from(null) }, 'a fork'],
  [
    'Dependabot',
    { GITHUB_EVENT_PATH: from({ full_name: 'octo-org/shop' }), GITHUB_ACTOR: 'dependabot[bot]' },
    'Dependabot',
  ],
  ['a push', { GITHUB_EVENT_PATH: eventOf({ ref: 'refs/heads/main' }) }, undefined],
  ['no event', {}, undefined],
  ['a fork that was given keys', { GITHUB_EVENT_PATH: fork, AWS_ACCESS_KEY_ID: 'AKIA' }, undefined],
  ['a fork on a runner with a role', { GITHUB_EVENT_PATH: fork, AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, undefined],
  ['a fork with an empty key', { GITHUB_EVENT_PATH: fork, AWS_ACCESS_KEY_ID: '' }, 'a fork'],
])('of %s', (_, env, outsider) => {
  expect(outsiderOf({ ...own, ...env })).toBe(outsider)
})

test('the commit of a preview is the head of the very pull request that the workflow runs for', () => {
  const sha = 'a'.repeat(40)
  const path = eventOf({ pull_request: { number: 7, head: { sha } } })
  expect(headCommitOf(path, 7)).toBe(sha)
  expect(headCommitOf(path, 8)).toBeUndefined()
  expect(headCommitOf(eventOf({ pull_request: { number: 7, head: { sha: '$(evil)' } } }), 7)).toBeUndefined()
  expect(headCommitOf(undefined, undefined)).toBeUndefined()
})
