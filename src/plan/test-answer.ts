import type { TestAnswer, UrlTest } from '../model/idle-tests.ts'
import type { FailureCode } from '../model/outcome.ts'

export interface BadAnswer {
  readonly code: Extract<FailureCode, 'TEST_FAILED' | 'TEST_WRONG_VERSION'>
  /** Goes behind `test-url`; the same text for the same fault, so that a log tells it once. */
  readonly because: string
  readonly details: readonly string[]
}

/** Enough to recognize an error page. */
const excerptLength = 200

/** What is wrong with an answer; undefined when it is the candidate's and as expected. */
export function judge(answer: TestAnswer, test: UrlTest, version: string): BadAnswer | undefined {
  if (answer.kind === 'failed') {
    return { code: 'TEST_FAILED', because: `gave no answer: ${excerpt(answer.message)}`, details: [] }
  }
  const details = [`It answered ${answer.status} with: ${excerpt(answer.body) || '(nothing)'}`]
  if (answer.version !== undefined && answer.version !== version) {
    const because = `answers with version ${excerpt(answer.version)} instead of ${version}`
    return { code: 'TEST_WRONG_VERSION', because, details }
  }
  const bad = (because: string): BadAnswer => ({ code: 'TEST_FAILED', because, details })
  if (!test.expectedStatus.some(range => range.from <= answer.status && answer.status <= range.to)) {
    return bad(`answers ${answer.status} instead of ${statusText(test)}`)
  }
  if (test.expectedBody !== undefined && !answer.body.includes(test.expectedBody)) {
    return bad(`answers ${answer.status}, but without test-expected-body`)
  }
  if (answer.version === undefined) {
    return bad(`answers ${answer.status}, but does not tell its version where \`version-from\` looks for it`)
  }
  return undefined
}

function statusText(test: UrlTest): string {
  return test.expectedStatus.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}

/** The beginning of hostile text on one line, without characters that steer a terminal or the direction of reading. */
function excerpt(text: string): string {
  const line = [
    ...text
      .slice(0, 4 * excerptLength)
      .toWellFormed()
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim(),
  ]
  return line.length > excerptLength ? `${line.slice(0, excerptLength).join('')}…` : line.join('')
}
