import { afterEach, describe, expect, test } from '@jest/globals'
import type { Github, GithubOptions } from '../../sandbox/runner/github/server.ts'
import { wallClock } from '../../sandbox/wall-clock.ts'
import { deploymentsApi } from '../../src/github/api.ts'
import { createEnvironmentPage, type EnvironmentPage, type PageSettings } from '../../src/github/environment-page.ts'
import type { Closing } from '../../src/model/environment-page.ts'
import type { RunReport } from '../../src/model/report.ts'
import { blue, green, refused, reportOf, switched } from '../report/reports.ts'
import { openGithub } from './double.ts'

/** One run after the other on the page of an environment, through GitHub's own client. */

const first = 'a'.repeat(40)
const second = 'b'.repeat(40)
const third = 'c'.repeat(40)
const refs = { [first]: first, [second]: second, [third]: third, main: third }

let github: Github

afterEach(async () => {
  await github.close()
  expect([...new Set(github.problems)]).toEqual([])
})

async function open(options: GithubOptions = {}): Promise<void> {
  github = await openGithub({ refs, tokens: { good: 'write', reader: 'read', bare: 'none' }, ...options })
}

interface Run {
  readonly page: EnvironmentPage
  readonly warnings: string[]
  readonly infos: string[]
  readonly saved: Map<string, string>
}

let runs = 0

function begin(sha: string, change: Partial<PageSettings> & { readonly token?: string } = {}): Run {
  const { token = 'good', environment = 'production', ...settings } = change
  const number = String(++runs)
  const [warnings, infos, saved]: [string[], string[], Map<string, string>] = [[], [], new Map()]
  const place = { url: github.url, repository: 'octo-org/octo-repo', environment }
  const page = createEnvironmentPage({
    api: () => deploymentsApi(token, place),
    environment,
    mode: 'deploy',
    about: { region: 'eu-central-1', cluster: 'web', service: 'app' },
    run: {
      nonce: number.padStart(16, '0'),
      id: number,
      sha,
      url: `https://github.com/octo-org/octo-repo/actions/runs/${number}`,
    },
    versionOf: image => image.slice(image.lastIndexOf(':') + 1),
    productionUrl: 'https://app.example.com/version?token=secret',
    warn: line => warnings.push(line),
    info: line => infos.push(line),
    save: (name, value) => saved.set(name, value),
    sleep: (_, signal) => wallClock.sleep(20, signal),
    ...settings,
  })
  return { page, warnings, infos, saved }
}

/** A whole run that does something. */
async function whole(sha: string, report: RunReport, change: Partial<PageSettings> & { readonly token?: string } = {}) {
  const run = begin(sha, { mode: report.mode, ...change })
  await run.page.ready()
  run.page.began(report.sides?.candidate ?? report.sides?.after ?? green)
  await run.page.ended(report)
  return run
}

/** Newest first: commit, and states from the first to the last. */
function shown(): readonly string[] {
  return github.deployments().map(({ sha, statuses }) => {
    return `${sha[0]}: ${statuses
      .map(status => status.state)
      .reverse()
      .join(' ')}`
  })
}

const old = reportOf({ sides: { ...switched, active: 'blue', before: green, after: blue, idle: green } })
const failure = { code: 'UNHEALTHY', headline: 'No task is healthy: TOP-SECRET', details: [] } as const
const back = reportOf({
  mode: 'rollback',
  sides: { ...switched, active: 'blue', before: green, after: blue, idle: green },
})

describe('a deploy', () => {
  test('is in progress, then a success with a way to it, and the one before is inactive', async () => {
    await open()
    await whole(first, old)
    const { warnings } = await whole(second, reportOf())
    expect(shown()).toEqual(['b: in_progress success', 'a: in_progress success inactive'])
    const [newest, before] = github.deployments()
    expect(newest).toMatchObject({
      environment: 'production',
      ref: second,
      payload: { by: 'ecs-bluegreen', service: 'app', cluster: 'web', revision: 'app:2', version: '0.0.2' },
      statuses: [
        {
          description: '0.0.2 is live on green',
          environmentUrl: 'https://app.example.com/version',
          logUrl: expect.stringMatching(/\/actions\/runs\/\d+$/),
        },
        {},
      ],
    })
    expect(before?.statuses[0]?.description).toBe('0.0.2 is live instead')
    expect(JSON.stringify(github.exchanges)).not.toMatch(/123456789012|token=secret/)
    expect(warnings).toEqual([])
  })

  test.each<[string, RunReport, string]>([
    ['failed', reportOf({ outcome: { status: 'failed', failure }, sides: refused }), 'failure'],
    ['rolled-back', reportOf({ outcome: { status: 'rolled-back', failure }, sides: refused }), 'failure'],
    ['staged', reportOf({ outcome: { status: 'staged', because: '' }, sides: refused }), 'pending'],
  ])('that is %s leaves the one before active', async (_, report, state) => {
    await open()
    await whole(first, old)
    await whole(second, report)
    expect(shown()).toEqual([`b: in_progress ${state}`, 'a: in_progress success'])
    expect(JSON.stringify(github.exchanges)).not.toContain('TOP-SECRET')
  })

  test('that failed with all the traffic on it leaves nothing else active', async () => {
    await open()
    await whole(first, old)
    await whole(second, reportOf({ outcome: { status: 'failed', failure } }))
    expect(shown()).toEqual(['b: in_progress failure', 'a: in_progress success inactive'])
  })

  test('that failed before anything was staged ends the entry that it began', async () => {
    await open()
    await whole(first, old)
    const run = begin(second)
    run.page.began({ ...green, taskDefinition: green.taskDefinition.replace(/2$/, '9') })
    const { candidate: _, ...sides } = refused
    await run.page.ended(reportOf({ outcome: { status: 'failed', failure }, sides }))
    expect(shown()).toEqual(['b: in_progress failure', 'a: in_progress success'])
  })

  test('that stages supersedes what was staged before', async () => {
    await open()
    await whole(first, old)
    const staged = reportOf({ outcome: { status: 'staged', because: '' }, sides: refused })
    await whole(second, staged)
    await whole(third, staged)
    expect(shown()).toEqual(['c: in_progress pending', 'b: in_progress pending inactive', 'a: in_progress success'])
  })

  test('that was refused before it wrote anything has no entry', async () => {
    await open()
    const { candidate: _, ...sides } = refused
    await begin(first).page.ended(reportOf({ outcome: { status: 'failed', failure }, sides }))
    expect(shown()).toEqual([])
  })

  test('that finds all as it should be adds nothing, but makes up for what is missing', async () => {
    await open()
    const unchanged = reportOf({ outcome: { status: 'unchanged', because: '' }, sides: { ...switched, before: green } })
    await begin(second).page.ended(unchanged)
    expect(shown()).toEqual(['b: success'])
    await begin(third).page.ended(unchanged)
    expect(shown()).toEqual(['b: success'])
  })

  test('leaves other services of the environment alone', async () => {
    await open()
    // Not production, which GitHub's own rule would spare.
    const environment = 'staging'
    await whole(first, old, { environment, about: { region: 'eu-central-1', cluster: 'web', service: 'other' } })
    await whole(second, reportOf(), { environment })
    expect(shown()).toEqual(['b: in_progress success', 'a: in_progress success'])
  })

  test('that ends late does not end what a later run has begun', async () => {
    await open()
    const late = begin(first)
    late.page.began(blue)
    await until(() => github.deployments()[0]?.statuses.length === 1)
    begin(second).page.began(green)
    await until(() => github.deployments().length === 2 && github.deployments()[0]?.statuses.length === 1)
    await late.page.ended(old)
    expect(shown()).toEqual(['b: in_progress', 'a: in_progress success'])
  })

  test('of an image by commit is shown with that commit, if this repository has it', async () => {
    await open()
    const of = (version: string) =>
      reportOf({ sides: { ...switched, after: { ...green, version, image: `app:${version}` } } })
    await whole(third, of(second))
    await whole(third, of('d'.repeat(40)))
    expect(github.deployments().map(one => one.sha[0])).toEqual(['c', 'b'])
  })
})

describe('a rollback', () => {
  test('is a new entry with the commit of the version that is live again', async () => {
    await open()
    await whole(first, old)
    await whole(second, reportOf())
    await whole(third, back)
    expect(shown()).toEqual([
      'a: in_progress success',
      'b: in_progress success inactive',
      'a: in_progress success inactive',
    ])
    await begin(third, { mode: 'rollback' }).page.ended({ ...back, outcome: { status: 'unchanged', because: '' } })
    expect(shown()).toHaveLength(3)
  })

  test('of a deploy that never came to its end leaves it inactive', async () => {
    await open()
    await whole(first, old)
    const killed = begin(second)
    killed.page.began(green)
    await until(() => github.deployments()[0]?.statuses.length === 1)
    await begin(third, { mode: 'rollback' }).page.ended(back)
    expect(shown()).toEqual(['b: in_progress inactive', 'a: in_progress success'])
  })
})

test('a promote goes on with the entry of what was staged', async () => {
  await open()
  await whole(first, old)
  await whole(second, reportOf({ outcome: { status: 'staged', because: '' }, sides: refused }))
  await whole(third, reportOf({ mode: 'promote' }))
  expect(shown()).toEqual(['b: in_progress pending in_progress success', 'a: in_progress success inactive'])
})

describe('a job with environment:', () => {
  test('keeps its own entry, and gets no second one', async () => {
    await open()
    await whole(first, old)
    const { page, infos } = begin(second)
    const end = github.startJob({ environment: 'production', runId: String(runs), sha: second })
    page.began(green)
    await page.ended(reportOf())
    end(true)
    expect(shown()).toEqual(['b: queued in_progress success', 'a: in_progress success inactive'])
    expect(infos.join()).toContain('by itself')
  })

  test('does not count when it is over, or of another run', async () => {
    await open()
    github.startJob({ environment: 'production', runId: String(runs + 1), sha: second })(true)
    github.startJob({ environment: 'production', runId: '999', sha: second })
    await whole(second, reportOf())
    expect(shown()[0]).toBe('b: in_progress success')
  })
})

describe('a run that was ended', () => {
  const cancelled = { code: 'CANCELLED', headline: 'The run was cancelled.', details: [] } as const

  test('leaves its entry to the post step, which has time', async () => {
    await open()
    const { page, saved } = begin(second)
    page.began(green)
    await until(() => github.deployments()[0]?.statuses.length === 1)
    await page.ended(reportOf({ outcome: { status: 'cancelled', failure: cancelled }, sides: refused }))
    expect(shown()).toEqual(['b: in_progress'])
    const post = begin(second, { kept: saved.get('entry') ?? '' })
    await post.page.close(JSON.parse(saved.get('page') ?? '') as Closing)
    expect(shown()).toEqual(['b: in_progress inactive'])
  })

  test.each<[string, RunReport, string]>([
    ['with its version live', reportOf({ mode: 'status' }), 'success'],
    ['with another version live', reportOf({ mode: 'status', sides: refused }), 'inactive'],
    ['and nobody knows what is live', withoutSides(reportOf({ mode: 'status' })), 'inactive'],
  ])('by a kill, %s', async (_, status, state) => {
    await open()
    const killed = begin(second)
    killed.page.began(green)
    await until(() => github.deployments()[0]?.statuses.length === 1)
    await begin(second, { kept: killed.saved.get('entry') ?? '' }).page.endedByPost(status)
    expect(shown()).toEqual([`b: in_progress ${state}`])
  })
})

describe('trouble with GitHub', () => {
  test.each<[string, string, GithubOptions, RegExp]>([
    ['may only read', 'reader', {}, /GitHub denied it \(403 Resource not accessible by integration\)/],
    ['may do nothing', 'bare', { isPrivate: true }, /GitHub denied it \(404 Not Found\)/],
    ['is none', 'bad', {}, /GitHub denied it \(401 Bad credentials\)/],
  ])('a token that %s is one warning, with what to add', async (_, token, options, said) => {
    await open(options)
    const { warnings } = await whole(second, reportOf(), { token })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(said)
    expect(warnings[0]).toContain('permissions: { deployments: write }')
    expect(shown()).toEqual([])
  })

  test.each([500, 502, 429])('that passes (%i) is waited out', async status => {
    await open()
    github.faults.add({ kind: 'status', status, times: 2 })
    const { warnings } = await whole(second, reportOf())
    expect(warnings).toEqual([])
    expect(shown()[0]).toMatch(/success$/)
  })

  test('a lost answer makes no second entry', async () => {
    await open()
    github.faults.add({ kind: 'lost-answer', operation: 'createDeployment', times: 1 })
    const { warnings } = await whole(second, reportOf())
    expect(warnings).toEqual([])
    expect(shown()).toEqual(['b: success'])
  })

  test.each(['hang', 'lost-request', 'garbage'] as const)('that does not pass (%s) is one warning', async kind => {
    await open()
    github.faults.add({ kind })
    const { warnings } = await whole(second, reportOf(), { limitMs: 200 })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^The page of the environment production on GitHub is not up to date: GitHub/)
  })

  test('a refusal is told in one line, whatever is in it', async () => {
    await open()
    const message = `evil\n::error::${'x'.repeat(5_000)}`
    github.faults.add({ kind: 'status', status: 422, operation: 'createDeployment', message })
    const { warnings } = await whole(second, reportOf())
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('422 evil ::error::x')
    expect(warnings[0]).not.toContain('\n')
    expect(warnings[0]?.length).toBeLessThan(500)
  })

  test('hostile names stay text within the limits of GitHub', async () => {
    await open()
    const version = `<b>\u202e${'é😀'.repeat(100)}\n::error::`
    await whole(second, reportOf({ sides: { ...switched, after: { ...green, version } } }))
    const description = github.deployments()[0]?.statuses[0]?.description ?? ''
    expect([...description]).toHaveLength(140)
    expect(description).not.toMatch(/[\u202e\n]/)
  })
})

function withoutSides(report: RunReport): RunReport {
  const { sides: _, ...rest } = report
  return rest
}

/** Ends with the test's own time limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5))
}
