import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { node24 } from '../../sandbox/runner/node-program.ts'

/** The question that the release workflow asks GitHub, through the script as the workflow starts it. */

const sha = 'a'.repeat(40)
const template = '/repos/{owner}/{repo}/commits/{ref}/check-runs'

interface Change {
  readonly name?: string
  readonly status?: string
  readonly conclusion?: string | null
  readonly app?: string
}

/** As GitHub's description of its API has it. */
function checkRun({ name = 'ci-ok', status = 'completed', conclusion = 'success', app = 'github-actions' }: Change) {
  const url = 'https://api.github.com/repos/octo-org/octo-repo/check-runs/7'
  return {
    id: 7,
    node_id: 'CR_7',
    external_id: '',
    name,
    head_sha: sha,
    status,
    conclusion,
    url,
    html_url: 'https://github.com/octo-org/octo-repo/runs/7',
    details_url: 'https://github.com/octo-org/octo-repo/runs/7',
    started_at: '2026-11-20T10:00:00Z',
    completed_at: status === 'completed' ? '2026-11-20T11:00:00Z' : null,
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: 3 },
    pull_requests: [],
    app: {
      id: 15368,
      slug: app,
      node_id: 'A_1',
      owner: {
        ...{ login: 'github', id: 9919, node_id: 'O_1', avatar_url: url, gravatar_id: null, url, html_url: url },
        ...{ followers_url: url, following_url: url, gists_url: url, starred_url: url, subscriptions_url: url },
        ...{ organizations_url: url, repos_url: url, events_url: url, received_events_url: url },
        ...{ type: 'Organization', site_admin: false },
      },
      name: app,
      description: null,
      external_url: 'https://help.github.com/en/actions',
      html_url: `https://github.com/apps/${app}`,
      created_at: '2018-07-30T09:30:17Z',
      updated_at: '2019-12-10T19:04:12Z',
      permissions: { checks: 'write' },
      events: [],
    },
  }
}

interface Said {
  readonly code: number | null
  readonly text: string
  readonly problems: readonly string[]
}

/** @param status What GitHub answers with */
async function ask(runs: readonly Change[], { total = runs.length, status = 200, commit = sha } = {}): Promise<Said> {
  const problems: string[] = []
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://github.invalid')
    const refused = { message: 'Resource not accessible by integration', documentation_url: 'https://docs.github.com' }
    const body = status === 200 ? { total_count: total, check_runs: runs.map(checkRun) } : refused
    const request = { method: incoming.method ?? '', path: url.pathname, query: Object.fromEntries(url.searchParams) }
    check({ ...request, authorization: incoming.headers.authorization ?? '' }, { status, body })
      .then(found => problems.push(...found))
      .catch((error: unknown) => problems.push(String(error)))
      .finally(() => response.writeHead(status).end(JSON.stringify(body)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { PATH = '' } = process.env
  const child = spawn(node24(), ['scripts/ci-passed.ts', commit], {
    env: {
      PATH,
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
      GITHUB_TOKEN: 'the-token',
    },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk))
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
  return { code, text, problems }
}

type Asked = { readonly method: string; readonly path: string; readonly query: Readonly<Record<string, string>> }

/** With ECS_BLUEGREEN_OPENAPI, as jest.github.config.js sets it, GitHub's own description of its API decides. */
async function check(
  asked: Asked & { readonly authorization: string },
  answer: { readonly status: number; readonly body: unknown },
): Promise<readonly string[]> {
  const path = asked.path === `/repos/octo-org/octo-repo/commits/${sha}/check-runs` ? [] : [asked.path]
  const token = asked.authorization === 'Bearer the-token' ? [] : [asked.authorization]
  if (process.env.ECS_BLUEGREEN_OPENAPI === undefined) return [...path, ...token]
  const { checkExchange } = await import('../github-openapi/check.ts')
  const request = { ...asked, body: undefined }
  const found = checkExchange({ operation: 'listDeployments', template, request, answer })
  // The description says that a conclusion may be null, and leaves null out of its list of values.
  const quirk = /check_runs\/\d+\/conclusion must be equal to one of the allowed values$/
  return [...path, ...token, ...found.filter(problem => !quirk.test(problem))]
}

test('a commit that CI has passed, on main and in a pull request', async () => {
  expect(await ask([{}, {}])).toEqual({ code: 0, text: `ci-ok of ${sha} was a success.\n`, problems: [] })
})

test.each<[string, readonly Change[], string]>([
  ['that CI has never seen', [], 'has no check ci-ok'],
  ['of which only another check has passed', [{ name: 'ci' }], 'has no check ci-ok'],
  ['that only somebody else calls good', [{ app: 'helpful-bot' }], 'has no check ci-ok'],
  ['that CI is still at', [{}, { status: 'in_progress', conclusion: null }], 'is in_progress: run this again'],
  ['that CI has refused', [{ conclusion: 'failure' }, {}], 'ended as failure: nothing is released'],
  ['whose CI was cancelled', [{ conclusion: 'cancelled' }], 'ended as cancelled'],
  ['whose CI was skipped', [{ conclusion: 'skipped' }], 'ended as skipped'],
])('a commit %s is not released', async (_, runs, why) => {
  const { code, text, problems } = await ask(runs)
  expect({ code, problems }).toEqual({ code: 1, problems: [] })
  expect(text).toContain(why)
})

test('more checks than are listed, a refusal of GitHub, and no commit are no yes', async () => {
  expect(await ask([{}], { total: 101 })).toMatchObject({ code: 1, text: expect.stringContaining('101 checks') })
  const denied = await ask([{}], { status: 403 })
  expect(denied).toMatchObject({ code: 1, text: expect.stringContaining('403') })
  expect(denied.text).not.toContain('the-token')
  expect(await ask([{}], { commit: 'v1.2.3' })).toMatchObject({ code: 1, text: expect.stringContaining('v1.2.3') })
})
