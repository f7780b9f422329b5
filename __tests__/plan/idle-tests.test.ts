import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { IdleTests, TestAnswer, TestsSoFar } from '../../src/model/idle-tests.ts'
import type { Progress } from '../../src/model/progress.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import type { Decision } from '../../src/model/step.ts'
import { judge } from '../../src/plan/test-answer.ts'
import { decide, deploymentView, forwardTo, liveService, now, routeWith, serviceView } from './builders.ts'

const url = { url: 'http://test.example.com/version', expectedStatus: [{ from: 200, to: 200 }] }
const both: IdleTests = { cluster: 'web', url, command: 'npm run smoke' }
const onlyUrl: IdleTests = { cluster: 'web', url }
const onlyCommand: IdleTests = { cluster: 'web', command: 'npm run smoke' }

function inWords(decision: Decision): string {
  switch (decision.kind) {
    case 'do':
      return decision.step.kind === 'route' ? `${decision.step.why} to ${decision.step.to}` : decision.step.kind
    case 'wait':
      return `wait ${decision.until - now} for ${decision.look.join('+')}`
    case 'finish':
      return 'failure' in decision.outcome ? decision.outcome.failure.code : decision.outcome.status
    default:
      return decision satisfies never
  }
}

const answered = (change: Partial<Extract<TestAnswer, { kind: 'answered' }>> = {}): TestAnswer => ({
  kind: 'answered',
  at: now,
  status: 200,
  version: '2',
  body: 'ok',
  ...change,
})
const good = answered()
const old = answered({ version: '1' })
const soFar = (change: Partial<TestsSoFar>): { tests: TestsSoFar } => ({
  tests: { startedAt: now - 5_000, firstAskedAt: now - 5_000, answers: [], ...change },
})
const passed = { kind: 'exited', exitCode: 0, lastLines: [] } as const
const astray = { test: { at: now, value: [routeWith([forwardTo({ blue: 100, green: 0 })], 8080)] } }
const testRoute = astray.test.value[0]?.arn ?? ''

describe('what a deploy does next about its tests', () => {
  test.each<[string, IdleTests, Partial<Progress>, Partial<Snapshot>, string]>([
    ['nothing asked yet', both, {}, {}, 'ask-test-url'],
    ['two good answers', both, soFar({ answers: [good, good] }), {}, 'ask-test-url'],
    ['two good ones after a bad one', both, soFar({ answers: [old, good, good] }), {}, 'ask-test-url'],
    ['a bad answer just now', both, soFar({ answers: [good, good, old] }), {}, 'wait 1000 for '],
    [
      'a bad answer a while ago',
      both,
      soFar({ answers: [answered({ version: '1', at: now - 2_000 })] }),
      {},
      'ask-test-url',
    ],
    ['three good answers', onlyUrl, soFar({ answers: [good, good, good] }), {}, 'shift to green'],
    ['three good answers, and a command', both, soFar({ answers: [good, good, good] }), {}, 'test-command'],
    ['all passed', both, soFar({ answers: [good, good, good], command: passed }), {}, 'shift to green'],
    ['only a command', onlyCommand, {}, {}, 'test-command'],
    ['it has passed', onlyCommand, soFar({ command: passed }), {}, 'shift to green'],
    ['it failed', onlyCommand, soFar({ command: { ...passed, exitCode: 3 } }), {}, 'TEST_COMMAND_FAILED'],
    [
      'it took too long',
      onlyCommand,
      soFar({ command: { kind: 'timed-out', lastLines: [] } }),
      {},
      'TEST_COMMAND_FAILED',
    ],
    [
      'it did not start',
      onlyCommand,
      soFar({ command: { kind: 'not-started', message: 'no sh' } }),
      {},
      'TEST_COMMAND_FAILED',
    ],
    ['no time is left for it', onlyCommand, { startedAt: now - 600_000 }, {}, 'TEST_COMMAND_FAILED'],
    ['bad answers for 10 s', onlyUrl, soFar({ firstAskedAt: now - 10_000, answers: [old] }), {}, 'TEST_WRONG_VERSION'],
    [
      'bad answers for 10 s, but the test listener was just written',
      onlyUrl,
      soFar({ pointedAt: now - 12_000, firstAskedAt: now - 10_000, answers: [old] }),
      {},
      'wait 1000 for ',
    ],
    [
      'bad answers for 120 s after it was written',
      onlyUrl,
      soFar({ pointedAt: now - 130_000, firstAskedAt: now - 120_000, answers: [old] }),
      {},
      'TEST_WRONG_VERSION',
    ],
    [
      'bad answers when the time is up',
      onlyUrl,
      { startedAt: now - 600_000, ...soFar({ answers: [answered({ status: 500 })] }) },
      {},
      'TEST_FAILED',
    ],
    ['the test listener sends to blue', both, {}, astray, 'test to green'],
    ['it was told otherwise', both, { told: { [testRoute]: { blue: 0, green: 100 } } }, astray, 'WRITE_NOT_CONFIRMED'],
    [
      'it was just told, and nobody asks through it',
      onlyCommand,
      soFar({ pointedAt: now - 1_000 }),
      {},
      'wait 9000 for ',
    ],
    ['it sends to blue after all has passed', onlyCommand, soFar({ command: passed }), astray, 'shift to green'],
    [
      'the candidate fell ill after the tests',
      onlyCommand,
      soFar({ command: passed }),
      {
        services: {
          at: now,
          value: { blue: liveService, green: serviceView({ deployments: [deploymentView({ running: 1 })] }) },
        },
      },
      'wait 10000 for services',
    ],
    [
      'what is known grew old during the tests',
      onlyCommand,
      soFar({ command: passed }),
      { endedAt: now - 3_000 },
      'wait 0 for services+targets+tasks+routes',
    ],
  ])('%s', (_, tests, progress, seen, expected) => {
    expect(inWords(decide({ goal: { tests }, progress, seen }))).toBe(expected)
  })

  test('the command is told what it tests, and until when it may run', () => {
    expect(decide({ goal: { tests: both }, progress: soFar({ answers: [good, good, good] }) })).toEqual({
      kind: 'do',
      step: {
        kind: 'test-command',
        command: 'npm run smoke',
        environment: {
          ECS_BLUEGREEN_TEST_URL: 'http://test.example.com/version',
          ECS_BLUEGREEN_VERSION: '2',
          ECS_BLUEGREEN_COLOR: 'green',
          ECS_BLUEGREEN_TASK_DEFINITION: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:2',
          ECS_BLUEGREEN_SERVICE: 'app-green',
          ECS_BLUEGREEN_CLUSTER: 'web',
        },
        until: now + 500_000,
      },
    })
  })

  test('the old version behind the test URL has a cause that is told', () => {
    const previous = { image: 'app:1', version: '1', taskDefinition: 'x' }
    const progress = { previous, ...soFar({ firstAskedAt: now - 60_000, answers: [old] }) }
    const decision = decide({ goal: { tests: onlyUrl }, progress })
    expect(decision).toMatchObject({
      outcome: {
        failure: {
          headline: 'test-url does not pass on green: answers with version 1 instead of 2.',
          details: [
            'It answered 200 with: ok',
            'That is what blue runs. Does test-url go through a listener that sends to green? Name it in `test-listener-arns`.',
            'Traffic never left blue.',
          ],
        },
      },
    })
  })

  test('the last lines of the command are told', () => {
    const progress = soFar({ command: { kind: 'exited', exitCode: 3, lastLines: ['1 failed'] } })
    const decision = decide({ goal: { tests: onlyCommand }, progress })
    expect(decision).toMatchObject({
      outcome: {
        failure: {
          headline: 'test-command ended with exit code 3.',
          details: ['It said last:', '1 failed', expect.anything()],
        },
      },
    })
  })
})

describe('an answer of test-url', () => {
  test.each<[string, TestAnswer, Partial<typeof url> & { expectedBody?: string }, string | undefined]>([
    ['as expected', good, {}, undefined],
    ['another status of a range', answered({ status: 204 }), { expectedStatus: [{ from: 200, to: 299 }] }, undefined],
    [
      'one status of several',
      answered({ status: 302 }),
      { expectedStatus: [...url.expectedStatus, { from: 302, to: 302 }] },
      undefined,
    ],
    ['a wrong status', answered({ status: 503 }), {}, 'answers 503 instead of 200'],
    [
      'a wrong status of a range',
      answered({ status: 404 }),
      {
        expectedStatus: [
          { from: 200, to: 299 },
          { from: 302, to: 302 },
        ],
      },
      'answers 404 instead of 200-299,302',
    ],
    ['with the text', answered({ body: 'all ok' }), { expectedBody: 'ok' }, undefined],
    [
      'without the text',
      answered({ body: 'not yet' }),
      { expectedBody: 'ok' },
      'answers 200, but without test-expected-body',
    ],
    ['another version', old, {}, 'answers with version 1 instead of 2'],
    [
      'no version',
      { kind: 'answered', at: now, status: 200, body: '' },
      {},
      'answers 200, but does not tell its version where `version-from` looks for it',
    ],
    [
      'no answer',
      { kind: 'failed', at: now, message: 'no connection: ECONNREFUSED' },
      {},
      'gave no answer: no connection: ECONNREFUSED',
    ],
  ])('%s', (_, answer, change, expected) => {
    expect(judge(answer, { ...url, ...change }, '2')?.because).toBe(expected)
  })

  test('is told as one short line without control characters', () => {
    const body = `<h1>\u001b[31mOops\r\n::error::x\u202e${'y'.repeat(300)}`
    const [line] = judge(answered({ status: 500, body }), url, '2')?.details ?? []
    expect(line).toMatch(/^It answered 500 with: <h1> \[31mOops ::error::x y+…$/)
    expect(line?.length).toBeLessThan(230)
  })
})

test('traffic never moves before everything that was asked for has passed', () => {
  const answers = fc.array(
    fc.constantFrom(good, old, answered({ status: 500 }), { kind: 'failed', at: now, message: 'refused' } as const),
    { maxLength: 3 },
  )
  const command = fc.constantFrom(
    undefined,
    passed,
    { ...passed, exitCode: 1 },
    { kind: 'timed-out', lastLines: [] } as const,
    { kind: 'not-started', message: '' } as const,
  )
  const so = fc.record({ answers, command, firstAskedAt: fc.integer({ min: now - 200_000, max: now }) })
  fc.assert(
    fc.property(
      fc.constantFrom(both, onlyUrl, onlyCommand),
      so,
      fc.boolean(),
      (tests, { command: end, ...rest }, sent) => {
        const done = soFar({ ...rest, ...(end === undefined ? {} : { command: end }) })
        const decision = decide({ goal: { tests }, progress: done, seen: sent ? astray : {} })
        if (decision.kind !== 'do' || decision.step.kind !== 'route' || decision.step.why !== 'shift') return
        if (tests.url !== undefined) expect(rest.answers).toEqual([good, good, good])
        if (tests.command !== undefined) expect(end).toEqual(passed)
      },
    ),
  )
})
