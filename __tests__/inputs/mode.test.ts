import { describe, expect, test } from '@jest/globals'
import { type InputName, readInputs } from '../../src/inputs/inputs.ts'
import { Refusal } from '../../src/model/outcome.ts'

type Texts = Partial<Record<InputName, string>>

function read(texts: Texts) {
  return readInputs(name => ({ service: 'app', ...texts })[name] ?? '', 'eu-central-1')
}

function problems(texts: Texts): readonly string[] {
  try {
    read(texts)
    return []
  } catch (error) {
    if (error instanceof Refusal) return error.failure.details
    throw error
  }
}

const arn = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/app:7'

describe('which input goes with which mode', () => {
  test.each<Texts>([
    { mode: 'rollback' },
    { mode: 'rollback', version: '1.2.3' },
    { mode: 'rollback', image: 'app:1' },
    { mode: 'rollback', 'task-definition-arn': arn, version: '1.2.3' },
    { mode: 'rollback', 'expected-live': 'green', strategy: 'canary', 'bake-time': '5m' },
    { mode: 'promote', 'task-definition-arn': arn },
    { mode: 'promote', image: 'app:1', version: 'spring' },
    { image: 'app:1', 'auto-promote': 'false', 'expected-live': '1.2.3' },
  ])('takes %j', texts => {
    expect(problems(texts)).toEqual([])
  })

  test('auto-promote and expected-live are read', () => {
    expect(read({ image: 'app:1', 'auto-promote': 'false', 'expected-live': 'blue' })).toMatchObject({
      autoPromote: false,
      expectedLive: 'blue',
    })
    expect(read({ image: 'app:1' })).toMatchObject({ autoPromote: true })
  })

  test.each<[Texts, string]>([
    [{ mode: 'promote' }, 'task-definition-arn: is missing. Set it to the output task-definition-arn'],
    [{ mode: 'promote', image: 'app:1', 'auto-promote': 'false' }, 'auto-promote: goes without mode promote'],
    [
      { mode: 'promote', image: 'app:1', secrets: 'A=arn:aws:ssm:eu-central-1:123456789012:parameter/a' },
      'secrets: goes without mode promote',
    ],
    [{ mode: 'rollback', 'pre-deploy-command': 'migrate' }, 'pre-deploy-command: goes without mode rollback'],
    [{ mode: 'rollback', 'environment-variables': 'A=1' }, 'environment-variables: goes without mode rollback'],
    [{ mode: 'rollback', images: 'app=app:1' }, 'images: goes without mode rollback'],
    [{ mode: 'rollback', image: 'app:1', 'task-definition-arn': arn }, 'image: goes without task-definition-arn'],
    [{ image: 'app:1', 'auto-promote': 'no' }, "auto-promote: 'no' is not a boolean"],
    [{ image: 'app:1', 'expected-live': 'x'.repeat(129) }, 'expected-live: '],
  ])('refuses %j', (texts, problem) => {
    expect(problems(texts)).toContainEqual(expect.stringContaining(problem))
  })
})
