import { afterEach, describe, expect, test } from '@jest/globals'
import type { Github, GithubOptions } from '../../../sandbox/runner/github/server.ts'
import { openGithub } from '../../github/double.ts'

/** The double of GitHub's API, with plain HTTP. */

let github: Github

async function open(options: GithubOptions = {}): Promise<void> {
  github = await openGithub({ tokens: { writer: 'write', reader: 'read', nobody: 'none' }, ...options })
}

afterEach(async () => {
  await github.close()
  expect(github.problems).toEqual([])
})

async function call(method: string, path: string, body?: object, token = 'writer') {
  const response = await fetch(`${github.url}/repos/octo-org/octo-repo/deployments${path}`, {
    method,
    headers: { authorization: `token ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as { readonly id: number; readonly message: string; readonly state: string }
  return { ...answer, status: response.status }
}

async function deployed(environment: string, more: object = {}): Promise<number> {
  const { id } = await call('POST', '', { ref: 'main', environment, required_contexts: [], ...more })
  await call('POST', `/${id}/statuses`, { state: 'success', auto_inactive: false })
  return id
}

const states = () => github.deployments().map(({ statuses }) => statuses[0]?.state)

describe('auto_inactive', () => {
  test('is the default, and retires earlier successes of the same environment', async () => {
    await open()
    const earlier = await deployed('staging')
    await deployed('qa')
    const { id } = await call('POST', '', { ref: 'main', environment: 'staging' })
    await call('POST', `/${id}/statuses`, { state: 'in_progress' })
    expect(states()).toEqual(['in_progress', 'success', 'success'])
    await call('POST', `/${id}/statuses`, { state: 'success' })
    expect(states()).toEqual(['success', 'success', 'inactive'])
    // What is earlier cannot retire what is later: that is why a rollback is a deployment of its own.
    await call('POST', `/${earlier}/statuses`, { state: 'success' })
    expect(states()).toEqual(['success', 'success', 'success'])
  })

  test.each<[string, string, object]>([
    ['production', 'production', {}],
    ['what says that it is production', 'staging', { production_environment: true }],
    ['transient ones', 'staging', { transient_environment: true }],
  ])('spares %s', async (_, environment, more) => {
    await open()
    await deployed(environment, more)
    const { id } = await call('POST', '', { ref: 'main', environment })
    await call('POST', `/${id}/statuses`, { state: 'success' })
    expect(states()).toEqual(['success', 'success'])
  })
})

describe('refusals', () => {
  test.each<[string, GithubOptions, string, number, string]>([
    ['an unknown token', {}, 'who', 401, 'Bad credentials'],
    ['a token that may read', {}, 'reader', 403, 'Resource not accessible by integration'],
    ['a token that may not see a private repository', { isPrivate: true }, 'nobody', 404, 'Not Found'],
  ])('of %s', async (_, options, token, status, message) => {
    await open(options)
    expect(await call('POST', '', { ref: 'main' }, token)).toMatchObject({ status, message })
    expect(github.deployments()).toEqual([])
  })

  test('reading is allowed where writing is not', async () => {
    await open()
    expect((await call('GET', '', undefined, 'reader')).status).toBe(200)
  })

  test.each<[string, GithubOptions, object, number, RegExp]>([
    ['no ref', {}, { environment: 'qa' }, 422, /Validation Failed/],
    ['an unknown ref', {}, { ref: 'nowhere' }, 422, /No ref found for: nowhere/],
    ['a long description', {}, { ref: 'main', description: 'x'.repeat(141) }, 422, /Validation Failed/],
    ['failed checks', { checksFailed: true }, { ref: 'main' }, 409, /Commit status checks failed/],
    ['a ref that is behind', { behind: ['main'] }, { ref: 'main' }, 202, /Auto-merged/],
  ])('of %s', async (_, options, body, status, message) => {
    await open(options)
    const answer = await call('POST', '', body)
    expect(answer).toMatchObject({ status, message: expect.stringMatching(message) })
    expect(github.deployments()).toEqual([])
  })

  test('neither checks nor merges stand in the way of who asks for none', async () => {
    await open({ checksFailed: true, behind: ['main'] })
    const answer = await call('POST', '', { ref: 'main', required_contexts: [], auto_merge: false })
    expect(answer.status).toBe(201)
  })

  test.each<[string, object]>([
    ['an unknown state', { state: 'done' }],
    ['a URL that is none', { state: 'success', environment_url: 'app' }],
    ['a script for a URL', { state: 'success', log_url: 'javascript:alert(1)' }],
  ])('of a status with %s', async (_, body) => {
    await open()
    const id = await deployed('qa')
    expect(await call('POST', `/${id}/statuses`, body)).toMatchObject({ status: 422 })
  })

  test('of a status for nothing', async () => {
    await open()
    expect(await call('POST', '/1/statuses', { state: 'success' })).toMatchObject({ status: 404 })
  })
})

test('lists are filtered, newest first, in pages', async () => {
  await open()
  for (const environment of ['qa', 'qa', 'staging', 'qa']) await deployed(environment)
  const list = async (query: string) => Object.values(await call('GET', query)).filter(one => typeof one === 'object')
  expect(await list('?environment=qa&task=deploy')).toHaveLength(3)
  expect(await list('?environment=qa&task=other')).toHaveLength(0)
  const [newest] = github.deployments()
  expect(await list('?per_page=1')).toMatchObject([{ id: newest?.id }])
  expect(await list('?per_page=3&page=2')).toHaveLength(1)
})

describe('comments on a pull request', () => {
  const said = async (method: string, path: string, body?: object, token = 'writer') => {
    const response = await fetch(`${github.url}/repos/octo-org/octo-repo${path}`, {
      method,
      headers: { authorization: `token ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return {
      status: response.status,
      answer: (await response.json()) as { readonly message?: string } & readonly object[],
    }
  }

  test('come in pages, and whoever may write edits those of others', async () => {
    await open()
    github.pulls.open({ number: 1 })
    const { id } = github.pulls.say(1, 'octocat', 'mine')
    for (let index = 0; index < 100; index++) await said('POST', '/issues/1/comments', { body: `${index}` })
    const second = await said('GET', '/issues/1/comments?per_page=100&page=2')
    expect(second.answer).toEqual([
      expect.objectContaining({ body: '99', user: expect.objectContaining({ type: 'Bot' }) }),
    ])
    expect((await said('PATCH', `/issues/comments/${id}`, { body: 'yours' })).status).toBe(200)
    expect(github.pulls.comments(1)[0]).toMatchObject({ login: 'octocat', body: 'yours' })
  })

  test.each<[string, number, string, object, string]>([
    ['of more than 65536 characters', 422, '/issues/1/comments', { body: 'x'.repeat(65_537) }, 'writer'],
    ['without a body', 422, '/issues/1/comments', {}, 'writer'],
    ['where nobody may comment any more', 403, '/issues/2/comments', { body: 'x' }, 'writer'],
    ['on what is not there', 404, '/issues/3/comments', { body: 'x' }, 'writer'],
    ['by a token that may only read', 403, '/issues/1/comments', { body: 'x' }, 'reader'],
  ])('%s are refused', async (_, status, path, body, token) => {
    await open()
    github.pulls.open({ number: 1 })
    github.pulls.open({ number: 2, locked: true })
    expect((await said('POST', path, body, token)).status).toBe(status)
    expect(github.pulls.comments(1)).toEqual([])
  })
})
