import { describe, expect, test } from '@jest/globals'
import { type InputName, readInputs } from '../../src/inputs/inputs.ts'
import { Refusal } from '../../src/model/outcome.ts'

function read(texts: Partial<Record<InputName, string>>) {
  return readInputs(name => ({ service: 'app', image: 'app:1', ...texts })[name] ?? '', 'eu-central-1')
}

describe('environment and github-token', () => {
  test('are read as they are, and may be empty', () => {
    const { environmentPage, githubToken } = read({ environment: 'Prod / EU', 'github-token': 'ghs_x' })
    expect([environmentPage, githubToken]).toEqual(['Prod / EU', 'ghs_x'])
    expect(read({})).not.toHaveProperty('environmentPage')
    expect(read({})).not.toHaveProperty('githubToken')
    expect([read({}).comment, read({ comment: 'false' }).comment]).toEqual([true, false])
  })

  test.each<[Partial<Record<InputName, string>>, string]>([
    [{ environment: 'x'.repeat(256) }, 'is longer than 255 characters'],
    [{ environment: 'a\nb' }, 'has a control character in it'],
    [{ environment: 'a\u202eb' }, 'has a control character in it'],
    [{ comment: 'yes' }, 'comment: '],
    [{ 'github-token': 'ghs secret' }, 'github-token: is not a token'],
  ])('%j is refused', (texts, problem) => {
    let said = ''
    try {
      read(texts)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      said = error.message
    }
    expect(said).toContain(problem)
    expect(said).not.toContain('secret')
  })
})
