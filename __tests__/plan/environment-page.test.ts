import { describe, expect, test } from '@jest/globals'
import type { Entry } from '../../src/model/environment-page.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import type { RunReport } from '../../src/model/report.ts'
import {
  closingOf,
  commitOf,
  environmentUrl,
  isOfRunningJob,
  noteIn,
  ofSameServices,
  payloadOf,
} from '../../src/plan/environment-page.ts'
import { refused, reportOf, switched } from '../report/reports.ts'

const failure = { code: 'UNHEALTHY', headline: 'No task is healthy.', details: [] } as const
const stayed = refused
const begun = { revision: 'app:2', version: '0.0.2' }
const moved = switched

describe('how an entry ends', () => {
  test.each<[Outcome, RunReport['sides'], string, object]>([
    [
      { status: 'succeeded', because: '' },
      moved,
      'app:2',
      { state: 'success', live: true, create: true, known: false },
    ],
    [{ status: 'unchanged', because: '' }, moved, 'app:2', { state: 'success', live: true, create: true, known: true }],
    [{ status: 'staged', because: '' }, stayed, 'app:2', { state: 'pending', live: false, create: true }],
    [{ status: 'failed', failure }, stayed, 'app:2', { state: 'failure', live: false, create: true }],
    [{ status: 'failed', failure }, moved, 'app:2', { state: 'failure', live: true, create: true }],
    [{ status: 'rolled-back', failure }, stayed, 'app:2', { state: 'failure', live: false }],
    [{ status: 'cancelled', failure }, stayed, 'app:2', { state: 'inactive', live: false, create: false }],
    [{ status: 'cancelled', failure }, moved, 'app:2', { state: 'success', live: true, create: true }],
  ])('%j', (outcome, sides, revision, expected) => {
    expect(closingOf({ ...reportOf({ outcome }), ...(sides && { sides }) }, begun)).toMatchObject({
      ...expected,
      revision,
    })
  })

  test.each(['status', 'plan'] as const)('not at all in mode %s', mode => {
    expect(closingOf(reportOf({ mode }), begun)).toBeUndefined()
  })

  test.each<['failed' | 'cancelled', string]>([
    ['failed', 'failure'],
    ['cancelled', 'inactive'],
  ])('when it was begun, also if nothing is known of the colors: %s', (status, state) => {
    const { sides: _, ...report } = reportOf({ outcome: { status, failure } })
    expect(closingOf(report, begun)).toMatchObject({ state, live: false, create: false, revision: 'app:2' })
    expect(closingOf(report, undefined)).toBeUndefined()
  })

  test('not at all for a run that failed before it did anything', () => {
    const { candidate: _, ...sides } = stayed
    const report = reportOf({ outcome: { status: 'failed', failure }, sides })
    expect(closingOf(report, undefined)).toBeUndefined()
  })
})

const note = {
  run: '0123456789abcdef',
  region: 'eu-central-1',
  cluster: 'web',
  service: 'app',
  revision: 'app:1',
  version: '1.0.0',
}

describe('payloads', () => {
  test('say what was put into them', () => {
    expect(noteIn(JSON.parse(JSON.stringify(payloadOf(note))))).toEqual(note)
  })

  test.each([
    [undefined],
    [null],
    ['{"by":"ecs-bluegreen"}'],
    [[]],
    [{}],
    [{ ...note, by: 'somebody' }],
    [{ ...note, by: 'ecs-bluegreen', revision: 7 }],
    [{ ...note, by: 'ecs-bluegreen', run: null }],
  ])('of others are none: %j', payload => {
    expect(noteIn(payload)).toBeUndefined()
  })
})

const entry = (id: number, sha: string, change: Partial<typeof note> = {}): Entry => ({
  id,
  sha,
  note: { ...note, ...change },
})

test('entries of other services, clusters and regions are left alone', () => {
  const entries = [
    entry(1, 'a'),
    entry(2, 'b', { service: 'other' }),
    entry(3, 'c', { cluster: 'other' }),
    entry(4, 'd', { region: 'us-east-1' }),
    entry(5, 'e'),
  ]
  expect(ofSameServices(entries, note).map(one => one.id)).toEqual([5, 1])
})

describe('the commit of an entry', () => {
  const commit = 'c'.repeat(40)
  const entries = [entry(2, 'newer'), entry(1, 'older')]
  test.each<[string, Parameters<typeof commitOf>[0], string]>([
    ['of a deploy is that of the run', { revision: 'app:1', version: '1.0.0', known: false }, 'run'],
    ['of an image by commit is that', { revision: 'app:1', version: commit, known: false }, commit],
    [
      'of what was there before is that of its newest entry',
      { revision: 'app:1', version: commit, known: true },
      'newer',
    ],
    ['of what nobody knows is that of the run', { revision: 'app:9', version: '1.0.0', known: true }, 'run'],
  ])('%s', (_, what, sha) => {
    expect(commitOf(what, entries, 'run')).toBe(sha)
  })
})

test.each<[string, string, boolean]>([
  ['in_progress', 'https://github.com/o/r/actions/runs/7/job/1', true],
  ['queued', 'https://github.com/o/r/actions/runs/7', true],
  ['in_progress', 'https://github.com/o/r/runs/1?check_suite_focus=true', true],
  ['in_progress', 'https://github.com/o/r/actions/runs/77/job/1', false],
  ['success', 'https://github.com/o/r/actions/runs/7/job/1', false],
  ['in_progress', '', false],
])('%s with the log %s is the entry of a job of run 7: %s', (state, logUrl, expected) => {
  expect(isOfRunningJob({ state, logUrl }, '7')).toBe(expected)
})

test.each([
  ['https://app.example.com/version?key=secret#top', 'https://app.example.com/version'],
  ['https://user:word@app.example.com/', 'https://app.example.com/'],
  [undefined, undefined],
])('%s leads to %s', (url, expected) => {
  expect(environmentUrl(url)).toBe(expected)
})
