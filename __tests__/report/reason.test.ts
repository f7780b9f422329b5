import { describe, expect, test } from '@jest/globals'
import { simulate } from '../../sandbox/simulation.ts'
import { type InputName, readInputs } from '../../src/inputs/inputs.ts'
import { type Failure, Refusal } from '../../src/model/outcome.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { reasonOf } from '../../src/report/reason.ts'

/** What the one line of `failure-reason` says. */

async function reasonAfter(inputs: Partial<Record<InputName, string>>) {
  const { report } = await simulate({ seed: 1 }).act({ image: 'sample-app:0.0.2', ...inputs })
  return outputsOf(report)['failure-reason']
}

describe('the line of a whole run', () => {
  test.each<[string, Partial<Record<InputName, string>>, RegExp]>([
    [
      'of a crash has the exit code, how many tasks, and the last line that one of them printed',
      { image: 'sample-app:0.0.2-crash' },
      /^TASKS_CRASHED: sample-app:0\.0\.2-crash never became healthy in \S+: container app .*\(exit code 1\)\. \d × .*exit code 1\)\. app said last: \S/,
    ],
    [
      'of unhealthy tasks has what a target answers',
      { image: 'sample-app:0.0.2-unhealthy' },
      /^UNHEALTHY: .* answer 503 .*\. (?:\d × .*failed ELB health checks|10\.)/,
    ],
    [
      'of a failing test-command has its exit code and its last line',
      { 'test-command': 'echo first; echo the cart is empty; exit 9' },
      /^TEST_COMMAND_FAILED: test-command ended with exit code 9\. It said last: the cart is empty$/,
    ],
  ])('%s', async (_, inputs, line) => {
    expect(await reasonAfter(inputs)).toMatch(line)
  })

  test('of several bad inputs has how many, and the first', () => {
    let failure: Failure | undefined
    try {
      readInputs(name => (name === 'timeout' ? 'soon' : name === 'lock' ? 'perhaps' : ''), 'eu-west-1')
    } catch (error) {
      if (error instanceof Refusal) failure = error.failure
    }
    const many = failure?.details.length
    expect(many).toBeGreaterThan(1)
    expect(failure && reasonOf(failure)).toBe(
      `INVALID_INPUT: ${many} inputs need a change before anything is deployed. The first: ${failure?.details[0]}`,
    )
  })
})

describe('one line', () => {
  const of = (change: Partial<Failure>) =>
    reasonOf({ code: 'AWS_ERROR', headline: 'It failed.', details: [], ...change })

  test('takes no ARN for a reason', () => {
    expect(of({ details: ['arn:aws:ecs:eu-west-1:123456789012:service/web/app', 'Run again.'] })).toBe(
      'AWS_ERROR: It failed. Run again.',
    )
  })

  test('is bounded, and the last line of a container is not pushed out', () => {
    const long = 'x'.repeat(5_000)
    const logs = [
      { container: 'silent', task: '1', lines: [] },
      { container: 'app', task: '2', lines: ['why it ended', ' '] },
    ]
    const line = reasonOf({ code: 'TASKS_CRASHED', headline: long, details: [long] }, logs)
    expect(line.length).toBeLessThan(1_000)
    expect(line).toMatch(/ app said last: why it ended$/)
  })

  test('has no break and no control character in it, whoever wrote it', () => {
    const logs = [{ container: 'app', task: '1', lines: ['a\u2028b\u202ec\u0000d'] }]
    expect(reasonOf({ code: 'TASKS_CRASHED', headline: 'a\r\nb', details: ['c\td'] }, logs)).toBe(
      'TASKS_CRASHED: a b. c d. app said last: a b c d',
    )
  })

  test('has nothing of logs when the failure is about something else', () => {
    const logs = [{ container: 'app', task: '1', lines: ['listening'] }]
    expect(reasonOf({ code: 'TEST_FAILED', headline: 'a', details: ['b'] }, logs)).toBe('TEST_FAILED: a. b')
  })
})
