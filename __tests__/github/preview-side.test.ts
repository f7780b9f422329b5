import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Github, GithubOptions } from '../../sandbox/runner/github/server.ts'
import { wallClock } from '../../sandbox/wall-clock.ts'
import { mayBeOpen } from '../../src/github/open-pulls.ts'
import { type PreviewSide, previewSide } from '../../src/github/preview-side.ts'
import { type PullsApi, pullsApi } from '../../src/github/pulls-api.ts'
import { type InputName, readInputs } from '../../src/inputs/inputs.ts'
import type { PreviewReport, Swept } from '../../src/model/preview.ts'
import type { RunReport } from '../../src/model/report.ts'
import { reportOf } from '../report/reports.ts'
import { openGithub } from './double.ts'

/** What previews tell GitHub and ask it, through GitHub's own client. */

const head = 'a'.repeat(40)
const merge = 'b'.repeat(40)
const folder = mkdtempSync(path.join(tmpdir(), 'preview-side-'))
afterAll(() => rmSync(folder, { recursive: true }))

let github: Github
const warnings: string[] = []
beforeEach(() => {
  warnings.length = 0
})
afterEach(async () => {
  await github.close()
  expect([...new Set(github.problems)]).toEqual([])
})

async function open(options: GithubOptions = {}): Promise<void> {
  const tokens = {
    good: 'write',
    reader: 'read',
    bare: 'none',
    app: { deployments: 'write', 'pull-requests': 'write', login: 'shop-previews[bot]' },
  } as const
  github = await openGithub({ refs: { [head]: head, [merge]: merge }, tokens, ...options })
  github.pulls.open({ number: 12 })
}

let runs = 0

function side(given: Partial<Record<InputName, string>> = {}): PreviewSide {
  const number = String(++runs)
  const event = path.join(folder, `${number}.json`)
  writeFileSync(event, JSON.stringify({ number: 12, pull_request: { number: 12, head: { sha: head } } }))
  const inputs = {
    mode: 'preview',
    service: 'shop',
    cluster: 'web',
    image: 'shop:1',
    'pull-request': '12',
    'preview-domain': 'example.com',
    'github-token': 'good',
    environment: 'preview',
    ...given,
  } as const
  const made = previewSide(
    readInputs(name => inputs[name as keyof typeof inputs] ?? '', 'eu-central-1'),
    {
      env: { GITHUB_API_URL: github.url, GITHUB_SHA: merge, GITHUB_EVENT_PATH: event },
      owner: {
        nonce: number.padStart(16, '0'),
        repository: 'octo-org/octo-repo',
        runId: number,
        attempt: 1,
        job: 'preview',
        runUrl: `https://github.com/octo-org/octo-repo/actions/runs/${number}`,
        machine: '',
        pid: 1,
      },
      region: 'eu-central-1',
      clock: { now: () => wallClock.now(), sleep: (_, signal) => wallClock.sleep(20, signal) },
      log: {
        info: () => undefined,
        warn: line => warnings.push(line),
        phase: () => undefined,
        endPhase: () => undefined,
      },
      signal: new AbortController().signal,
    },
  )
  if (made === undefined) throw new Error('there is no side')
  return made
}

const preview = (version: string, more: Partial<PreviewReport> = {}): PreviewReport => ({
  task: 'preview',
  id: 'pr-12',
  name: 'shop-pr-12-0a1b2c3d',
  url: 'http://pr-12.example.com/',
  image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/shop:${version}`,
  version,
  taskDefinition: `arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-pr-12-0a1b2c3d:${version.at(-1)}`,
  desired: 1,
  healthy: true,
  expires: '2026-11-24T10:00:00.000Z',
  ...more,
})
const failure = {
  code: 'TASKS_CRASHED',
  headline: 'arn:aws:ecs:eu-central-1:123456789012:x crashed',
  details: [],
} as const
const done = { status: 'succeeded', because: '' } as const
const about = (told: PreviewReport, outcome: RunReport['outcome'] = done) =>
  reportOf({ mode: told.task, outcome, preview: told })
const gone = about({ task: 'preview-destroy', id: 'pr-12' })
const swept = (...all: readonly Swept[]) => about({ task: 'preview-sweep', swept: all })

const comments = () => github.pulls.comments(12).map(({ login, body }) => ({ login, body }))
const body = () => comments().at(-1)?.body ?? ''
/** Newest first: commit, and states from the first to the last. */
const entries = () =>
  github.deployments().map(({ sha, statuses }) => {
    const states = statuses.map(({ state }) => state)
    return `${sha[0]}: ${states.toReversed().join(' ')}`
  })

describe('the comment', () => {
  test('is one, from the first push until the preview is gone', async () => {
    await open()
    await side().ended(about(preview('0.0.1')))
    expect(comments()).toHaveLength(1)
    expect(body()).toMatch(/^<!-- ecs-bluegreen preview eu-central-1\/web\/shop\/pr-12 -->\n### Preview of .*is ready/)
    for (const said of ['(http://pr-12.example.com/)', 'team/shop:0.0.1', head, '2026-11-24', 'actions/runs/']) {
      expect(body()).toContain(said)
    }
    expect(body()).not.toMatch(/123456789012/)

    await side().ended(about(preview('0.0.2'), { status: 'failed', failure }))
    expect(comments()).toHaveLength(1)
    expect(body()).toContain('failed')
    expect(body()).toContain('TASKS_CRASHED: arn:aws:ecs:eu-central-1:************:x crashed')
    expect(body()).not.toContain('(http://pr-12')

    await side().ended(about(preview('0.0.3')))
    expect(body()).toContain('0.0.3')
    await side({ mode: 'preview-destroy' }).ended(gone)
    expect(comments()).toHaveLength(1)
    expect(body()).toMatch(/is gone\n\n/)
    expect(warnings).toEqual([])
  })

  test('is not made for what never was, nor by a run that wrote nothing', async () => {
    await open()
    await side({ mode: 'preview-destroy' }).ended(gone)
    await side().ended(about(preview('0.0.1', { dry: true })))
    const cancelled = { ...failure, code: 'CANCELLED' } as const
    await side().ended(about(preview('0.0.1'), { status: 'cancelled', failure: cancelled }))
    await side({ comment: 'false', environment: '' }).ended(about(preview('0.0.1')))
    expect(comments()).toEqual([])
    expect(entries()).toEqual([])
  })

  test('of another service, or another preview of it, is another one', async () => {
    await open()
    await side().ended(about(preview('0.0.1')))
    await side({ service: 'cart' }).ended(about(preview('0.0.1')))
    await side({ 'preview-id': 'blue' }).ended(about(preview('0.0.1', { id: 'blue' })))
    expect(comments()).toHaveLength(3)
  })

  test.each<[string, string, string]>([
    ['somebody else', 'mallory', 'good'],
    ['another app', 'shop-previews[bot]', 'good'],
    ['a job', 'github-actions[bot]', 'app'],
  ])('that %s has written is not ours, whatever it begins with', async (_, login, token) => {
    await open()
    const forged = '<!-- ecs-bluegreen preview eu-central-1/web/shop/pr-12 -->\n[Click](http://evil.example)'
    github.pulls.say(12, login, forged)
    await side({ 'github-token': token }).ended(about(preview('0.0.1')))
    await side({ 'github-token': token }).ended(about(preview('0.0.2')))
    expect(comments()).toHaveLength(2)
    expect(comments()[0]).toEqual({ login, body: forged })
    expect(body()).toContain('0.0.2')
  })

  test('is found behind hundreds of others, and not in one that quotes it', async () => {
    await open()
    github.pulls.say(12, 'github-actions[bot]', '> <!-- ecs-bluegreen preview eu-central-1/web/shop/pr-12 -->')
    for (let index = 0; index < 230; index++) github.pulls.say(12, 'octocat', `${index}`)
    await side().ended(about(preview('0.0.1')))
    await side().ended(about(preview('0.0.2')))
    expect(comments()).toHaveLength(232)
    expect(body()).toContain('0.0.2')
  })

  test('is written once when the answer gets lost', async () => {
    await open()
    github.faults.add({ kind: 'lost-answer', operation: 'createComment', times: 1 })
    await side().ended(about(preview('0.0.1')))
    expect(comments()).toHaveLength(1)
    expect(warnings).toEqual([])
  })

  test.each<[string, number | 'hang' | 'garbage' | 'lost-request', RegExp]>([
    ['denied', 403, /permissions: \{ pull-requests: write \}/],
    ['not found', 404, /permissions: \{ pull-requests: write \}/],
    ['refused', 422, /The result of the run is not touched/],
    ['broken', 500, /The next run puts it right/],
    ['no JSON', 'garbage', /The next run puts it right/],
    ['not reached', 'lost-request', /could not be reached/],
  ])('that is %s is one warning', async (_, fault, says) => {
    await open()
    github.faults.add(
      typeof fault === 'number' ? { kind: 'status', status: fault, message: 'evil\n::error::' } : { kind: fault },
    )
    await side({ environment: '' }).ended(about(preview('0.0.1')))
    expect(warnings).toEqual([expect.stringMatching(says)])
    expect(warnings[0]).toMatch(/^The comment on pull request 12 is not up to date/)
    expect(warnings[0]).not.toContain('\n')
  })
})

describe('the Deployment', () => {
  test('is transient, of the head of the pull request, and inactive when the preview is gone', async () => {
    await open()
    await side().ended(about(preview('0.0.1')))
    await side().ended(about(preview('0.0.2'), { status: 'failed', failure }))
    await side().ended(about(preview('0.0.3')))
    expect(entries()).toEqual(['a: success', 'a: failure', 'a: success inactive'])
    expect(github.deployments()[0]).toMatchObject({
      environment: 'preview/pr-12',
      transient: true,
      production: false,
      task: 'preview:shop',
      statuses: [{ environmentUrl: 'http://pr-12.example.com/', description: '0.0.3 is ready' }],
    })
    await side({ mode: 'preview-destroy' }).ended(gone)
    expect(entries()).toEqual(['a: success inactive', 'a: failure', 'a: success inactive'])
    expect(JSON.stringify(github.exchanges.map(({ request }) => request.body))).not.toContain('123456789012')
    expect(warnings).toEqual([])
  })

  test('is one warning when it is denied, and the comment is written all the same', async () => {
    await open({ tokens: { good: { deployments: 'read', 'pull-requests': 'write' } } })
    await side().ended(about(preview('0.0.1')))
    expect(warnings).toEqual([expect.stringContaining('permissions: { deployments: write }')])
    expect(comments()).toHaveLength(1)
  })
})

describe('a sweep', () => {
  const one = (number: number, more: Partial<Swept> = {}): Swept => ({
    id: `pr-${number}`,
    pullRequest: number,
    because: `pull request ${number} is closed`,
    ended: 'gone',
    ...more,
  })
  const sweep = { mode: 'preview-sweep', 'pull-request': '', 'preview-domain': '', image: '' } as const

  test('tells every pull request that has a comment', async () => {
    await open()
    github.pulls.open({ number: 13 })
    await side().ended(about(preview('0.0.1')))
    await side(sweep).ended(swept(one(12), one(13), one(14, { ended: 'stays' })))
    expect(comments()).toHaveLength(1)
    expect(body()).toMatch(/is gone\n\npull request 12 is closed\./)
    expect(github.pulls.comments(13)).toEqual([])
    expect(entries()).toEqual(['a: success inactive'])
    expect(warnings).toEqual([])
  })

  test('says why one could not go', async () => {
    await open()
    await side().ended(about(preview('0.0.1')))
    await side(sweep).ended(swept(one(12, { ended: 'failed', failure })))
    expect(body()).toMatch(/could not be deleted/)
    expect(entries()).toEqual(['a: success'])
  })

  test('tells the others when one conversation is locked', async () => {
    await open()
    for (const number of [12, 13]) {
      github.pulls.open({ number })
      const which = { 'pull-request': String(number), environment: '' }
      await side(which).ended(about(preview('0.0.1', { id: `pr-${number}` })))
    }
    const message = 'Unable to create comment because issue is locked.'
    github.faults.add({ kind: 'status', status: 403, message, operation: 'updateComment', times: 1 })
    await side({ ...sweep, environment: '' }).ended(swept(one(12), one(13)))
    expect(warnings).toEqual([expect.stringContaining('pull request 12')])
    expect(github.pulls.comments(13)[0]?.body).toContain('is gone')
  })

  test('with a token that may not write is one warning of each kind', async () => {
    await open()
    await side().ended(about(preview('0.0.1')))
    for (const number of [13, 14]) github.pulls.open({ number })
    await side({ ...sweep, 'github-token': 'reader' }).ended(swept(one(12), one(13), one(14)))
    expect(warnings).toHaveLength(2)
  })
})

describe('which pull requests are open', () => {
  const ask = (numbers: readonly number[], token = 'good') =>
    side({
      mode: 'preview-sweep',
      'pull-request': '',
      'preview-domain': '',
      image: '',
      'github-token': token,
    }).openPullRequests(numbers)
  const calls = (operation: string) => github.exchanges.filter(one => one.operation === operation).length

  test('is asked for by pages, and what is not among them by its number', async () => {
    await open()
    for (let number = 13; number <= 260; number++) github.pulls.open({ number })
    for (const number of [20, 255]) github.pulls.close(number)
    const numbers = Array.from({ length: 90 }, (_, index) => 260 - 2 * index - (index % 2))
    const open90 = await ask([...numbers, 255, 20])
    expect([...(open90 ?? [])].toSorted((a, b) => b - a)).toEqual(
      numbers.filter(number => number !== 255).toSorted((a, b) => b - a),
    )
    expect([calls('listPulls'), calls('getPull')]).toEqual([2, 2])
  })

  test('is nobody’s question without previews', async () => {
    await open()
    expect(await ask([])).toEqual(new Set())
    expect(github.exchanges).toEqual([])
  })

  test('counts one that GitHub does not know as open', async () => {
    await open()
    expect(await ask([12, 99])).toEqual(new Set([12, 99]))
  })

  test('counts one that falls between two pages as open', async () => {
    await open()
    for (let number = 13; number <= 130; number++) github.pulls.open({ number })
    const api = await pullsApi('good', { url: github.url, repository: 'octo-org/octo-repo' })
    const moving: PullsApi = {
      ...api,
      async openPulls(page, signal) {
        const listed = await api.openPulls(page, signal)
        // The second page begins with 29 then.
        github.pulls.close(130)
        return listed
      },
    }
    const asked = [12, 28, 29, 30, 130]
    expect(await mayBeOpen(moving, asked, AbortSignal.timeout(10_000))).toEqual(new Set([12, 28, 29, 30, 130]))
    expect([calls('listPulls'), calls('getPull')]).toEqual([2, 1])
  })

  test('keeps what is known when time is up, and counts the rest as open', async () => {
    await open()
    const over = new AbortController()
    const slow: Pick<PullsApi, 'openPulls' | 'stateOf'> = {
      openPulls: async () => [],
      async stateOf(number, signal) {
        if (number === 14) over.abort(new Error('time is up'))
        signal.throwIfAborted()
        return 'closed'
      },
    }
    const unasked: number[] = []
    const known = await mayBeOpen(slow as PullsApi, [12, 13, 14, 15], over.signal, count => unasked.push(count))
    expect([[...known], unasked]).toEqual([[14, 15], [2]])
  })

  test.each<[string, string, GithubOptions, RegExp]>([
    ['denied', 'bare', { isPrivate: true }, /permissions: \{ pull-requests: read \}/],
    ['not known, because the token is none', 'bad', {}, /permissions: \{ pull-requests: read \}/],
  ])('is %s: one warning, and nobody knows', async (_, token, options, says) => {
    await open(options)
    expect(await ask([12], token)).toBeUndefined()
    expect(warnings).toEqual([expect.stringMatching(says)])
    expect(warnings[0]).toMatch(/previews only go when `preview-ttl` has passed/)
  })

  test.each(['listPulls', 'getPull'] as const)(
    'is not known when %s fails, after a second and a third try',
    async operation => {
      await open()
      github.pulls.close(12)
      github.faults.add({ kind: 'status', status: 502, operation })
      expect(await ask([12])).toBeUndefined()
      expect(warnings).toEqual([expect.stringContaining('GitHub answered 502')])
    },
  )
})
