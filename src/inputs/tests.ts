import type { StatusRange } from '../model/idle-tests.ts'

/** What the new color must pass before traffic moves, as far as it was asked for. */
export interface TestInputs {
  /** Words, for a task of its own. */
  readonly preDeployCommand?: readonly string[]
  readonly testUrl?: string
  readonly testExpectedStatus: readonly StatusRange[]
  readonly testExpectedBody?: string
  /** For a shell on the runner. */
  readonly testCommand?: string
}

export interface GivenTests {
  readonly 'pre-deploy-command'?: readonly string[]
  readonly 'test-url'?: string
  readonly 'test-expected-status'?: readonly StatusRange[]
  readonly 'test-expected-body'?: string
  readonly 'test-command'?: string
}

export function testInputs(given: GivenTests): TestInputs {
  const {
    'pre-deploy-command': preDeployCommand,
    'test-url': testUrl,
    'test-expected-status': testExpectedStatus = [{ from: 200, to: 200 }],
    'test-expected-body': testExpectedBody,
    'test-command': testCommand,
  } = given
  return {
    testExpectedStatus,
    ...(preDeployCommand === undefined ? {} : { preDeployCommand }),
    ...(testUrl === undefined ? {} : { testUrl }),
    ...(testExpectedBody === undefined ? {} : { testExpectedBody }),
    ...(testCommand === undefined ? {} : { testCommand }),
  }
}
