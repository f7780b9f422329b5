import { describe, expect, test } from '@jest/globals'
import { candidate, decide, now, taskView } from './builders.ts'

/** Which bits the candidate's tasks run. */

const one = `sha256:${'11'.repeat(32)}`
const two = `sha256:${'22'.repeat(32)}`

function codeFor(image: string, ...digests: readonly (string | undefined)[]): string {
  const tasks = digests.map((digest, index) =>
    taskView(index + 1, { containers: [{ name: 'app', image, ...(digest === undefined ? {} : { digest }) }] }),
  )
  const decision = decide({
    progress: { candidate: { ...candidate, image } },
    seen: { tasks: { at: now, value: tasks }, stoppedTasks: { at: now, value: [] } },
  })
  return decision.kind === 'finish' && 'failure' in decision.outcome ? decision.outcome.failure.code : decision.kind
}

describe('a candidate goes live', () => {
  test.each([
    ['when every task runs the digest that was asked for', `app@${one}`, [one, one]],
    ['when every task runs the same bits under a tag', 'app:2', [one, one]],
    ['when ECS does not say which bits run', `app@${one}`, [undefined, undefined]],
  ])('%s', (_, image, digests) => {
    expect(codeFor(image, ...digests)).toBe('do')
  })
})

describe('a candidate is refused', () => {
  test.each([
    ['when all tasks run another digest', `app@${one}`, [two, two]],
    ['when one task runs another digest', `app:2@${one}`, [one, two]],
    ['when the tag was moved between two tasks', 'app:2', [one, two]],
  ])('%s', (_, image, digests) => {
    expect(codeFor(image, ...digests)).toBe('WRONG_DIGEST')
  })
})
